/* SPDX-License-Identifier: MIT */
/*
 * capture/clock.h: when to tick.
 *
 * Time is cut into slots of one interval, by absolute deadlines, so that
 * lateness never adds up. With jitter a tick falls anywhere in its slot: then
 * no program can run in step with the sampler, and a stay of any length is
 * met in proportion. A slot that passed without a tick is missed, for a
 * reason; ticks are never made up for.
 */
#ifndef CAPTURE_CLOCK_H
#define CAPTURE_CLOCK_H

#include "stream/stream.h"

struct clock {
	uint64_t start_ns;    /* CLOCK_MONOTONIC at the begin of slot 0 */
	uint64_t interval_ns;
	uint64_t slot;        /* of the tick that is due, or was taken last */
	uint64_t random;      /* state of the jitter; 0: none */
	bool begun;
	uint64_t missed[STREAM_LOSS_END];
};

/* CLOCK_MONOTONIC, nanoseconds. */
uint64_t clock_now(void);

/* Slots begin now. A seed of 0 means no jitter. */
void clock_begin(struct clock *c, uint64_t now, uint64_t interval_ns, uint64_t seed);

/* Chooses the next slot; its deadline. Slots that are over by now are missed for that reason. */
uint64_t clock_due(struct clock *c, uint64_t now, enum stream_loss why);

/* The tick is taken now; slots between the due one and this are missed for that reason. */
void clock_take(struct clock *c, uint64_t now, enum stream_loss why);

/* Sleeps until then, or until a signal comes, at most 100 ms. */
void clock_sleep(uint64_t until);

#endif
