/* SPDX-License-Identifier: MIT */
/*
 * Which function's frame it was that has gone from the copies: its size is known, and whose
 * frame it lay next to. If only one function is known to have such frames there, it was that
 * one.
 */
#include "cpython/python.h"

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
