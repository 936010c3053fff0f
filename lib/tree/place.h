/* SPDX-License-Identifier: MIT */
/*
 * tree/place.h: places where one short text must do: "encoder.py:182(iterencode)".
 *
 * Of a file's path as many parts are told as tell it from all others, and at
 * least the last. Raw: may hold any byte.
 */
#ifndef TREE_PLACE_H
#define TREE_PLACE_H

#include "tree/tree.h"

/*
 * Of each string of the tree that is the file of one of n frames, its short form; of
 * all others an empty text. Lives on a.
 */
struct text *tree_short_files(struct arena *a, const struct tree *t, const uint32_t *frames,
                              size_t n);

/* That of a frame's file, in what tree_short_files() gave. */
struct text tree_short_file(const struct text *files, const struct tree *t, uint32_t frame);

/*
 * "file:line(name)", with the frame's line, or where it has none its function's
 * first; without a file "name".
 */
struct text tree_place(struct arena *a, const struct tree *t, uint32_t frame, struct text file);

#endif
