/* SPDX-License-Identifier: MIT */
/*
 * tree/alike.h: whether what the runs of a comparison measured compares.
 */
#ifndef TREE_ALIKE_H
#define TREE_ALIKE_H

#include "base/err.h"
#include "tree/tree.h"

/*
 * False sets *e: they have other modes, time against samples, or markers or threads that others
 * were not asked for.
 */
bool alike_runs(const struct tree *t, struct err *e);

#endif
