/* SPDX-License-Identifier: MIT */
#include "base/index.h"

#include <sys/auxv.h>

uint64_t hash_seed;

/* The kernel gives each process 16 random bytes. */
__attribute__((constructor)) static void
choose_seed(void)
{
	const void *random = (const void *)getauxval(AT_RANDOM);

	if (random)
		memcpy(&hash_seed, random, sizeof hash_seed);
}

static void
slot_fill(struct index *x, struct index_slot slot)
{
	size_t at = slot.hash & (x->size - 1);

	while (x->slots[at].row1)
		at = (at + 1) & (x->size - 1);
	x->slots[at] = slot;
}

static void
index_grow(struct arena *a, struct index *x)
{
	struct index bigger = { .n = x->n, .size = x->size ? x->size * 2 : 64 };

	bigger.slots = arena_array(a, struct index_slot, bigger.size);
	for (size_t i = 0; i < x->size; i++)
		if (x->slots[i].row1)
			slot_fill(&bigger, x->slots[i]);
	arena_drop(a, x->slots, x->size * sizeof *x->slots);
	*x = bigger;
}

void
index_add(struct arena *a, struct index *x, uint64_t hash, uint32_t row)
{
	if ((x->n + 1) * 4 > x->size * 3)
		index_grow(a, x);
	slot_fill(x, (struct index_slot){ row + 1, (uint32_t)(hash >> 32) });
	x->n++;
}

void
index_clear(struct index *x)
{
	if (x->size)
		memset(x->slots, 0, x->size * sizeof *x->slots);
	x->n = 0;
}
