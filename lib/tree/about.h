/* SPDX-License-Identifier: MIT */
/*
 * tree/about.h: where a tree comes from, in the facts that a title needs.
 *
 * A fact in which runs differ is empty, or 0.
 */
#ifndef TREE_ABOUT_H
#define TREE_ABOUT_H

#include "tree/tree.h"

struct tree_about {
	size_t runs, processes, threads; /* a sum of runs is one run */
	bool time;                       /* weights are time; else samples */
	bool whole;      /* every run was seen to its end or to what was asked for */
	uint64_t weight; /* thread-time in ns (task-time in mode all tasks), or samples */
	uint64_t samples, ticks;
	uint64_t observed;   /* samples of the runs that tell their losses, before any filter */
	uint64_t watched_ns; /* wall time watched, summed over the runs */
	/* What the scheduler told of threads: of that time they were on a CPU, or waited for one. */
	uint64_t accounted_ns, ran_ns, waited_ns;
	uint64_t wall_ns;  /* the earliest start, since 1970-01-01 UTC */
	uint64_t asked_ns; /* the interval asked for */
	double rate_hz;    /* ticks per second watched; 0: unknown */
	struct text script, python, host, tool, options, mode;
	uint64_t losses[STREAM_LOSS_END];
};

/* Texts are lent by a and by the tree. */
struct tree_about tree_about(const struct tree *t, struct arena *a);

/* The same of the runs of one side of a comparison, STREAM_BASELINE or STREAM_CURRENT. */
struct tree_about tree_about_side(const struct tree *t, uint64_t side, struct arena *a);

#endif
