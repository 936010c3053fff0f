/* SPDX-License-Identifier: MIT */
/* The loop: wait for the tick, read every chosen thread once, tell what changed. */
#include "capture/family.h"
#include "capture/signals.h"

enum {
	SOON_NS = 500000,
	AGAIN_MAX =
		4, /* threads that were stopped where nothing fits together are stopped anew */
	AWAY_NS =
		20000, /* a thread that is stopped at once again has done nothing in between */
	REST_MOST_NS = 100000000,
	ONCE_MAX = 100, /* ticks, where one is asked for and does not show all */
};

/* Whether the command has ended, rather than somebody that it left behind. */
static bool
has_lost_its_child(struct capture *c)
{
	if (c->family)
		family_bury(c);
	return child_ended(&c->child, false);
}

/* Who stops threads waits for SIGCHLD, and so may have taken the one that told of an end. */
static bool
has_news(const struct capture *c)
{
	return child_has_news() || c->hold;
}

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
	else if (has_news(c) && has_lost_its_child(c))
		c->reason = STREAM_TARGET_ENDED;
	return c->reason != STREAM_GOES_ON;
}

static size_t
count_gone(const struct capture *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->targets.n; i++)
		n += c->targets.at[i]->gone;
	return n;
}

/* One that ends while others go on is let go after the next tick, which tells so. */
static bool
all_have_ended(struct capture *c)
{
	for (size_t i = 0; i < c->targets.n; i++)
		c->targets.at[i]->gone |= !remote_alive(c->targets.at[i]->remote);
	return count_gone(c) == c->targets.n;
}

/* Looks at the family when that is due, or will be soon: a tick and a look need one waking. */
static void
mind_family(struct capture *c, uint64_t now)
{
	uint64_t soon = c->run.interval_ns / 2 < SOON_NS ? c->run.interval_ns / 2 : SOON_NS;

	if (c->family && now + soon >= family_due(c->family))
		family_look(c, now);
}

void
loop_serve(void *minder)
{
	struct capture *c = minder;

	hold_serve(c->hold);
	if (c->reason != STREAM_GOES_ON)
		hold_suspend(c->hold);
	if (!signals.suspend)
		return;
	while (!hold_suspend(c->hold))
		;
	signals_suspend();
	if (c->reason == STREAM_GOES_ON)
		hold_again(c->hold);
}

static void
sleep_until(struct capture *c, uint64_t now, uint64_t until)
{
	bool near = clock_is_near(&c->clock, now, until);

	if (c->o->blocking)
		clock_doze(near ? now : until);
	else if (!near)
		clock_sleep(until);
}

/* Waits for the moment, minding what signals ask and what is due; false: all targets or the run are over. */
static bool
wait_until(struct capture *c, uint64_t deadline)
{
	for (uint64_t now, until;;) {
		if (c->hold)
			loop_serve(c);
		now = clock_now();
		if (signals.flush || now >= c->flush_ns) {
			run_flush(c, now);
			/* Long before the next tick of a low rate, a process may have ended. */
			if (all_have_ended(c))
				return false;
		}
		mind_family(c, now);
		if (loop_is_over(c, now))
			return false;
		if (now >= deadline)
			return true;
		if (c->o->duration_ns && deadline > c->run.monotonic_ns + c->o->duration_ns)
			deadline = c->run.monotonic_ns + c->o->duration_ns;
		until = deadline < c->flush_ns ? deadline : c->flush_ns;
		if (c->family && family_due(c->family) < until)
			until = family_due(c->family);
		sleep_until(c, now, until);
	}
}

static void
stop(struct capture *c)
{
	uint64_t now = clock_now();

	c->stopped.since_ns = hold_stop(c->hold) ? now : 0;
}

static void
resume(struct capture *c)
{
	uint64_t stood;

	hold_resume(c->hold);
	stood = c->stopped.since_ns ? clock_now() - c->stopped.since_ns : 0;
	c->stopped.sum_ns += stood;
	if (stood > c->stopped.most_ns)
		c->stopped.most_ns = stood;
}

static bool
look_again(struct capture *c)
{
	bool torn = false;

	resume(c);
	clock_sleep(clock_now() + AWAY_NS);
	stop(c);
	for (size_t i = 0; i < c->targets.n; i++)
		torn |= target_look_again(c->targets.at[i], run_choice(c));
	return torn;
}

/* Reads all stacks. True: some are torn. */
static bool
look(struct capture *c)
{
	bool torn = false;

	for (size_t i = 0; i < c->targets.n; i++)
		torn |= target_look(c->targets.at[i], c->writer, run_choice(c));
	return torn;
}

/* Looks while the threads stand, which then run for as long at least. */
static void
look_at_held(struct capture *c)
{
	uint64_t from = clock_now(), to;
	bool torn;

	for (size_t i = 0; i < c->targets.n; i++)
		target_ask(c->targets.at[i], c->writer, run_choice(c));
	stop(c);
	torn = look(c);
	for (unsigned i = 0; torn && !c->vain && i < AGAIN_MAX; i++)
		torn = look_again(c);
	c->vain = torn;
	resume(c);
	to = clock_now();
	c->rested_ns = to + (to - from < REST_MOST_NS ? to - from : REST_MOST_NS);
}

/* Every thread of every target, at one moment. */
static void
sample(struct capture *c, uint64_t now, uint64_t units)
{
	uint32_t others = 0;

	for (size_t i = 0; i < c->targets.n; i++) {
		target_refresh(c->targets.at[i], c->writer, run_choice(c), now, units);
		target_account(c->targets.at[i], c->writer, now, units);
		others += c->targets.at[i]->others;
	}
	if (c->others < others)
		c->others = others;
	run_say_refused(c);
	if (c->hold)
		look_at_held(c);
	else
		look(c);
	writer_tick(c->writer, units);
	for (size_t i = 0; i < c->targets.n; i++)
		target_sample(c->targets.at[i], c->writer, run_choice(c), &c->counts);
	c->units = units;
	c->ticks++;
}

/* Why ticks are missed that were due up to now; usual is the reason where there is no other. */
static enum stream_loss
why_missed(struct capture *c, enum stream_loss usual)
{
	bool full = c->output.waited, suspended = signals.resumed;

	c->output.waited = false;
	signals.resumed = 0;
	return full ? STREAM_LOSS_FULL : suspended ? STREAM_LOSS_SUSPENDED : usual;
}

/* The run is as long as it was to be; ticks that were due before that are missed. */
static void
miss_rest(struct capture *c)
{
	uint64_t now = clock_now(), end = c->run.monotonic_ns + c->o->duration_ns;

	if (c->reason == STREAM_REACHED && now > end)
		clock_end(&c->clock, end, why_missed(c, STREAM_LOSS_LATE));
}

/* Whether one tick was asked for, and the last one shows all. */
static bool
was_once(const struct capture *c)
{
	if (!c->o->once || c->ticks == 0)
		return false;
	return c->ticks >= ONCE_MAX ||
	       (c->counts.torn == c->torn && (!c->family || family_is_met(c->family)));
}

/* One tick. False: a target or the run is over. */
static bool
tick(struct capture *c)
{
	uint64_t now = clock_now(), units, due;
	bool rests; /* threads that stood at the last tick are to run first */

	if (c->tick_ns)
		stats_tick(&c->stats, now - c->tick_ns, c->counts.samples - c->tick_samples);
	c->tick_ns = 0;
	if (was_once(c)) {
		c->reason = STREAM_REACHED;
		return false;
	}
	due = clock_due(&c->clock, now, why_missed(c, STREAM_LOSS_SLOW));
	rests = due < c->rested_ns;
	if (rests)
		due = c->rested_ns;
	if (!wait_until(c, due)) {
		miss_rest(c);
		return false;
	}
	if (c->o->samples && c->counts.samples >= c->o->samples) {
		c->reason = STREAM_REACHED;
		return false;
	}
	now = clock_now();
	clock_take(&c->clock, now, why_missed(c, rests ? STREAM_LOSS_SLOW : STREAM_LOSS_LATE));
	units = run_units(c, now);
	if (units <= c->units && c->ticks)
		units = c->units + 1;
	c->tick_ns = c->stats.due_ns < UINT64_MAX ? now : 0;
	c->tick_samples = c->counts.samples;
	c->torn = c->counts.torn;
	part_change(c, now, units);
	sample(c, now, units);
	return count_gone(c) == 0;
}

static void
tell_outcome(struct capture *c, const struct target *t, struct stream_exit *x)
{
	int status;

	if (remote_pid(t->remote) == c->child.pid && child_ended(&c->child, true)) {
		x->known = 1;
		x->status = (uint64_t)c->child.status;
	} else if (target_outcome(t, &status)) {
		x->known = 1;
		x->status = (uint64_t)child_status(status);
	}
}

/* The process has ended, or is another program now, which ends this one without a status. */
static void
let_go(struct capture *c, struct target *t)
{
	struct stream_exit x = { .process = t->process, .at = run_units(c, clock_now()) };
	bool alive = remote_alive(t->remote), ended = !alive && remote_ended(t->remote);

	if (ended)
		tell_outcome(c, t, &x);
	if (t->told && !alive)
		writer_exit(c->writer, &x);
	if (ended &&
	    (c->child.ended || (!run_is_command(c) && remote_pid(t->remote) == c->o->pid)))
		c->reason = STREAM_TARGET_ENDED;
	if (t->told)
		writer_process_gone(c->writer, t->process);
	c->reads.calls += remote_count(t->remote).calls;
	c->reads.bytes += remote_count(t->remote).bytes;
	if (c->family)
		family_lost(c->family, t);
	run_spare(c, t);
}

/* When nobody is left, a last tick tells that they are not watched any more. */
static void
take_leave(struct capture *c)
{
	uint64_t units = run_units(c, clock_now());

	if (units <= c->units)
		units = c->units + 1;
	writer_tick(c->writer, units);
	for (size_t i = 0; i < c->targets.n; i++)
		target_leave(c->targets.at[i], c->writer);
	c->units = units;
	c->ticks++;
}

/* Lets go of those that are gone, and of all when the run is over with its target. */
static void
let_go_of_some(struct capture *c)
{
	size_t kept = 0;
	bool some;

	if (c->reason == STREAM_GOES_ON && c->ticks && count_gone(c) == c->targets.n)
		take_leave(c);
	for (size_t i = 0; i < c->targets.n; i++)
		if (c->targets.at[i]->gone || c->reason == STREAM_TARGET_ENDED)
			let_go(c, c->targets.at[i]);
		else
			c->targets.at[kept++] = c->targets.at[i];
	some = kept != c->targets.n;
	c->targets.n = kept;
	if (some)
		run_flush(c, clock_now());
}

void
loop_sample(struct capture *c)
{
	while (c->reason == STREAM_GOES_ON && (c->targets.n || seek_python(c))) {
		if (!c->begun)
			run_begin(c);
		while (tick(c))
			;
		let_go_of_some(c);
	}
	if (!c->begun)
		run_begin(c);
	if (c->hold)
		hold_suspend(c->hold);
}
