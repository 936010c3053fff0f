/* SPDX-License-Identifier: MIT */
/*
 * capture/account.h: the scheduler's own accounting, told a few times a second.
 *
 * A sample says what a thread did at one moment, and many of them about what
 * share of the time it ran; the scheduler knows that share.
 */
#ifndef CAPTURE_ACCOUNT_H
#define CAPTURE_ACCOUNT_H

#include "remote/activity.h"
#include "stream/writer.h"

/* What was told of a thread. All zero: nothing yet. */
struct account {
	struct activity_account told;
	uint64_t at; /* units since the run's start */
	bool begun;
};

/* Whose turn it is, of the threads of a target. All zero at first. */
struct turns {
	uint64_t last_ns; /* when turns were given */
	uint64_t owed;    /* of time, times threads, since */
	size_t next;
};

/* Tells what was accounted since it was last told, or begins: units is now. */
void account_tell(struct account *a, const struct activity *x, struct writer *w,
                  uint64_t thread, uint64_t units);

/*
 * How many of n threads should be told at this tick, so that each one comes
 * ten times a second, or seldomer where there are more than a hundred.
 */
size_t turns_due(struct turns *t, uint64_t now, size_t n);

#endif
