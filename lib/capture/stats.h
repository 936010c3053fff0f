/* SPDX-License-Identifier: MIT */
/*
 * capture/stats.h: how the sampling goes, told every second while it goes on.
 *
 * For people one line on standard error, for machines one of JSON to a
 * descriptor. A line for which there is no room at once is not written, and
 * the next one covers its time too: nobody who reads them delays a tick.
 */
#ifndef CAPTURE_STATS_H
#define CAPTURE_STATS_H

#include "base/err.h"

#include <stdint.h>

enum stats_sum {
#define STAT(name) STATS_##name,
#include "capture/stats.def"
#undef STAT
	STATS_SUMS,
};

/* Whether lines can be written to fd, which no command of ours will have. False sets *e. */
bool stats_take(int fd, struct err *e);

struct stats_options {
	bool line;
	int json; /* descriptor; below 0: none */
};

/* What it took to read the samples of some ticks. */
struct stats_time {
	uint64_t ns, samples;
	uint64_t min_ns, max_ns; /* a sample, of one tick's mean */
};

struct stats {
	struct stats_options o;
	bool terminal;
	uint64_t due_ns;             /* UINT64_MAX: never */
	uint64_t start_ns, since_ns; /* of the run; of the span that is not told yet */
	uint64_t told[STATS_SUMS];
	struct stats_time lately, all;
};

struct stats_now {
	uint64_t sums[STATS_SUMS]; /* of the run */
	uint64_t waiting_bytes, threads, processes;
};

void stats_begin(struct stats *s, struct stats_options options, uint64_t now);

/* A tick has taken that long, with all that belongs to it. */
void stats_tick(struct stats *s, uint64_t ns, uint64_t samples);

/* Tells what was since the last time; at the end of the run what was in all of it. */
void stats_tell(struct stats *s, uint64_t now, const struct stats_now *what, bool end);

static inline bool
stats_are_wanted(struct stats_options options)
{
	return options.line || options.json >= 0;
}

#endif
