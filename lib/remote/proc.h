/* SPDX-License-Identifier: MIT */
/*
 * remote/proc.h: what /proc tells of a process.
 *
 * Whatever a process can choose itself (its name, the path of its program) may
 * hold any byte. Texts come from the arena given.
 */
#ifndef REMOTE_PROC_H
#define REMOTE_PROC_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_stat {
	char state; /* R, S, D, Z, T, ... (proc_pid_stat(5)) */
	bool kernel_thread;
	pid_t parent;
	uint64_t start_ticks; /* since boot; with the number it names a process for ever */
};

/* False: there is no such process. */
bool proc_stat(pid_t pid, struct proc_stat *s);

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

/* The process's number in its own pid namespace. */
pid_t proc_inner_pid(pid_t pid);

/* Fills at most max children of any thread of the process; how many. */
unsigned proc_children(struct arena *a, pid_t pid, pid_t *children, unsigned max);

#endif
