/* SPDX-License-Identifier: MIT */
#include "tree/keys.h"

#include "tree/inside.h"

/*
 * One pass in preorder: how often each key is on the path to the node is counted,
 * and only the first one's total is added, which holds those inside of it.
 */
void
keys_sum(const struct view *v, const uint32_t *keys, size_t count, struct key_sum *sums)
{
	struct arena scratch = { 0 };
	uint32_t *on_path = arena_array(&scratch, uint32_t, count), open = 0;

	for (uint32_t i = 1; i < v->count; i++) {
		const struct view_node *n = &v->nodes[i];
		struct key_sum *sum;

		for (; open != n->parent; open = v->nodes[open].parent)
			if (keys[open] != KEYS_NONE)
				on_path[keys[open]]--;
		open = i;
		if (keys[i] == KEYS_NONE)
			continue;
		sum = &sums[keys[i]];
		sum->self = number_add(sum->self, n->self);
		sum->self_samples = number_add(sum->self_samples, n->self_samples);
		if (on_path[keys[i]]++)
			continue;
		sum->total = number_add(sum->total, n->total);
		sum->total_samples = number_add(sum->total_samples, n->total_samples);
	}
	arena_empty(&scratch);
}
