/* SPDX-License-Identifier: MIT */
/*
 * tree/replicate.h: a comparison as replicates. For this room only.
 *
 * A replicate is a run, or a slice of a window's time. Slices are of equal
 * length, whole epochs, and what is left at the end of a window belongs to none.
 */
#ifndef TREE_REPLICATE_H
#define TREE_REPLICATE_H

#include "tree/diff.h"
#include "tree/judge.h"

/*
 * What judge() is asked of d; fdr and min_effect are the caller's. rows[f] is
 * the row of each of d's functions in the question, plus one; 0: it has too few
 * samples to be asked of. Lives on a.
 */
struct judge_question replicate_question(struct arena *a, const struct diff *d,
                                         uint32_t **rows);

#endif
