/* SPDX-License-Identifier: MIT */
/*
 * tree/keys.h: what anything that nodes of a view belong to got, over all stacks.
 *
 * A key is the number of what the caller tells apart: functions, calls, lines,
 * files. Each node has one, or none.
 */
#ifndef TREE_KEYS_H
#define TREE_KEYS_H

#include "tree/view.h"

#define KEYS_NONE UINT32_MAX

/*
 * Weight in the view's unit, and samples. Self: of the stacks that end in it.
 * Total: of those that it is in, once each, however often it is in them.
 */
struct key_sum {
	uint64_t self, total;
	uint64_t self_samples, total_samples;
};

/* Adds to sums[], of count keys, what their nodes got. keys: of each node, or KEYS_NONE. */
void keys_sum(const struct view *v, const uint32_t *keys, size_t count, struct key_sum *sums);

#endif
