/* SPDX-License-Identifier: MIT */
/*
 * capture/report.h: the closing lines of a run, for people.
 */
#ifndef CAPTURE_REPORT_H
#define CAPTURE_REPORT_H

#include "stream/stream.h"

struct report {
	struct stream_outcome total;
	uint64_t unit_ns;
	double asked_hz;
	uint32_t threads, others; /* sampled; seen and not sampled */
	uint64_t processes;       /* sampled */
	uint64_t left_out;        /* samples that the mode did not want */
	uint64_t bytes;           /* of the stream */
	enum stream_mode tasks_mode;
	uint64_t tasks, loops;                /* told; samples in which asyncio was met */
	uint64_t shortened;                   /* see struct ways */
	uint64_t stopped_ns, stopped_most_ns; /* threads; in all, and at the longest */
};

/* "10,000 ticks, missed 0, torn 4, ..." and a line of circumstances, on standard error. */
void report_print(const struct report *r);

/* "missed 12 (10 late, 2 slow)": ticks by cause. */
struct text report_missed(struct arena *a, const uint64_t losses[STREAM_LOSS_END]);

#endif
