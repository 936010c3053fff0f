/* SPDX-License-Identifier: MIT */
/*
 * base/index.h: from the hash of a key to the number of its row.
 *
 * The caller keeps the rows and their keys; the index only finds candidates:
 *
 *	struct index_probe probe = index_probe(&index, hash);
 *
 *	while (index_next(&index, &probe))
 *		if (rows[probe.row].key == key)
 *			return probe.row;
 *	index_add(arena, &index, hash, row);
 *
 * Rows are numbered below 2^32 - 1. The order of anything that is written
 * must never come from an index.
 */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct index {
	struct index_slot {
		uint32_t row1; /* row + 1; 0 is an empty slot */
		uint32_t hash; /* the upper half: gives the slot, and passes over strangers */
	} * slots;
	size_t n, size; /* size is 0 or a power of two, at least 4/3 of n */
};

struct index_probe {
	size_t slot;
	uint32_t hash;
	uint32_t row; /* the candidate, after index_next() was true */
};

/* Mixes every bit of n into every bit (the finalizer of SplitMix64). */
static inline uint64_t
hash_number(uint64_t n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}

static inline uint64_t
hash_bytes(const void *bytes, size_t n)
{
	const char *p = bytes;
	uint64_t hash = n * 0x9e3779b97f4a7c15u, word;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = (hash ^ word) * 0x9fb21c651e98df25u;
		hash ^= hash >> 32;
	}
	word = 0;
	if (n)
		memcpy(&word, p, n);
	return hash_number(hash ^ word);
}

static inline struct index_probe
index_probe(const struct index *x, uint64_t hash)
{
	uint32_t upper = (uint32_t)(hash >> 32);

	return (struct index_probe){ upper & (x->size - 1), upper, 0 };
}

/* The next row whose key may be the one; false: there is no more. */
static inline bool
index_next(const struct index *x, struct index_probe *probe)
{
	while (x->size && x->slots[probe->slot].row1) {
		const struct index_slot *slot = &x->slots[probe->slot];

		probe->slot = (probe->slot + 1) & (x->size - 1);
		if (slot->hash == probe->hash) {
			probe->row = slot->row1 - 1;
			return true;
		}
	}
	return false;
}

/* Adds a row that is not there yet. */
void index_add(struct arena *a, struct index *x, uint64_t hash, uint32_t row);

/* Forgets all rows and keeps the memory. */
void index_clear(struct index *x);

#endif
