/* SPDX-License-Identifier: MIT */
/*
 * tree/sides.h: from the profiles of two sides to their comparison.
 *
 * Without options the two operands are the sides; what only one option names
 * leaves the operands, or standard input, to the other side.
 */
#ifndef TREE_SIDES_H
#define TREE_SIDES_H

#include "base/tool.h"
#include "tree/diff.h"
#include "tree/same.h"
#include "tree/verdict.h"

/*
 * Loads the baseline's paths[0] and the current side's paths[1], as options gave
 * them, with the tool's operands. What fails is said and makes the status 1, and
 * names of such inputs are returned; wrong usage, and a side of which nothing is
 * good, end the process.
 */
opt_texts sides_load(struct tree *t, struct tool *tool, opt_texts paths[2]);

struct sides_how {
	struct compare_scale scale;
	enum stream_same same;
	same_maps maps;
	struct verdict_choice verdict;
	bool force;        /* also what does not compare */
	opt_texts damaged; /* inputs that are not all there */
};

/*
 * Makes the tree a comparison, with its matches, verdicts and words. Lives on a.
 * NULL sets *e: the sides do not compare, see compare_begin().
 */
struct diff *sides_compare(struct arena *a, struct tree *t, const struct sides_how *how,
                           struct err *e);

/* Says what a result is compared by that users may not expect. */
void sides_say(const struct diff *d, const struct sides_how *how, struct tool *tool);

#endif
