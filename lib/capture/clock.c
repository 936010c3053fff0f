/* SPDX-License-Identifier: MIT */
#include "capture/clock.h"

#include "base/index.h"
#include "base/time.h"

#include <poll.h>
#include <signal.h>
#include <time.h>

enum {
	NAP_NS = 100000000, /* a signal that comes just before a sleep is seen after it */
	WAKING_NS =
		50000, /* what waking up takes at times: measured 20 to 40 us in a virtual machine */
	NEAR_NS = 4000,
};

uint64_t
clock_now(void)
{
	return time_now();
}

uint64_t
clock_wall(void)
{
	return time_of(CLOCK_REALTIME);
}

void
clock_begin(struct clock *c, uint64_t now, uint64_t interval_ns, uint64_t seed)
{
	*c = (struct clock){ .start_ns = now, .interval_ns = interval_ns, .random = seed };
}

/* A number below the interval that nobody can foresee without the seed (SplitMix64). */
static uint64_t
jitter(struct clock *c)
{
	if (!c->random)
		return 0;
	c->random += 0x9e3779b97f4a7c15u;
	return mix_number(c->random) % c->interval_ns;
}

/* Whole intervals behind the deadline are ticks that are missed: they are not made up for. */
static void
skip(struct clock *c, uint64_t now, enum stream_loss why)
{
	uint64_t late = now > c->deadline_ns ? (now - c->deadline_ns) / c->interval_ns : 0;

	c->missed[why] += late;
	c->slot += late;
	c->deadline_ns += late * c->interval_ns;
}

uint64_t
clock_due(struct clock *c, uint64_t now, enum stream_loss why)
{
	c->deadline_ns = c->start_ns + c->slot++ * c->interval_ns + jitter(c);
	skip(c, now, why);
	return c->deadline_ns;
}

void
clock_take(struct clock *c, uint64_t now, enum stream_loss why)
{
	skip(c, now, why);
}

void
clock_end(struct clock *c, uint64_t now, enum stream_loss why)
{
	skip(c, now, why);
	c->missed[why] += now > c->deadline_ns;
}

void
clock_rest(struct clock *c, uint64_t now)
{
	uint64_t slot = (now - c->start_ns) / c->interval_ns + 1;

	if (c->slot < slot)
		c->slot = slot;
}

void
clock_sleep(uint64_t until)
{
	uint64_t now = clock_now(), end = until - now > NAP_NS ? now + NAP_NS : until;
	struct timespec t = { (time_t)(end / 1000000000u), (long)(end % 1000000000u) };

	if (until > now)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

void
clock_doze(uint64_t until)
{
	uint64_t now = clock_now(), left = until > now ? until - now : 0;
	struct timespec t = { 0 };
	sigset_t open;

	if (left > NAP_NS)
		left = NAP_NS;
	t.tv_nsec = (long)left;
	sigprocmask(SIG_BLOCK, NULL, &open);
	sigdelset(&open, SIGCHLD);
	ppoll(NULL, 0, &t, &open);
}

bool
clock_is_near(const struct clock *c, uint64_t now, uint64_t until)
{
	return until < now + (c->interval_ns < WAKING_NS ? WAKING_NS : NEAR_NS);
}
