/* SPDX-License-Identifier: MIT */
/*
 * tree/usage.h: what options ask of streams, as a choice.
 *
 * Options are read one by one; here they become a choice, and what cannot be
 * meant is told before anything is read.
 */
#ifndef TREE_USAGE_H
#define TREE_USAGE_H

#include "tree/load.h"

/* As the options have it, where that is not what a choice wants. */
struct tree_usage {
	struct tree_choice choice;
	opt_texts keep, drop; /* regular expressions */
	opt_texts pids;
	uint64_t to_ns; /* UINT64_MAX: not given */
	int mode, idle; /* numbers of their words; -1: not given */
};

/* Completes u->choice; its grain is the caller's. Ends the process where the usage is wrong. */
void tree_usage_check(struct tool *t, struct tree_usage *u);

#endif
