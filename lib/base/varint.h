/* SPDX-License-Identifier: MIT */
/*
 * base/varint.h: numbers of seven bits a byte, the low ones first (LEB128).
 *
 * A signed number is folded first: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
 */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VARINT_MAX = 10 }; /* bytes that a 64-bit number can need */

/* Writes n at p, which has room for VARINT_MAX bytes; the end of what was written. */
static inline unsigned char *
varint_put(unsigned char *p, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		*p++ = (unsigned char)(n | 0x80);
	*p++ = (unsigned char)n;
	return p;
}

/* Reads a number that ends before end and moves *p behind it; false: cut, or over 64 bits. */
static inline bool
varint_take(const unsigned char **p, const unsigned char *end, uint64_t *n)
{
	const unsigned char *at = *p;

	*n = 0;
	for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
		unsigned char byte = *at++;

		if (shift == 63 && byte > 1)
			return false;
		*n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*p = at;
			return true;
		}
	}
	return false;
}

static inline uint64_t
varint_fold(int64_t n)
{
	return (uint64_t)n << 1 ^ (uint64_t)(n >> 63);
}

static inline int64_t
varint_unfold(uint64_t n)
{
	return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

#endif
