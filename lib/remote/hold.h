/* SPDX-License-Identifier: MIT */
/*
 * remote/hold.h: threads that stand still while they are read.
 *
 * A thread is seized once (ptrace(2), PTRACE_SEIZE) and runs on as ever. All
 * that are seized are stopped together and set going again; in between, what
 * the kernel stops them for (signals, job control) is passed on unchanged, as
 * soon as it is served. When we die, by whatever, the kernel lets all of them
 * go. Every call comes from one and the same thread of ours, with SIGCHLD
 * blocked: that signal says that there is something to serve.
 */
#ifndef REMOTE_HOLD_H
#define REMOTE_HOLD_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct hold;
struct held;

struct hold *hold_new(struct arena *a);

/* Whether threads of the process can be seized; it is tried. False sets *e to why not. */
bool hold_probe(pid_t pid, struct err *e);

/* Seizes a thread of the process, as they are numbered here. NULL: it cannot be, or has ended. */
struct held *hold_seize(struct hold *h, pid_t pid, pid_t tid);

/* Lets the thread go for good, or as soon as it can be. The pointer is void then. */
void hold_drop(struct held *t);

/*
 * Stops all of them. One that does not stop within 10 ms, because it sleeps in
 * the kernel where no signal reaches it, is left alone: it changes nothing
 * either. One that its own signals or job control stopped already stands.
 * False: we have stopped none.
 */
bool hold_stop(struct hold *h);

/* Whether hold_stop() leaves it alone from now on: it sleeps, and so changes nothing. */
void hold_let_sleep(struct held *t, bool sleeps);

/* Whether it stands still until hold_resume(). */
bool hold_stands(const struct held *t);

/* Sets all of them going again, as they would be without us. */
void hold_resume(struct hold *h);

/* Passes on what has stopped threads, and sees off those that have ended. */
void hold_serve(struct hold *h);

/* Lets all of them go, and seizes them again. False: one does not let itself be let go yet. */
bool hold_suspend(struct hold *h);
void hold_again(struct hold *h);

#endif
