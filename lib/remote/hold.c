/* SPDX-License-Identifier: MIT */
#include "remote/hold.h"

#include "base/text.h"
#include "base/vec.h"
#include "remote/proc.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SPINS = 40,             /* looks for a stop before sleeping for it: 10 us */
	PATIENCE_NS = 10000000, /* for a stop */
	PROBE_TRIES = 100,
	STOPS_MAX = 64, /* that are served at once, besides two of each thread */
};

/*
 * LOOSE: not seized. ASKED: to stop, which it does soon; LATE: which it has not
 * done so far. STOPPED: until it is resumed. LISTENS: stopped with its group
 * by job control, which goes on as it would without us.
 */
enum held_state { LOOSE, RUNS, ASKED, LATE, STOPPED, LISTENS, ENDED };

struct held {
	pid_t pid, tid;
	enum held_state state;
	int signal;    /* to pass on when it is resumed */
	bool grouped;  /* stopped with its group */
	bool unwanted; /* to be let go as soon as it stops */
	bool sleeps;   /* not to be stopped */
};

struct hold {
	struct arena *arena;
	VEC(struct held *) all, spare;
};

struct hold *
hold_new(struct arena *a)
{
	struct hold *h = arena_new(a, struct hold);

	h->arena = a;
	return h;
}

static long
command(enum __ptrace_request request, const struct held *t, int data)
{
	return ptrace(request, t->tid, NULL, (void *)(intptr_t)data);
}

/*
 * What stopped the thread: us, a stop of its whole group, or a signal that is
 * about to be delivered. Only the last one carries no event.
 */
static void
note_stop(struct held *t, int status)
{
	int signal = status & 0xff, event = status >> 8;

	t->signal = event == PTRACE_EVENT_STOP ? 0 : signal;
	t->grouped = event == PTRACE_EVENT_STOP && signal != SIGTRAP;
	t->state = STOPPED;
}

/* The leader of a child of ours is seen off by whoever started it. */
static bool
is_our_child(const struct held *t)
{
	struct proc_stat stat;

	return t->tid == t->pid && proc_stat(t->pid, &stat) && stat.parent == getpid();
}

/* Whether waitid(2) told an end: who traces is told of stops too, asked for or not. */
static bool
is_end(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED || info->si_code == CLD_KILLED ||
	       info->si_code == CLD_DUMPED;
}

/* A thread that has ended stays until its tracer has seen it: its process would wait for that. */
static bool
has_ended(struct held *t)
{
	siginfo_t info = { 0 };
	int got = waitid(P_PID, (id_t)t->tid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL);

	if (got == 0 && (info.si_pid == 0 || !is_end(&info)))
		return false;
	if (got == 0 && !is_our_child(t))
		waitid(P_PID, (id_t)t->tid, &info, WEXITED | WNOHANG | __WALL);
	t->state = ENDED;
	return true;
}

static bool
has_stopped(struct held *t)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)t->tid, &info, WSTOPPED | WNOHANG | __WALL) != 0 ||
	    info.si_pid == 0)
		return false;
	note_stop(t, info.si_status);
	return true;
}

/* Sleeps until SIGCHLD, or until the time that is left is over: false. */
static bool
wait_for_news(const struct timespec *end)
{
	struct timespec now, left;
	sigset_t child;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = end->tv_sec - now.tv_sec;
	left.tv_nsec = end->tv_nsec - now.tv_nsec;
	if (left.tv_nsec < 0) {
		left.tv_nsec += 1000000000;
		left.tv_sec--;
	}
	if (left.tv_sec < 0)
		return false;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	return sigtimedwait(&child, NULL, &left) == SIGCHLD || errno == EINTR;
}

static void
await(struct held *t, const struct timespec *end)
{
	for (int i = 0; i < SPINS; i++)
		if (has_stopped(t))
			return;
	while (!has_stopped(t) && !has_ended(t))
		if (!wait_for_news(end)) {
			t->state = LATE;
			return;
		}
}

static void
ask(struct held *t)
{
	if (command(PTRACE_INTERRUPT, t, 0) == 0)
		t->state = ASKED;
	else
		has_ended(t);
}

static struct timespec
patience_ends(void)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += PATIENCE_NS;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	return end;
}

bool
hold_stop(struct hold *h)
{
	struct timespec end = patience_ends();
	bool some = false;

	for (size_t i = 0; i < h->all.n; i++)
		if (h->all.at[i]->state == RUNS && !h->all.at[i]->sleeps)
			ask(h->all.at[i]);
		else if (h->all.at[i]->state == LATE)
			has_stopped(h->all.at[i]);
	for (size_t i = 0; i < h->all.n; i++) {
		if (h->all.at[i]->state == ASKED)
			await(h->all.at[i], &end);
		some |= h->all.at[i]->state == STOPPED;
	}
	return some;
}

void
hold_let_sleep(struct held *t, bool sleeps)
{
	t->sleeps = sleeps;
}

bool
hold_stands(const struct held *t)
{
	return t->state == STOPPED || t->state == LISTENS;
}

/* It may be gone: somebody killed it while it stood. */
static void
resume(struct held *t)
{
	if (t->state != STOPPED)
		return;
	if (t->unwanted && command(PTRACE_DETACH, t, t->signal) == 0)
		t->state = LOOSE;
	else if (t->grouped && command(PTRACE_LISTEN, t, 0) == 0)
		t->state = LISTENS;
	else if (!t->grouped && command(PTRACE_CONT, t, t->signal) == 0)
		t->state = RUNS;
	else if (!has_ended(t))
		t->state = RUNS;
}

void
hold_resume(struct hold *h)
{
	for (size_t i = 0; i < h->all.n; i++)
		resume(h->all.at[i]);
}

static bool
is_over(const struct held *t)
{
	return t->state == LOOSE || t->state == ENDED;
}

static struct held *
find(const struct hold *h, pid_t tid)
{
	for (size_t i = 0; i < h->all.n; i++)
		if (h->all.at[i]->tid == tid && !is_over(h->all.at[i]))
			return h->all.at[i];
	return NULL;
}

/* A thread that executes another program goes on under its leader's number, seized as it was. */
static void
let_stranger_go(pid_t tid, int status)
{
	struct held stranger = { .pid = tid, .tid = tid, .unwanted = true };

	note_stop(&stranger, status);
	resume(&stranger);
}

static void
serve_stops(struct hold *h)
{
	for (size_t n = 0; n < 2 * h->all.n + STOPS_MAX; n++) {
		siginfo_t info = { 0 };
		struct held *t;

		if (waitid(P_ALL, 0, &info, WSTOPPED | WNOHANG | __WALL) != 0 ||
		    info.si_pid == 0)
			return;
		t = find(h, info.si_pid);
		if (t) {
			note_stop(t, info.si_status);
			resume(t);
		} else if (info.si_code == CLD_TRAPPED) {
			let_stranger_go(info.si_pid, info.si_status);
		}
	}
}

void
hold_serve(struct hold *h)
{
	size_t kept = 0;

	serve_stops(h);
	for (size_t i = 0; i < h->all.n; i++) {
		struct held *t = h->all.at[i];

		if (!is_over(t))
			has_ended(t);
		if (t->unwanted && is_over(t))
			*vec_push(h->arena, &h->spare) = t;
		else
			h->all.at[kept++] = t;
	}
	h->all.n = kept;
}

static bool
seize(struct held *t)
{
	t->state = command(PTRACE_SEIZE, t, 0) == 0 ? RUNS : LOOSE;
	return t->state == RUNS;
}

/* Only a thread that stands can be let go; one whose group is stopped stays stopped. */
static bool
let_go(struct held *t)
{
	struct timespec end = patience_ends();

	if (t->state == RUNS || t->state == LISTENS)
		ask(t);
	if (t->state == ASKED || t->state == LATE)
		await(t, &end);
	if (t->state == STOPPED && command(PTRACE_DETACH, t, t->signal) == 0)
		t->state = LOOSE;
	return is_over(t) || has_ended(t);
}

/* The number is the target's word: a hostile one may name a thread of somebody else's. */
static bool
is_thread_of(pid_t pid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d", (int)pid, (int)tid);
	return access(path, F_OK) == 0;
}

struct held *
hold_seize(struct hold *h, pid_t pid, pid_t tid)
{
	struct held begun = { .pid = pid, .tid = tid }, *t;

	if (tid <= 0 || !is_thread_of(pid, tid) || !seize(&begun))
		return NULL;
	if (!is_thread_of(pid, tid)) { /* the number went to another one meanwhile */
		let_go(&begun);
		return NULL;
	}
	t = h->spare.n ? h->spare.at[--h->spare.n] : arena_new(h->arena, struct held);
	*t = begun;
	*vec_push(h->arena, &h->all) = t;
	return t;
}

void
hold_drop(struct held *t)
{
	t->unwanted = true;
	t->sleeps = false;
	let_go(t);
}

bool
hold_suspend(struct hold *h)
{
	bool all = true;

	for (size_t i = 0; i < h->all.n; i++)
		all &= let_go(h->all.at[i]);
	return all;
}

void
hold_again(struct hold *h)
{
	for (size_t i = 0; i < h->all.n; i++)
		if (h->all.at[i]->state == LOOSE && !h->all.at[i]->unwanted)
			seize(h->all.at[i]);
}

bool
hold_probe(pid_t pid, struct err *e)
{
	struct arena scratch = { 0 };
	struct text tracer = proc_status(&scratch, pid, "TracerPid");
	long other = tracer.n ? strtol(tracer.at, NULL, 10) : 0;
	struct held t = { .pid = pid, .tid = pid };
	bool seized = seize(&t);
	int why = errno;

	if (!seized && other)
		err_set(e, "process %d: process %ld (%.*s) traces it, so it cannot be stopped",
		        (int)pid, other,
		        TEXT_ARG(text_visible(&scratch, proc_comm(&scratch, (pid_t)other))));
	else if (!seized)
		err_set(e, "process %d: it cannot be seized (%s), so it cannot be stopped",
		        (int)pid, strerrordesc_np(why));
	arena_empty(&scratch);
	if (!seized)
		return err_hint(e, "without --blocking it can be read all the same");
	for (int i = 0; i < PROBE_TRIES && !let_go(&t); i++)
		; /* hold_serve() lets go of what sleeps longer than that */
	return true;
}
