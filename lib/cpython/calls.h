/* SPDX-License-Identifier: MIT */
/*
 * cpython/calls.h: who is known to call whom, so that two frames are no
 * neighbours by accident.
 *
 * What is learnt lies with the code objects, and is forgotten with them.
 */
#ifndef CPYTHON_CALLS_H
#define CPYTHON_CALLS_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/cpython.h"

enum { KNOWN_CALLS = 4096, KNOWN_WAYS = 1 << 15 }; /* powers of two */

/* What one window shows may be an accident; what several show soon after each other is not. */
struct sighting {
	uint64_t window; /* that showed it last, while that is not enough */
	unsigned times;
};

/* That one function, at one instruction, has called another. */
struct call {
	uint64_t key;
	struct sighting sighting;
};

/*
 * A way through functions. Of a program that recurses there are too many to keep
 * all of them: each has two places in a table, and the older one there goes.
 */
struct way {
	uint64_t key, seen; /* the window that showed it last */
	struct sighting sighting;
};

/* Where one function last called another. */
struct site {
	uint64_t key;
	int32_t unit;
};

struct calls {
	uint64_t window; /* how many were read */
	struct index by_key;
	VEC(struct call) rows;
	uint64_t known[KNOWN_CALLS]; /* by their keys: those asked for last */
	struct site sites[KNOWN_CALLS];
	struct way ways[KNOWN_WAYS];
};

/* Counts a window that shows it; true once that is no accident. */
bool sighting_add(struct sighting *s, uint64_t window);

/* Whether a window that shows a call proves something; LATE: only many of them do. */
enum learn { LEARN_NOT, LEARN_SOON, LEARN_APART };

/* Whether the place outer is known to call the place inner. */
bool call_is_known(struct python *p, const struct python_place *outer,
                   const struct python_place *inner, enum learn learn);

/* The unit at which the function outer called inner when that was last learnt; -1: never. */
int32_t call_unit(const struct python *p, const struct python_code *outer,
                  const struct python_code *inner);

/*
 * What stands for the way through functions that leads on from another way, 0 for
 * none, to inner. Whether it is known.
 */
uint64_t way_to(uint64_t way, const struct python_code *inner);
bool way_is_known(struct python *p, uint64_t way, bool learn);

/*
 * Whether a generator that was called from that place may be one that its
 * frame's stack does not refer to; referred: it does. It may not where others
 * were referred to: a loop over a generator always is one.
 */
bool site_allows(struct python *p, const struct python_place *site, bool referred);

#endif
