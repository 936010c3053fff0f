/* SPDX-License-Identifier: MIT */
#include "cpython/lines.h"

#include "base/varint.h"
#include "base/vec.h"

/* What an entry's code says; from 0 to 9 it is SHORT. */
enum { ONE_LINE_0 = 10, ONE_LINE_2 = 12, NO_COLUMNS = 13, LONG = 14, NO_PLACE = 15 };

struct decoder {
	const unsigned char *at, *end;
	int64_t line;
	bool bad;
};

static unsigned
take_byte(struct decoder *d)
{
	if (d->at == d->end) {
		d->bad = true;
		return 0;
	}
	return *d->at++;
}

/* Six bits a byte, the low ones first; 0x40 means that more follow. */
static uint64_t
take_varint(struct decoder *d)
{
	uint64_t n = 0;
	unsigned shift = 0, byte;

	do {
		byte = take_byte(d);
		n |= (uint64_t)(byte & 0x3f) << shift;
		shift += 6;
	} while (byte & 0x40 && shift < 36);
	return n;
}

/* The sign is the lowest bit. */
static int64_t
take_signed(struct decoder *d)
{
	uint64_t n = take_varint(d);

	return n & 1 ? -(int64_t)(n >> 1) : (int64_t)(n >> 1);
}

static uint32_t
bounded(int64_t n)
{
	return n > 0 && n < INT32_MAX ? (uint32_t)n : 0;
}

static struct python_position
take_position(struct decoder *d, unsigned code)
{
	int64_t column = -1, end_column = -1, end_delta = 0;

	if (code == NO_PLACE)
		return (struct python_position){ 0 };
	if (code < ONE_LINE_0) {
		unsigned byte = take_byte(d);

		column = (int64_t)(code << 3 | byte >> 4);
		end_column = column + (byte & 15);
	} else if (code <= ONE_LINE_2) {
		d->line += code - ONE_LINE_0;
		column = take_byte(d);
		end_column = take_byte(d);
	} else {
		d->line += take_signed(d);
		if (code == LONG) {
			end_delta = (int64_t)take_varint(d);
			column = (int64_t)take_varint(d) - 1;
			end_column = (int64_t)take_varint(d) - 1;
		}
	}
	return (struct python_position){
		.line = bounded(d->line),
		.end_line = bounded(d->line + end_delta),
		.column1 = bounded(column + 1),
		.end_column1 = bounded(end_column + 1),
	};
}

struct lines
lines_decode(struct arena *a, struct text table, uint32_t first_line, size_t units)
{
	const unsigned char *bytes = (const unsigned char *)table.at;
	struct decoder d = { bytes, bytes + table.n, first_line, false };
	VEC(struct python_position) positions = { 0 };
	VEC(uint32_t) entries = { 0 };

	while (d.at < d.end && entries.n < units) {
		unsigned first = take_byte(&d);
		struct python_position position;

		if (first < 0x80)
			break;
		position = take_position(&d, first >> 3 & 15);
		if (d.bad)
			break;
		*vec_push(a, &positions) = position;
		for (unsigned i = 0; i <= (first & 7) && entries.n < units; i++)
			*vec_push(a, &entries) = (uint32_t)positions.n;
	}
	return (struct lines){ entries.at, positions.at, entries.n, positions.n };
}

struct python_position
lines_position(const struct lines *l, int32_t unit)
{
	if (unit < 0 || (size_t)unit >= l->units)
		return (struct python_position){ 0 };
	return l->at[l->entries[unit] - 1];
}
