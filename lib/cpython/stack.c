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

enum {
	MOVED_MAX = 5,  /* retries because the stack moved */
	READS_MAX = 12, /* of one stack */
	IDLE_MAX = 3,   /* stacks without it, until a frame outside is no more predicted */
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
		copy = half_at(copy_at(p, 1, s->at) + p->layout.frame_copy);
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

/* A frame of which the call has not come to its RESUME. */
static bool
is_begun(const struct python *p, const struct seen *s, const struct code *c, int32_t unit)
{
	return !c || copy_at(p, 1, s->at)[p->layout.frame_owner] == OWNER_GENERATOR ||
	       unit >= c->begun;
}

static void
add_place(struct python *p, struct watch *w, const struct seen *s, struct code *c, int32_t unit)
{
	*vec_push(p->arena, &w->seen) = *s;
	*vec_push(p->arena, &w->places) =
		(struct python_place){ c ? &c->shown : NULL, unit, s->entry };
}

/*
 * Keeps the outermost frames seen before and adds the fresh ones. AGAIN: a code
 * is new. MOVED: a call that had not begun has others inside of it; they are
 * left out. As CPython itself does, such a call is left out too.
 */
static enum outcome
add_fresh(struct python *p, struct watch *w, size_t keep)
{
	bool settled = true;

	w->seen.n = w->places.n = keep;
	for (size_t i = p->fresh.n; i-- > 0;) {
		const struct seen *s = &p->fresh.at[i];
		int32_t unit;
		struct code *c = code_of(p, s, &unit, &settled);

		if (!is_begun(p, s, c, unit))
			return i > 0 ? MOVED : settled ? MATCH : AGAIN;
		add_place(p, w, s, c, unit);
	}
	return settled ? MATCH : AGAIN;
}

/* Cuts off what is inside of a call that is not known. */
static bool
calls_check(struct python *p, struct watch *w, size_t keep, bool learn)
{
	size_t known = w->places.n;

	for (size_t i = w->places.n; i-- > keep && i > 0;)
		if ((!learn && !w->places.at[i].code) ||
		    !call_is_known(p, &w->places.at[i - 1], &w->places.at[i], learn))
			known = i;
	if (known == w->places.n)
		return true;
	w->seen.n = w->places.n = known;
	return false;
}

static enum outcome
commit(struct python *p, struct watch *w, size_t keep, bool learn)
{
	enum outcome outcome = add_fresh(p, w, keep);

	return calls_check(p, w, keep, learn) ? outcome : AGAIN;
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
		outcome = commit(p, w, keep, true);
		if (outcome == MATCH && !codes_check(p, w, *same))
			outcome = AGAIN;
	}
	lower(same, w->places.n);
	return outcome;
}

/* What agrees of a stack that stayed in motion; nothing, when the last window missed its chunks. */
static void
salvage(struct python *p, struct watch *w, size_t *same)
{
	size_t keep = p->whole ? walk_salvage(p, w) : 0;

	if (!p->whole)
		p->fresh.n = 0;
	lower(same, keep);
	commit(p, w, keep, false);
	codes_check(p, w, *same);
	lower(same, w->places.n);
}

enum sight
python_stack(struct python *p, struct python_thread *t, uint32_t limit,
             struct python_stack *stack)
{
	struct watch *w = t->own;
	size_t same = w->places.n;
	enum outcome outcome = w->begun ? AGAIN : window_begin(p, w);
	unsigned reads = 0, moved = 0;

	w->begun = true;
	p->twice = false;
	do {
		outcome = outcome == ENDED ? ENDED : look(p, w, &same);
		moved += outcome == MOVED;
	} while ((outcome == AGAIN || outcome == MOVED) && moved <= MOVED_MAX &&
	         ++reads < READS_MAX);
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
		.retries = reads,
	};
	return SEEN;
}
