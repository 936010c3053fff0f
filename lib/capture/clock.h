/* SPDX-License-Identifier: MIT */
/*
 * capture/clock.h: when to tick.
 *
 * Time is cut into slots of one interval, by absolute deadlines, so that
 * lateness never adds up. With jitter a tick falls anywhere in its slot: then
 * no program can run in step with the sampler, and a stay of any length is
 * met in proportion. A tick that is late by an interval is missed, for a
 * reason; ticks are never made up for.
 */
#ifndef CAPTURE_CLOCK_H
#define CAPTURE_CLOCK_H

#include "stream/stream.h"

struct clock {
	uint64_t start_ns; /* CLOCK_MONOTONIC at the begin of slot 0 */
	uint64_t interval_ns;
	uint64_t slot;        /* of the tick after the one that is due */
	uint64_t deadline_ns; /* of the one that is due */
	uint64_t random;      /* state of the jitter; 0: none */
	uint64_t missed[STREAM_LOSS_END];
};

/* CLOCK_MONOTONIC, nanoseconds. */
uint64_t clock_now(void);

/* CLOCK_REALTIME, nanoseconds since 1970. */
uint64_t clock_wall(void);

/* Slots begin now. A seed of 0 means no jitter. */
void clock_begin(struct clock *c, uint64_t now, uint64_t interval_ns, uint64_t seed);

/* The deadline of the next tick. Those that are too late by now are missed for that reason. */
uint64_t clock_due(struct clock *c, uint64_t now, enum stream_loss why);

/* The tick is taken now. Those between the one that was due and now are missed for that reason. */
void clock_take(struct clock *c, uint64_t now, enum stream_loss why);

/* No more ticks are taken; those that were due up to now are missed for that reason. */
void clock_end(struct clock *c, uint64_t now, enum stream_loss why);

/* Nobody was there to be sampled until now: the ticks up to now were not due. */
void clock_rest(struct clock *c, uint64_t now);

/* Sleeps until then, or until a signal comes, at most 100 ms. */
void clock_sleep(uint64_t until);

/* As clock_sleep(), and SIGCHLD, which is blocked, ends it too: also one that came before. */
void clock_doze(uint64_t until);

/*
 * Whether then is so near that a sleep would miss it. At intervals shorter than
 * waking takes, everything is near: then the CPU is spent on being in time.
 */
bool clock_is_near(const struct clock *c, uint64_t now, uint64_t until);

#endif
