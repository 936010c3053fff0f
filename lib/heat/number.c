/* SPDX-License-Identifier: MIT */
#include "heat/inside.h"

#include <stdlib.h>

/* A frame that is a place in a file, as the tree has it. */
struct placed {
	uint32_t frame, function, file; /* file: the string of its path */
};

typedef VEC(struct placed) placed_frames;

/* The same as rows of the heat. */
struct numbered {
	uint32_t frame, function, file, line; /* frame: the tree's; line: its number, or 0 */
};

/* What is in the view and in a file. */
static placed_frames
frames_in_files(struct heating *h)
{
	const struct tree *t = h->heat->tree;
	uint8_t *seen = arena_array(&h->scratch, uint8_t, h->frames);
	placed_frames placed = { 0 };

	for (uint32_t i = 1; i < h->view->count; i++) {
		uint32_t frame = h->view->nodes[i].frame;
		const struct stream_frame *f = tree_frame(t, frame);
		const struct stream_function *of = tree_function(t, f->function);

		if (seen[frame]++ || of->kind != STREAM_KIND_PYTHON || of->file == 0)
			continue;
		*vec_push(&h->scratch, &placed) =
			(struct placed){ frame, f->function, of->file };
	}
	return placed;
}

static int
compare_files(const void *x, const void *y, void *tree)
{
	const struct heat_file *a = x, *b = y;

	return text_compare(tree_string(tree, a->path), tree_string(tree, b->path));
}

static void
number_files(struct heating *h, const placed_frames *placed)
{
	struct heat *heat = h->heat;
	uint32_t *row1 = arena_array(&h->scratch, uint32_t, tree_string_count(heat->tree));

	for (size_t i = 0; i < placed->n; i++)
		if (!row1[placed->at[i].file]++)
			*vec_push(h->a, &heat->files) =
				(struct heat_file){ .path = placed->at[i].file };
	qsort_r(heat->files.at, heat->files.n, sizeof *heat->files.at, compare_files,
	        heat->tree);
	for (size_t i = 0; i < heat->files.n; i++)
		row1[heat->files.at[i].path] = (uint32_t)i;
	for (size_t i = 0; i < placed->n; i++)
		h->file_of[placed->at[i].frame] = row1[placed->at[i].file];
}

static int
compare_functions(const void *x, const void *y, void *tree)
{
	const struct heat_function *a = x, *b = y;
	const struct stream_function *f = tree_function(tree, a->function);
	const struct stream_function *g = tree_function(tree, b->function);

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (f->line != g->line)
		return f->line < g->line ? -1 : 1;
	return text_compare(tree_string(tree, f->name), tree_string(tree, g->name));
}

static void
number_functions(struct heating *h, const placed_frames *placed)
{
	struct heat *heat = h->heat;
	uint32_t *row1 = arena_array(&h->scratch, uint32_t, tree_function_count(heat->tree));

	for (size_t i = 0; i < placed->n; i++)
		if (!row1[placed->at[i].function]++)
			*vec_push(h->a, &heat->functions) = (struct heat_function){
				.function = placed->at[i].function,
				.file = h->file_of[placed->at[i].frame]
			};
	qsort_r(heat->functions.at, heat->functions.n, sizeof *heat->functions.at,
	        compare_functions, heat->tree);
	for (size_t i = 0; i < heat->functions.n; i++)
		row1[heat->functions.at[i].function] = (uint32_t)i;
	for (size_t i = 0; i < placed->n; i++)
		h->function_of[placed->at[i].frame] = row1[placed->at[i].function];
}

static struct numbered *
number_frames(struct heating *h, const placed_frames *placed)
{
	struct numbered *rows = arena_array(&h->scratch, struct numbered, placed->n);

	for (size_t i = 0; i < placed->n; i++) {
		uint32_t frame = placed->at[i].frame;

		rows[i] = (struct numbered){ frame, h->function_of[frame], h->file_of[frame],
			                     tree_frame(h->heat->tree, frame)->line };
	}
	return rows;
}

static int
compare_spots(const void *x, const void *y)
{
	const struct numbered *a = x, *b = y;

	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static int
compare_lines(const void *x, const void *y)
{
	const struct numbered *a = x, *b = y;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

static void
number_lines(struct heating *h, struct numbered *rows, size_t n)
{
	struct heat *heat = h->heat;

	qsort(rows, n, sizeof *rows, compare_lines);
	for (size_t i = 0; i < n; i++) {
		const struct numbered *p = &rows[i];
		struct heat_file *file = &heat->files.at[p->file];

		if (p->line == 0)
			continue;
		if (i == 0 || compare_lines(p - 1, p) != 0) {
			if (file->lines++ == 0)
				file->first = (uint32_t)heat->lines.n;
			*vec_push(h->a, &heat->lines) =
				(struct heat_line){ .file = p->file, .line = p->line };
		}
		h->line_of[p->frame] = (uint32_t)heat->lines.n - 1;
	}
}

static void
number_spots(struct heating *h, struct numbered *rows, size_t n)
{
	struct heat *heat = h->heat;

	qsort(rows, n, sizeof *rows, compare_spots);
	for (size_t i = 0; i < n; i++) {
		const struct numbered *p = &rows[i];

		if (i == 0 || compare_spots(p - 1, p) != 0)
			*vec_push(h->a, &heat->spots) =
				(struct heat_spot){ p->function,
				                    p->line ? h->line_of[p->frame] + 1 : 0 };
		h->spot_of[p->frame] = (uint32_t)heat->spots.n - 1;
	}
}

static uint32_t *
no_keys(struct heating *h)
{
	uint32_t *keys = arena_array(&h->scratch, uint32_t, h->frames);

	memset(keys, 0xff, h->frames * sizeof *keys);
	return keys;
}

void
heat_number(struct heating *h)
{
	struct numbered *rows;
	placed_frames placed;

	h->frames = tree_frame_count(h->heat->tree);
	h->spot_of = no_keys(h);
	h->function_of = no_keys(h);
	h->file_of = no_keys(h);
	h->line_of = no_keys(h);
	placed = frames_in_files(h);
	if (placed.n == 0)
		return;
	number_files(h, &placed);
	number_functions(h, &placed);
	rows = number_frames(h, &placed);
	number_lines(h, rows, placed.n);
	number_spots(h, rows, placed.n);
}
