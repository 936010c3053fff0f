/* SPDX-License-Identifier: MIT */
/* What is around and inside of one function. */
#include "term/live.h"

#include <stdlib.h>

static int
compare_parts(const void *x, const void *y)
{
	const struct live_part *a = x, *b = y;

	if (a->weight.recent != b->weight.recent)
		return a->weight.recent > b->weight.recent ? -1 : 1;
	if (a->weight.all != b->weight.all)
		return a->weight.all > b->weight.all ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* Parts by their number, plus one, in rows. */
struct gathering {
	struct arena *a;
	uint32_t *rows;
	live_parts parts;
};

static void
gather(struct gathering *g, uint32_t number, const struct live_weight *weight)
{
	struct live_part *part;

	if (weight->all == 0 && weight->recent == 0)
		return;
	if (g->rows[number] == 0) {
		*vec_push(g->a, &g->parts) = (struct live_part){ .number = number };
		g->rows[number] = (uint32_t)g->parts.n;
	}
	part = &g->parts.at[g->rows[number] - 1];
	part->weight.recent += weight->recent;
	part->weight.all += weight->all;
}

static live_parts
sorted(live_parts parts)
{
	if (parts.n)
		qsort(parts.at, parts.n, sizeof *parts.at, compare_parts);
	return parts;
}

/* Of each call of, or by, the function the other end, with what the callee got in it. */
static live_parts
gather_calls(struct arena *a, const struct live *l, const struct live_look *look,
             uint32_t function, bool callers)
{
	struct arena scratch = { 0 };
	struct gathering g = { a,
		               arena_array(&scratch, uint32_t, look->function_count),
		               { 0 } };

	for (uint32_t i = 1; i < look->node_count; i++) {
		uint32_t parent = tree_node(l->tree, i)->parent;
		uint32_t of = callers ? i : parent, other = callers ? parent : i;

		if (parent && l->nodes.at[of].function == function && l->nodes.at[of].topmost)
			gather(&g, l->nodes.at[other].function, &look->nodes[i].total);
	}
	arena_empty(&scratch);
	return sorted(g.parts);
}

live_parts
live_callers(struct arena *a, const struct live *l, const struct live_look *look,
             uint32_t function)
{
	return gather_calls(a, l, look, function, true);
}

live_parts
live_callees(struct arena *a, const struct live *l, const struct live_look *look,
             uint32_t function)
{
	return gather_calls(a, l, look, function, false);
}

/* Strings are numbered from 0, which is none, as the frames come. */
static uint32_t
opcode_count(const struct tree *t)
{
	uint32_t most = 0;

	for (uint32_t i = 1; i < tree_frame_count(t); i++)
		if (tree_frame(t, i)->opcode > most)
			most = tree_frame(t, i)->opcode;
	return most + 1;
}

live_parts
live_opcodes(struct arena *a, const struct live *l, const struct live_look *look,
             uint32_t function)
{
	struct arena scratch = { 0 };
	struct gathering g = { a,
		               arena_array(&scratch, uint32_t, opcode_count(l->tree)),
		               { 0 } };

	for (uint32_t i = 1; i < look->node_count; i++) {
		uint32_t opcode = tree_frame(l->tree, tree_node(l->tree, i)->frame)->opcode;

		if (opcode && l->nodes.at[i].function == function)
			gather(&g, opcode, &look->nodes[i].self);
	}
	arena_empty(&scratch);
	return sorted(g.parts);
}
