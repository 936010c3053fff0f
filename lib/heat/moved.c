/* SPDX-License-Identifier: MIT */
#include "heat/moved.h"

#include <stdlib.h>

/* A folder before and after, without a slash at its end, and how many files say so. */
struct move {
	struct text from, to;
	size_t files;
};

typedef VEC(struct move) moves;

static int
compare_moves(const void *x, const void *y)
{
	const struct move *a = x, *b = y;
	int order = text_compare(a->from, b->from);

	return order ? order : text_compare(a->to, b->to);
}

/* Both folders that the longest way to the file that is the same begins in; false: it is renamed. */
static bool
move_of(struct text before, struct text after, struct move *move)
{
	bool stays = text_equal(before, after), found = false;

	for (size_t n = 0; n < before.n && n < after.n; n++) {
		const char *x = before.at + before.n - 1 - n, *y = after.at + after.n - 1 - n;

		if (*x != *y)
			break;
		if (*x != '/')
			continue;
		*move = (struct move){ { before.at, (size_t)(x - before.at) },
			               { after.at, (size_t)(y - after.at) },
			               1 };
		found = true;
		if (stays)
			break;
	}
	return found;
}

static struct text
path_of(const struct heat_book *b, size_t side, size_t file)
{
	return tree_string(b->tree, b->side[side].heat->files.at[file].path);
}

/* By folder; of several folders that one has become the one that most files say. */
static moves
find_moves(struct arena *scratch, const struct heat_book *b)
{
	moves all = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < b->side[1].heat->files.n; i++) {
		uint32_t partner1 = b->side[1].partner1[i];
		struct move move;

		if (partner1 && move_of(path_of(b, 1, i), path_of(b, 0, partner1 - 1), &move))
			*vec_push(scratch, &all) = move;
	}
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, compare_moves);
	for (size_t i = 0, end; i < all.n; i = end) {
		for (end = i + 1; end < all.n && compare_moves(&all.at[i], &all.at[end]) == 0;)
			end++;
		all.at[i].files = end - i;
		if (n == 0 || !text_equal(all.at[n - 1].from, all.at[i].from))
			all.at[n++] = all.at[i];
		else if (all.at[i].files > all.at[n - 1].files)
			all.at[n - 1] = all.at[i];
	}
	all.n = n;
	return all;
}

static const struct move *
find(const moves *all, struct text folder)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_compare(all->at[middle].from, folder);

		if (order == 0)
			return &all->at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The innermost folder counts. */
static struct text
moved(struct arena *a, const moves *all, struct text path)
{
	for (size_t n = path.n; n-- > 0;) {
		const struct move *move =
			path.at[n] == '/' ? find(all, (struct text){ path.at, n }) : NULL;

		if (move)
			return text_join(
				a, (struct text[]){ move->to, { path.at + n, path.n - n } }, 2);
	}
	return path;
}

struct text *
moved_paths(struct arena *a, const struct heat_book *b, size_t side)
{
	struct arena scratch = { 0 };
	const struct heat *h = b->side[side].heat;
	struct text *paths = arena_array(a, struct text, h->files.n);
	moves all = { 0 };

	if (side == 1)
		all = find_moves(&scratch, b);
	for (size_t i = 0; i < h->files.n; i++) {
		uint32_t partner1 = side == 1 ? b->side[1].partner1[i] : 0;

		paths[i] = partner1    ? path_of(b, 0, partner1 - 1)
		           : side == 1 ? moved(a, &all, path_of(b, side, i))
		                       : path_of(b, side, i);
	}
	arena_empty(&scratch);
	return paths;
}
