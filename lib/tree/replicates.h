/* SPDX-License-Identifier: MIT */
/*
 * tree/replicates.h: which runs, or slices of windows, are the replicates of a comparison.
 * For this room only; tree/replicate.h says what they are asked.
 */
#ifndef TREE_REPLICATES_H
#define TREE_REPLICATES_H

#include "tree/diff.h"
#include "tree/judge.h"

/* A run, or the slices of one. */
struct source {
	const struct tree_run *run;
	int side;
	double sample; /* the weight of one; 0: cells tell how many they have */
	size_t first;  /* the number of its first replicate on its side */
	size_t slices; /* of so many epochs each; 0: the run is, with others, a replicate */
	uint64_t slice_epochs;
};

struct replicates {
	struct arena *a;
	const struct diff *d;
	const bool *missed; /* of each node of the tree */
	enum judge_basis basis;
	VEC(struct source) sources;
	size_t n[2];
	double timed_ns; /* what counts as a sample in runs of times alone */
};

/* Lives on a. */
struct replicates replicates_of(struct arena *a, const struct diff *d);

/* How many samples a cell stands for. */
double replicates_samples(const struct source *s, const struct tree_cell *c);

/* The replicate, among those of its side, that a cell belongs to; false: to none. */
bool replicates_find(const struct source *s, const struct tree_cell *c, size_t *replicate);

/* How many replicates a source has a part in. */
static inline size_t
replicates_count(const struct source *s)
{
	return s->slices ? s->slices : 1;
}

#endif
