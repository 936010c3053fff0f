/* SPDX-License-Identifier: MIT */
/*
 * stream/sums.h: checks of pieces of an input that overlap.
 *
 * Behind damage every restart header may begin a block, and each of these may
 * reach over all that follow: checked one by one, a file of nothing but headers
 * took its length times 2 MiB. What was summed up once is not looked at again:
 * a check of any length looks at less than 512 bytes.
 */
#ifndef STREAM_SUMS_H
#define STREAM_SUMS_H

#include "base/vec.h"

#include <stdint.h>

/* Zero-initialize it to begin. */
struct sums {
	uint64_t from; /* place in the input of the first one */
	VEC(uint32_t)
	at; /* CRC-32 of what is before it and every 256 bytes on, from one origin */
};

/*
 * The CRC-32 of the n bytes that stand at that place of the input. Places never
 * fall; what is kept lives on the arena, and is bounded by n.
 */
uint32_t sums_check(struct arena *a, struct sums *s, const unsigned char *bytes, uint64_t place,
                    size_t n);

#endif
