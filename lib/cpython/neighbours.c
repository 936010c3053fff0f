/* SPDX-License-Identifier: MIT */
/*
 * Which functions' frames lie next to each other in the chunks, and so which function
 * it was that had a frame of a size there.
 */
#include "cpython/python.h"

enum { NEIGHBOURS_MAX = 64 };

static void
note(struct python *p, struct code *outer, struct neighbour inner)
{
	size_t n = 0;

	while (n < outer->neighbours.n && outer->neighbours.at[n].code != inner.code)
		n++;
	if (n == NEIGHBOURS_MAX)
		return;
	if (n == outer->neighbours.n)
		*vec_push(&p->codes.arena, &outer->neighbours) = inner;
	inner.called &= outer->neighbours.at[n].called;
	outer->neighbours.at[n] = inner;
}

void
neighbours_learn(struct python *p, const struct watch *w, size_t from)
{
	size_t below = from; /* the last frame in the chunks, and one more */

	while (below > 0 && w->seen.at[below - 1].at < OUTSIDE_BYTES)
		below--;
	for (size_t i = from; i < w->places.n; i++) {
		struct neighbour inner = { .code = code_behind(w->places.at[i].code),
			                   .called = below == i,
			                   .entry = w->seen.at[i].entry };

		if (w->seen.at[i].at < OUTSIDE_BYTES)
			continue;
		if (below > 0 && inner.code && w->places.at[below - 1].code)
			note(p, code_behind(w->places.at[below - 1].code), inner);
		below = i + 1;
	}
}

size_t
neighbours_of_size(struct python *p, const struct code *outer, uint64_t bytes,
                   const struct neighbour **one)
{
	size_t found = 0;

	if (outer->neighbours.n == NEIGHBOURS_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i < outer->neighbours.n; i++) {
		const struct neighbour *n = &outer->neighbours.at[i];

		if (n->code->frame_bytes != bytes || code_known(p, n->code->address) != n->code)
			continue;
		*one = n;
		found++;
	}
	return found;
}
