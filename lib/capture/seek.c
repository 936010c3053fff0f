/* SPDX-License-Identifier: MIT */
/* Finding CPython: in a process that is given, or among what a command becomes. */
#include "capture/family.h"
#include "capture/signals.h"
#include "remote/proc.h"

#include <poll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	CHILDREN_MAX = 256,
	PATIENCE_NS = 1000000, /* between looks for CPython in a process that has just begun */
	QUICK_NS = 200000000,  /* after the start of a program that is looked for so often */
	YOUTH_NS = 1000000000, /* the age until which a process may yet become CPython */
};

/* A command is over soon, and then nothing tells any more why it is unsampled. */
static void
say_if_unfit(struct capture *c)
{
	if (c->unfit || c->o->quiet || !run_is_unfit(&c->last))
		return;
	c->unfit = true;
	tool_say(c->tool, "%s (%s)", c->last.fact, c->last.hint);
}

/* For a command one of its descendants may stand, breadth first: the one nearest to it. */
static void
open_one(struct capture *c, pid_t root)
{
	pid_t queue[CHILDREN_MAX] = { root };
	struct arena scratch = { 0 };
	unsigned n = 1;

	for (unsigned i = 0; i < n; i++) {
		c->sought = run_open(c, queue[i], (struct target_hint){ 0 }, &c->last);
		if (c->sought)
			break;
		say_if_unfit(c);
		if (run_is_command(c))
			n += proc_children(&scratch, queue[i], queue + n, CHILDREN_MAX - n);
	}
	arena_empty(&scratch);
}

/*
 * How long to wait before looking for CPython again. A start is quick, or is
 * none: then looking, which took took_ns, may cost a twentieth of a CPU.
 */
static uint64_t
patience_ns(uint64_t since_ns, uint64_t took_ns)
{
	uint64_t patience = since_ns < QUICK_NS ? PATIENCE_NS : took_ns * 20;

	return patience < PATIENCE_NS ? PATIENCE_NS : patience;
}

/* Whether the process is another program than it was: then a start has just begun. */
static bool
is_another_program(pid_t pid, struct text *program, struct arena *a)
{
	struct arena scratch = { 0 };
	struct text now = proc_link(&scratch, pid, "exe");
	bool other = !text_equal(now, *program);

	if (other)
		*program = text_copy(a, now);
	arena_empty(&scratch);
	return other;
}

/* How long ago the process was started; much, where that cannot be told. */
static uint64_t
age_ns(pid_t pid)
{
	struct proc_stat stat;

	return proc_stat(pid, &stat) && stat.state != 'Z' ? proc_age_ns(&stat) : UINT64_MAX;
}

/* A young interpreter is yet to have its first frame; an old one may have none. */
static bool
has_come_up(struct target *t)
{
	return target_ready(t, age_ns(remote_pid(t->remote)) < YOUTH_NS);
}

/* By its pidfd: its number may be another process's by now. */
bool
seek_given_has_ended(const struct capture *c)
{
	struct pollfd end = { .fd = c->given, .events = POLLIN };

	return !run_is_command(c) && poll(&end, 1, 0) != 0;
}

/*
 * What was found becomes a target when it has come up. What has ended before
 * that is let go, and what got the number of the process that was given.
 */
static bool
take_sought(struct capture *c)
{
	struct target *t = c->sought;

	if (!t)
		return false;
	if (seek_given_has_ended(c) || !remote_alive(t->remote))
		run_spare(c, t);
	else if (has_come_up(t))
		run_take(c, t);
	else
		return false;
	c->sought = NULL;
	return c->targets.n > 0;
}

/* The run of a process that was there before us begins, whatever that is. */
static void
begin_if_old(struct capture *c)
{
	if (!c->begun && !run_is_command(c) && age_ns(c->o->pid) > YOUTH_NS)
		run_begin(c);
}

/* Waits for a member of the family to come up. */
static bool
seek_family(struct capture *c)
{
	while (c->targets.n == 0) {
		uint64_t now;

		begin_if_old(c);
		if (c->hold)
			loop_serve(c);
		now = clock_now();
		if (loop_is_over(c, now))
			return false;
		if (now >= family_due(c->family))
			family_look(c, now);
		else
			clock_doze(family_due(c->family));
	}
	return true;
}

/* A run goes on without samples while its process executes something else. */
static void
say_if_idle(const struct capture *c, uint64_t since_ns, bool *said)
{
	if (*said || !c->begun || since_ns < YOUTH_NS || c->o->quiet || !c->last.fact[0])
		return;
	*said = true;
	tool_say(c->tool, "%s: nothing is sampled until it executes one", c->last.fact);
}

/* Looks for CPython in the command or the process until it has come up; false: there is none. */
static bool
seek_one(struct capture *c)
{
	pid_t pid = run_is_command(c) ? c->child.pid : c->o->pid;
	struct text program = { 0 };
	uint64_t now, began = clock_now();
	bool said = false;

	for (;;) {
		begin_if_old(c);
		if (c->hold)
			loop_serve(c);
		now = clock_now();
		if (loop_is_over(c, now))
			return false;
		if (is_another_program(pid, &program, c->tool->arena))
			began = now;
		if (seek_given_has_ended(c)) {
			c->reason = STREAM_TARGET_ENDED;
			return false;
		}
		if (!c->sought)
			open_one(c, pid);
		say_if_idle(c, now - began, &said);
		if (take_sought(c))
			return true;
		clock_doze(now + patience_ns(now - began, clock_now() - now));
	}
}

bool
seek_python(struct capture *c)
{
	bool found = c->family ? seek_family(c) : seek_one(c);

	if (c->begun && c->ticks)
		clock_rest(&c->clock, clock_now());
	return found;
}

/* With a family, the first member need not be CPython itself. */
static bool
seek_root(struct capture *c)
{
	struct arena scratch = { 0 };
	struct remote *root = remote_open(&scratch, c->o->pid, &c->tool->err);

	if (root) {
		remote_close(root);
		c->family = family_new(c->tool->arena, false);
		family_begin(c, c->o->pid);
	}
	arena_empty(&scratch);
	return root != NULL;
}

/* Its samples are all of one place, which looks like a program that hangs. */
static void
say_if_stopped(struct capture *c)
{
	struct proc_stat stat;

	if (!c->o->quiet && proc_stat(c->o->pid, &stat) && stat.state == 'T')
		tool_say(c->tool, "process %d is stopped (SIGSTOP?)", (int)c->o->pid);
}

/* "python3 app.py & tsample -p $!" meets a process that has yet to become CPython. */
bool
seek_given(struct capture *c)
{
	c->given = (int)syscall(SYS_pidfd_open, c->o->pid, 0);
	say_if_stopped(c);
	if (c->o->subprocesses)
		return seek_root(c);
	while (!(c->sought =
	                 run_open(c, c->o->pid, (struct target_hint){ 0 }, &c->tool->err))) {
		if (signals.end || age_ns(c->o->pid) > YOUTH_NS)
			return false;
		clock_doze(clock_now() + PATIENCE_NS);
	}
	c->tool->err = (struct err){ 0 };
	return true;
}
