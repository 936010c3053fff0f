/* SPDX-License-Identifier: MIT */
/*
 * tree/functions.h: what each function of a view got, over all of its stacks.
 *
 * A function is what the view's grain tells apart: with other grains it is a
 * line, a file or a module. Everything lives on the arena that is given.
 */
#ifndef TREE_FUNCTIONS_H
#define TREE_FUNCTIONS_H

#include "tree/keys.h"

struct functions {
	uint32_t count;
	uint32_t *frames;     /* of the tree's, as coarse as the view; in canonical order */
	struct key_sum *sums; /* of each of them */
	uint32_t *of;         /* of each node of the view its number here; root: count */
};

struct functions functions_of(struct arena *a, const struct view *v);

/* One function that calls another, numbers of functions; and what that got, as above. */
struct function_call {
	uint32_t caller, callee;
	struct key_sum sum;
};

struct function_calls {
	size_t count;
	struct function_call *rows; /* by callee, then by caller */
};

struct function_calls functions_calls(struct arena *a, const struct view *v,
                                      const struct functions *f);

#endif
