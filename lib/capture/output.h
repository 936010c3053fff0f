/* SPDX-License-Identifier: MIT */
/*
 * capture/output.h: where a raw stream goes, block by block.
 *
 * Written in place, so that a kill leaves what was sampled. A block that does
 * not fit on the disk is taken back whole.
 */
#ifndef CAPTURE_OUTPUT_H
#define CAPTURE_OUTPUT_H

#include "base/err.h"
#include "stream/writer.h"

struct output {
	const char *path; /* NULL: standard output */
	int fd;
	int error; /* errno of the write that failed, else 0 */
};

/* False sets *e: it cannot be opened, or is a terminal. */
bool output_open(struct output *o, const char *path, struct err *e);

/* Makes room for the stream: what an older file had goes now, not before all is well. */
void output_begin(struct output *o);

/* Lets go of standard output, so that its reader sees the end while we still wait. */
void output_release(struct output *o);

/* Opens the path again, which may name another file by now. */
bool output_reopen(struct output *o, struct err *e);

struct writer_sink output_sink(struct output *o);

/* Why nothing more can be written, in *e; false when the reader has just gone. */
bool output_fault(const struct output *o, struct err *e);

#endif
