/* SPDX-License-Identifier: MIT */
#include "heat/pick.h"

#include <stdlib.h>

enum { KINDS = 7 };

static void
rows_of(struct heat_pick *p, struct heat_rows *rows[KINDS])
{
	struct heat_rows *all[KINDS] = { &p->folders, &p->files, &p->functions, &p->lines,
		                         &p->spots,   &p->calls, &p->spans };

	memcpy(rows, all, sizeof all);
}

struct heat_pick
heat_pick_new(struct arena *a, const struct heat_side *s)
{
	const struct heat *h = s->heat;

	return (struct heat_pick){
		.a = a,
		.side = s,
		.folders.number1 = arena_array(a, uint32_t, h->folders.n),
		.files.number1 = arena_array(a, uint32_t, h->files.n),
		.functions.number1 = arena_array(a, uint32_t, h->functions.n),
		.lines.number1 = arena_array(a, uint32_t, h->lines.n),
		.spots.number1 = arena_array(a, uint32_t, h->spots.n),
		.calls.number1 = arena_array(a, uint32_t, h->calls.n),
		.spans.number1 = arena_array(a, uint32_t, h->spans.n),
	};
}

static void
forget(struct heat_pick *p)
{
	struct heat_rows *rows[KINDS];

	rows_of(p, rows);
	for (size_t k = 0; k < KINDS; k++) {
		for (size_t i = 0; i < rows[k]->picked.n; i++)
			rows[k]->number1[rows[k]->picked.at[i]] = 0;
		rows[k]->picked.n = 0;
	}
}

/* False: it is picked already. */
static bool
pick(struct heat_pick *p, struct heat_rows *rows, uint32_t row)
{
	if (rows->number1[row])
		return false;
	rows->number1[row] = 1;
	*vec_push(p->a, &rows->picked) = row;
	return true;
}

static int
compare_rows(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

static void
number(struct heat_pick *p)
{
	struct heat_rows *rows[KINDS];

	rows_of(p, rows);
	for (size_t k = 0; k < KINDS; k++) {
		if (rows[k]->picked.n)
			qsort(rows[k]->picked.at, rows[k]->picked.n, sizeof(uint32_t),
			      compare_rows);
		for (uint32_t i = 0; i < rows[k]->picked.n; i++)
			rows[k]->number1[rows[k]->picked.at[i]] = i + 1;
	}
}

static void
pick_rows(struct heat_pick *p, struct heat_rows *rows, size_t n)
{
	vec_reserve(p->a, &rows->picked, n);
	for (uint32_t i = 0; i < n; i++)
		pick(p, rows, i);
}

void
heat_pick_all(struct heat_pick *p)
{
	const struct heat *h = p->side->heat;

	forget(p);
	pick_rows(p, &p->folders, h->folders.n);
	pick_rows(p, &p->files, h->files.n);
	pick_rows(p, &p->functions, h->functions.n);
	pick_rows(p, &p->lines, h->lines.n);
	pick_rows(p, &p->spots, h->spots.n);
	pick_rows(p, &p->calls, h->calls.n);
	pick_rows(p, &p->spans, h->spans.n);
	number(p);
}

/* What lines are ordered by. */
struct by {
	const struct heat *heat;
	bool total;
};

static int
compare_lines(const void *x, const void *y, void *context)
{
	const struct by *by = context;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	const struct key_sum *f = &by->heat->lines.at[a].sum, *g = &by->heat->lines.at[b].sum;
	uint64_t of_a = by->total ? f->total : f->self, of_b = by->total ? g->total : g->self;

	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	return (a > b) - (a < b);
}

static void
pick_hottest_lines(struct heat_pick *p, bool by_total)
{
	struct arena scratch = { 0 };
	struct by by = { p->side->heat, by_total };
	size_t n = by.heat->lines.n;
	uint32_t *order = arena_array(&scratch, uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	if (n)
		qsort_r(order, n, sizeof *order, compare_lines, &by);
	for (size_t i = 0; i < n && i < HEAT_INDEX_LINES; i++)
		pick(p, &p->lines, order[i]);
	arena_empty(&scratch);
}

void
heat_pick_index(struct heat_pick *p)
{
	const struct heat *h = p->side->heat;

	forget(p);
	pick_rows(p, &p->folders, h->folders.n);
	pick_rows(p, &p->files, h->files.n);
	pick_rows(p, &p->functions, h->functions.n);
	pick_hottest_lines(p, false);
	pick_hottest_lines(p, true);
	for (uint32_t i = 0; i < h->spots.n; i++)
		if (h->spots.at[i].line1 && p->lines.number1[h->spots.at[i].line1 - 1])
			pick(p, &p->spots, i);
	number(p);
}

static void
pick_function(struct heat_pick *p, uint32_t function)
{
	const struct heat *h = p->side->heat;
	uint32_t file = h->functions.at[function].file;
	uint32_t folder = h->files.at[file].folder;

	pick(p, &p->functions, function);
	pick(p, &p->files, file);
	while (pick(p, &p->folders, folder))
		folder = h->folders.at[folder].parent;
}

static void
pick_spot(struct heat_pick *p, uint32_t spot)
{
	const struct heat_spot *s = &p->side->heat->spots.at[spot];

	pick(p, &p->spots, spot);
	pick_function(p, s->function);
	if (s->line1)
		pick(p, &p->lines, s->line1 - 1);
}

/* A spot of the file's, what it calls and what ran there. */
static void
pick_own_spot(struct heat_pick *p, uint32_t spot)
{
	const struct heat_side *s = p->side;

	pick_spot(p, spot);
	for (uint32_t i = s->first_call[spot]; i < s->first_call[spot + 1]; i++) {
		pick(p, &p->calls, i);
		pick_function(p, s->heat->calls.at[i].callee);
	}
	for (uint32_t i = s->first_span[spot]; i < s->first_span[spot + 1]; i++)
		pick(p, &p->spans, i);
}

static void
pick_own_function(struct heat_pick *p, uint32_t function)
{
	const struct heat_side *s = p->side;

	pick_function(p, function);
	for (uint32_t i = s->first_caller[function]; i < s->first_caller[function + 1]; i++) {
		pick(p, &p->calls, s->callers[i]);
		pick_spot(p, s->heat->calls.at[s->callers[i]].spot);
	}
	for (uint32_t i = s->first_spot[function]; i < s->first_spot[function + 1]; i++)
		pick_own_spot(p, i);
}

void
heat_pick_file(struct heat_pick *p, uint32_t file1)
{
	const struct heat_side *s = p->side;

	forget(p);
	for (uint32_t group = 0; group < HEAT_GROUPS; group++)
		pick(p, &p->folders, group);
	for (uint32_t i = file1 ? s->first_function[file1 - 1] : 0;
	     file1 && i < s->first_function[file1]; i++)
		pick_own_function(p, i);
	number(p);
}
