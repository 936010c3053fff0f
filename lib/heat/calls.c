/* SPDX-License-Identifier: MIT */
#include "base/index.h"
#include "heat/inside.h"

#include <stdlib.h>

struct pairs {
	VEC(struct heat_call) rows;
	struct index index;
};

static uint32_t
number_pair(struct heating *h, struct pairs *p, uint32_t spot, uint32_t callee)
{
	uint64_t hash = hash_number((uint64_t)spot << 32 | callee);
	struct index_probe probe = index_probe(&p->index, hash);

	while (index_next(&p->index, &probe))
		if (p->rows.at[probe.row].spot == spot &&
		    p->rows.at[probe.row].callee == callee)
			return probe.row;
	index_add(&h->scratch, &p->index, hash, (uint32_t)p->rows.n);
	*vec_push(&h->scratch, &p->rows) = (struct heat_call){ .spot = spot, .callee = callee };
	return (uint32_t)p->rows.n - 1;
}

/* Of each node the nearest one above that is in a file; what lies between, as C code, is passed. */
static uint32_t *
callers_of(struct heating *h)
{
	uint32_t *above = arena_array(&h->scratch, uint32_t, h->view->count);

	for (uint32_t i = 1; i < h->view->count; i++) {
		uint32_t parent = h->view->nodes[i].parent;
		bool placed = h->spot_of[h->view->nodes[parent].frame] != KEYS_NONE;

		above[i] = placed ? parent : above[parent];
	}
	return above;
}

static int
compare_calls(const void *x, const void *y)
{
	const struct heat_call *a = x, *b = y;

	if (a->spot != b->spot)
		return a->spot < b->spot ? -1 : 1;
	return a->callee < b->callee ? -1 : a->callee > b->callee;
}

void
heat_find_calls(struct heating *h)
{
	const struct view *v = h->view;
	uint32_t *above = callers_of(h);
	uint32_t *keys = arena_array(&h->scratch, uint32_t, v->count);
	struct pairs pairs = { 0 };
	struct key_sum *sums;

	keys[0] = KEYS_NONE;
	for (uint32_t i = 1; i < v->count; i++) {
		uint32_t function = h->function_of[v->nodes[i].frame];

		keys[i] = above[i] && function != KEYS_NONE
		                  ? number_pair(h, &pairs, h->spot_of[v->nodes[above[i]].frame],
		                                function)
		                  : KEYS_NONE;
	}
	sums = arena_array(&h->scratch, struct key_sum, pairs.rows.n);
	keys_sum(v, keys, pairs.rows.n, sums);
	for (size_t i = 0; i < pairs.rows.n; i++) {
		*vec_push(h->a, &h->heat->calls) = pairs.rows.at[i];
		h->heat->calls.at[i].sum = sums[i];
	}
	if (pairs.rows.n)
		qsort(h->heat->calls.at, pairs.rows.n, sizeof *h->heat->calls.at,
		      compare_calls);
}

static int
compare_spans(const void *x, const void *y, void *tree)
{
	const struct heat_span *a = x, *b = y;
	struct stream_frame f = *tree_frame(tree, a->frame), g = *tree_frame(tree, b->frame);
	const uint32_t left[] = { a->spot, f.end_line, f.column1, f.end_column1 };
	const uint32_t right[] = { b->spot, g.end_line, g.column1, g.end_column1 };
	int order = left[0] == right[0] ? text_compare(tree_string(tree, f.opcode),
	                                               tree_string(tree, g.opcode))
	                                : 0;

	for (size_t i = 0; order == 0 && i < sizeof left / sizeof *left; i++)
		order = (left[i] > right[i]) - (left[i] < right[i]);
	return order;
}

void
heat_find_spans(struct heating *h)
{
	struct heat *heat = h->heat;
	uint32_t *key = arena_array(&h->scratch, uint32_t, h->frames);
	struct key_sum *sums;

	memset(key, 0xff, h->frames * sizeof *key);
	for (uint32_t i = 1; i < h->frames; i++) {
		const struct stream_frame *f = tree_frame(heat->tree, i);

		if (h->spot_of[i] == KEYS_NONE || !(f->opcode || f->column1))
			continue;
		key[i] = (uint32_t)heat->spans.n;
		*vec_push(h->a, &heat->spans) =
			(struct heat_span){ .spot = h->spot_of[i], .frame = i };
	}
	if (heat->spans.n == 0)
		return;
	sums = arena_array(&h->scratch, struct key_sum, heat->spans.n);
	keys_sum(h->view, heat_keys(&h->scratch, h->view, key), heat->spans.n, sums);
	for (size_t i = 0; i < heat->spans.n; i++)
		heat->spans.at[i].sum = sums[i];
	qsort_r(heat->spans.at, heat->spans.n, sizeof *heat->spans.at, compare_spans,
	        heat->tree);
}
