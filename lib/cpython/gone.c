/* SPDX-License-Identifier: MIT */
/*
 * Which function's frame it was that has gone from the copies: its size is known, and whose
 * frame it lay next to. If only one function is known to have such frames there, it was that
 * one.
 *
 * And who called a generator that was innermost and is suspended by now, as the coroutines of
 * tasks are in turn: it tells that only while it runs. If it always told the same function, it
 * was that one, whose frame need not be found.
 */
#include "cpython/python.h"

enum {
	CALLERS_MAX = 64,
	CALLED_OFTEN = 24, /* stacks in which the only caller was told */
	MISLED = 1024,     /* one of so many may tell another one: that frame was read later */
};

/* How a frame that has gone lay in the chunks. */
struct gap {
	uint64_t frame;
	struct seen outer;             /* that it lay next to */
	bool moves;                    /* the copies do not agree on that one */
	const struct neighbour *inner; /* the last function that it may have been */
};

/* How many functions it may have been, by what lies around it in that copy. SIZE_MAX: unknown. */
static size_t
look(struct python *p, struct watch *w, unsigned copy, struct gap *g, size_t *keep)
{
	const struct code *c;

	if (!walk_callers(p, w, copy, g->frame, keep) || p->fresh.n + *keep < 2)
		return SIZE_MAX;
	g->outer = p->fresh.n > 1 ? p->fresh.at[1] : w->seen.at[*keep - 1];
	g->moves = p->fresh.n > 1 && p->doubtful > 1;
	c = code_known(p, pointer_of(g->outer.code));
	return c ? neighbours_of_size(p, c, top_of_chunks(p) - g->frame, &g->inner) : SIZE_MAX;
}

bool
gone_find(struct python *p, struct watch *w, unsigned copy, uint64_t frame, size_t *keep)
{
	struct gap g = { .frame = frame };
	struct seen *s;
	size_t n;

	if (p->layout.frame_copy != NONE)
		return false; /* free-threaded: the copies do not tell which of its code it ran */
	n = look(p, w, copy, &g, keep);
	if (n == 0 && g.moves && g.outer.at >= OUTSIDE_BYTES) { /* that took its place */
		g.frame = g.outer.address;
		n = look(p, w, copy, &g, keep);
	}
	if (n != 1 || !g.inner->called)
		return false;
	s = &p->fresh.at[0];
	s->code = g.inner->code->address;
	s->instruction = code_start(p, g.inner->code, 0) + 2 * (uint64_t)g.inner->code->begun;
	s->entry = g.inner->entry;
	return true;
}

/* Which frame a generator's tells as its caller's; 0: it is suspended, or no generator's. */
static uint64_t
told_caller(const struct python *p, const struct seen *s, unsigned copy)
{
	struct frame_words words;

	if (s->at >= OUTSIDE_BYTES)
		return 0;
	words = frame_words(p, copy, s->at);
	return words.owner == OWNER_GENERATOR ? words.previous : 0;
}

/* The function of a frame; NULL: unknown. */
static struct code *
function_of(struct python *p, const struct seen *s)
{
	return code_known(p, pointer_of(s->code));
}

static void
note_caller(struct code *c, const struct code *caller, uint64_t stack)
{
	if (!c->caller)
		c->caller = caller;
	if (c->called_at == stack)
		return;
	c->called_at = stack;
	c->called += c->caller == caller;
	c->misled += c->caller != caller;
}

void
gone_note_callers(struct python *p, const struct watch *w, size_t keep)
{
	for (size_t i = 0; i < p->fresh.n; i++) {
		const struct seen *s = &p->fresh.at[i], *outer = s + 1;
		struct code *c, *caller;

		if (!told_caller(p, s, 1))
			continue;
		if (i + 1 == p->fresh.n)
			outer = keep && keep <= w->seen.n ? &w->seen.at[keep - 1] : NULL;
		c = function_of(p, s);
		caller = outer ? function_of(p, outer) : NULL;
		if (c && caller)
			note_caller(c, caller, p->calls.stack);
	}
}

static bool
has_one_caller(const struct code *c)
{
	return c->called >= CALLED_OFTEN && c->misled <= c->called / MISLED;
}

/* The functions on the only way from outer to inner, the innermost first; 0: it is not known. */
static size_t
callers_between(struct python *p, const struct code *outer, const struct code *inner,
                struct code *callers[CALLERS_MAX])
{
	for (size_t n = 0; n < CALLERS_MAX; n++) {
		if (!has_one_caller(inner))
			return 0;
		if (inner->caller == outer)
			return n;
		inner = callers[n] = code_known(p, inner->caller->address);
		if (!inner)
			return 0;
	}
	return 0;
}

/* Whether w's innermost frame is a suspended generator's, in one that may not call it. */
static bool
lacks_caller(struct python *p, const struct watch *w, unsigned copy)
{
	size_t n = w->seen.n;

	if (p->heap.used || n < 2 || w->seen.at[n - 1].at >= OUTSIDE_BYTES ||
	    told_caller(p, &w->seen.at[n - 1], copy))
		return false;
	return w->places.at[n - 1].code && w->places.at[n - 2].code &&
	       !call_is_possible(p, w->places.at[n - 2].code, w->places.at[n - 1].code);
}

void
gone_add_callers(struct python *p, struct watch *w, unsigned copy)
{
	struct code *callers[CALLERS_MAX], *innermost;
	struct seen s;
	size_t n;

	if (!lacks_caller(p, w, copy))
		return;
	s = w->seen.at[w->seen.n - 1];
	innermost = code_behind(w->places.at[w->places.n - 1].code);
	n = callers_between(p, code_behind(w->places.at[w->places.n - 2].code), innermost,
	                    callers);
	if (n == 0)
		return;
	w->seen.n = --w->places.n;
	for (size_t i = n; i-- > 0;) {
		const struct code *inner = i ? callers[i - 1] : innermost;

		place_add(p, w, &(struct seen){ .code = NOBODY, .instruction = NOWHERE },
		          callers[i], call_unit(p, &callers[i]->shown, &inner->shown));
	}
	place_add(p, w, &s, innermost, -1);
}
