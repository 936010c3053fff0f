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
	uint64_t bytes;           /* of the stream */
};

/* "10,000 ticks, missed 0, torn 4, ..." and a line of circumstances, on standard error. */
void report_print(const struct report *r);

#endif
