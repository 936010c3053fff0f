/* SPDX-License-Identifier: MIT */
/*
 * A code object at a known address may be another one by now: 14 to 19 of
 * 20,000 exec()s in a row got the memory of the one before. It is proved to be
 * the same by its fields that never change, read after the stack and equal to
 * those from before it; or, cheaper, by a counter in the interpreter that says
 * that none went (3.14) or came (3.13) since.
 */
#include "cpython/python.h"

enum { TRUSTED = 64 }; /* windows of each thread */

struct checking {
	unsigned n;
	struct code *codes[REMOTE_PIECES_MAX];
	struct remote_piece pieces[REMOTE_PIECES_MAX];
	unsigned char bytes[REMOTE_PIECES_MAX][IDENTITY_BYTES];
};

/*
 * Without a counter each window is an epoch. Code that comes from a file is
 * taken to stay for a while then, until one is seen to have gone.
 */
static bool
is_doubtful(const struct python *p, const struct code *c)
{
	uint64_t trusted = (uint64_t)TRUSTED * (p->threads.listed.n + 1);

	if (!c || c->checked == p->codes.epoch)
		return false;
	return p->codes.epoch_field != NONE || p->codes.suspicious || c->dynamic ||
	       p->codes.epoch - c->checked > trusted;
}

/* Cuts off the places from the outermost of that code on. */
static void
cut(struct watch *w, const struct code *c)
{
	size_t i = 0;

	while (i < w->places.n && code_behind(w->places.at[i].code) != c)
		i++;
	w->places.n = w->seen.n = i;
}

/* Reads what was added. A code that is no more itself is read anew, and its places are cut off. */
static bool
finish(struct python *p, struct watch *w, struct checking *check)
{
	ssize_t got = check->n ? remote_read_pieces(p->remote, check->pieces, check->n) : 0;
	unsigned whole = got < 0 ? 0 : (unsigned)((size_t)got / p->codes.identity_bytes);
	bool same = true;

	for (unsigned i = 0; i < check->n; i++) {
		struct code *c = check->codes[i];

		if (i < whole && code_is_same(p, c, check->bytes[i]))
			continue;
		p->codes.suspicious |=
			!c->dynamic && i <= whole; /* those behind were not read */
		c->checked = p->codes.epoch - 1;
		cut(w, c);
		code_read(p, c->address);
		same = false;
	}
	check->n = 0;
	return same;
}

/* Adds a code; when there is no room for more, those that were are read. False: one had changed. */
static bool
add(struct python *p, struct watch *w, struct checking *check, struct code *c)
{
	unsigned i = check->n++;

	c->checked = p->codes.epoch;
	check->codes[i] = c;
	check->pieces[i] = (struct remote_piece){ c->address + p->codes.identity_at,
		                                  check->bytes[i], p->codes.identity_bytes };
	return check->n < REMOTE_PIECES_MAX || finish(p, w, check);
}

bool
codes_check(struct python *p, struct watch *w, size_t same)
{
	struct checking check;
	bool all = true;

	check.n = 0;
	if (p->codes.epoch_field != NONE && w->epoch != p->codes.epoch)
		same = 0;
	for (size_t i = p->codes.epoch_field != NONE ? same : 0; i < w->places.n; i++) {
		struct code *c = code_behind(w->places.at[i].code);

		if (is_doubtful(p, c))
			all &= add(p, w, &check, c);
	}
	all &= finish(p, w, &check);
	if (all)
		w->epoch = p->codes.epoch;
	return all;
}

/* Adds a code that was not asked for in this epoch, if there is one. */
static void
add_once(struct python *p, struct watch *w, struct checking *check, struct code *c)
{
	if (c && c->checked != p->codes.epoch)
		add(p, w, check, c);
}

void
codes_ask_again(struct python *p, struct watch *w, size_t *same)
{
	struct checking check;

	check.n = 0;
	for (size_t i = 0; i < p->fresh.n; i++)
		add_once(p, w, &check, code_known(p, pointer_of(p->fresh.at[i].code)));
	for (size_t i = 0; i < w->places.n; i++)
		add_once(p, w, &check, code_behind(w->places.at[i].code));
	finish(p, w, &check);
	lower_same(same, w->places.n);
}
