/* SPDX-License-Identifier: MIT */
#include "tree/order.h"

#include "tree/inside.h"
#include "tree/name.h"

#include <stdlib.h>

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Few rows with wide keys: sorted by key, then by place. */
static void
sort_few(struct arena *scratch, uint32_t *rows, size_t n, const uint32_t *keys)
{
	uint64_t *pairs = arena_array(scratch, uint64_t, n);
	uint32_t *old = arena_array(scratch, uint32_t, n);

	for (size_t i = 0; i < n; i++)
		pairs[i] = (uint64_t)keys[rows[i]] << 32 | i;
	if (n == 0)
		return;
	memcpy(old, rows, n * sizeof *rows);
	qsort(pairs, n, sizeof *pairs, compare_numbers);
	for (size_t i = 0; i < n; i++)
		rows[i] = old[(uint32_t)pairs[i]];
}

void
order_rows(struct arena *scratch, uint32_t *rows, size_t n, const uint32_t *keys, size_t bound)
{
	uint32_t *starts, *old, sum = 0;

	if (n < bound / 16) {
		sort_few(scratch, rows, n, keys);
		return;
	}
	starts = arena_array(scratch, uint32_t, bound);
	old = arena_array(scratch, uint32_t, n);
	if (n)
		memcpy(old, rows, n * sizeof *rows);
	for (size_t i = 0; i < n; i++)
		starts[keys[rows[i]]]++;
	for (size_t i = 0; i < bound; i++) {
		uint32_t here = starts[i];

		starts[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		rows[starts[keys[old[i]]]++] = old[i];
	arena_drop(scratch, starts, bound * sizeof *starts);
	arena_drop(scratch, old, n * sizeof *old);
}

/* What a frame is ordered by: ranks and numbers, compared one after the other. */
enum { ORDER_NUMBERS = 7 };

struct order_key {
	uint32_t by[ORDER_NUMBERS];
};

struct named {
	struct text name;
	uint32_t of;
};

static int
compare_named(const void *a, const void *b)
{
	return text_compare(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* The rank of each text among texts; equal ones have the same. */
static uint32_t *
rank_texts(struct arena *a, const struct text *texts, size_t n)
{
	struct arena scratch = { 0 };
	struct named *rows = arena_array(&scratch, struct named, n);
	uint32_t *ranks = arena_array(a, uint32_t, n), rank = 0;

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct named){ texts[i], (uint32_t)i };
	qsort(rows, n, sizeof *rows, compare_named);
	for (size_t i = 0; i < n; i++) {
		rank += i && compare_named(&rows[i - 1], &rows[i]) != 0;
		ranks[rows[i].of] = rank;
	}
	arena_empty(&scratch);
	return ranks;
}

/*
 * The rank of each key: by the last number first, since sorting keeps the order
 * of equals. A million frames take a seventh of the time that qsort(3) takes.
 */
static uint32_t *
rank_keys(struct arena *a, const struct order_key *keys, size_t n)
{
	struct arena scratch = { 0 };
	uint32_t *ranks = arena_array(a, uint32_t, n), *rows, *by;

	rows = arena_array(&scratch, uint32_t, n);
	by = arena_array(&scratch, uint32_t, n);
	for (uint32_t i = 0; i < n; i++)
		rows[i] = i;
	for (size_t field = ORDER_NUMBERS; field-- > 0;) {
		uint32_t largest = 0;

		for (size_t i = 0; i < n; i++) {
			by[i] = keys[i].by[field];
			largest = by[i] > largest ? by[i] : largest;
		}
		if (largest)
			order_rows(&scratch, rows, n, by, (size_t)largest + 1);
	}
	for (uint32_t i = 0; i < n; i++)
		ranks[rows[i]] = i;
	arena_empty(&scratch);
	return ranks;
}

static uint32_t *
rank_functions(struct arena *a, const struct tree *t, const uint32_t *texts)
{
	size_t n = t->functions.n;
	struct order_key *keys = arena_array(a, struct order_key, n);

	for (uint32_t i = 0; i < n; i++) {
		const struct stream_function *f = &t->functions.at[i];

		keys[i] = (struct order_key){ { i > 0, f->kind, texts[f->name], texts[f->file],
			                        f->line } };
	}
	return rank_keys(a, keys, n);
}

uint32_t *
tree_frame_ranks(struct arena *a, const struct tree *t)
{
	struct arena scratch = { 0 };
	size_t n = t->frames.n;
	struct order_key *keys = arena_array(&scratch, struct order_key, n);
	uint32_t *texts = rank_texts(&scratch, t->strings.at, t->strings.n);
	uint32_t *functions = rank_functions(&scratch, t, texts), *ranks;

	for (uint32_t i = 0; i < n; i++) {
		const struct stream_frame *f = &t->frames.at[i];

		keys[i] = (struct order_key){ { i > 0, functions[f->function], f->line,
			                        f->end_line, f->column1, f->end_column1,
			                        texts[f->opcode] } };
	}
	ranks = rank_keys(a, keys, n);
	arena_empty(&scratch);
	return ranks;
}

/* Visits the children of each node, which are all[first[node]] up to all[first[node + 1]]. */
static void
walk(struct arena *scratch, const uint32_t *all, const uint32_t *first, uint32_t *to)
{
	VEC(uint32_t) open = { 0 };
	size_t n = 0;

	*vec_push(scratch, &open) = 0;
	while (open.n) {
		uint32_t node = open.at[--open.n];

		to[n++] = node;
		for (uint32_t i = first[node + 1]; i-- > first[node];)
			*vec_push(scratch, &open) = all[i];
	}
}

uint32_t *
order_nodes(struct arena *a, const struct node_table *table, const uint32_t *frame_ranks,
            size_t frames)
{
	struct arena scratch = { 0 };
	size_t n = table->rows.n;
	uint32_t *rows = arena_array(&scratch, uint32_t, n);
	uint32_t *keys = arena_array(&scratch, uint32_t, n);
	uint32_t *first = arena_array(&scratch, uint32_t, n + 1);
	uint32_t *preorder = arena_array(a, uint32_t, n);

	for (uint32_t i = 0; i < n; i++) {
		rows[i] = i;
		keys[i] = frame_ranks[table->rows.at[i].frame];
	}
	order_rows(&scratch, rows + 1, n - 1, keys, frames);
	for (uint32_t i = 1; i < n; i++) {
		keys[i] = table->rows.at[i].parent;
		first[keys[i] + 1]++;
	}
	order_rows(&scratch, rows + 1, n - 1, keys, n);
	for (uint32_t i = 0; i < n; i++)
		first[i + 1] += first[i];
	walk(&scratch, rows + 1, first, preorder);
	arena_empty(&scratch);
	return preorder;
}

uint32_t *
tree_preorder(struct arena *a, const struct tree *t)
{
	struct arena scratch = { 0 };
	uint32_t *ranks = tree_frame_ranks(&scratch, t);
	uint32_t *preorder = order_nodes(a, &t->nodes, ranks, t->frames.n);

	arena_empty(&scratch);
	return preorder;
}

uint32_t *
tree_node_places(struct arena *a, const struct tree *t)
{
	struct arena scratch = { 0 };
	uint32_t *places = arena_array(a, uint32_t, t->nodes.rows.n);
	const uint32_t *preorder = tree_preorder(&scratch, t);

	for (uint32_t i = 0; i < t->nodes.rows.n; i++)
		places[preorder[i]] = i;
	arena_empty(&scratch);
	return places;
}

/* Of each series, its place by thread and state. */
static uint32_t *
series_places(struct arena *a, const struct tree_run *r)
{
	size_t n = r->series.n;
	uint32_t *rows = arena_array(a, uint32_t, n), *keys = arena_array(a, uint32_t, n);
	uint32_t *places = arena_array(a, uint32_t, n);

	for (uint32_t i = 0; i < n; i++) {
		rows[i] = i;
		keys[i] = r->series.at[i].state;
	}
	order_rows(a, rows, n, keys, 256);
	for (size_t i = 0; i < n; i++)
		keys[i] = (uint32_t)r->threads.at[r->series.at[i].thread].id;
	order_rows(a, rows, n, keys, STREAM_ID_MAX);
	for (uint32_t i = 0; i < n; i++)
		places[rows[i]] = i;
	return places;
}

uint32_t *
tree_cells_in_order(struct arena *a, const struct tree *t, const struct tree_run *r,
                    const uint32_t *places)
{
	size_t n = r->cells.n;
	const struct tree_cell *cells = r->cells.at;
	uint32_t *rows = arena_array(a, uint32_t, n), *keys = arena_array(a, uint32_t, n);
	const uint32_t *series = series_places(a, r);

	for (uint32_t i = 0; i < n; i++) {
		rows[i] = i;
		keys[i] = cells[i].epoch;
	}
	order_rows(a, rows, n, keys, TREE_EPOCHS);
	for (size_t i = 0; i < n; i++)
		keys[i] = places[cells[i].node];
	order_rows(a, rows, n, keys, t->nodes.rows.n);
	for (size_t i = 0; i < n; i++)
		keys[i] = series[cells[i].series];
	order_rows(a, rows, n, keys, r->series.n);
	return rows;
}
