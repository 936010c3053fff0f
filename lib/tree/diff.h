/* SPDX-License-Identifier: MIT */
/*
 * tree/diff.h: both sides of a comparison as one tree.
 *
 * The union of both sides' paths, in preorder as in tree/view.h: a subtree is
 * the nodes from its own to its end, siblings come in canonical order. Every
 * node and every function has, for each side, what it got itself and in all,
 * as it was measured (tree/compare.h scales). A node that only the baseline
 * has is gone; one that only the current side has is new.
 */
#ifndef TREE_DIFF_H
#define TREE_DIFF_H

#include "tree/compare.h"
#include "tree/view.h"
#include "tree/watched.h"

enum { DIFF_BASELINE, DIFF_CURRENT };

struct diff_sum {
	uint64_t self, total;                 /* weight, in the view's unit */
	uint64_t self_samples, total_samples; /* <missed> and below count none */
};

struct diff_node {
	uint32_t parent;   /* the root's is itself, 0 */
	uint32_t end;      /* one behind the last node of the subtree */
	uint32_t frame;    /* a frame of the tree's; 0: the root */
	uint32_t depth;    /* 0: the root */
	uint32_t function; /* the row in functions; the root's is 0 */
	bool topmost;      /* no node above is of the same function: totals of these add up */
	struct diff_sum side[2];
};

struct diff_function {
	uint32_t frame;                       /* of the tree's: its name and file */
	uint32_t function;                    /* the tree's */
	struct diff_sum side[2];              /* totals count a sample once, however deep */
	const struct stream_verdict *verdict; /* NULL: none is known */
};

struct diff {
	struct tree *tree;
	const struct tree_compare *compare;
	enum view_unit unit;
	uint32_t count; /* nodes, the root included */
	struct diff_node *nodes;
	uint32_t *of; /* of each node of the tree, its node here */
	struct watched side[2];
	uint32_t function_count;
	struct diff_function *functions; /* row 0 is none; then by first appearance */
};

/* Whether a side has anything there. */
static inline bool
diff_is_there(const struct diff_sum *sum)
{
	return sum->total || sum->total_samples;
}

/* Whether a frame is what the sampler did not see: <missed>, <torn> and the like. */
bool diff_is_lost(const struct diff *d, uint32_t frame);

/* Whether a node is gone, and was something of the program: what was missed is not. */
bool diff_is_elided(const struct diff *d, uint32_t node);

/* Of a tree that is a comparison. Lives on a. */
struct diff *diff_new(struct arena *a, struct tree *t);

/* Gives functions the verdicts that the comparison has by now; diff_new() does. */
void diff_find_verdicts(struct diff *d);

/* The figures of a pair of weights, as people see them. */
struct diff_figure {
	double baseline; /* scaled */
	double current;
	double difference; /* current less baseline */
	double percent;    /* of the baseline; 100 from zero; 0 where both are 0 */
	double ratio;      /* current by baseline; NAN from zero */
};

struct diff_figure diff_figure(const struct tree_compare *c, uint64_t baseline,
                               uint64_t current);

/*
 * By self, or by the total where neither side has self time: new and gone where
 * a side lacks the path, else by the sign of the difference, when it reaches the
 * comparison's smallest effect.
 */
enum stream_category diff_category(const struct tree_compare *c, const struct diff_sum side[2]);
const char *diff_category_word(uint64_t category); /* "new" */
const char *diff_verdict_word(uint64_t verdict);   /* "changed" */
const char *diff_basis_word(uint64_t basis);       /* "runs" */

#endif
