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

#include <sys/types.h>

struct capture_options {
	pid_t pid;            /* to attach to; 0: command is to be started */
	char *const *command; /* ends in NULL */
	double rate_hz;
	uint64_t duration_ns; /* 0: until the target ends */
	uint64_t samples;     /* 0: any number */
	bool all_threads, no_jitter, no_cmdline, quiet;
	int level;          /* of zstd; 0: none */
	const char *output; /* NULL: standard output */
	const char *child_output;
	const char *words; /* the options as they were given, for the stream */
};

/* Runs to the end; the status for main. What fails is told through the tool. */
int capture_run(struct tool *t, const struct capture_options *options);

#endif
