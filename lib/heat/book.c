/* SPDX-License-Identifier: MIT */
#include "heat/book.h"

#include "heat/inside.h"
#include "heat/moved.h"
#include "heat/place.h"
#include "tree/same.h"

#include <stdlib.h>

/* Counts of keys, at first[key + 1], become the first row of each. */
static void
add_up(uint32_t *first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		first[i + 1] += first[i];
}

static void
find_callers(struct arena *a, struct heat_side *s)
{
	struct arena scratch = { 0 };
	const struct heat *h = s->heat;
	uint32_t *next = arena_array(&scratch, uint32_t, h->functions.n + 1);

	s->first_caller = arena_array(a, uint32_t, h->functions.n + 1);
	s->callers = arena_array(a, uint32_t, h->calls.n);
	for (size_t i = 0; i < h->calls.n; i++)
		s->first_caller[h->calls.at[i].callee + 1]++;
	add_up(s->first_caller, h->functions.n);
	memcpy(next, s->first_caller, (h->functions.n + 1) * sizeof *next);
	for (uint32_t i = 0; i < h->calls.n; i++)
		s->callers[next[h->calls.at[i].callee]++] = i;
	arena_empty(&scratch);
}

static void
find_firsts(struct arena *a, struct heat_side *s)
{
	const struct heat *h = s->heat;

	s->first_function = arena_array(a, uint32_t, h->files.n + 1);
	s->first_spot = arena_array(a, uint32_t, h->functions.n + 1);
	s->first_call = arena_array(a, uint32_t, h->spots.n + 1);
	s->first_span = arena_array(a, uint32_t, h->spots.n + 1);
	for (size_t i = 0; i < h->functions.n; i++)
		s->first_function[h->functions.at[i].file + 1]++;
	for (size_t i = 0; i < h->spots.n; i++)
		s->first_spot[h->spots.at[i].function + 1]++;
	for (size_t i = 0; i < h->calls.n; i++)
		s->first_call[h->calls.at[i].spot + 1]++;
	for (size_t i = 0; i < h->spans.n; i++)
		s->first_span[h->spans.at[i].spot + 1]++;
	add_up(s->first_function, h->files.n);
	add_up(s->first_spot, h->functions.n);
	add_up(s->first_call, h->spots.n);
	add_up(s->first_span, h->spots.n);
	find_callers(a, s);
}

/* Of each function what it is in the comparison: that of any of its frames. */
static void
find_compared(struct arena *a, struct heat_book *b, struct heat_side *s)
{
	struct arena scratch = { 0 };
	uint32_t frames = tree_frame_count(b->tree);
	const uint32_t *same = same_frames(&scratch, b->tree);
	uint32_t *row = arena_array(&scratch, uint32_t, tree_function_count(b->tree));
	uint32_t *of = arena_array(&scratch, uint32_t, tree_function_count(b->tree));

	for (uint32_t i = 1; i < b->diff->function_count; i++)
		row[b->diff->functions[i].function] = i;
	for (uint32_t i = 1; i < frames; i++)
		of[tree_frame(b->tree, i)->function] =
			row[tree_frame(b->tree, same[i])->function];
	s->compared = arena_array(a, uint32_t, s->heat->functions.n);
	for (size_t i = 0; i < s->heat->functions.n; i++)
		s->compared[i] = of[s->heat->functions.at[i].function];
	arena_empty(&scratch);
}

/* Two files that a function is in, before and after. */
struct match {
	uint32_t before, after, count;
};

static int
compare_matches(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	return a->after < b->after ? -1 : a->after > b->after;
}

/* The most functions first. */
static int
compare_counts(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_matches(x, y);
}

typedef VEC(struct match) matches;

static matches
find_matches(struct arena *scratch, const struct heat_book *b)
{
	const struct heat_side *now = &b->side[0], *was = &b->side[1];
	uint32_t *file1 = arena_array(scratch, uint32_t, b->diff->function_count);
	matches all = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < now->heat->functions.n; i++)
		file1[now->compared[i]] = now->heat->functions.at[i].file + 1;
	file1[0] = 0;
	for (size_t i = 0; i < was->heat->functions.n; i++)
		if (file1[was->compared[i]])
			*vec_push(scratch, &all) =
				(struct match){ was->heat->functions.at[i].file,
				                file1[was->compared[i]] - 1, 1 };
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, compare_matches);
	for (size_t i = 0; i < all.n; i++)
		if (n && compare_matches(&all.at[n - 1], &all.at[i]) == 0)
			all.at[n - 1].count++;
		else
			all.at[n++] = all.at[i];
	all.n = n;
	return all;
}

static void
make_partners(struct heat_book *b, uint32_t before, uint32_t after)
{
	if (b->side[1].partner1[before] || b->side[0].partner1[after])
		return;
	b->side[1].partner1[before] = after + 1;
	b->side[0].partner1[after] = before + 1;
}

/* By their functions; files of one path are partners where nothing speaks against it. */
static void
find_partners(struct arena *a, struct heat_book *b)
{
	struct arena scratch = { 0 };
	matches all = find_matches(&scratch, b);
	uint32_t *row1 = arena_array(&scratch, uint32_t, tree_string_count(b->tree));

	for (size_t i = 0; i < b->sides; i++)
		b->side[i].partner1 = arena_array(a, uint32_t, b->side[i].heat->files.n);
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, compare_counts);
	for (size_t i = 0; i < all.n; i++)
		make_partners(b, all.at[i].before, all.at[i].after);
	for (size_t i = 0; i < b->side[0].heat->files.n; i++)
		row1[b->side[0].heat->files.at[i].path] = (uint32_t)i + 1;
	for (size_t i = 0; i < b->side[1].heat->files.n; i++) {
		uint32_t same = row1[b->side[1].heat->files.at[i].path];

		if (same)
			make_partners(b, (uint32_t)i, same - 1);
	}
	arena_empty(&scratch);
}

/* Both sides lie in the same folders, so that their sums can be compared. */
static void
end_heats(struct arena *a, const struct heat_book *b, struct heating making[2])
{
	struct text *paths[2], common = { 0 };

	for (size_t i = 0; i < b->sides; i++) {
		paths[i] = moved_paths(a, b, i);
		heat_narrow(&common, paths[i], b->side[i].heat->files.n);
	}
	for (size_t i = 0; i < b->sides; i++)
		heat_end(&making[i], paths[i], common);
}

struct heat_book *
heat_book(struct arena *a, struct tree *t, const struct heat_sources *sources)
{
	struct heat_book *b = arena_new(a, struct heat_book);
	struct heating making[2] = { 0 };

	*b = (struct heat_book){ .tree = t, .sources = sources, .sides = 1 };
	if (tree_compare(t)) {
		b->diff = diff_new(a, t);
		b->sides = 2;
		b->side[0].side = STREAM_CURRENT;
		b->side[1].side = STREAM_BASELINE;
	}
	for (size_t i = 0; i < b->sides; i++) {
		heat_begin(&making[i], a, t, b->side[i].side);
		b->side[i].heat = making[i].heat;
		find_firsts(a, &b->side[i]);
		if (b->diff)
			find_compared(a, b, &b->side[i]);
	}
	if (b->diff)
		find_partners(a, b);
	end_heats(a, b, making);
	return b;
}
