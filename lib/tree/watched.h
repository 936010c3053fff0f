/* SPDX-License-Identifier: MIT */
/*
 * tree/watched.h: how much of a side was watched, and how much of that was missed.
 *
 * Time that no tick covers is <missed>: it belongs to the threads, and nobody knows to
 * which of their functions. A comparison takes it to have gone as the rest did.
 */
#ifndef TREE_WATCHED_H
#define TREE_WATCHED_H

#include "tree/tree.h"

struct watched {
	uint64_t runs;
	uint64_t weight;              /* in the unit of the tree's view */
	uint64_t covered;             /* of it, what was not missed */
	uint64_t ns;                  /* by the wall; 0: unknown */
	uint64_t ticks, missed_ticks; /* that were taken, and that were due and were not */
	bool launched;                /* each run is known from the start of its program */
	bool complete;                /* and to its end */
	bool summed;                  /* any run is a sum of runs */
};

/* Of the baseline, and of the current side. */
void watched_sides(const struct tree *t, struct watched side[2]);

/* By the wall; of a run that does not tell, to the end of its last epoch. 0: unknown. */
uint64_t watched_ns(const struct tree_run *r);

/* Of each node of the tree's whether its time is <missed>. Lives on a. */
bool *missed_nodes(struct arena *a, const struct tree *t);

#endif
