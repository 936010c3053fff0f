/* SPDX-License-Identifier: MIT */
/*
 * Who called a generator that was innermost and is suspended by now, as the coroutines of
 * tasks are in turn: it tells that only while it runs. If it always told the same function,
 * it was that one, whose frame need not be found.
 */
#include "cpython/python.h"

enum { CALLERS_MAX = 64 };

/* The function of a frame; NULL: unknown. */
static struct code *
function_of(struct python *p, const struct seen *s)
{
	return code_known(p, pointer_of(s->code));
}

bool
caller_is_sure(const struct caller *c)
{
	return is_often(c->times, c->several);
}

bool
caller_is_only(const struct code *inner, const struct code *outer)
{
	return inner->caller.code == outer && caller_is_sure(&inner->caller);
}

/*
 * Whether the frame still tells that one as its caller, before and after that is seen to be
 * the same: they lie apart and were read at different moments.
 */
static bool
still_tells(struct python *p, const struct seen *s, const struct seen *outer)
{
	const struct layout *l = &p->layout;
	uint64_t previous = frame_words(p, 1, s->at).previous, before[2], after[2];
	uint64_t beyond = 0, code = 0;
	bool by_c = previous != outer->address;
	struct remote_piece pieces[] = {
		{ s->address + l->frame_code, &before[0], 8 },
		{ s->address + l->frame_previous, &before[1], 8 },
		{ outer->address + l->frame_code, &code, 8 },
		{ s->address + l->frame_code, &after[0], 8 },
		{ s->address + l->frame_previous, &after[1], 8 },
		{ previous + l->frame_previous, &beyond, 8 },
	};
	unsigned n = by_c ? 6 : 5;

	return remote_read_pieces(p->remote, pieces, n) == (ssize_t)n * 8 &&
	       memcmp(before, after, sizeof before) == 0 && before[0] == s->code &&
	       before[1] == previous && code == outer->code &&
	       (!by_c || beyond == outer->address);
}

void
caller_note(struct caller *c, const struct code *code, bool entry, uint64_t stack)
{
	if (c->code != code) {
		c->several |= c->code != NULL;
		c->code = code;
		c->times = 0;
	}
	c->stack = stack;
	c->times++;
	c->entry = entry;
}

void
caller_note_other(struct caller *c)
{
	c->several |= c->doubted;
	c->doubted = true;
	c->times = 0;
}

void
callers_note(struct python *p, const struct watch *w, size_t keep)
{
	for (size_t i = 0; i < p->fresh.n; i++) {
		const struct seen *s = &p->fresh.at[i], *outer = s + 1;
		struct code *c, *caller;

		if (s->at >= OUTSIDE_BYTES)
			continue;
		lodger_note(p, s);
		if (!frame_words(p, 1, s->at).previous)
			continue;
		if (i + 1 == p->fresh.n)
			outer = keep ? &w->seen.at[keep - 1] : NULL;
		c = outer ? function_of(p, s) : NULL;
		if (!c || c->caller.stack == p->calls.stack)
			continue;
		caller = function_of(p, outer);
		if (caller && !caller_is_only(c, caller) && still_tells(p, s, outer))
			caller_note(&c->caller, caller, s->entry, p->calls.stack);
	}
}

/* The functions on the only way from outer to inner, the innermost first; 0: it is not known. */
static size_t
callers_between(struct python *p, const struct code *outer, const struct code *inner,
                struct code *callers[CALLERS_MAX])
{
	for (size_t n = 0; n < CALLERS_MAX && caller_is_sure(&inner->caller); n++) {
		if (inner->caller.code == outer)
			return n;
		callers[n] = code_known(p, inner->caller.code->address);
		if (callers[n] != inner->caller.code)
			return 0;
		inner = callers[n];
	}
	return 0;
}

/* Whether the frame, which lies outside of the chunks, is a suspended generator's. */
static bool
is_suspended(const struct python *p, uint32_t at, unsigned copy)
{
	const struct layout *l = &p->layout;
	uint32_t state = generator_state(p, copy, at);

	if (state == NONE || frame_words(p, copy, at).owner != OWNER_GENERATOR)
		return false;
	return state == l->generator_paused || state == l->generator_awaits ||
	       state == l->generator_awaits_locked;
}

/* Whether w's innermost frame is a suspended generator's, next to one that is not known to call it. */
static bool
lacks_caller(struct python *p, const struct watch *w, unsigned copy)
{
	size_t n = w->seen.n;

	if (p->heap.used || n < 2 || w->seen.at[n - 1].at >= OUTSIDE_BYTES ||
	    !is_suspended(p, w->seen.at[n - 1].at, copy))
		return false;
	return w->places.at[n - 1].code && w->places.at[n - 2].code &&
	       !call_is_possible(p, w->places.at[n - 2].code, w->places.at[n - 1].code);
}

void
callers_add(struct python *p, struct watch *w, unsigned copy)
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
		struct seen nowhere = { .code = NOBODY,
			                .instruction = NOWHERE,
			                .entry = callers[i]->caller.entry };

		place_add(p, w, &nowhere, callers[i],
		          call_unit(p, &callers[i]->shown, &inner->shown));
	}
	s.previous = 0;
	s.entry = innermost->caller.entry;
	place_add(p, w, &s, innermost, -1);
}
