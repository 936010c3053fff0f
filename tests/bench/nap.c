/* SPDX-License-Identifier: MIT */
/*
 * "nap RATE SECONDS": sleeps until each tick and does nothing else. What that
 * costs is the floor of every sampler of that rate on the machine: in a virtual
 * one, where to arm a timer traps, 12 to 22 us a tick.
 */
#include "capture/clock.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { SECOND = 1000000000 };

int
main(int argc, char **argv)
{
	uint64_t rate = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
	double seconds = argc == 3 ? atof(argv[2]) : 0;
	struct timespec next;

	if (rate == 0)
		return 2;
	prctl(PR_SET_TIMERSLACK, 1);
	clock_gettime(CLOCK_MONOTONIC, &next);
	for (uint64_t ticks = (uint64_t)(seconds * (double)rate); ticks > 0; ticks--) {
		next.tv_nsec += (long)(SECOND / rate);
		next.tv_sec += next.tv_nsec / SECOND;
		next.tv_nsec %= SECOND;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
	return 0;
}
