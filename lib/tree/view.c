/* SPDX-License-Identifier: MIT */
#include "tree/view.h"

#include "tree/inside.h"
#include "tree/name.h"
#include "tree/order.h"

/* Nodes before they are in order: what each got itself. */
struct sums {
	uint64_t weight, samples;
};

enum view_unit
view_unit(const struct tree *t)
{
	for (size_t i = 0; i < t->runs.n; i++)
		if (t->runs.at[i]->about.unit_ns == 0)
			return VIEW_SAMPLES;
	return VIEW_NS;
}

uint64_t
view_uncounted(const struct tree *t)
{
	uint64_t runs = 0;

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];
		bool timed = false, counted = false;

		for (size_t k = 0; k < r->cells.n; k++) {
			timed |= r->cells.at[k].weight > 0;
			counted |= r->cells.at[k].samples > 0;
		}
		runs += r->about.unit_ns && timed && !counted;
	}
	return runs;
}

uint64_t
view_weight(enum view_unit unit, const struct tree_run *r, const struct tree_cell *c)
{
	return unit == VIEW_NS ? multiply(c->weight, r->about.unit_ns) : c->samples;
}

static void
sum_run(const struct view *v, const struct tree_run *r, struct view_choice choice,
        const uint32_t *merged, struct sums *sums)
{
	for (size_t i = 0; i < r->cells.n; i++) {
		const struct tree_cell *c = &r->cells.at[i];
		struct sums *sum = &sums[merged[c->node]];

		if (choice.wants && !choice.wants(choice.context, r, c))
			continue;
		sum->weight = add(sum->weight, view_weight(v->unit, r, c));
		sum->samples = add(sum->samples, c->samples);
	}
}

/* The merged node of each node of the tree. */
static uint32_t *
merge(struct arena *a, const struct tree *t, const uint32_t *map, bool joins,
      struct node_table *table)
{
	size_t n = t->nodes.rows.n;
	uint32_t *merged = arena_array(a, uint32_t, n);

	nodes_begin(a, table);
	for (size_t i = 1; i < n; i++) {
		struct tree_node node = t->nodes.rows.at[i];
		uint32_t parent = merged[node.parent], frame = map[node.frame];

		if (joins && parent && table->rows.at[parent].frame == frame)
			merged[i] = parent;
		else
			merged[i] = nodes_intern(a, table, parent, frame);
	}
	return merged;
}

/* Totals from the sums, in place: children have larger numbers than their parents. */
static struct sums *
total(struct arena *a, const struct node_table *table, const struct sums *self)
{
	size_t n = table->rows.n;
	struct sums *totals = arena_array(a, struct sums, n);

	memcpy(totals, self, n * sizeof *self);
	for (size_t i = n - 1; i > 0; i--) {
		struct sums *parent = &totals[table->rows.at[i].parent];

		parent->weight = add(parent->weight, totals[i].weight);
		parent->samples = add(parent->samples, totals[i].samples);
	}
	return totals;
}

/* Ends every open subtree that node is outside of; open ones are a chain of parents. */
static void
close_subtrees(struct view *v, uint32_t *open, uint32_t until)
{
	while (*open != until) {
		v->nodes[*open].end = v->count;
		*open = v->nodes[*open].parent;
	}
}

/* Lays out the merged nodes; numbers[] becomes the place of each. */
static void
lay_out(struct view *v, const struct node_table *table, const uint32_t *preorder,
        const struct sums *self, const struct sums *totals, uint32_t *numbers)
{
	uint32_t open = 0;

	for (size_t i = 0; i < table->rows.n; i++) {
		uint32_t m = preorder[i], parent = numbers[table->rows.at[m].parent];

		numbers[m] = parent;
		if (m && totals[m].weight == 0 && totals[m].samples == 0)
			continue;
		if (m)
			close_subtrees(v, &open, parent);
		open = numbers[m] = v->count++;
		v->nodes[open] = (struct view_node){
			.parent = parent,
			.frame = table->rows.at[m].frame,
			.depth = m ? v->nodes[parent].depth + 1 : 0,
			.self = self[m].weight,
			.self_samples = self[m].samples,
			.total = totals[m].weight,
			.total_samples = totals[m].samples,
		};
	}
	close_subtrees(v, &open, 0);
	v->nodes[0].end = v->count;
}

static struct view *
build(struct arena *a, struct tree *t, const uint32_t *map, bool joins,
      struct view_choice choice)
{
	struct arena scratch = { 0 };
	struct view *v = arena_new(a, struct view);
	struct node_table table;
	uint32_t *merged = merge(&scratch, t, map, joins, &table);
	uint32_t *preorder =
		order_nodes(&scratch, &table, tree_frame_ranks(&scratch, t), t->frames.n);
	struct sums *self = arena_array(&scratch, struct sums, table.rows.n);
	uint32_t *numbers = arena_array(&scratch, uint32_t, table.rows.n);

	v->tree = t;
	v->unit = view_unit(t);
	for (size_t i = 0; i < t->runs.n; i++)
		sum_run(v, t->runs.at[i], choice, merged, self);
	v->nodes = arena_array(a, struct view_node, table.rows.n);
	lay_out(v, &table, preorder, self, total(&scratch, &table, self), numbers);
	v->of = arena_array(a, uint32_t, t->nodes.rows.n);
	for (size_t i = 0; i < t->nodes.rows.n; i++)
		v->of[i] = numbers[merged[i]];
	arena_empty(&scratch);
	return v;
}

struct view *
view_new(struct arena *a, struct tree *t, struct view_choice choice)
{
	uint32_t n = tree_frame_count(t);
	VEC(uint32_t) map = { 0 };
	struct arena scratch = { 0 };
	struct view *v;

	for (uint32_t i = 0; i < n; i++)
		*vec_push(&scratch, &map) = tree_coarse_frame(t, i, choice.grain);
	v = build(a, t, map.at, tree_grain_joins(choice.grain), choice);
	arena_empty(&scratch);
	return v;
}

struct view *
view_mapped(struct arena *a, struct tree *t, const uint32_t *map, struct view_choice choice)
{
	return build(a, t, map, false, choice);
}
