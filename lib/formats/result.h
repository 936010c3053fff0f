/* SPDX-License-Identifier: MIT */
/*
 * formats/result.h: what becomes of all inputs: raw streams, and a folded one behind them,
 * or a comparison.
 *
 * The output is opened when there is something to write: an old file of its
 * name stays as it is until then. What cannot be written ends the process.
 */
#ifndef FORMATS_RESULT_H
#define FORMATS_RESULT_H

#include "base/out.h"
#include "base/tool.h"
#include "stream/writer.h"
#include "tree/tree.h"

struct result {
	struct tool *tool;
	const char *path;     /* NULL: standard output */
	const char *compress; /* as the user asked for it */
	/* Ours. */
	struct out *out;
	struct writer *raw;
};

/* The writer of raw streams. */
struct writer *result_raw(struct result *r);

/* Ends what is raw, writes the tree behind it, and gives the file its name. */
void result_end(struct result *r, const struct tree *t);

#endif
