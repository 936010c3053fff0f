/* SPDX-License-Identifier: MIT */
/*
 * Coroutines of one function that take turns, as those of many tasks: each is executed for
 * some microseconds, and is suspended again when it is read after the window, so that it
 * tells no caller. But at any time one of those met before may be executing: they are read
 * all at once, and that one tells who called it.
 */
#include "cpython/python.h"

enum {
	FRAMES_MAX = 40,
	WAYS_MAX = 8, /* frames of the C stack, through which it may have been called */
	WAY_MAX = 64, /* functions that lead to one */
	STRIDE = 61,  /* lodgers, by which each search begins further on */
};

/* One read of all of them: outer and the ways before and after the frames. */
struct asking {
	struct remote_piece pieces[REMOTE_PIECES_MAX];
	unsigned n, frames_n, ways_n;
	uint64_t outer[2]; /* its code */
	uint64_t ways[WAYS_MAX], beyond[2][WAYS_MAX];
	unsigned char frames[FRAMES_MAX][FRAME_BYTES];
};

_Static_assert(2 + 2 * WAYS_MAX + FRAMES_MAX <= REMOTE_PIECES_MAX,
               "all must be read in one system call");

static void
add(struct asking *a, uint64_t from, void *to, size_t n)
{
	a->pieces[a->n++] = (struct remote_piece){ from, to, n };
}

static void
add_outer(struct python *p, struct asking *a, const struct seen *outer, unsigned copy)
{
	add(a, outer->address + p->layout.frame_code, &a->outer[copy], sizeof a->outer[copy]);
	for (unsigned i = 0; i < a->ways_n; i++)
		add(a, a->ways[i] + p->layout.frame_previous, &a->beyond[copy][i],
		    sizeof a->beyond[copy][i]);
}

static void
add_frames(struct python *p, struct asking *a, const struct code *c)
{
	for (size_t i = 0; i < LODGERS && a->frames_n < FRAMES_MAX; i++) {
		const struct lodger *l = &p->lodgers[(p->calls.window * STRIDE + i) % LODGERS];

		if (l->code == c)
			add(a, l->frame, a->frames[a->frames_n++], p->layout.frame_size);
	}
}

/* Reads all; false: some have gone, of which the first is forgotten. */
static bool
read_all(struct python *p, struct asking *a)
{
	ssize_t got = remote_read_pieces(p->remote, a->pieces, a->n);
	unsigned i = 0;

	while (i < a->n && got >= (ssize_t)a->pieces[i].n)
		got -= (ssize_t)a->pieces[i++].n;
	if (i < a->n)
		lodger_forget(p, a->pieces[i].from);
	return i == a->n;
}

/* The frame that is told as the caller, by way of C maybe: then *entry; 0: it is not known. */
static uint64_t
caller_behind(const struct asking *a, uint64_t previous, bool *entry)
{
	for (unsigned i = 0; i < a->ways_n; i++)
		if (a->ways[i] == previous) {
			*entry = true;
			return a->beyond[0][i] == a->beyond[1][i] ? a->beyond[0][i] : 0;
		}
	return previous;
}

/* Notes outer as the caller of the one that executes, if it is; or that another frame was. */
static void
note_caller(struct python *p, const struct watch *w, const struct asking *a,
            const struct seen *outer, struct code *c)
{
	const struct layout *l = &p->layout;
	struct code *caller = code_known(p, pointer_of(outer->code));

	for (unsigned i = 0; caller && i < a->frames_n; i++) {
		const unsigned char *frame = a->frames[i];
		uint64_t previous = word_at(frame + l->frame_previous), told;
		bool entry = frame_is_entry(p, frame);
		uint32_t at;

		if (pointer_of(word_at(frame + l->frame_code)) != c->address || previous == 0 ||
		    frame[l->frame_owner] != OWNER_GENERATOR)
			continue;
		told = caller_behind(a, previous, &entry);
		if (told == outer->address)
			caller_note(&c->caller, caller, entry, p->calls.stack);
		else if (told && c->caller.code == caller && frame_locate(p, w, told, &at))
			caller_note_other(&c->caller);
		return;
	}
}

/* The first generator's frame that was called from the chunks; 0: there is none. */
static size_t
find_called(const struct claim *c)
{
	for (size_t i = c->from ? c->from : 1; i < c->n; i++)
		if (c->seen[i].at < OUTSIDE_BYTES && !frame_is_nowhere(&c->seen[i]) &&
		    c->seen[i - 1].at >= OUTSIDE_BYTES)
			return i;
	return 0;
}

/* The function on the only way from outer to c of which it is to be learnt who calls it; NULL: none. */
static struct code *
unsure_between(struct python *p, const struct code *outer, struct code *c)
{
	for (unsigned n = 0; c && n < WAY_MAX && caller_is_sure(&c->caller); n++) {
		const struct code *caller = c->caller.code;

		c = caller == outer ? NULL : code_known(p, caller->address);
		if (c != caller)
			return NULL;
	}
	return c && !caller_is_sure(&c->caller) && !c->caller.several ? c : NULL;
}

/* Asks whether outer calls the frames of c. */
static void
ask(struct python *p, const struct watch *w, const struct seen *outer, struct code *c)
{
	struct asking a;

	a.n = a.frames_n = a.ways_n = 0;
	for (size_t i = 0; i < w->outside.n && a.ways_n < WAYS_MAX; i++)
		if (w->outside.at[i].c_stack)
			a.ways[a.ways_n++] = w->outside.at[i].address;
	add_outer(p, &a, outer, 0);
	add_frames(p, &a, c);
	add_outer(p, &a, outer, 1);
	if (read_all(p, &a) && a.outer[0] == outer->code && a.outer[1] == outer->code)
		note_caller(p, w, &a, outer, c);
}

void
turns_ask(struct python *p, const struct watch *w)
{
	const struct claim *claim = &p->guess.claim;
	size_t i = p->heap.used ? 0 : find_called(claim);
	struct code *c = NULL;

	if (i > 0 && claim->places[i].code && claim->places[i - 1].code)
		c = unsure_between(p, code_behind(claim->places[i - 1].code),
		                   code_behind(claim->places[i].code));
	if (c && c->caller.stack != p->calls.stack)
		ask(p, w, &claim->seen[i - 1], c);
}
