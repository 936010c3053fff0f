/* SPDX-License-Identifier: MIT */
#include "tree/inside.h"

#include <assert.h>

struct tree *
tree_new(struct arena *a)
{
	struct tree *t = arena_new(a, struct tree);

	t->a = a;
	t->epochs = TREE_EPOCHS;
	*vec_push(a, &t->strings) = (struct text){ 0 };
	*vec_push(a, &t->functions) = (struct stream_function){ 0 };
	*vec_push(a, &t->frames) = (struct stream_frame){ 0 };
	nodes_begin(a, &t->nodes);
	return t;
}

uint32_t
tree_intern_string(struct tree *t, struct text text)
{
	uint64_t hash = hash_text(text);
	struct index_probe probe = index_probe(&t->string_index, hash);

	if (text.n == 0)
		return 0;
	while (index_next(&t->string_index, &probe))
		if (text_equal(t->strings.at[probe.row], text))
			return probe.row;
	index_add(t->a, &t->string_index, hash, (uint32_t)t->strings.n);
	*vec_push(t->a, &t->strings) = text_copy(t->a, text);
	return (uint32_t)t->strings.n - 1;
}

struct text
tree_keep(struct tree *t, struct text text)
{
	uint32_t string = tree_intern_string(t, text); /* may move what holds all strings */

	return t->strings.at[string];
}

static bool
function_equal(const struct stream_function *a, const struct stream_function *b)
{
	return a->kind == b->kind && a->name == b->name && a->file == b->file &&
	       a->line == b->line;
}

uint32_t
tree_intern_function(struct tree *t, const struct stream_function *f)
{
	uint64_t hash =
		hash_pair((uint64_t)f->name << 32 | f->file, (uint64_t)f->kind << 32 | f->line);
	struct index_probe probe = index_probe(&t->function_index, hash);

	while (index_next(&t->function_index, &probe))
		if (function_equal(&t->functions.at[probe.row], f))
			return probe.row;
	index_add(t->a, &t->function_index, hash, (uint32_t)t->functions.n);
	*vec_push(t->a, &t->functions) = *f;
	return (uint32_t)t->functions.n - 1;
}

static bool
frame_equal(const struct stream_frame *a, const struct stream_frame *b)
{
	return a->function == b->function && a->line == b->line && a->end_line == b->end_line &&
	       a->column1 == b->column1 && a->end_column1 == b->end_column1 &&
	       a->opcode == b->opcode;
}

uint32_t
tree_intern_frame(struct tree *t, const struct stream_frame *f)
{
	uint64_t place = hash_pair((uint64_t)f->end_line << 32 | f->column1,
	                           (uint64_t)f->end_column1 << 32 | f->opcode);
	uint64_t hash = hash_pair((uint64_t)f->function << 32 | f->line, place);
	struct index_probe probe = index_probe(&t->frame_index, hash);

	while (index_next(&t->frame_index, &probe))
		if (frame_equal(&t->frames.at[probe.row], f))
			return probe.row;
	index_add(t->a, &t->frame_index, hash, (uint32_t)t->frames.n);
	*vec_push(t->a, &t->frames) = *f;
	return (uint32_t)t->frames.n - 1;
}

uint32_t
tree_intern_marker(struct tree *t, enum stream_kind kind)
{
	struct stream_function function = { .kind = kind };
	struct stream_frame frame = { .function = tree_intern_function(t, &function) };

	return tree_intern_frame(t, &frame);
}

uint32_t
tree_intern_node(struct tree *t, uint32_t parent, uint32_t frame)
{
	return nodes_intern(t->a, &t->nodes, parent, frame);
}

void
nodes_begin(struct arena *a, struct node_table *table)
{
	*table = (struct node_table){ 0 };
	*vec_push(a, &table->rows) = (struct tree_node){ 0 };
}

static uint32_t
nodes_push(struct arena *a, struct node_table *table, uint32_t parent, uint32_t frame)
{
	assert(table->rows.n < UINT32_MAX - 1);
	*vec_push(a, &table->rows) = (struct tree_node){ parent, frame, 0, 0 };
	return (uint32_t)table->rows.n - 1;
}

static uint32_t
nodes_find_far(struct arena *a, struct node_table *table, uint32_t parent, uint32_t frame)
{
	uint64_t hash = hash_number((uint64_t)parent << 32 | frame);
	struct index_probe probe = index_probe(&table->index, hash);

	while (index_next(&table->index, &probe))
		if (table->rows.at[probe.row].parent == parent &&
		    table->rows.at[probe.row].frame == frame)
			return probe.row;
	index_add(a, &table->index, hash, (uint32_t)table->rows.n);
	return nodes_push(a, table, parent, frame);
}

uint32_t
nodes_intern(struct arena *a, struct node_table *table, uint32_t parent, uint32_t frame)
{
	uint32_t node = table->rows.at[parent].child, last = 0, n = 0;

	for (; node && n < CHILDREN_LINKED; n++) {
		if (table->rows.at[node].frame == frame)
			return node;
		last = node;
		node = table->rows.at[node].sibling;
	}
	if (n == CHILDREN_LINKED)
		return nodes_find_far(a, table, parent, frame);
	node = nodes_push(a, table, parent, frame);
	if (last)
		table->rows.at[last].sibling = node;
	else
		table->rows.at[parent].child = node;
	return node;
}

uint32_t
tree_string_count(const struct tree *t)
{
	return (uint32_t)t->strings.n;
}

uint32_t
tree_function_count(const struct tree *t)
{
	return (uint32_t)t->functions.n;
}

uint32_t
tree_frame_count(const struct tree *t)
{
	return (uint32_t)t->frames.n;
}

uint32_t
tree_node_count(const struct tree *t)
{
	return (uint32_t)t->nodes.rows.n;
}

struct text
tree_string(const struct tree *t, uint32_t string)
{
	assert(string < t->strings.n);
	return t->strings.at[string];
}

const struct stream_function *
tree_function(const struct tree *t, uint32_t function)
{
	assert(function < t->functions.n);
	return &t->functions.at[function];
}

const struct stream_frame *
tree_frame(const struct tree *t, uint32_t frame)
{
	assert(frame < t->frames.n);
	return &t->frames.at[frame];
}

const struct tree_node *
tree_node(const struct tree *t, uint32_t node)
{
	assert(node < t->nodes.rows.n);
	return &t->nodes.rows.at[node];
}

struct tree_detail
tree_detail(const struct tree *t)
{
	struct tree_detail known = { 0 };

	for (size_t i = 1; i < t->frames.n; i++) {
		known.lines |= t->frames.at[i].line > 0;
		known.columns |= t->frames.at[i].column1 > 0;
		known.opcodes |= t->frames.at[i].opcode > 0;
	}
	return known;
}
