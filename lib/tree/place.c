/* SPDX-License-Identifier: MIT */
#include "tree/place.h"

#include "base/vec.h"
#include "tree/name.h"

#include <stdlib.h>

struct placed {
	struct text file;
	uint32_t of;  /* the string */
	size_t parts; /* that it has in common with one of the others */
};

/* Takes the last part off the path; false: there is none. */
static bool
take_part(struct text *path, struct text *part)
{
	*part = text_basename(*path);
	if (path->n == 0)
		return false;
	path->n -= part->n < path->n ? part->n + 1 : part->n;
	return true;
}

/* How many parts at their ends are equal; *order is that of the first that are not. */
static size_t
compare_ends(struct text a, struct text b, int *order)
{
	int longer = (a.n > b.n) - (a.n < b.n);
	struct text x, y;
	size_t parts = 0;

	for (;; parts++) {
		bool has_x = take_part(&a, &x), has_y = take_part(&b, &y);

		*order = has_x && has_y ? text_compare(x, y) : has_x - has_y;
		if (!has_x && !has_y)
			*order = longer; /* "/a" and "a" */
		if (*order || !has_x)
			return parts;
	}
}

static int
compare_files(const void *x, const void *y)
{
	int order;

	compare_ends(((const struct placed *)x)->file, ((const struct placed *)y)->file,
	             &order);
	return order;
}

/* The last parts of a path, so many and one more. */
static struct text
end_of(struct text path, size_t parts)
{
	struct text rest = path, part;

	do
		if (!take_part(&rest, &part))
			return path;
	while (parts--);
	return (struct text){ part.at, path.n - (size_t)(part.at - path.at) };
}

/* Of files in order those that have the most in common are neighbours. */
static void
compare_neighbours(struct placed *files, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct placed *before = &files[i - 1];
		int order;

		files[i].parts = compare_ends(before->file, files[i].file, &order);
		if (files[i].parts > before->parts)
			before->parts = files[i].parts;
	}
}

static uint32_t
file_of(const struct tree *t, uint32_t frame)
{
	return tree_function(t, tree_frame(t, frame)->function)->file;
}

struct text *
tree_short_files(struct arena *a, const struct tree *t, const uint32_t *frames, size_t n)
{
	struct arena scratch = { 0 };
	struct text *ends = arena_array(a, struct text, tree_string_count(t));
	VEC(struct placed) files = { 0 };

	/* There are millions of frames, and some thousand files. */
	for (size_t i = 0; i < n; i++) {
		uint32_t file = file_of(t, frames[i]);

		if (ends[file].n || tree_string(t, file).n == 0)
			continue;
		ends[file] = tree_string(t, file);
		*vec_push(&scratch, &files) = (struct placed){ .file = ends[file], .of = file };
	}
	if (files.n)
		qsort(files.at, files.n, sizeof *files.at, compare_files);
	compare_neighbours(files.at, files.n);
	for (size_t i = 0; i < files.n; i++)
		ends[files.at[i].of] = end_of(files.at[i].file, files.at[i].parts);
	arena_empty(&scratch);
	return ends;
}

struct text
tree_short_file(const struct text *files, const struct tree *t, uint32_t frame)
{
	return files[file_of(t, frame)];
}

struct text
tree_place(struct arena *a, const struct tree *t, uint32_t frame, struct text file)
{
	struct text name = tree_frame_name(t, frame), place;
	uint32_t line = tree_frame_line(t, frame, true);

	if (file.n == 0)
		return name;
	if (line == 0)
		line = tree_frame_first_line(t, frame);
	place = line ? text_print(a, ":%u(", line) : TEXT("(");
	return text_join(a, (struct text[]){ file, place, name, TEXT(")") }, 4);
}
