/* SPDX-License-Identifier: MIT */
/*
 * term/top.h: a raw stream, shown while it flows.
 *
 * A thread reads the stream; the other one draws and minds the keys, which come
 * from the terminal, not from standard input. They take turns by a lock, which
 * the reader lets go of while it waits for input. Without a terminal tables are
 * printed, at every interval of the stream's own time.
 */
#ifndef TERM_TOP_H
#define TERM_TOP_H

#include "base/tool.h"

struct top_how {
	uint64_t interval_ns;     /* between two looks */
	uint64_t batch;           /* tables to print without a terminal; 0: none */
	uint64_t rows;            /* of these; 0: all */
	const char *tee;          /* where the raw stream goes too; NULL: nowhere */
	const char *child_output; /* shown when the program fails; NULL: nothing is */
};

/* Until the user or the last table ends it; the status for main. */
int top_run(struct tool *t, const struct top_how *how);

#endif
