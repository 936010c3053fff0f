/* SPDX-License-Identifier: MIT */
/*
 * remote/activity.h: what the kernel does with one thread.
 *
 * A thread is held by a descriptor, so that a later thread of the same number
 * is never taken for it. Asking is one system call: 0.3 to 1.5 us.
 */
#ifndef REMOTE_ACTIVITY_H
#define REMOTE_ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* RUNS: on a CPU, or waiting for one. SLEEPS: it waits for anything else, or is stopped. */
enum activity_state { ACTIVITY_UNKNOWN, ACTIVITY_RUNS, ACTIVITY_SLEEPS };

/* How many threads are held, and may be; how many were to be held beyond that. */
struct activity_room {
	uint32_t held, most, refused;
};

struct activity {
	pid_t pid, tid; /* as they are numbered here */
	int fd;         /* -1: it is not held */
	bool by_letter; /* of stat, which takes twice as long as syscall */
	bool refused;   /* there was no room, but may be later */
	struct activity_room *room;
};

/* A thread of the process, not held yet; tid 0 is an unknown one. */
struct activity activity_of(pid_t pid, pid_t tid);

/*
 * Holds it, so that it can be asked what it does now; where that fails it is
 * unknown. room is lent until it is closed.
 */
void activity_open(struct activity *x, struct activity_room *room);
void activity_close(struct activity *x);

enum activity_state activity_now(const struct activity *x);

/* What the scheduler has accounted to a thread since it began, in nanoseconds. */
struct activity_account {
	uint64_t ran_ns, waited_ns; /* on a CPU; for a CPU */
};

/*
 * False: it is not known. The kernel brings the figures up to date when the
 * thread is switched and at the ticks of its own clock, 1 to 10 ms apart.
 */
bool activity_account(const struct activity *x, struct activity_account *account);

#endif
