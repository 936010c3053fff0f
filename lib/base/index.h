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
 * Rows are numbered below 2^32 - 1. Nothing that is written may come from a
 * hash or from the order of an index: they are others in each process.
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

/* Mixes every bit of n into every bit (the finalizer of SplitMix64); the same everywhere. */
static inline uint64_t
mix_number(uint64_t n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}

/*
 * Chance, another in each process: keys come from hostile files, and were they made
 * to have one hash, a megabyte of them would take minutes.
 */
extern uint64_t hash_seed;

static inline uint64_t
hash_number(uint64_t n)
{
	return mix_number(n ^ hash_seed);
}

/* Both halves of a product, so that no difference in one word is sure to be undone by the next. */
static inline uint64_t
hash_fold(uint64_t n)
{
	__extension__ unsigned __int128 product = (unsigned __int128)n * 0x9fb21c651e98df25u;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t
hash_bytes(const void *bytes, size_t n)
{
	const char *p = bytes;
	uint64_t hash = hash_seed ^ n, word;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = hash_fold(hash ^ word);
	}
	word = 0;
	if (n)
		memcpy(&word, p, n);
	return mix_number(hash_fold(hash ^ word));
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
