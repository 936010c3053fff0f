/* SPDX-License-Identifier: MIT */
/*
 * remote/proc.h: what /proc tells of a process.
 *
 * Whatever a process can choose itself (its name, the path of its program) may
 * hold any byte. Texts come from the arena given.
 */
#ifndef REMOTE_PROC_H
#define REMOTE_PROC_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* False sets *e: there is no /proc, or it is another pid namespace's, where our numbers mean others. */
bool proc_is_ours(struct err *e);

enum { PROC_STATUS_BYTES = 65536 }; /* a member of many groups has a long one */

struct proc_stat {
	char state; /* R, S, D, Z, T, ... (proc_pid_stat(5)) */
	bool kernel_thread;
	pid_t parent;
	uint64_t start_ticks; /* since boot; with the number it names a process for ever */
	/*
	 * Where the program's code begins and ends, and its stack began: it is as good
	 * as certain that processes with equal ones are forks of each other. Zeros
	 * where we may not know.
	 */
	uint64_t image[3];
	int exit_code; /* of a zombie that we may look into, as wait(2) tells it; else 0 */
};

/* False: there is no such process. */
bool proc_stat(pid_t pid, struct proc_stat *s);

/* How long ago it was started, nanoseconds, in steps of 10 ms. */
uint64_t proc_age_ns(const struct proc_stat *s);

/* The file /proc/PID/name, at most max bytes of it; empty when it cannot be read. */
struct text proc_text(struct arena *a, pid_t pid, const char *name, size_t max);

/* The name, without the newline. */
struct text proc_comm(struct arena *a, pid_t pid);

/* Where the link /proc/PID/name leads; empty when it cannot be read. */
struct text proc_link(struct arena *a, pid_t pid, const char *name);

/* The program as people know it: the path of its file, else its name, fit for a terminal. */
struct text proc_program(struct arena *a, pid_t pid);

/* The value of the line "key:" of /proc/PID/status, without blanks around it; empty if none. */
struct text proc_status(struct arena *a, pid_t pid, const char *key);

/* The number in the innermost pid namespace, of what /proc/PID/status holds; 0: it is not told. */
pid_t proc_innermost(struct text status);

/* The process's number in its own pid namespace. */
pid_t proc_inner_pid(pid_t pid);

/* Fills at most max children of any thread of the process; how many. */
unsigned proc_children(struct arena *a, pid_t pid, pid_t *children, unsigned max);

/* Whether two processes have the same memory, as after vfork(2); -1: it cannot be told. */
int proc_share_memory(pid_t a, pid_t b);

/* Which file the process executes; false: it has ended, or we may not know. */
bool proc_executable(pid_t pid, dev_t *device, ino_t *inode);

/*
 * The number that the newest process or thread of our pid namespace got: it
 * rises by one with each, and begins anew at its end. It tells cheaply (0.6 us)
 * that nobody has forked. 0: it cannot be told.
 */
struct proc_newest {
	int fd; /* -1: none */
};

void proc_newest_open(struct proc_newest *n);
pid_t proc_newest(const struct proc_newest *n);

#endif
