/* SPDX-License-Identifier: MIT */
#include "base/library.h"
#include "base/number.h"
#include "heat/inside.h"

uint32_t *
heat_keys(struct arena *a, const struct view *v, const uint32_t *map)
{
	uint32_t *keys = arena_array(a, uint32_t, v->count);

	for (uint32_t i = 0; i < v->count; i++)
		keys[i] = map[v->nodes[i].frame];
	return keys;
}

static bool
is_of_side(const void *context, const struct tree_run *r, const struct tree_cell *c)
{
	(void)c;
	return r->about.side == *(const uint64_t *)context;
}

/* C code and collections are no place in a source; what they got is the line's that led there. */
static void
give_to_lines(struct view *v)
{
	for (uint32_t i = v->count - 1; i > 0; i--) {
		struct view_node *node = &v->nodes[i], *above = &v->nodes[node->parent];
		uint32_t function = tree_frame(v->tree, node->frame)->function;
		enum stream_kind kind = tree_function(v->tree, function)->kind;

		if ((kind != STREAM_KIND_NATIVE && kind != STREAM_KIND_GC) || !node->parent)
			continue;
		above->self = number_add(above->self, node->self);
		above->self_samples = number_add(above->self_samples, node->self_samples);
		node->self = node->self_samples = 0;
	}
}

static uint64_t
quantum_of(const struct view *v)
{
	uint64_t a = 0;

	for (uint32_t i = 1; i < v->count && a != 1; i++)
		a = number_divisor(a, v->nodes[i].self);
	return a ? a : 1;
}

/* The sums of rows of one kind, which lie size bytes apart from the first one on. */
static void
sum_rows(struct heating *h, const uint32_t *map, struct key_sum *first, size_t n, size_t size)
{
	struct arena scratch = { 0 };
	struct key_sum *sums = arena_array(&scratch, struct key_sum, n);

	keys_sum(h->view, heat_keys(&scratch, h->view, map), n, sums);
	for (size_t i = 0; i < n; i++)
		*(struct key_sum *)(void *)((char *)first + i * size) = sums[i];
	arena_empty(&scratch);
}

#define SUM_ROWS(h, map, rows)                                                                 \
	sum_rows((h), (map), &(rows).at[0].sum, (rows).n, sizeof *(rows).at)

/* Of each frame the folder of that depth that its file lies in. */
static void
map_folders(const struct heating *h, uint32_t depth, uint32_t *map)
{
	const struct heat *heat = h->heat;

	for (uint32_t i = 0; i < h->frames; i++) {
		uint32_t file = h->file_of[i], folder;

		map[i] = KEYS_NONE;
		if (file == KEYS_NONE)
			continue;
		folder = heat->files.at[file].folder;
		while (heat->folders.at[folder].depth > depth)
			folder = heat->folders.at[folder].parent;
		if (heat->folders.at[folder].depth == depth)
			map[i] = folder;
	}
}

/* A folder has what is below it: of each depth a node has one key. */
static void
sum_folders(struct heating *h)
{
	struct heat *heat = h->heat;
	struct key_sum *sums = arena_array(&h->scratch, struct key_sum, heat->folders.n);
	uint32_t *map = arena_array(&h->scratch, uint32_t, h->frames), deepest = 0;

	for (size_t i = 0; i < heat->folders.n; i++)
		if (heat->folders.at[i].depth > deepest)
			deepest = heat->folders.at[i].depth;
	for (uint32_t depth = 0; depth <= deepest; depth++) {
		struct arena scratch = { 0 };

		map_folders(h, depth, map);
		keys_sum(h->view, heat_keys(&scratch, h->view, map), heat->folders.n, sums);
		arena_empty(&scratch);
	}
	for (size_t i = 0; i < heat->folders.n; i++)
		heat->folders.at[i].sum = sums[i];
}

static void
find_hottest(struct heat *heat)
{
	struct key_sum *most = &heat->hottest;

	for (size_t i = 0; i < heat->lines.n; i++) {
		const struct key_sum *sum = &heat->lines.at[i].sum;

		most->self = sum->self > most->self ? sum->self : most->self;
		most->total = sum->total > most->total ? sum->total : most->total;
		if (sum->self_samples > most->self_samples)
			most->self_samples = sum->self_samples;
		if (sum->total_samples > most->total_samples)
			most->total_samples = sum->total_samples;
	}
}

/* That any of the files lies in: an interpreter has one. */
static void
find_library(struct heat *heat)
{
	heat->library = TEXT("");
	for (size_t i = 0; i < heat->files.n && heat->library.n == 0; i++)
		heat->library = library_of(tree_string(heat->tree, heat->files.at[i].path));
}

void
heat_begin(struct heating *h, struct arena *a, struct tree *t, uint64_t side)
{
	struct tree_detail known = tree_detail(t);
	bool finer = known.opcodes || known.columns;
	struct view_choice choice = { .grain = finer ? TREE_RECORDED : TREE_LINE };
	struct view *v;

	if (side) {
		choice.wants = is_of_side;
		choice.context = &side;
	}
	h->a = a;
	h->heat = arena_new(a, struct heat);
	h->view = v = view_new(&h->scratch, t, choice);
	give_to_lines(v);
	*h->heat = (struct heat){ .tree = t,
		                  .unit = v->unit,
		                  .weight = v->nodes[0].total,
		                  .samples = v->nodes[0].total_samples,
		                  .quantum = quantum_of(v) };
	heat_number(h);
	if (h->heat->files.n) {
		SUM_ROWS(h, h->file_of, h->heat->files);
		SUM_ROWS(h, h->function_of, h->heat->functions);
		heat_find_calls(h);
		heat_find_spans(h);
	}
	if (h->heat->lines.n)
		SUM_ROWS(h, h->line_of, h->heat->lines);
	find_hottest(h->heat);
	find_library(h->heat);
}

void
heat_end(struct heating *h, const struct text *paths, struct text common)
{
	heat_place(h, paths, common);
	if (h->heat->files.n)
		sum_folders(h);
	arena_empty(&h->scratch);
}
