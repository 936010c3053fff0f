/* SPDX-License-Identifier: MIT */
/*
 * cpython/lines.h: the tables that lead from an instruction to its source.
 *
 * co_lnotab before 3.10: pairs of a step of bytes and a signed one of lines
 * (CPython's Objects/lnotab_notes.txt). co_linetable of 3.10: pairs of a
 * number of bytes and a signed step of lines, of which -128 says that they
 * have none (PEP 626). co_linetable of 3.11 and later: entries of a first byte 1ccccLLL, for LLL + 1
 * code units, whose code cccc says what follows (CPython's
 * Objects/locations.md). Bytes are hostile; memory is bounded by their number.
 */
#ifndef CPYTHON_LINES_H
#define CPYTHON_LINES_H

#include "base/text.h"
#include "cpython/cpython.h"

struct lines {
	const uint32_t *entries; /* by unit of 2 bytes: the number of its position, plus one */
	const struct python_position *at;
	size_t units, n;
	struct python_position rest; /* of the units behind them */
};

enum lines_kind { LINES_STEPS, LINES_RANGES, LINES_PLACES };

/* Decodes as far as the table is whole; units bounds how many are covered. */
struct lines lines_decode(struct arena *a, enum lines_kind kind, struct text table,
                          uint32_t first_line, size_t units);

/* All 0 for a unit that is not covered. */
struct python_position lines_position(const struct lines *l, int32_t unit);

#endif
