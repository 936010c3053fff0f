/* SPDX-License-Identifier: MIT */
/*
 * cpython/mirror.h: scattered pieces of the target's memory, read at once, twice.
 *
 * What was asked for last time is read first, in as few pieces as can be: a
 * piece costs as much as 4 KiB more of another. What is the same in two
 * copies that were read one after the other was so at a moment between them,
 * and all that is the same was so at one moment.
 *
 * A piece has at most 1 MiB and a copy 64 MiB, else nothing is predicted any more.
 * Spans and copies are of the caller's arena and grow as they must; spill is the
 * mirror's own and is emptied when a round ends.
 */
#ifndef CPYTHON_MIRROR_H
#define CPYTHON_MIRROR_H

#include "base/arena.h"
#include "base/index.h"
#include "base/vec.h"
#include "cpython/cpython.h"

#include <string.h>

/* Memory that is read with each copy. */
struct span {
	uint64_t from;
	uint32_t n, at;  /* bytes; where in a copy */
	uint32_t used;   /* the round in which it was asked for last */
	bool alone;      /* it could not be read: no other is joined to it */
	uint32_t lately; /* copies for which it could not be read, as bits: 1 is the last one */
};

/* Memory that was not planned. */
struct missed {
	uint64_t from;
	const unsigned char *bytes; /* a page, or more; NULL: they cannot be read */
	struct span asked;          /* of these */
};

struct mirror {
	struct arena *arena;
	VEC(struct span) spans; /* by address */
	VEC(struct missed) missed;
	struct index by_page;     /* row in missed */
	unsigned char *copies[2]; /* the last one and the one before */
	size_t bytes, room;       /* of a copy */
	uint64_t number;          /* of the last copy */
	uint32_t plan;            /* another number when pieces lie elsewhere in a copy */
	bool gaps;                /* something could not be read in one of the copies */
	unsigned reads;           /* copies since what to read has changed; two are needed */
	struct arena spill;       /* of this round: what was not planned */
	size_t spilt;             /* its bytes */
	unsigned asked;           /* in this round, in pieces of 64 bytes */
	uint32_t round;
};

/* Reads the last copy; the one before is kept. */
void mirror_read(struct mirror *m, struct remote *r);

/*
 * n bytes of the last copy, lent until the next round. *same becomes false
 * where the copy before differs. What was not planned is of this round, which reads
 * each page once, and is planned from now on. NULL: they cannot be read. A round has
 * an end: what is asked for beyond it cannot be read.
 */
const unsigned char *mirror_at(struct mirror *m, struct remote *r, uint64_t from, uint32_t n,
                               bool *same);

/* What else a round did, counted like so many pieces. */
static inline void
mirror_charge(struct mirror *m, unsigned pieces)
{
	m->asked += pieces;
}

/* Whether n bytes are the same in both copies, which mirror_at() told at that place of the last. */
static inline bool
mirror_is_same(const struct mirror *m, uint32_t at, uint32_t n)
{
	return memcmp(m->copies[0] + at, m->copies[1] + at, n) == 0;
}

/* Whether what is not asked for in this round is forgotten at its end, so that all must be. */
bool mirror_is_due(const struct mirror *m);

/* Ends a round. True: something was not planned, so the round says nothing. */
bool mirror_plan(struct mirror *m);

#endif
