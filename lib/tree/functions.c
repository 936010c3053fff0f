/* SPDX-License-Identifier: MIT */
#include "tree/functions.h"

#include "tree/inside.h"
#include "tree/keys.h"
#include "tree/order.h"

/* Numbers the frames of the view in canonical order; numbers[]: of each frame of the tree. */
static void
number_frames(struct arena *a, const struct view *v, struct functions *f, uint32_t *numbers)
{
	struct arena scratch = { 0 };
	uint32_t n = tree_frame_count(v->tree);
	uint32_t *ranks = tree_frame_ranks(&scratch, v->tree);
	uint32_t *ranked = arena_array(&scratch, uint32_t, n);

	for (uint32_t i = 1; i < v->count; i++)
		ranked[ranks[v->nodes[i].frame]] = v->nodes[i].frame;
	f->frames = arena_array(a, uint32_t, n);
	for (uint32_t rank = 0; rank < n; rank++) {
		if (ranked[rank] == 0)
			continue;
		numbers[ranked[rank]] = f->count;
		f->frames[f->count++] = ranked[rank];
	}
	arena_empty(&scratch);
}

struct functions
functions_of(struct arena *a, const struct view *v)
{
	struct arena scratch = { 0 };
	uint32_t *numbers = arena_array(&scratch, uint32_t, tree_frame_count(v->tree));
	struct functions f = { .of = arena_array(a, uint32_t, v->count) };

	number_frames(a, v, &f, numbers);
	f.sums = arena_array(a, struct key_sum, f.count);
	f.of[0] = f.count;
	for (uint32_t i = 1; i < v->count; i++)
		f.of[i] = numbers[v->nodes[i].frame];
	keys_sum(v, f.of, f.count, f.sums);
	arena_empty(&scratch);
	return f;
}

struct pairs {
	VEC(struct function_call) rows;
	struct index index;
};

static uint32_t
number_pair(struct arena *a, struct pairs *p, uint32_t caller, uint32_t callee)
{
	uint64_t hash = hash_pair(caller, callee);
	struct index_probe probe = index_probe(&p->index, hash);

	while (index_next(&p->index, &probe))
		if (p->rows.at[probe.row].caller == caller &&
		    p->rows.at[probe.row].callee == callee)
			return probe.row;
	index_add(a, &p->index, hash, (uint32_t)p->rows.n);
	*vec_push(a, &p->rows) = (struct function_call){ .caller = caller, .callee = callee };
	return (uint32_t)p->rows.n - 1;
}

/* The numbers of the pairs by callee, then by caller: sorted by the last key first. */
static uint32_t *
order_pairs(struct arena *a, const struct pairs *p, uint32_t functions)
{
	uint32_t *order = arena_array(a, uint32_t, p->rows.n);
	uint32_t *keys = arena_array(a, uint32_t, p->rows.n);

	for (uint32_t i = 0; i < p->rows.n; i++) {
		order[i] = i;
		keys[i] = p->rows.at[i].caller;
	}
	order_rows(a, order, p->rows.n, keys, functions);
	for (uint32_t i = 0; i < p->rows.n; i++)
		keys[i] = p->rows.at[i].callee;
	order_rows(a, order, p->rows.n, keys, functions);
	return order;
}

struct function_calls
functions_calls(struct arena *a, const struct view *v, const struct functions *f)
{
	struct arena scratch = { 0 };
	uint32_t *keys = arena_array(&scratch, uint32_t, v->count), *order;
	struct pairs pairs = { 0 };
	struct function_calls calls = { 0 };
	struct key_sum *sums;

	for (uint32_t i = 0; i < v->count; i++) {
		uint32_t parent = v->nodes[i].parent;

		keys[i] = parent ? number_pair(&scratch, &pairs, f->of[parent], f->of[i])
		                 : KEYS_NONE;
	}
	sums = arena_array(&scratch, struct key_sum, pairs.rows.n);
	keys_sum(v, keys, pairs.rows.n, sums);
	order = order_pairs(&scratch, &pairs, f->count);
	calls.count = pairs.rows.n;
	calls.rows = arena_array(a, struct function_call, pairs.rows.n);
	for (size_t i = 0; i < calls.count; i++) {
		calls.rows[i] = pairs.rows.at[order[i]];
		calls.rows[i].sum = sums[order[i]];
	}
	arena_empty(&scratch);
	return calls;
}
