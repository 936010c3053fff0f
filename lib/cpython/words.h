/* SPDX-License-Identifier: MIT */
/*
 * cpython/words.h: words of the target's memory, as they were copied.
 */
#ifndef CPYTHON_WORDS_H
#define CPYTHON_WORDS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t
word_at(const unsigned char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof n);
	return n;
}

static inline uint32_t
half_at(const unsigned char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof n);
	return n;
}

/* A reference may carry marks in its low bits (_PyStackRef of 3.14). */
static inline uint64_t
pointer_of(uint64_t reference)
{
	return reference & ~(uint64_t)3;
}

#endif
