/* SPDX-License-Identifier: MIT */
#include "render/flame.h"

#include "base/version.h"
#include "render/cells.h"
#include "render/column.h"
#include "render/compared.h"
#include "render/facts.h"
#include "render/inner.h"
#include "render/page.h"
#include "tree/name.h"
#include "tree/view.h"

#include <stdlib.h>

/* What of a tree the page needs, numbered by first appearance. */
struct flame_tables {
	struct arena *a;
	struct tree *tree;
	const struct view *view;
	uint32_t *order;         /* the nodes of the view but the root, as they are written */
	uint32_t *places;        /* of each node of the view its row, plus one; 0: the root */
	struct cells *cells;     /* by place */
	uint32_t *row_of;        /* of each of the tree's functions its row, plus one */
	uint32_t *text_of;       /* of each of the tree's strings its number in texts, or 0 */
	uint32_t kind_text[256]; /* of each kind the number of its usual name, or 0 */
	VEC(uint32_t) functions; /* of each row the function of the tree's */
	VEC(struct text) texts;
};

/* The children of one node, on a stack of those that are still to be written. */
typedef VEC(uint32_t) node_stack;

/* The lightest first, and of equals the last: the stack turns them round. */
static int
compare_children(const void *x, const void *y, void *nodes)
{
	const struct view_node *of = nodes;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	uint64_t of_a = of[a].total, of_b = of[b].total;

	if (of_a != of_b)
		return of_a < of_b ? -1 : 1;
	return a < b ? 1 : -1;
}

static void
push_children(struct arena *a, const struct view *v, uint32_t node, node_stack *stack)
{
	size_t from = stack->n;

	for (uint32_t c = node + 1; c < v->nodes[node].end; c = v->nodes[c].end)
		*vec_push(a, stack) = c;
	if (stack->n - from < 2)
		return;
	qsort_r(stack->at + from, stack->n - from, sizeof *stack->at, compare_children,
	        v->nodes);
}

static uint32_t *
heaviest_first(struct arena *a, const struct view *v)
{
	struct arena scratch = { 0 };
	uint32_t *order = arena_array(a, uint32_t, v->count), n = 0;
	node_stack stack = { 0 };

	push_children(&scratch, v, 0, &stack);
	while (stack.n) {
		uint32_t node = stack.at[--stack.n];

		order[n++] = node;
		push_children(&scratch, v, node, &stack);
	}
	arena_empty(&scratch);
	return order;
}

static uint32_t
function_at(const struct flame_tables *f, uint32_t node)
{
	return tree_frame(f->tree, f->view->nodes[node].frame)->function;
}

static void
number_text(struct flame_tables *f, uint32_t *number, struct text text)
{
	if (*number || text.n == 0)
		return;
	*number = (uint32_t)f->texts.n;
	*vec_push(f->a, &f->texts) = text;
}

/* The slot that holds the number of a function's name. */
static uint32_t *
name_slot(struct flame_tables *f, const struct stream_function *of)
{
	return of->name ? &f->text_of[of->name] : &f->kind_text[of->kind & 255];
}

static void
number_function(struct flame_tables *f, uint32_t node)
{
	uint32_t function = function_at(f, node);
	const struct stream_function *of = tree_function(f->tree, function);

	if (f->row_of[function])
		return;
	*vec_push(f->a, &f->functions) = function;
	f->row_of[function] = (uint32_t)f->functions.n;
	number_text(f, name_slot(f, of), tree_frame_name(f->tree, f->view->nodes[node].frame));
	number_text(f, &f->text_of[of->file], tree_string(f->tree, of->file));
}

static struct flame_tables
tables_new(struct arena *a, struct tree *t, const struct view *v, const struct people *people)
{
	struct flame_tables f = {
		.a = a,
		.tree = t,
		.view = v,
		.order = heaviest_first(a, v),
		.row_of = arena_array(a, uint32_t, tree_function_count(t)),
		.text_of = arena_array(a, uint32_t, tree_string_count(t)),
	};

	*vec_push(a, &f.texts) = TEXT("");
	f.places = arena_array(a, uint32_t, v->count);
	for (uint32_t i = 0; i + 1 < v->count; i++) {
		f.places[f.order[i]] = i + 1;
		number_function(&f, f.order[i]);
	}
	f.cells = cells_of(a, v, people, f.places, CELLS_MAX);
	return f;
}

static void
write_texts(struct json *j, const struct flame_tables *f)
{
	json_open(j, "strings", '[');
	for (size_t i = 0; i < f->texts.n; i++)
		json_text(j, NULL, f->texts.at[i]);
	json_close(j, ']');
}

enum function_field { FUNCTION_KIND, FUNCTION_NAME, FUNCTION_FILE, FUNCTION_LINE };

static uint64_t
function_value(struct flame_tables *f, uint32_t row, enum function_field field)
{
	const struct stream_function *of = tree_function(f->tree, f->functions.at[row]);

	switch (field) {
	case FUNCTION_KIND:
		return of->kind;
	case FUNCTION_NAME:
		return *name_slot(f, of);
	case FUNCTION_FILE:
		return f->text_of[of->file];
	case FUNCTION_LINE:
		return of->line;
	}
	return 0;
}

static void
write_functions(struct json *j, struct flame_tables *f, const struct diff *d, struct column *c)
{
	static const char *const fields[] = { "kind", "name", "file", "line" };

	json_open(j, "functions", '{');
	json_number(j, "n", f->functions.n);
	for (enum function_field field = FUNCTION_KIND; field <= FUNCTION_LINE; field++) {
		column_begin(c, j, fields[field]);
		for (uint32_t row = 0; row < f->functions.n; row++)
			column_put(c, function_value(f, row, field));
		column_end(c);
	}
	if (d)
		compared_write_functions(j, d, f->functions.at, f->functions.n, c);
	json_close(j, '}');
}

enum node_field { NODE_UP, NODE_FUNCTION, NODE_CELLS, NODE_LINE };

static void
write_nodes_column(struct flame_tables *f, struct column *c, enum node_field field)
{
	uint32_t depth = 0;
	size_t cell = cells_in(f->cells, 0, 0);

	for (uint32_t i = 0; i + 1 < f->view->count; i++) {
		const struct view_node *node = &f->view->nodes[f->order[i]];
		size_t n;

		switch (field) {
		case NODE_UP:
			column_put(c, depth + 1 - node->depth);
			depth = node->depth;
			break;
		case NODE_FUNCTION:
			column_put(c, f->row_of[function_at(f, f->order[i])] - 1);
			break;
		case NODE_CELLS:
			n = cells_in(f->cells, cell, i + 1);
			column_put(c, n);
			cell += n;
			break;
		case NODE_LINE:
			column_put(c, tree_frame(f->tree, node->frame)->line);
			break;
		}
	}
}

static void
write_nodes(struct json *j, struct flame_tables *f, struct column *c, bool lines)
{
	static const char *const fields[] = { "up", "function", "cells", "line" };

	json_open(j, "nodes", '{');
	json_number(j, "n", f->view->count - 1);
	for (enum node_field field = NODE_UP; field <= NODE_LINE; field++) {
		if (field == NODE_LINE && !lines)
			continue;
		column_begin(c, j, fields[field]);
		write_nodes_column(f, c, field);
		column_end(c);
	}
	json_close(j, '}');
}

static void
write_head(struct json *j, const struct tree *t, const struct flame *how,
           const struct cells *cells)
{
	struct arena scratch = { 0 };
	struct facts facts = facts_of(&scratch, t);

	json_number(j, "page", 2);
	json_text(j, "writer", TEXT("tflame " TACHYTOOLS_VERSION));
	json_text(j, "title", text_of(how->title ? how->title : ""));
	json_text(j, "unit", view_unit(t) == VIEW_NS ? TEXT("ns") : TEXT("samples"));
	json_bool(j, "lines", how->lines);
	json_open(j, "incomplete", '[');
	if (how->incomplete)
		json_text(j, NULL, text_of(how->incomplete));
	json_close(j, ']');
	json_open(j, "notes", '[');
	facts_write_notes(j, &facts);
	cells_write_notes(j, cells);
	json_close(j, ']');
	facts_write(j, &facts);
	arena_empty(&scratch);
}

/* Lines make a tree larger; of a very large one they are left out, unless they are asked for. */
static bool
has_lines(struct tree *t, const struct flame *how)
{
	return (how->lines || tree_node_count(t) <= FLAME_LINES_MAX) && tree_detail(t).lines;
}

/* Of what is coarser than lines, neither source nor instructions can be told. */
static void
write_inner(struct json *j, struct flame_tables *f, struct column *c)
{
	struct inner_opcodes *opcodes = inner_opcodes(f->a, f->view, f->places);

	if (opcodes)
		inner_write_opcodes(j, opcodes, f->cells->quantum, c);
	inner_write_sources(j, f->view, f->text_of);
}

/* The stacks as they are drawn; of a comparison d those of both sides. */
static const struct view *
view_of(struct arena *a, struct tree *t, const struct diff *d, bool lines)
{
	if (d)
		return compared_view(a, d);
	return view_new(a, t,
	                (struct view_choice){ .grain = lines ? TREE_LINE : TREE_FUNCTION });
}

void
flame_write(struct out *o, struct tree *t, const struct flame *how)
{
	struct arena scratch = { 0 };
	const struct diff *d = tree_compare(t) ? diff_new(&scratch, t) : NULL;
	bool lines = !d && has_lines(t, how);
	const struct view *v = view_of(&scratch, t, d, lines);
	struct people *people = people_of(&scratch, t);
	struct flame_tables f = tables_new(&scratch, t, v, people);
	struct column *c = arena_new(&scratch, struct column);
	struct page page = page_begin(o, page_flame, page_flame_end, TEXT(""));
	struct json j = { .out = o };

	json_open(&j, NULL, '{');
	write_head(&j, t, how, f.cells);
	if (d)
		compared_write(&j, d);
	people_write(&j, people);
	cells_write_slots(&j, f.cells, people, c);
	write_texts(&j, &f);
	write_functions(&j, &f, d, c);
	write_nodes(&j, &f, c, lines);
	cells_write(&j, f.cells, v->unit, c);
	if (lines)
		write_inner(&j, &f, c);
	json_close(&j, '}');
	page_end(&page);
	column_close(c);
	arena_empty(&scratch);
}
