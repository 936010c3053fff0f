/* SPDX-License-Identifier: MIT */
#include "tree/diff.h"

#include "tree/inside.h"
#include "tree/name.h"
#include "tree/same.h"

#include <math.h>

static void
sum_cells(struct diff *d, const struct tree_run *r)
{
	int side = r->about.side == STREAM_CURRENT;

	for (size_t i = 0; i < r->cells.n; i++) {
		const struct tree_cell *c = &r->cells.at[i];
		struct diff_sum *sum = &d->nodes[d->of[c->node]].side[side];

		sum->self = number_add(sum->self, view_weight(d->unit, r, c));
		sum->self_samples = number_add(sum->self_samples, c->samples);
	}
}

/* Parents come before their children. */
static void
sum_totals(struct diff *d)
{
	for (uint32_t i = d->count; i-- > 0;) {
		struct diff_node *node = &d->nodes[i], *parent = &d->nodes[node->parent];

		for (int side = 0; side < 2; side++) {
			struct diff_sum *sum = &node->side[side];

			sum->total = number_add(sum->total, sum->self);
			sum->total_samples = number_add(sum->total_samples, sum->self_samples);
			if (i == 0)
				continue;
			parent->side[side].total =
				number_add(parent->side[side].total, sum->total);
			parent->side[side].total_samples = number_add(
				parent->side[side].total_samples, sum->total_samples);
		}
	}
}

/* The row of each function of the tree's that is met; functions[row].function is it. */
static void
find_functions(struct arena *a, struct diff *d)
{
	struct arena scratch = { 0 };
	uint32_t *rows = arena_array(&scratch, uint32_t, d->tree->functions.n);
	VEC(struct diff_function) functions = { 0 };

	*vec_push(a, &functions) = (struct diff_function){ 0 };
	for (uint32_t i = 1; i < d->count; i++) {
		uint32_t frame = d->nodes[i].frame;
		uint32_t function = d->tree->frames.at[frame].function;

		if (rows[function] == 0) {
			rows[function] = (uint32_t)functions.n;
			*vec_push(a, &functions) =
				(struct diff_function){ .frame = frame, .function = function };
		}
		d->nodes[i].function = rows[function];
	}
	d->functions = functions.at;
	d->function_count = (uint32_t)functions.n;
	arena_empty(&scratch);
}

static void
add_sum(struct diff_sum *to, const struct diff_sum *from, bool topmost)
{
	to->self = number_add(to->self, from->self);
	to->self_samples = number_add(to->self_samples, from->self_samples);
	if (!topmost)
		return;
	to->total = number_add(to->total, from->total);
	to->total_samples = number_add(to->total_samples, from->total_samples);
}

/* In preorder, the nodes above are those whose subtree is not left yet. */
static void
sum_functions(struct diff *d)
{
	struct arena scratch = { 0 };
	uint32_t *ends = arena_array(&scratch, uint32_t, d->function_count);

	for (uint32_t i = 1; i < d->count; i++) {
		struct diff_node *node = &d->nodes[i];
		struct diff_function *function = &d->functions[node->function];

		node->topmost = i >= ends[node->function];
		if (node->topmost)
			ends[node->function] = node->end;
		for (int side = 0; side < 2; side++)
			add_sum(&function->side[side], &node->side[side], node->topmost);
	}
	arena_empty(&scratch);
}

bool
diff_is_lost(const struct diff *d, uint32_t frame)
{
	enum stream_kind kind = tree_frame_kind(d->tree, frame);

	return kind == STREAM_KIND_MISSED || kind == STREAM_KIND_TORN ||
	       kind == STREAM_KIND_TRUNCATED || kind == STREAM_KIND_UNREADABLE;
}

bool
diff_is_elided(const struct diff *d, uint32_t node)
{
	const struct diff_node *n = &d->nodes[node];

	return node && !diff_is_there(&n->side[DIFF_CURRENT]) &&
	       tree_frame_kind(d->tree, n->frame) != STREAM_KIND_MISSED;
}

void
diff_find_verdicts(struct diff *d)
{
	struct arena scratch = { 0 };
	const struct tree_compare *c = d->compare;
	uint32_t *verdict1 = arena_array(&scratch, uint32_t, d->tree->functions.n);

	for (uint32_t i = 0; i < c->verdicts.n; i++)
		verdict1[c->verdicts.at[i].function] = i + 1;
	for (uint32_t i = 1; i < d->function_count; i++) {
		uint32_t found = verdict1[d->functions[i].function];

		d->functions[i].verdict = found ? &c->verdicts.at[found - 1] : NULL;
	}
	arena_empty(&scratch);
}

static struct diff *
from_view(struct arena *a, const struct view *v)
{
	struct diff *d = arena_new(a, struct diff);

	*d = (struct diff){ .tree = v->tree,
		            .compare = tree_compare(v->tree),
		            .unit = v->unit,
		            .count = v->count,
		            .of = arena_array(a, uint32_t, v->tree->nodes.rows.n),
		            .nodes = arena_array(a, struct diff_node, v->count) };
	watched_sides(v->tree, d->side);
	memcpy(d->of, v->of, v->tree->nodes.rows.n * sizeof *d->of);
	for (uint32_t i = 0; i < v->count; i++)
		d->nodes[i] = (struct diff_node){ .parent = v->nodes[i].parent,
			                          .end = v->nodes[i].end,
			                          .frame = v->nodes[i].frame,
			                          .depth = v->nodes[i].depth };
	return d;
}

struct diff *
diff_new(struct arena *a, struct tree *t)
{
	struct arena scratch = { 0 };
	struct view_choice all = { .grain = same_grain(t->compare) };
	const uint32_t *map = same_frames(&scratch, t);
	struct diff *d = from_view(a, view_mapped(&scratch, t, map, all));

	arena_empty(&scratch);
	for (size_t i = 0; i < t->runs.n; i++)
		sum_cells(d, t->runs.at[i]);
	sum_totals(d);
	find_functions(a, d);
	sum_functions(d);
	diff_find_verdicts(d);
	return d;
}

struct diff_figure
diff_figure(const struct tree_compare *c, uint64_t baseline, uint64_t current)
{
	struct diff_figure f = { .baseline = compare_scaled(c, baseline),
		                 .current = (double)current };

	f.difference = f.current - f.baseline;
	f.ratio = baseline ? f.current / f.baseline : (double)NAN;
	f.percent = baseline ? f.difference / f.baseline * 100 : current ? 100 : 0;
	return f;
}

enum stream_category
diff_category(const struct tree_compare *c, const struct diff_sum side[2])
{
	bool by_self = side[0].self || side[1].self;
	struct diff_figure f = diff_figure(c, by_self ? side[0].self : side[0].total,
	                                   by_self ? side[1].self : side[1].total);

	if (!diff_is_there(&side[0]) && diff_is_there(&side[1]))
		return STREAM_NEW;
	if (!diff_is_there(&side[1]) && diff_is_there(&side[0]))
		return STREAM_GONE;
	if (f.difference == 0 || fabs(f.percent) * 1e4 < (double)c->about.min_effect)
		return STREAM_UNCHANGED;
	return f.difference > 0 ? STREAM_REGRESSION : STREAM_IMPROVEMENT;
}

const char *
diff_category_word(uint64_t category)
{
	static const char *const words[] = {
		[STREAM_UNCHANGED] = "unchanged",
		[STREAM_NEW] = "new",
		[STREAM_GONE] = "gone",
		[STREAM_REGRESSION] = "regression",
		[STREAM_IMPROVEMENT] = "improvement",
	};

	return category <= STREAM_IMPROVEMENT ? words[category] : "unknown";
}

const char *
diff_verdict_word(uint64_t verdict)
{
	static const char *const words[] = {
		[STREAM_INCONCLUSIVE] = "inconclusive",
		[STREAM_TOO_FEW] = "too few samples",
		[STREAM_NO_CHANGE] = "no change",
		[STREAM_CHANGED] = "changed",
	};

	return verdict <= STREAM_CHANGED ? words[verdict] : "unknown";
}

const char *
diff_basis_word(uint64_t basis)
{
	static const char *const words[] = { "none", "runs", "epochs" };

	return basis < sizeof words / sizeof *words ? words[basis] : "unknown";
}

void
compare_keep_gone(struct tree *t, const struct diff *d)
{
	size_t runs = 0;

	for (size_t i = 0; i < t->runs.n; i++) {
		struct tree_run *r = t->runs.at[i];
		size_t kept = 0;

		if (r->about.side != STREAM_BASELINE)
			continue;
		r->about.side = 0;
		for (size_t k = 0; k < r->cells.n; k++)
			if (diff_is_elided(d, d->of[r->cells.at[k].node]))
				r->cells.at[kept++] = r->cells.at[k];
		r->cells.n = kept;
		t->runs.at[runs++] = r;
	}
	t->runs.n = runs;
	t->compare = NULL;
}
