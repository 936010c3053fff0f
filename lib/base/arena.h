/* SPDX-License-Identifier: MIT */
/*
 * base/arena.h: memory that is given back all at once.
 *
 * Whoever passes the arena owns what comes back; everything else is lent.
 * Zero-initialize an arena to begin it. Out of memory ends the process with
 * status 1, so nothing here fails. This is the only room that calls malloc.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first; ours alone */
	char *at, *end;             /* what is left of the newest small block */
	size_t next;                /* bytes of the next one; they double */
};

/* n zeroed bytes, aligned for any type; n may be 0. */
void *arena_alloc(struct arena *a, size_t n);

/*
 * The bytes at p (which this arena gave as old bytes; NULL and 0 to begin)
 * as n bytes, perhaps elsewhere; what is new is zeroed. Large pieces are
 * truly moved and given back, so a growing table leaves no garbage.
 */
void *arena_resize(struct arena *a, void *p, size_t old, size_t n);

/* Gives the n bytes at p back early, when they are a large piece; else does nothing. */
void arena_drop(struct arena *a, void *p, size_t n);

/* Gives back everything. The arena can be used again. */
void arena_empty(struct arena *a);

/* How many bytes the arena holds from the system. */
size_t arena_bytes(const struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n) * sizeof(type)))

#endif
