/* SPDX-License-Identifier: MIT */
/* Finding CPython: in a process that is given, or among what a command becomes. */
#include "capture/run.h"
#include "capture/signals.h"
#include "remote/proc.h"

#include <time.h>
#include <unistd.h>

enum {
	CHILDREN_MAX = 256,
	PATIENCE_NS = 1000000, /* between looks for CPython in a process that has just begun */
	QUICK_TRIES = 10,
	YOUTH_NS = 1000000000, /* the age until which a process may yet become CPython */
};

/* Breadth first, so that of several the one nearest to the command is taken. */
static bool
open_descendant(struct capture *c, pid_t root)
{
	pid_t queue[CHILDREN_MAX] = { root };
	struct arena scratch = { 0 };
	unsigned n = 1;
	bool found = false;

	for (unsigned i = 0; i < n && !found; i++) {
		found = target_open(&c->target, queue[i], c->next_process, &c->last);
		if (!found)
			n += proc_children(&scratch, queue[i], queue + n, CHILDREN_MAX - n);
	}
	arena_empty(&scratch);
	return found;
}

/*
 * How long to wait before looking for CPython again. A start is quick, or is
 * none: then looking, which took took_ns, may cost a twentieth of a CPU.
 */
static uint64_t
patience_ns(unsigned tries, uint64_t took_ns)
{
	uint64_t patience = tries < QUICK_TRIES ? PATIENCE_NS : took_ns * 20;

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
	struct timespec t;
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);

	if (!proc_stat(pid, &stat) || stat.state == 'Z' ||
	    clock_gettime(CLOCK_BOOTTIME, &t) != 0)
		return UINT64_MAX;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec -
	       stat.start_ticks * tick_ns;
}

/* A young interpreter is yet to have its first frame; an old one may have none. */
static bool
has_come_up(struct target *t)
{
	return target_ready(t, age_ns(remote_pid(t->remote)) < YOUTH_NS);
}

/* Looks for CPython in the command or the process until it has come up; false: there is none. */
bool
seek_python(struct capture *c)
{
	pid_t pid = run_is_command(c) ? c->child.pid : c->o->pid;
	struct text program = { 0 };

	for (unsigned tries = 0;; tries++) {
		uint64_t now;

		if (!c->begun && !run_is_command(c) && age_ns(pid) > YOUTH_NS)
			run_begin(c);
		now = clock_now();
		if (loop_is_over(c, now))
			return false;
		if (is_another_program(pid, &program, c->tool->arena))
			tries = 0;
		if (!c->target.python && !open_descendant(c, pid) && !run_is_command(c) &&
		    kill(pid, 0) != 0) {
			c->reason = STREAM_TARGET_ENDED;
			return false;
		}
		if (c->target.python && has_come_up(&c->target))
			return true;
		if (c->target.python && !remote_alive(c->target.remote))
			target_close(&c->target);
		clock_sleep(now + patience_ns(tries, clock_now() - now));
	}
}

/* "python3 app.py & tsample -p $!" meets a process that has yet to become CPython. */
bool
seek_given(struct capture *c)
{
	while (!target_open(&c->target, c->o->pid, 0, &c->tool->err)) {
		if (signals.end || age_ns(c->o->pid) > YOUTH_NS)
			return false;
		clock_sleep(clock_now() + PATIENCE_NS);
	}
	c->tool->err = (struct err){ 0 };
	return true;
}
