/* SPDX-License-Identifier: MIT */
/* Spools: what was put comes back, in its order, whatever waits on disk. */
#include "base/spool.h"

#include <stdio.h>
#include <stdlib.h>

/* How many numbers each chain gets: none, what is held, just more than that, many. */
static const uint64_t lengths[] = { 0, 1, 200, 2032, 2033, 2034, 100000, 7, 300000 };

enum { CHAINS = sizeof lengths / sizeof *lengths };

/* Of all lengths that a varint has. */
static uint64_t
number(uint64_t chain, uint64_t i)
{
	uint64_t n = (i + 1) * 0x9e3779b97f4a7c15u ^ chain;

	return chain < 6 ? i & 127 : n >> n % 64;
}

static bool
comes_back(const struct spool *s, const struct spool_chain *c, uint64_t chain)
{
	struct spool_reading r;
	uint64_t n, i = 0;

	spool_read(&r, s, c);
	for (; spool_take(&r, &n); i++)
		if (n != number(chain, i))
			break;
	if (i != lengths[chain])
		printf("chain %lu: it breaks at %lu of %lu\n", (unsigned long)chain,
		       (unsigned long)i, (unsigned long)lengths[chain]);
	return i == lengths[chain];
}

int
main(void)
{
	struct arena a = { 0 };
	struct spool *s = spool_new(&a);
	struct spool_chain chains[CHAINS] = { 0 };
	bool all = true;

	for (uint64_t i = 0, some = true; some; i++) {
		some = false;
		for (uint64_t chain = 0; chain < CHAINS; chain++) {
			if (i >= lengths[chain])
				continue;
			spool_put(s, &chains[chain], number(chain, i));
			some = true;
		}
	}
	for (uint64_t chain = 0; chain < CHAINS; chain++)
		all &= comes_back(s, &chains[chain], chain);
	if (arena_bytes(&a) > 256 << 10)
		printf("the spool holds %zu bytes\n", arena_bytes(&a));
	all &= arena_bytes(&a) <= 256 << 10;
	arena_empty(&a);
	return !all;
}
