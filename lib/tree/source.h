/* SPDX-License-Identifier: MIT */
/*
 * tree/source.h: the texts of source files that the streams carry.
 */
#ifndef TREE_SOURCE_H
#define TREE_SOURCE_H

#include "tree/tree.h"

/* The pieces of all runs. Lives on a, and lends what the tree holds. */
struct tree_sources;
struct tree_sources *tree_sources(struct arena *a, const struct tree *t);

/*
 * The whole text of a file, as functions name it; on a. False: there is none, a
 * piece of it is missing, or the runs have different ones.
 */
bool tree_source_text(const struct tree_sources *s, struct text file, struct arena *a,
                      struct text *text);

enum tree_source { TREE_SOURCE_NONE, TREE_SOURCE_ONE, TREE_SOURCE_SEVERAL };

/*
 * The same of the runs of a side, 0 being those of any; of several different texts
 * that of the run which began last.
 */
enum tree_source tree_source_of(const struct tree_sources *s, struct text file, uint64_t side,
                                struct arena *a, struct text *text);

#endif
