/* SPDX-License-Identifier: MIT */
/*
 * tree/gate.h: what a comparison must not show.
 *
 *	self:PATTERN>5%     a function got slower than the baseline by so much
 *	total:PATTERN>0.2s  by so much time (a run, where whole runs are compared)
 *	self:PATTERN>1pp    by so many points of its share of the whole
 *	common>5%           the whole program did
 *
 * PATTERN is an extended regular expression that the function's text, "name
 * (file)", must match. Functions below 0.5 % of the whole on both sides are
 * left out, and so is what the sampler did not see, see diff_is_lost(). A gate
 * trips only on what is no chance: the verdict is "changed" and the low end of
 * the interval lies above the threshold.
 */
#ifndef TREE_GATE_H
#define TREE_GATE_H

#include "base/tool.h"
#include "tree/diff.h"

/* A tool's status. */
enum gate_status { GATE_OPEN, GATE_TRIPPED = 3, GATE_UNDECIDED = 4 };

struct gate;

typedef VEC(struct gate *) gates;

/* Adds a gate. False sets *e: it cannot be understood. Lives on a. */
bool gate_add(struct arena *a, gates *to, const char *text, struct err *e);

/*
 * Says on standard error what trips any of them, and some of what cannot be
 * decided, each in a line. Tripped comes before undecided.
 */
enum gate_status gate_judge(const gates *all, const struct diff *d, struct tool *tool);

#endif
