/* SPDX-License-Identifier: MIT */
/*
 * formats/collapsed_line.h: a line of collapsed text, "outer;inner COUNT".
 */
#ifndef FORMATS_COLLAPSED_LINE_H
#define FORMATS_COLLAPSED_LINE_H

#include "formats/import.h"

__extension__ typedef unsigned __int128 collapsed_count; /* in billionths */

/* Whether an input begins as text does: without a zero byte. */
bool collapsed_is_text(struct text bytes);

/* An empty line, or a comment. */
bool collapsed_says_nothing(struct text line);

/* The parts of a line, without the blank between them. NULL, or why it is none. */
const char *collapsed_split(struct text line, struct text *stack, collapsed_count *count);

/* Takes a count, and the blank before it, off the end of a line; false: it has none. */
bool collapsed_drop_count(struct text *line);

/* Adds what a stack got to the input's run. NULL, or why that cannot be. */
const char *collapsed_add(struct import *in, struct text stack, collapsed_count count,
                          uint8_t state);

#endif
