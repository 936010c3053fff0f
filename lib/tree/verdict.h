/* SPDX-License-Identifier: MIT */
/*
 * tree/verdict.h: what of a comparison is change, and what is chance.
 *
 * The only witness of chance is how replicates differ that should be equal: the
 * runs of a side, three or more, or the slices of time of a window, whose
 * program did the same thing all along. Without either nothing is judged.
 */
#ifndef TREE_VERDICT_H
#define TREE_VERDICT_H

#include "tree/diff.h"

/* The rate of false discoveries that is held, and the change that counts: 0.05 is 5 %. */
struct verdict_choice {
	double fdr, min_effect;
};

/*
 * Judges every function of d: its tree's comparison gets verdicts, the common
 * factor and what they stand on; d's functions get their verdicts.
 */
void verdict_find(struct diff *d, struct verdict_choice choice);

#endif
