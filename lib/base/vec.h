/* SPDX-License-Identifier: MIT */
/*
 * base/vec.h: an array that grows, on an arena.
 *
 * VEC(T) is a struct of at, n and room; zero-initialize it to begin. Elements
 * may move when it grows, so keep indices, not pointers.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                 \
	struct {                                                                               \
		T *at;                                                                         \
		size_t n, room;                                                                \
	}

/* A pointer to one more element at the end, not zeroed. */
#define vec_push(a, v)                                                                         \
	((v)->n == (v)->room ? (void)((v)->at = vec_grow((a), (v)->at, &(v)->room, (v)->n + 1, \
	                                                 sizeof *(v)->at))                     \
	                     : (void)0,                                                        \
	 &(v)->at[(v)->n++])

/* Makes room for at least want elements; n stays. */
#define vec_reserve(a, v, want)                                                                \
	((want) > (v)->room ? (void)((v)->at = vec_grow((a), (v)->at, &(v)->room, (want),      \
	                                                sizeof *(v)->at))                      \
	                    : (void)0)

/* The array at, of *room elements of size bytes, with room for want or more; *room is set. */
static inline void *
vec_grow(struct arena *a, void *at, size_t *room, size_t want, size_t size)
{
	size_t more = *room ? *room + *room / 2 : 8;
	size_t old = *room;

	*room = more > want ? more : want;
	return arena_resize(a, at, old * size, *room * size);
}

#endif
