/* SPDX-License-Identifier: MIT */
/* The loop: wait for the tick, read every chosen thread once, tell what changed. */
#include "capture/run.h"
#include "capture/signals.h"

/* Why the run is over, if it is. */
bool
loop_is_over(struct capture *c, uint64_t now)
{
	if (signals.end)
		c->reason = STREAM_INTERRUPTED;
	else if (c->begun && !writer_alive(c->writer))
		c->reason = STREAM_OUTPUT_ENDED;
	else if (c->begun && c->o->duration_ns &&
	         now - c->run.monotonic_ns >= c->o->duration_ns)
		c->reason = STREAM_REACHED;
	else if (child_has_news() && child_ended(&c->child, false))
		c->reason = STREAM_TARGET_ENDED;
	return c->reason != STREAM_GOES_ON;
}

/* Waits for the moment, minding what signals ask and what is due; false: the run is over. */
static bool
wait_until(struct capture *c, uint64_t deadline)
{
	for (uint64_t now, until;;) {
		if (signals.reopen)
			run_reopen(c);
		now = clock_now();
		if (signals.flush || now >= c->flush_ns) {
			run_flush(c, now);
			/* Long before the next tick of a low rate, the process may have ended. */
			c->target.gone |= !remote_alive(c->target.remote);
		}
		if (c->target.gone)
			return false;
		if (loop_is_over(c, now))
			return false;
		if (now >= deadline)
			return true;
		if (c->o->duration_ns && deadline > c->run.monotonic_ns + c->o->duration_ns)
			deadline = c->run.monotonic_ns + c->o->duration_ns;
		until = deadline < c->flush_ns ? deadline : c->flush_ns;
		if (!clock_is_near(&c->clock, now, until))
			clock_sleep(until);
	}
}

/* One tick. False: the run is over. */
static bool
tick(struct capture *c)
{
	uint64_t due = clock_due(&c->clock, clock_now(), c->busy), now, units;

	c->busy = STREAM_LOSS_SLOW;
	if (!wait_until(c, due))
		return false;
	if (c->o->samples && c->counts.samples >= c->o->samples) {
		c->reason = STREAM_REACHED;
		return false;
	}
	now = clock_now();
	clock_take(&c->clock, now, signals.resumed ? STREAM_LOSS_SUSPENDED : STREAM_LOSS_LATE);
	signals.resumed = 0;
	units = run_units(c, now);
	if (units <= c->units && c->ticks)
		units = c->units + 1;
	target_refresh(&c->target, c->writer, run_choice(c), now, units);
	if (c->others < c->target.others)
		c->others = c->target.others;
	writer_tick(c->writer, units);
	target_sample(&c->target, c->writer, &c->counts);
	c->units = units;
	c->ticks++;
	return true;
}

/* The process has ended, or is another program now. */
static void
let_go(struct capture *c)
{
	pid_t pid = remote_pid(c->target.remote);
	struct stream_exit x = { .process = c->target.process,
		                 .at = run_units(c, clock_now()) };
	bool alive = remote_alive(c->target.remote);

	if (!alive) {
		if (pid == c->child.pid && child_ended(&c->child, true)) {
			x.known = 1;
			x.status = (uint64_t)c->child.status;
		}
		if (c->target.told)
			writer_exit(c->writer, &x);
		if (c->child.ended || !run_is_command(c))
			c->reason = STREAM_TARGET_ENDED;
	}
	target_close(&c->target);
	c->next_process++;
	run_flush(c, clock_now());
}

void
loop_sample(struct capture *c)
{
	while (c->reason == STREAM_GOES_ON && seek_python(c)) {
		if (!c->begun)
			run_begin(c);
		while (!c->target.gone && tick(c))
			;
		if (c->target.gone || (c->reason == STREAM_TARGET_ENDED && c->target.python))
			let_go(c);
	}
	if (!c->begun)
		run_begin(c);
}
