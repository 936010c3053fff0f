/* SPDX-License-Identifier: MIT */
/*
 * remote/remote.h: another process, read from outside.
 *
 * process_vm_readv(2), or pread(2) of /proc/PID/mem where a kernel or a filter
 * does not have it. Needs PTRACE_MODE_ATTACH_REALCREDS (ptrace(2)).
 */
#ifndef REMOTE_REMOTE_H
#define REMOTE_REMOTE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct remote;

/*
 * Takes hold of a process by a pidfd. Memory is read by number, so what was read
 * was the process's, and of the program that it ran when it was opened, if
 * remote_alive() says so afterwards.
 * NULL sets *e: no such process, a zombie, a kernel thread, or a refusal with
 * its likely reason and the one action that helps.
 */
struct remote *remote_open(struct arena *a, pid_t pid, struct err *e);
void remote_close(struct remote *r);

pid_t remote_pid(const struct remote *r);

/*
 * Whether it has neither ended nor executed another program, which is seen by its
 * /proc/PID/mem, where that could be opened. Two system calls.
 */
bool remote_alive(const struct remote *r);

/* Whether it has ended, also when somebody else has its number now. */
bool remote_ended(const struct remote *r);

/*
 * How the process ended, as wait(2) tells it. False: it cannot be known. Whose
 * child it was makes no difference from Linux 6.15 on; before, it must still
 * wait for its parent.
 */
bool remote_outcome(const struct remote *r, int *status);

/* Whether each piece is a system call of its own, by /proc/PID/mem. */
bool remote_by_file(const struct remote *r);

/* A piece of the target's memory and where its copy goes. */
struct remote_piece {
	uint64_t from;
	void *to;
	size_t n;
};

enum { REMOTE_PIECES_MAX = 64 };

/* Reads n bytes; false: not all of them can be read. */
bool remote_read(struct remote *r, uint64_t from, void *to, size_t n);

/*
 * Reads pieces in their order, in one system call unless remote_by_file(); the number of bytes
 * read, which ends at the first piece that cannot be read whole; -1: none, and
 * errno is set (ESRCH: the process is gone).
 */
ssize_t remote_read_pieces(struct remote *r, const struct remote_piece *pieces, unsigned n);

/* System calls and bytes of reading so far. */
struct remote_count {
	uint64_t calls, bytes;
};
struct remote_count remote_count(const struct remote *r);

#endif
