/* SPDX-License-Identifier: MIT */
#include "stream/intern.h"

uint32_t
intern_put(struct arena *a, struct intern *t, const void *key, size_t n, bool *fresh)
{
	uint64_t hash = hash_bytes(key, n);
	struct index_probe probe = index_probe(&t->index, hash);
	struct text text = { key, n };

	*fresh = false;
	while (index_next(&t->index, &probe))
		if (text_equal(t->keys.at[probe.row], text))
			return probe.row;
	*fresh = true;
	index_add(a, &t->index, hash, (uint32_t)t->keys.n);
	*vec_push(a, &t->keys) = text_copy(a, text);
	return (uint32_t)t->keys.n - 1;
}

uint32_t
intern_skip(struct arena *a, struct intern *t)
{
	*vec_push(a, &t->keys) = (struct text){ 0 };
	return (uint32_t)t->keys.n - 1;
}
