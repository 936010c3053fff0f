/* SPDX-License-Identifier: MIT */
/*
 * tree/compare.h: a tree that is a comparison.
 *
 * Its runs have sides: STREAM_BASELINE or STREAM_CURRENT. Weights are as they
 * were measured; what is shown of the baseline is multiplied by the scale, so
 * that swapping the inputs swaps the sides exactly. A comparison is read from
 * a diff stream (tree/load.h), or begun here of two sides that were loaded.
 *
 *	tree/same.h   which functions of the two sides are one
 *	tree/diff.h   both sides as one tree, with their figures
 *	tree/verdict.h   what of the differences is no chance
 */
#ifndef TREE_COMPARE_H
#define TREE_COMPARE_H

#include "base/err.h"
#include "tree/tree.h"

/* Everything is the tree's; functions are numbers of the tree's. */
struct tree_compare {
	struct stream_compare about;
	VEC(struct stream_match)
	matches; /* of different files or names, and one all the same */
	VEC(struct stream_verdict) verdicts; /* of functions as same_frames() has them */
};

/* NULL: the tree is a plain profile. */
struct tree_compare *tree_compare(const struct tree *t);

/* How the sides are put on one scale; zero-initialized: as is usual for such runs. */
struct compare_scale {
	bool given;
	enum stream_scale kind;
	uint64_t per[2]; /* STREAM_SCALE_PER: units of work of each side, above 0 */
};

/*
 * Makes a comparison of a tree whose runs have sides. False sets *e: the sides
 * measured what does not compare (tree/alike.h), and force is not set.
 */
bool compare_begin(struct tree *t, struct compare_scale scale, bool force, struct err *e);

/* Words of the command line: "time", ... to "none"; or "per=3,4". False: it is none. */
bool compare_scale_of(const char *word, struct compare_scale *to);
const char *compare_scale_word(uint64_t kind);

/* The baseline's weight as it is shown. */
double compare_scaled(const struct tree_compare *c, uint64_t weight);

/* The baseline's gone stacks become all that there is: a plain profile. See tree/diff.h. */
struct diff;
void compare_keep_gone(struct tree *t, const struct diff *d);

#endif
