/* SPDX-License-Identifier: MIT */
/*
 * Collapsed text of a comparison: behind each stack what the baseline has of it,
 * and what the current side has, as difffolded.pl writes it.
 */
#include "formats/collapsed.h"
#include "formats/export.h"
#include "tree/compare.h"
#include "tree/same.h"

__extension__ typedef unsigned __int128 wide;

/* Of each frame the label of that which stands for it on both sides. */
static uint32_t *
labels_of_same(struct arena *a, struct tree *t, struct collapsed_how how)
{
	uint32_t n = tree_frame_count(t); /* both of these make more */
	uint32_t *map = same_frames(a, t);
	const uint32_t *labels = collapsed_labels(a, t, how);

	for (uint32_t i = 1; i < n; i++)
		map[i] = labels[map[i]];
	return map;
}

/* As the baseline is shown: n times a / b, rounded so that the sum stays right. */
static void
scale(uint64_t *counts, size_t n, const struct stream_compare *c)
{
	wide rest = c->denominator / 2;

	for (size_t i = 0; i < n; i++) {
		wide scaled = (wide)counts[i] * c->numerator + rest;

		counts[i] = (uint64_t)(scaled / c->denominator);
		rest = scaled % c->denominator;
	}
}

/* What a side got in each node of the view itself. */
static uint64_t *
count_side(struct arena *a, const struct view *v, enum stream_side side,
           const struct export_how *how)
{
	uint64_t *counts = arena_array(a, uint64_t, v->count);
	const struct tree_compare *compare = tree_compare(v->tree);
	enum view_unit unit = how->weight == COLLAPSED_TIME ? VIEW_NS : VIEW_SAMPLES;

	for (size_t i = 0; i < tree_run_count(v->tree); i++) {
		const struct tree_run *r = tree_run(v->tree, i);

		for (size_t k = 0; r->about.side == side && k < r->cells.n; k++)
			counts[v->of[r->cells.at[k].node]] +=
				view_weight(unit, r, &r->cells.at[k]);
	}
	if (how->scaled && side == STREAM_BASELINE)
		scale(counts, v->count, &compare->about);
	if (unit == VIEW_NS)
		collapsed_round(counts, v->count);
	return counts;
}

bool
difffolded_export(struct export *x, struct err *e)
{
	struct arena scratch = { 0 };
	struct view_choice choice = { .grain = same_grain(tree_compare(x->tree)) };
	struct collapsed_how how = { .weight = x->how.weight,
		                     .lines = choice.grain == TREE_LINE };
	const struct view *v;

	if (!collapsed_choose(&how, x->tree, e))
		return false;
	x->how.weight = how.weight;
	v = view_mapped(&scratch, x->tree, labels_of_same(&scratch, x->tree, how), choice);
	collapsed_write_view(v,
	                     (struct collapsed_column[]){
				     { count_side(&scratch, v, STREAM_BASELINE, &x->how) },
				     { count_side(&scratch, v, STREAM_CURRENT, &x->how) } },
	                     2, x->out);
	arena_empty(&scratch);
	return true;
}
