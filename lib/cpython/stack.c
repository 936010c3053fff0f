/* SPDX-License-Identifier: MIT */
/*
 * The stack of a thread, 3.11 and later, while it runs.
 *
 * A chain of frames that is the same in both copies of the window was the
 * stack when the state between them was read. (A chain that is followed frame
 * by frame is wrong up to 9 times in 10 in a program that calls a lot.) What
 * is the same as in the last sample is found by comparing words, from the
 * outermost frame on; the rest is walked from the innermost on.
 */
#include "cpython/python.h"

#include <errno.h>

enum {
	READS_MAX = 6, /* the first and its retries */
	IDLE_MAX = 16, /* stacks without it, until a frame outside is no more predicted */
	OWNER_GENERATOR = 1,
};

/*
 * The code of a frame. What was not known is read now, after the window, so it
 * must be looked at through another one: *settled becomes false. What cannot
 * be read a second time is given up.
 */
static struct code *
code_of(struct python *p, const struct seen *s, int32_t *unit, bool *settled)
{
	uint64_t address = pointer_of(s->code);
	uint32_t copy = 0;
	struct code *c = code_known(p, address);

	if (p->layout.frame_copy != NONE)
		copy = half_at(p->copies[1] + s->at + p->layout.frame_copy);
	*unit = c ? code_unit(p, c, s->instruction, copy) : -1;
	if (c && *unit >= -1)
		return c;
	if (p->refused == address && p->refused_at == s->instruction) {
		*unit = -1;
		return c;
	}
	p->refused = address;
	p->refused_at = s->instruction;
	*settled = false;
	c = code_read(p, address);
	*unit = c ? code_unit(p, c, s->instruction, copy) : -1;
	if (*unit < -1)
		*unit = -1;
	return c;
}

/* Keeps the outermost frames seen before and adds the fresh ones. False: a code is new. */
static bool
commit(struct python *p, struct watch *w, size_t keep)
{
	bool settled = true;

	w->seen.n = w->places.n = keep;
	for (size_t i = p->fresh.n; i-- > 0;) {
		const struct seen *s = &p->fresh.at[i];
		unsigned char owner = p->copies[1][s->at + p->layout.frame_owner];
		int32_t unit;
		struct code *c = code_of(p, s, &unit, &settled);

		/* As CPython itself does, a call that has not come to its RESUME is left out. */
		if (c && owner != OWNER_GENERATOR && unit < c->begun)
			continue;
		*vec_push(p->arena, &w->seen) = *s;
		*vec_push(p->arena, &w->places) =
			(struct python_place){ c ? &c->shown : NULL, unit, s->entry };
	}
	return settled;
}

/* Frames outside of the chunks stay predicted while they are part of stacks. */
static void
age_outside(struct python *p, struct watch *w)
{
	for (size_t i = 0; i < w->outside.n; i++)
		w->outside.at[i].idle++;
	for (size_t i = 0; i < w->seen.n; i++)
		if (w->seen.at[i].at < OUTSIDE_MAX * p->slot)
			w->outside.at[w->seen.at[i].at / p->slot].idle = 0;
	for (size_t i = 0; i < w->outside.n; i++)
		if (w->outside.at[i].idle > IDLE_MAX)
			w->outside.at[i].address = 0;
	while (w->outside.n && w->outside.at[w->outside.n - 1].address == 0)
		w->outside.n--;
}

static void
lower(size_t *same, size_t n)
{
	if (*same > n)
		*same = n;
}

static enum outcome
look(struct python *p, struct watch *w, size_t *same)
{
	enum outcome outcome = window_read(p, w);
	size_t keep;

	if (outcome == MATCH)
		outcome = walk_stack(p, w, &keep);
	if (outcome == MATCH) {
		lower(same, keep);
		if (!commit(p, w, keep) || !codes_check(p, w, *same))
			outcome = AGAIN;
	}
	lower(same, w->places.n);
	return outcome;
}

/* What agrees of a stack that stayed in motion. */
static void
salvage(struct python *p, struct watch *w, size_t *same)
{
	size_t keep = walk_salvage(p, w);

	lower(same, keep);
	commit(p, w, keep);
	codes_check(p, w, *same);
	lower(same, w->places.n);
}

enum sight
python_stack(struct python *p, struct python_thread *t, uint32_t limit, struct python_stack *stack)
{
	struct watch *w = t->own;
	size_t same = w->places.n;
	enum outcome outcome = w->begun ? AGAIN : window_begin(p, w);
	unsigned reads = 0;

	w->begun = true;
	while (outcome != ENDED && reads < READS_MAX && (reads == 0 || outcome != MATCH)) {
		outcome = look(p, w, &same);
		reads++;
	}
	if (outcome == ENDED)
		return GONE;
	if (outcome != MATCH)
		salvage(p, w, &same);
	if (w->outside.n)
		age_outside(p, w);
	*stack = (struct python_stack){
		.places = w->places.at,
		.n = w->places.n < limit ? (uint32_t)w->places.n : limit,
		.same = same < limit ? (uint32_t)same : limit,
		.torn = outcome != MATCH,
		.truncated = w->places.n > limit,
		.retries = reads - 1,
	};
	return SEEN;
}
