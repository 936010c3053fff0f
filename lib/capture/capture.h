/* SPDX-License-Identifier: MIT */
/*
 * capture/capture.h: a sampling run, from its start to its closing lines.
 *
 * One loop: wait for the tick, read every chosen thread once, tell the stream
 * what changed. Nothing is ever written to the target, and it is not stopped.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include "base/tool.h"
#include "capture/output.h"
#include "capture/stats.h"
#include "stream/stream.h"

#include <sys/types.h>

struct capture_options {
	pid_t pid;            /* to attach to; 0: command is to be started */
	char *const *command; /* ends in NULL */
	double rate_hz;
	uint64_t duration_ns; /* 0: until the target ends */
	uint64_t samples;     /* 0: any number */
	bool source;          /* the source files of what was seen go into the stream */
	bool once; /* one tick, or a few more, until no stack is torn; nothing is told of it */
	bool all_threads, no_jitter, no_cmdline, quiet;
	bool subprocesses; /* all that descend from it, too */
	bool opcodes, columns, native, no_gc, blocking;
	bool cpu; /* always, with STREAM_MODE_CPU */
	enum stream_mode mode;
	int level; /* of zstd; 0: none */
	struct output_choice output;
	uint64_t rotate_ns; /* 0: one part */
	struct stats_options stats;
	const char *child_output;
	const char *offsets; /* a file of them; or NULL */
	const char *words;   /* the options as they were given, for the stream */
};

/* Runs to the end; the status for main. What fails is told through the tool. */
int capture_run(struct tool *t, const struct capture_options *options);

/*
 * Takes one tick of the process o->pid as o says of threads, tasks and markers:
 * the path of a raw stream in memory, which is there as long as we are. Ends
 * our process where that cannot be had.
 */
const char *capture_once(struct tool *t, struct capture_options o);

#endif
