/* SPDX-License-Identifier: MIT */
/*
 * tree/judge.h: what of a difference between two profiles is change, and what is noise.
 *
 * Numbers in, numbers out: how much each of two sides' replicates spent in each function, and
 * what can be said of each function's change. Replicates are the only witness of noise: whole
 * runs, or slices of one run. More samples of the same replicates prove nothing more.
 *
 * Each replicate is divided by its whole, so that a machine that was slower for a while shows
 * in the common factor and not in the functions. An unknown number is NAN.
 */
#ifndef TREE_JUDGE_H
#define TREE_JUDGE_H

#include "base/arena.h"

#include <stddef.h>

/* What the replicates of both sides are. */
enum judge_basis {
	JUDGE_NONE,   /* nothing tells the noise: one run a side, or text without time */
	JUDGE_RUNS,   /* runs; at least two a side, three for any use */
	JUDGE_EPOCHS, /* slices of windows of equal length, in order of time; at least 8 a side */
};

/* As the verdict record of tstream(5) numbers them. */
enum judge_verdict {
	JUDGE_INCONCLUSIVE,
	JUDGE_TOO_FEW,   /* samples: fewer than JUDGE_SAMPLES on both sides together */
	JUDGE_NO_CHANGE, /* above the smallest effect: the interval lies within it */
	JUDGE_CHANGED,
};

enum { JUDGE_SAMPLES = 10, JUDGE_EPOCHS_MIN = 8, JUDGE_RUNS_MIN = 2 };

/*
 * The baseline is side 0, the current profile side 1. The exposure of a replicate is its whole
 * in samples (thread-time / interval), >= 0; its amount is that whole as the scale measures it,
 * such as seconds; whole is the side's, around which its amounts lie. Replicates with an exposure
 * or an amount of 0 tell nothing.
 */
struct judge_side {
	size_t replicates;
	const double *exposure, *amount;
	double whole;
};

struct judge_question {
	enum judge_basis basis;
	size_t functions;
	struct judge_side side[2];
	const double *self[2], *total[2]; /* samples; row by function, column by replicate */
	double fdr;        /* the rate of false discoveries among those changed */
	double min_effect; /* 0.05: five per cent */
};

/*
 * A ratio is current / baseline. It is NAN from 0 (a function that is new), and low tells how
 * large it is at least; of a gone one it is 0, and high tells how large it is at most.
 * Intervals are of 95 %.
 */
struct judge_figure {
	double ratio, low, high;                      /* as scaled */
	double adjusted, adjusted_low, adjusted_high; /* when the common factor is taken out */
	double p; /* how probable such a difference is by noise alone; NAN: not tested */
	enum judge_verdict verdict;
};

/*
 * The common factor is that of what did not change by itself. The smallest is the relative
 * change of a function of a tenth of the whole that would have been called changed in four of
 * five such comparisons.
 */
struct judge_answer {
	double common, common_low, common_high;
	enum judge_verdict common_verdict;
	double smallest;
	struct judge_figure *self, *total; /* by function */
};

/* A side without any sample is allowed, and so is no function. What is returned lives on a. */
struct judge_answer judge(struct arena *a, const struct judge_question *q);

#endif
