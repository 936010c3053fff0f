/* SPDX-License-Identifier: MIT */
/*
 * remote/tids.h: the numbers of a process's threads, there and here.
 *
 * In another pid namespace a thread has another number than the one by which
 * /proc and ptrace(2) know it here. The kernel tells both (NSpid in
 * /proc/PID/task/TID/status), but only to who knows the latter: so all threads
 * are looked through, once for each list of threads that has an unknown one.
 */
#ifndef REMOTE_TIDS_H
#define REMOTE_TIDS_H

#include "base/arena.h"
#include "base/index.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tid_pair {
	pid_t there, here;
};

struct tids {
	struct arena *arena;
	pid_t pid;
	bool nested; /* the numbers are not the same */
	bool looked; /* through all, since the list was read */
	VEC(struct tid_pair) pairs;
	struct index index; /* row in pairs by the number there */
};

void tids_open(struct tids *t, struct arena *a, pid_t pid);

/* The list of threads has been read again: who is unknown may be looked for once more. */
void tids_renew(struct tids *t);

/* The number here of the thread that bears that one there; 0: unknown, or ended. */
pid_t tids_here(struct tids *t, uint64_t there);

#endif
