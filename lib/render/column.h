/* SPDX-License-Identifier: MIT */
/*
 * render/column.h: a column of numbers as a page holds it: varints (LEB128),
 * deflated with zlib's frame, in base64, as one text of JSON.
 *
 * It flows: numbers go in one by one, the text goes out as it comes, and the
 * memory does not depend on how many there are.
 */
#ifndef RENDER_COLUMN_H
#define RENDER_COLUMN_H

#include "base/json.h"
#include "base/varint.h"

#include <zlib.h>

enum { COLUMN_HELD = 32 << 10 };

struct column {
	struct json *json;
	struct arena arena; /* zlib's memory, from the first column on */
	bool ready;
	z_stream z;
	unsigned char *at; /* where the next number goes in raw */
	size_t packed_n;   /* waiting in packed; below 3 between numbers */
	unsigned char raw[COLUMN_HELD];
	unsigned char packed[COLUMN_HELD];
	char text[COLUMN_HELD / 3 * 4 + 8];
};

/* Begins a column of an object; *c is zero-initialized, or was used for another one. */
void column_begin(struct column *c, struct json *j, const char *key);
void column_end(struct column *c);

/* Gives the memory back, when there is no other column to come. */
void column_close(struct column *c);

/* The same of bytes instead of numbers. */
void column_bytes(struct column *c, struct text bytes);

/* Hands what is in raw to zlib. */
void column_flush(struct column *c);

static inline void
column_put(struct column *c, uint64_t n)
{
	if (c->at > c->raw + sizeof c->raw - VARINT_MAX)
		column_flush(c);
	c->at = varint_put(c->at, n);
}

#endif
