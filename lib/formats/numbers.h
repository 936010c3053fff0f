/* SPDX-License-Identifier: MIT */
/*
 * formats/numbers.h: things of a tree, numbered anew in the order of their first use.
 *
 * So a document has no row that nothing refers to. Zero-initialize to begin.
 */
#ifndef FORMATS_NUMBERS_H
#define FORMATS_NUMBERS_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct numbers {
	VEC(uint32_t) used; /* of each number of the document that of the tree */
	VEC(uint32_t) of1; /* of each number of the tree that of the document, plus one, or 0 */
};

static inline bool
numbers_has(const struct numbers *n, uint32_t thing)
{
	return thing < n->of1.room && n->of1.at[thing];
}

/* The number of a thing; one that has none gets the next. */
static inline uint32_t
numbers_of(struct arena *a, struct numbers *n, uint32_t thing)
{
	vec_reserve(a, &n->of1, (size_t)thing + 1);
	if (n->of1.at[thing] == 0) {
		*vec_push(a, &n->used) = thing;
		n->of1.at[thing] = (uint32_t)n->used.n;
	}
	return n->of1.at[thing] - 1;
}

#endif
