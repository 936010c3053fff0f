/* SPDX-License-Identifier: MIT */
/* base/time.h: the clocks that intervals are measured by, in nanoseconds: clock_gettime(2). */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>
#include <time.h>

static inline uint64_t
time_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Since the machine began. */
static inline uint64_t
time_now(void)
{
	return time_of(CLOCK_MONOTONIC);
}

/* For how long our thread has run: what it waits for a CPU is not in it. */
static inline uint64_t
time_ran(void)
{
	return time_of(CLOCK_THREAD_CPUTIME_ID);
}

#endif
