/* SPDX-License-Identifier: MIT */
#include "tree/view.h"

#include "tree/inside.h"
#include "tree/name.h"
#include "tree/order.h"

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
	return unit == VIEW_NS ? number_multiply(c->weight, r->about.unit_ns) : c->samples;
}

/* Calls for each cell that counts, of the node that it is in here. */
static void
each_cell(const struct view *v, struct view_choice choice,
          void (*take)(void *to, uint32_t node, uint64_t weight, uint64_t samples), void *to)
{
	for (size_t i = 0; i < v->tree->runs.n; i++) {
		const struct tree_run *r = v->tree->runs.at[i];

		for (size_t k = 0; k < r->cells.n; k++) {
			const struct tree_cell *c = &r->cells.at[k];

			if (!choice.wants || choice.wants(choice.context, r, c))
				take(to, v->of[c->node], view_weight(v->unit, r, c),
				     c->samples);
		}
	}
}

static void
take_presence(void *to, uint32_t node, uint64_t weight, uint64_t samples)
{
	((struct tree_node *)to)[node].sibling |= weight || samples;
}

static void
take_sum(void *to, uint32_t node, uint64_t weight, uint64_t samples)
{
	struct view_node *sum = &((struct view_node *)to)[node];

	sum->self = number_add(sum->self, weight);
	sum->self_samples = number_add(sum->self_samples, samples);
}

/* v->of[] becomes the merged node of each node of the tree. */
static void
merge(struct arena *scratch, struct view *v, const uint32_t *map, bool joins,
      struct node_table *table)
{
	const struct tree *t = v->tree;

	nodes_begin(scratch, table);
	vec_reserve(scratch, &table->rows, t->nodes.rows.n);
	for (size_t i = 1; i < t->nodes.rows.n; i++) {
		struct tree_node node = t->nodes.rows.at[i];
		uint32_t parent = v->of[node.parent], frame = map[node.frame];

		if (joins && parent && table->rows.at[parent].frame == frame)
			v->of[i] = parent;
		else
			v->of[i] = nodes_intern(scratch, table, parent, frame);
	}
}

/*
 * The merged nodes are in no list of children any more: of each, child becomes
 * its place in the view, and sibling whether it has anything, in it or below.
 * A view of millions of nodes is most of what a renderer holds; columns of their
 * own would add to that.
 */
static size_t
mark_present(const struct view *v, struct node_table *table, struct view_choice choice)
{
	struct tree_node *rows = table->rows.at;
	size_t n = 1;

	for (size_t i = 0; i < table->rows.n; i++)
		rows[i].child = rows[i].sibling = 0;
	each_cell(v, choice, take_presence, rows);
	for (size_t i = table->rows.n - 1; i > 0; i--) {
		rows[rows[i].parent].sibling |= rows[i].sibling;
		n += rows[i].sibling;
	}
	return n;
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

/* Lays out the merged nodes that have anything. */
static void
lay_out(struct view *v, const struct node_table *table, const uint32_t *preorder)
{
	struct tree_node *rows = table->rows.at;
	uint32_t open = 0;

	for (size_t i = 0; i < table->rows.n; i++) {
		struct tree_node *m = &rows[preorder[i]];
		uint32_t parent = rows[m->parent].child;

		m->child = parent;
		if (i && !m->sibling)
			continue;
		if (i)
			close_subtrees(v, &open, parent);
		open = m->child = v->count++;
		v->nodes[open] = (struct view_node){
			.parent = parent,
			.frame = m->frame,
			.depth = i ? v->nodes[parent].depth + 1 : 0,
		};
	}
	close_subtrees(v, &open, 0);
	v->nodes[0].end = v->count;
}

static void
sum_up(struct view *v, struct view_choice choice)
{
	each_cell(v, choice, take_sum, v->nodes);
	for (uint32_t i = v->count; i-- > 0;) {
		struct view_node *node = &v->nodes[i], *parent = &v->nodes[node->parent];

		node->total = number_add(node->total, node->self);
		node->total_samples = number_add(node->total_samples, node->self_samples);
		if (i == 0)
			break;
		parent->total = number_add(parent->total, node->total);
		parent->total_samples = number_add(parent->total_samples, node->total_samples);
	}
}

/* Sums are made last, in place. */
static struct view *
build(struct arena *a, struct tree *t, const uint32_t *map, bool joins,
      struct view_choice choice)
{
	struct arena scratch = { 0 }, ranks = { 0 };
	struct view *v = arena_new(a, struct view);
	struct node_table table;
	uint32_t *preorder;

	*v = (struct view){ .tree = t, .unit = view_unit(t) };
	v->of = arena_array(a, uint32_t, t->nodes.rows.n);
	merge(&scratch, v, map, joins, &table);
	preorder = order_nodes(&scratch, &table, tree_frame_ranks(&ranks, t), t->frames.n);
	arena_empty(&ranks);
	v->nodes = arena_array(a, struct view_node, mark_present(v, &table, choice));
	lay_out(v, &table, preorder);
	for (size_t i = 0; i < t->nodes.rows.n; i++)
		v->of[i] = table.rows.at[v->of[i]].child;
	arena_empty(&scratch);
	sum_up(v, choice);
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
	return build(a, t, map, tree_grain_joins(choice.grain), choice);
}
