/* SPDX-License-Identifier: MIT */
/*
 * formats/collapsed.h: collapsed text, a line for each stack.
 *
 *	main (app.py);load (app.py);loads (json/__init__.py) 51
 *
 * Outermost first, frames apart by ";", a space and a count at the end; sorted
 * bytewise as LC_ALL=C sort does. A frame is "name (file)" or
 * "name (file:line)"; what has no file is its bare name. Its instruction, where
 * it is told, stands behind it, as in "name (file) [CALL_LEN CALL]". Inside of a
 * frame ";", "\", "#" at its beginning, ":" before digits that would be taken
 * for a line, "]" that would end an instruction, the first byte of what would be
 * taken for a thread of another profiler's, and what a terminal must not see
 * (control characters, broken UTF-8, marks that turn the direction of writing)
 * are "\x" and two hexadecimal digits a byte. The stack without frames is "<root>".
 */
#ifndef FORMATS_COLLAPSED_H
#define FORMATS_COLLAPSED_H

#include "base/out.h"
#include "base/tool.h"
#include "formats/formats.h"
#include "tree/view.h"

#define COLLAPSED_ROOT "<root>"

enum collapsed_weight {
	COLLAPSED_SAMPLES,
	COLLAPSED_TIME,        /* microseconds, rounded so that their sum is the sum's */
	COLLAPSED_EITHER = -1, /* samples, or time where there are no samples */
};

struct collapsed_how {
	int weight; /* enum collapsed_weight */
	bool lines, opcodes;
	bool quiet; /* collapsed_save() does not say how many runs have no samples */
};

/* Makes of either what the tree has. False sets *e: time was asked for, and there is none. */
bool collapsed_choose(struct collapsed_how *how, const struct tree *t, struct err *e);

/* Writes the tree, all runs together, by samples or by time; a tree without time has samples. */
void collapsed_write(struct tree *t, struct collapsed_how how, struct out *o);

/*
 * Chooses and writes to path, or to standard output for NULL. Ends the process
 * when it cannot; nothing half written stays behind.
 */
void collapsed_save(struct tree *t, struct tool *tool, const char *path,
                    struct collapsed_how how);

/* Of each frame of the tree's the one that is called by its label and is nothing else. On a. */
uint32_t *collapsed_labels(struct arena *a, struct tree *t, struct collapsed_how how);

/* Nanoseconds become microseconds, rounded so that their sum is the sum's. */
void collapsed_round(uint64_t *ns, size_t n);

/* What each node of a view itself got, as one of the columns behind its stack. */
struct collapsed_column {
	const uint64_t *counts;
};

/* Writes a view whose frames are labels. A stack is left out where all columns have 0. */
void collapsed_write_view(const struct view *v, const struct collapsed_column *columns,
                          size_t n, struct out *o);

/* A frame as it is written, escaped; lent by a. */
struct text collapsed_label(struct arena *a, const struct tree *t, uint32_t frame, bool line,
                            bool opcode);

/* The same where a count follows: it must not end as with one, for two are a comparison. */
struct text collapsed_leaf(struct arena *a, struct text label);

/* The frame of the tree that an escaped label stands for. */
uint32_t collapsed_frame(struct tree *t, struct text label);

#endif
