/* SPDX-License-Identifier: MIT */
/*
 * stream/header.h: the 24 bytes before each block, known to block.c and header.c only.
 */
#ifndef STREAM_HEADER_H
#define STREAM_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEADER_MAGIC_BYTES = 4 };

struct header {
	unsigned version, flags, number;
	size_t stored, raw;
	uint32_t check;
};

/* NULL, or what is wrong with the 24 bytes at p. */
const char *header_read(const unsigned char *p, struct header *h);

/* Whether the n bytes at p, which may be fewer than a header, begin as one does. */
bool header_begins(const unsigned char *p, size_t n);

/* The first byte of every header. */
unsigned char header_first(void);

/* The check of bytes, as headers have it. */
uint32_t header_check(const void *bytes, size_t n);

#endif
