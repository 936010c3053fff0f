/* SPDX-License-Identifier: MIT */
/*
 * base/spool.h: numbers that wait on disk until they are wanted.
 *
 * A chain is a sequence of numbers, read back in the order in which they were
 * put. Any number of chains share one temporary file without a name, in
 * $TMPDIR or /tmp, which is made when the first chain outgrows SPOOL_BYTES: the
 * memory of a chain does not depend on its length. What cannot be written or
 * read back ends the process, as a result that cannot be written does.
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/arena.h"
#include "base/varint.h"

enum {
	SPOOL_HEAD = 16, /* of a chunk: the place of the next one, and how much is used */
	SPOOL_BYTES = 2048,
};

struct spool {
	struct arena *a;
	int fd;        /* 0: not made yet */
	uint64_t next; /* the place of the next chunk, in chunks; place 0 is not used */
};

/* Zero-initialize to begin. */
struct spool_chain {
	uint64_t first,
		place; /* of the first chunk on disk, and of the one that is held; or 0 */
	unsigned char *held, *at;
};

/* Lives as long as the process. */
struct spool *spool_new(struct arena *a);

/* Makes room for one more number. For spool_put(). */
void spool_turn(struct spool *s, struct spool_chain *c);

static inline void
spool_put(struct spool *s, struct spool_chain *c, uint64_t n)
{
	if (!c->held || c->at > c->held + SPOOL_BYTES - VARINT_MAX)
		spool_turn(s, c);
	c->at = varint_put(c->at, n);
}

/* A reading of a chain, which must not grow meanwhile. Any number may go on at once. */
struct spool_reading {
	const struct spool *spool;
	const struct spool_chain *chain;
	uint64_t place; /* of the next chunk; 0: all are read */
	const unsigned char *at, *end;
	unsigned char bytes[SPOOL_BYTES];
};

void spool_read(struct spool_reading *r, const struct spool *s, const struct spool_chain *c);

/* The next chunk; false: there is none. For spool_take(). */
bool spool_more(struct spool_reading *r);

/* The next number; false: there is no more. */
static inline bool
spool_take(struct spool_reading *r, uint64_t *n)
{
	if (r->at == r->end && !spool_more(r))
		return false;
	return varint_take(&r->at, r->end, n);
}

#endif
