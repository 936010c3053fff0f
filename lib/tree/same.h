/* SPDX-License-Identifier: MIT */
/*
 * tree/same.h: which functions of two sides are one.
 *
 * A function is its file and its qualified name; lines do not count. Files are
 * one when their paths are, or their places below site-packages or lib/python3,
 * or their places below the roots of two checkouts: those roots are found by
 * the files that they have in common; so it is with the runs of a side, too.
 * Where one side knows no qualified names, as of a Python older than 3.11, a
 * name also meets the only qualified one of its file that ends in it.
 */
#ifndef TREE_SAME_H
#define TREE_SAME_H

#include "tree/compare.h"
#include "tree/view.h"

/* Files of the baseline at from, or below it, are as if they were at to. */
struct same_map {
	struct text from, to;
};

typedef VEC(struct same_map) same_maps;

/* Adds "OLD=NEW". False: it is none. Lent as long as word. */
bool same_add_map(struct arena *a, same_maps *maps, const char *word);

/*
 * Finds the functions of different files or names that are one, and tells tree_compare(t). Files
 * of maps, and of runs of a side that come from folders of their own, are renamed in the tree.
 */
void same_find(struct tree *t, enum stream_same by, const same_maps *maps);

/*
 * Of each frame of the tree's the frame that stands for all that are the same,
 * by tree_compare(t): a map for view_mapped(). It is the current side's where
 * that has one, and coarse as the comparison is. Lives on a.
 */
uint32_t *same_frames(struct arena *a, struct tree *t);

/* How fine the comparison tells places apart. */
enum tree_grain same_grain(const struct tree_compare *c);

#endif
