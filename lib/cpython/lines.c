/* SPDX-License-Identifier: MIT */
#include "cpython/lines.h"

#include "base/varint.h"
#include "base/vec.h"

/* What an entry's code says; from 0 to 9 it is SHORT. */
enum { ONE_LINE_0 = 10, ONE_LINE_2 = 12, NO_COLUMNS = 13, LONG = 14, NO_PLACE = 15 };

/* The step of lines of 3.10 that is none. */
enum { NO_LINE = -128 };

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

struct table {
	VEC(struct python_position) positions;
	VEC(uint32_t) entries;
	struct python_position rest;
};

/* The next n units are at that position, as far as there are as many. */
static void
cover(struct arena *a, struct table *t, struct python_position position, size_t n, size_t units)
{
	*vec_push(a, &t->positions) = position;
	for (size_t i = 0; i < n && t->entries.n < units; i++)
		*vec_push(a, &t->entries) = (uint32_t)t->positions.n;
}

static void
decode_places(struct arena *a, struct decoder *d, struct table *t, size_t units)
{
	while (d->at < d->end && t->entries.n < units) {
		unsigned first = take_byte(d);
		struct python_position position;

		if (first < 0x80)
			break;
		position = take_position(d, first >> 3 & 15);
		if (d->bad)
			break;
		cover(a, t, position, (first & 7) + 1, units);
	}
}

static struct python_position
line_alone(int64_t line)
{
	return (struct python_position){ .line = bounded(line) };
}

/* A pair moves to an address and to the line that begins there. The last line has no end. */
static void
decode_steps(struct arena *a, struct decoder *d, struct table *t, size_t units)
{
	size_t address = 0; /* a long step is cut into ones of 255 bytes, which is odd */

	while (d->end - d->at >= 2) {
		unsigned step = take_byte(d);

		address += step;
		if (step)
			cover(a, t, line_alone(d->line), address / 2 - t->entries.n, units);
		d->line += (signed char)take_byte(d);
	}
	t->rest = line_alone(d->line);
}

static void
decode_ranges(struct arena *a, struct decoder *d, struct table *t, size_t units)
{
	while (d->end - d->at >= 2) {
		unsigned step = take_byte(d);
		int delta = (signed char)take_byte(d);

		if (delta != NO_LINE)
			d->line += delta;
		if (step)
			cover(a, t, line_alone(delta != NO_LINE ? d->line : 0), step / 2,
			      units);
	}
}

struct lines
lines_decode(struct arena *a, enum lines_kind kind, struct text table, uint32_t first_line,
             size_t units)
{
	static void (*const decode[])(struct arena *, struct decoder *, struct table *,
	                              size_t) = { decode_steps, decode_ranges, decode_places };
	const unsigned char *bytes = (const unsigned char *)table.at;
	struct decoder d = { bytes, bytes + table.n, first_line, false };
	struct table t = { 0 };

	decode[kind](a, &d, &t, units);
	return (struct lines){ t.entries.at, t.positions.at, t.entries.n, t.positions.n,
		               t.rest };
}

struct python_position
lines_position(const struct lines *l, int32_t unit)
{
	if (unit < 0)
		return (struct python_position){ 0 };
	if ((size_t)unit >= l->units)
		return l->rest;
	return l->at[l->entries[unit] - 1];
}
