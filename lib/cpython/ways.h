/* SPDX-License-Identifier: MIT */
/*
 * cpython/ways.h: through which functions others are known to be reached.
 *
 * A way stands for all functions of a stack, from the outermost one to one of them. What
 * is learnt lies with the code objects, and is forgotten with them.
 */
#ifndef CPYTHON_WAYS_H
#define CPYTHON_WAYS_H

#include "cpython/calls.h"

enum { KNOWN_WAYS = 1 << 15 }; /* a power of two */

/*
 * Of a program that recurses there are too many to keep all of them: each has two
 * places in a table, and the older one there goes.
 */
struct way {
	uint64_t key, seen; /* the window that showed it last */
	struct sighting sighting;
};

struct ways {
	struct way known[KNOWN_WAYS];
};

/* What stands for the way that leads on from another one, 0 for none, to inner. */
uint64_t way_to(uint64_t way, const struct python_code *inner);

/* Whether windows have proved it. One that is asked for is kept longer. */
bool way_is_known(struct python *p, uint64_t way);

/* A window proves that way to that function. */
void way_learn(struct python *p, uint64_t way, const struct python_code *innermost);

/* Whether all windows, and not a few, proved the same way to that function; never before 3.11. */
bool way_is_single(const struct python_code *innermost);

/* Whether of the ways to that function that were proved lately more than a few were new; as above. */
bool ways_vary(const struct python_code *innermost);

#endif
