/* SPDX-License-Identifier: MIT */
/*
 * stream/intern.h: equal keys get equal numbers, in the order of their coming.
 *
 * A key is some bytes: a text, or a struct without padding. Zero-initialize
 * it to begin; its memory goes with the arena.
 */
#ifndef STREAM_INTERN_H
#define STREAM_INTERN_H

#include "base/index.h"
#include "base/text.h"
#include "base/vec.h"

struct intern {
	VEC(struct text) keys;
	struct index index;
};

/* The row of the key, from 0; *fresh tells whether it is a new one. Keys are copied to a. */
uint32_t intern_put(struct arena *a, struct intern *t, const void *key, size_t n, bool *fresh);

/* The next row, for something that is never looked for. */
uint32_t intern_skip(struct arena *a, struct intern *t);

#endif
