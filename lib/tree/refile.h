/* SPDX-License-Identifier: MIT */
/*
 * tree/refile.h: a run whose files are called otherwise. For this room only.
 */
#ifndef TREE_REFILE_H
#define TREE_REFILE_H

#include "tree/tree.h"

/*
 * Makes the run one of functions in other files: files[s] is the string that stands for file s, 0
 * where it keeps its own. Other runs keep theirs, also of the same functions.
 */
void refile_run(struct tree *t, struct tree_run *r, const uint32_t *files);

#endif
