/* SPDX-License-Identifier: MIT */
/*
 * tree/judging.h: what judge() is made of. For this room only.
 *
 * The model: a function with a share s has s m samples in a replicate of m, give or take. The
 * square of what it is off is expected to be
 *
 *	excess (alpha u + beta u^2),  u = s (1 - s) m
 *
 * alpha u is the noise of sampling: alpha is 1 where each sample is drawn by itself, more where
 * stays are long. beta u^2 is the spread between replicates, a function's own work being longer
 * or shorter by a part; no rate of sampling makes it less. alpha and beta are the typical
 * function's. The excess is a function's own, drawn to 1 the more, the less functions differ.
 */
#ifndef TREE_JUDGING_H
#define TREE_JUDGING_H

#include "tree/judge.h"

#include <stdbool.h>

/* What all functions together tell of each. */
struct judge_prior {
	double alpha, beta;
	double freedom; /* how many degrees of it weigh as much as what a function tells of itself */
	double stretch; /* of slices: how much more their sum is off than if they were independent */
};

struct judge_row {
	double sum[2];     /* samples */
	double share[2];   /* of the side's whole */
	double excess[2];  /* the same on both sides, where replicates are runs */
	double freedom[2]; /* of what the function tells of itself */
};

struct judge_list {
	const double *count[2]; /* samples; row by function, column by replicate */
	struct judge_row *row;  /* by function */
	struct judge_prior prior;
};

/* A logarithm of a ratio, with its standard error and what that is known from. */
struct judge_centre {
	double at, error, freedom;
};

struct judging {
	const struct judge_question *q;
	struct arena *a;                /* what is not returned */
	double replicates[2];           /* that have any exposure */
	double exposure[2], squares[2]; /* sums of the exposures, and of their squares */
	struct judge_list self, total;
	struct judge_centre shares;  /* what the ratios of shares have in common */
	struct judge_centre amounts; /* the ratio of amounts */
	struct judge_centre common;  /* both together */
};

static inline double
judge_exposure(const struct judging *j, int side, size_t i)
{
	return j->q->side[side].exposure[i];
}

static inline double
judge_count(const struct judging *j, const struct judge_list *l, int side, size_t f, size_t i)
{
	return l->count[side][f * j->q->side[side].replicates + i];
}

/*
 * What replicates cannot tell: how much more a share differs between two windows of one program
 * than their slices say. A standard deviation, as a part of the share; 0 of runs.
 */
double judge_unseen(const struct judging *j);

/* The variance of the sum of a side, of a function with that excess, if that were its share. */
double judge_variance(const struct judging *j, const struct judge_prior *p, double excess,
                      int side, double share);

/* Sets the rows and the prior of a list whose counts are set. */
void judge_disperse(struct judging *j, struct judge_list *l);

/* Sets shares and common, from the rows of self. */
void judge_find_centre(struct judging *j);

/* The figures of a function; their verdict is open. */
struct judge_figure judge_measure(const struct judging *j, const struct judge_list *l,
                                  size_t f);

/*
 * The change of a function of a tenth of the whole whose p is below the level, and whose size
 * is above the smallest effect, four times in five.
 */
double judge_smallest(const struct judging *j, double level);

#endif
