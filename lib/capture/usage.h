/* SPDX-License-Identifier: MIT */
/*
 * capture/usage.h: what is asked of tsample(1), and whether that can be meant.
 *
 * Options are read one by one; here they are looked at together. Wrong usage
 * is told before anything is done.
 */
#ifndef CAPTURE_USAGE_H
#define CAPTURE_USAGE_H

#include "capture/capture.h"

/* What was given, as the options have it where that is not what a run wants. */
struct usage {
	struct capture_options how; /* a time that is not given is UINT64_MAX */
	uint64_t pid, stats_json;   /* 0: not given */
	int full, mode;             /* enum output_full, stream_mode */
	bool async_aware;
	int async_mode; /* the number of its word; -1: not given */
	const char *compress;
};

/*
 * Completes u->how by what else was given, with the operands of the tool as the
 * command. Ends the process where the usage is wrong. argv is main's.
 */
void usage_check(struct tool *t, struct usage *u, char **argv);

#endif
