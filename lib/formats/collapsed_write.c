/* SPDX-License-Identifier: MIT */
/*
 * The order of lines is not the order of siblings: " 5" of a stack itself and
 * ";" of what is inside of it are compared with what other labels go on with.
 * So each node has two entries among its siblings, and entries are sorted.
 */
#include "formats/collapsed.h"

#include "tree/about.h"
#include "tree/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct entry {
	struct text label;
	char tail[48]; /* ";", or a blank and the count of each column */
	uint32_t node;
};

struct writing {
	struct arena arena;
	const struct view *view;
	const struct collapsed_column *columns;
	size_t column_count;
	struct out *out;
	VEC(struct entry) open; /* the next one last */
	VEC(char) path;
	VEC(size_t) ends; /* of the path, by depth */
};

/* label and tail of x, whose label begins that of y, against those of y. */
static int
compare_rests(const struct entry *x, const struct entry *y)
{
	struct text tail = text_of(x->tail),
		    rest = { y->label.at + x->label.n, y->label.n - x->label.n };
	size_t n = tail.n < rest.n ? tail.n : rest.n;
	int order = memcmp(tail.at, rest.at, n);

	if (order || n < rest.n)
		return order ? order : -1;
	return strcmp(x->tail + n, y->tail);
}

/* Byte by byte, label and tail as one. */
static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t n = x->label.n < y->label.n ? x->label.n : y->label.n;
	int order = memcmp(x->label.at, y->label.at, n);

	if (order)
		return order;
	return n == x->label.n ? compare_rests(x, y) : -compare_rests(y, x);
}

static bool
has_children(const struct view *v, uint32_t node)
{
	return v->nodes[node].end > node + 1;
}

static void
open_self(struct writing *w, uint32_t node, struct text label)
{
	struct entry entry = { .label = collapsed_leaf(&w->arena, label), .node = node };
	uint64_t any = 0;

	for (size_t i = 0, n = 0; i < w->column_count; i++) {
		uint64_t count = w->columns[i].counts[node];

		n += (size_t)snprintf(entry.tail + n, sizeof entry.tail - n, " %" PRIu64,
		                      count);
		any |= count;
	}
	if (any)
		*vec_push(&w->arena, &w->open) = entry;
}

/* The name of a view's node is its label already. */
static struct text
label_of(const struct view *v, uint32_t node)
{
	const struct stream_frame *f = tree_frame(v->tree, v->nodes[node].frame);

	return tree_string(v->tree, tree_function(v->tree, f->function)->name);
}

static int
compare_backwards(const void *a, const void *b)
{
	return compare_entries(b, a);
}

/* Opens what is below a node, the first one last. */
static void
open_children(struct writing *w, uint32_t node)
{
	const struct view *v = w->view;
	size_t first = w->open.n;

	if (node == 0)
		open_self(w, 0, TEXT(COLLAPSED_ROOT));
	for (uint32_t c = node + 1; c < v->nodes[node].end; c = v->nodes[c].end) {
		open_self(w, c, label_of(v, c));
		if (has_children(v, c))
			*vec_push(&w->arena, &w->open) =
				(struct entry){ label_of(v, c), ";", c };
	}
	if (w->open.n > first)
		qsort(w->open.at + first, w->open.n - first, sizeof *w->open.at,
		      compare_backwards);
}

/* Makes the path that of the node's parent. */
static void
shorten(struct writing *w, uint32_t node)
{
	uint32_t depth = w->view->nodes[node].depth;

	w->path.n = depth > 1 ? w->ends.at[depth - 1] : 0;
}

static void
lengthen(struct writing *w, const struct entry *entry)
{
	uint32_t depth = w->view->nodes[entry->node].depth;
	size_t n = w->path.n;

	vec_reserve(&w->arena, &w->path, n + entry->label.n + 1);
	memcpy(w->path.at + n, entry->label.at, entry->label.n);
	w->path.at[n + entry->label.n] = ';';
	w->path.n += entry->label.n + 1;
	vec_reserve(&w->arena, &w->ends, (size_t)depth + 1);
	w->ends.at[depth] = w->path.n;
}

static void
write_entry(struct writing *w, struct entry entry)
{
	shorten(w, entry.node);
	if (entry.tail[0] == ';') {
		lengthen(w, &entry);
		open_children(w, entry.node);
		return;
	}
	out_put(w->out, w->path.at, w->path.n);
	out_text(w->out, entry.label);
	out_text(w->out, text_of(entry.tail));
	out_byte(w->out, '\n');
}

uint32_t *
collapsed_labels(struct arena *a, struct tree *t, struct collapsed_how how)
{
	uint32_t n = tree_frame_count(t);
	uint32_t *map = arena_array(a, uint32_t, n);

	for (uint32_t i = 1; i < n; i++) {
		struct text label = collapsed_label(a, t, i, how.lines, how.opcodes);
		struct stream_function function = { .name = tree_intern_string(t, label) };
		struct stream_frame frame = { .function = tree_intern_function(t, &function) };

		map[i] = tree_intern_frame(t, &frame);
	}
	return map;
}

void
collapsed_round(uint64_t *ns, size_t n)
{
	uint64_t rest = 500;

	for (size_t i = 0; i < n; i++) {
		rest += ns[i] % 1000;
		ns[i] = ns[i] / 1000 + rest / 1000;
		rest %= 1000;
	}
}

/* What each node itself got. */
static uint64_t *
count(struct arena *a, const struct view *v, int weight)
{
	uint64_t *counts = arena_array(a, uint64_t, v->count);
	bool time = weight == COLLAPSED_TIME && v->unit == VIEW_NS;

	for (uint32_t i = 0; i < v->count; i++)
		counts[i] = time ? v->nodes[i].self : v->nodes[i].self_samples;
	if (time)
		collapsed_round(counts, v->count);
	return counts;
}

bool
collapsed_choose(struct collapsed_how *how, const struct tree *t, struct err *e)
{
	struct arena scratch = { 0 };
	struct tree_about all = tree_about(t, &scratch);

	arena_empty(&scratch);
	if (how->weight == COLLAPSED_TIME && !all.time)
		return err_set(e, "--weight time: the input counts samples, and has no times");
	if (how->weight == COLLAPSED_EITHER)
		how->weight = all.time && !all.samples ? COLLAPSED_TIME : COLLAPSED_SAMPLES;
	return true;
}

void
collapsed_write_view(const struct view *v, const struct collapsed_column *columns, size_t n,
                     struct out *o)
{
	struct writing w = { .view = v, .columns = columns, .column_count = n, .out = o };

	open_children(&w, 0);
	while (w.open.n)
		write_entry(&w, w.open.at[--w.open.n]);
	arena_empty(&w.arena);
}

void
collapsed_write(struct tree *t, struct collapsed_how how, struct out *o)
{
	struct arena scratch = { 0 };
	struct view_choice all = { 0 };
	const struct view *v =
		view_mapped(&scratch, t, collapsed_labels(&scratch, t, how), all);
	struct collapsed_column column = { count(&scratch, v, how.weight) };

	collapsed_write_view(v, &column, 1, o);
	arena_empty(&scratch);
}

void
collapsed_save(struct tree *t, struct tool *tool, const char *path, struct collapsed_how how)
{
	struct out *out = NULL;

	if (collapsed_choose(&how, t, &tool->err))
		out = out_open(tool->arena, path, OUT_TEXT, &tool->err);
	if (!out)
		tool_die(tool);
	if (how.weight == COLLAPSED_SAMPLES && !how.quiet)
		tree_say_uncounted(t, tool);
	collapsed_write(t, how, out);
	out_close(out);
}
