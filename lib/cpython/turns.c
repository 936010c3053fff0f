/* SPDX-License-Identifier: MIT */
/*
 * Coroutines of one function that take turns, as those of many tasks: each is executed for
 * some microseconds, and is suspended again when it is read after the window, so that it
 * tells no caller. But at any time one of those met before may be executing: they are read
 * all at once, and that one tells who called it. (Of 300 tasks with steps of 5 and 15 us it
 * took a third of a second at 1 kHz to learn of both functions.)
 */
#include "cpython/python.h"

enum {
	WAYS_MAX = 8, /* frames of the C stack, through which it may have been called */
};

/* One read of all of them: outer and the ways before and after the frames. */
struct asking {
	struct remote_piece pieces[REMOTE_PIECES_MAX];
	unsigned n;
	uint64_t outer[2]; /* its code */
	uint64_t ways[WAYS_MAX], beyond[2][WAYS_MAX];
	unsigned ways_n;
	unsigned char frames[TURNS_FRAMES][FRAME_BYTES];
};

_Static_assert(2 + 2 * WAYS_MAX + TURNS_FRAMES <= REMOTE_PIECES_MAX,
               "all must be read in one system call");

static struct turns *
turns_of(struct python *p, uint64_t code)
{
	for (struct turns *t = p->turns; t < p->turns + TURNS; t++)
		if (t->code == code)
			return t;
	return NULL;
}

void
turns_meet(struct python *p, const struct seen *s)
{
	struct turns *t = turns_of(p, pointer_of(s->code));

	for (unsigned i = 0; t && i < t->n; i++)
		if (t->frames[i] == s->address)
			return;
	if (t && t->n < TURNS_FRAMES)
		t->frames[t->n++] = s->address;
	else if (t)
		t->frames[t->next++ % TURNS_FRAMES] = s->address;
}

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

static bool
read_all(struct python *p, const struct watch *w, const struct seen *outer,
         const struct turns *t, struct asking *a)
{
	ssize_t want = 0;

	a->n = a->ways_n = 0;
	for (size_t i = 0; i < w->outside.n && a->ways_n < WAYS_MAX; i++)
		if (w->outside.at[i].c_stack)
			a->ways[a->ways_n++] = w->outside.at[i].address;
	add_outer(p, a, outer, 0);
	for (unsigned i = 0; i < t->n; i++)
		add(a, t->frames[i], a->frames[i], p->layout.frame_size);
	add_outer(p, a, outer, 1);
	for (unsigned i = 0; i < a->n; i++)
		want += (ssize_t)a->pieces[i].n;
	return remote_read_pieces(p->remote, a->pieces, a->n) == want;
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
            const struct turns *t, const struct seen *outer, struct code *c)
{
	const struct layout *l = &p->layout;
	struct code *caller = code_known(p, pointer_of(outer->code));

	for (unsigned i = 0; caller && i < t->n; i++) {
		const unsigned char *frame = a->frames[i];
		uint64_t previous = word_at(frame + l->frame_previous), told;
		bool entry = l->frame_entry != NONE && frame[l->frame_entry] == 1;
		uint32_t at;

		if (pointer_of(word_at(frame + l->frame_code)) != t->code || previous == 0 ||
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

/* The first generator's frame that was called from the chunks, if its only caller may be learnt; 0: none. */
static size_t
find_unsure(const struct claim *c)
{
	for (size_t i = c->from ? c->from : 1; i < c->n; i++) {
		const struct code *code = code_behind(c->places[i].code);

		if (code && c->seen[i].at < OUTSIDE_BYTES && !frame_is_nowhere(&c->seen[i]) &&
		    c->seen[i - 1].at >= OUTSIDE_BYTES)
			return caller_is_sure(&code->caller) || code->caller.several ? 0 : i;
	}
	return 0;
}

static struct turns *
turns_for(struct python *p, uint64_t code)
{
	struct turns *t = turns_of(p, code);

	if (!t) {
		t = &p->turns[p->turns_next++ % TURNS];
		*t = (struct turns){ .code = code };
	}
	return t;
}

/* Asks whether outer calls the frames of c. */
static void
ask(struct python *p, const struct watch *w, const struct seen *outer, struct code *c)
{
	struct turns *t = turns_for(p, c->address);
	struct asking a;

	turns_meet(p, outer + 1);
	if (!read_all(p, w, outer, t, &a))
		t->n = 0; /* some have gone */
	else if (a.outer[0] == outer->code && a.outer[1] == outer->code)
		note_caller(p, w, &a, t, outer, c);
}

void
turns_ask(struct python *p, const struct watch *w)
{
	const struct claim *claim = &p->guess.claim;
	size_t i = p->heap.used ? 0 : find_unsure(claim);
	struct code *c = i ? code_behind(claim->places[i].code) : NULL;

	if (c && c->caller.stack != p->calls.stack)
		ask(p, w, &claim->seen[i - 1], c);
}
