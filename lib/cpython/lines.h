/* SPDX-License-Identifier: MIT */
/*
 * cpython/lines.h: the tables that lead from an instruction to its source.
 *
 * co_linetable of 3.11 and later: entries of a first byte 1ccccLLL, for LLL + 1
 * code units, whose code cccc says what follows (CPython's
 * Objects/locations.md). Bytes are hostile; memory is bounded by their number.
 */
#ifndef CPYTHON_LINES_H
#define CPYTHON_LINES_H

#include "base/text.h"
#include "cpython/cpython.h"

struct lines {
	const uint32_t *entries; /* by unit: the number of its position, plus one */
	const struct python_position *at;
	size_t units, n;
};

/* Decodes as far as the table is whole; units bounds how many are covered. */
struct lines lines_decode(struct arena *a, struct text table, uint32_t first_line,
                          size_t units);

/* All 0 for a unit that is not covered. */
struct python_position lines_position(const struct lines *l, int32_t unit);

#endif
