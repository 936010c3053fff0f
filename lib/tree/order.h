/* SPDX-License-Identifier: MIT */
/*
 * tree/order.h: the order in which a tree is shown and written.
 *
 * Siblings come by kind, name, file, first line, line, end line, column, end
 * column, opcode: by what they are, never by when they came.
 */
#ifndef TREE_ORDER_H
#define TREE_ORDER_H

#include "tree/tree.h"

/* The rank of each frame among all frames of the tree; no two are equal. Lives on a. */
uint32_t *tree_frame_ranks(struct arena *a, const struct tree *t);

/* All nodes of the tree, depth first, parents before their children; root first. Lives on a. */
uint32_t *tree_preorder(struct arena *a, const struct tree *t);

/* The place of each node in it. Lives on a. */
uint32_t *tree_node_places(struct arena *a, const struct tree *t);

/* Rows of the run's cells by thread and state, node by these places, epoch. Lives on a. */
uint32_t *tree_cells_in_order(struct arena *a, const struct tree *t, const struct tree_run *r,
                              const uint32_t *places);

#endif
