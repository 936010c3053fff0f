/* SPDX-License-Identifier: MIT */
/*
 * base/number.h: sums that stop at the largest number rather than begin anew, and divisors.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

/* a + b, or the largest number. */
static inline uint64_t
number_add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* a * b, or the largest number. */
static inline uint64_t
number_multiply(uint64_t a, uint64_t b)
{
	uint64_t product;

	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* The greatest divisor that both have; of 0 and a number that number. */
static inline uint64_t
number_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

#endif
