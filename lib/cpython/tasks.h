/* SPDX-License-Identifier: MIT */
/*
 * cpython/tasks.h: asyncio's tasks, who awaits whom, and where.
 *
 * From 3.14 on asyncio describes its tasks for debuggers. All of what one call
 * tells was so at one moment, unless a task is torn.
 */
#ifndef CPYTHON_TASKS_H
#define CPYTHON_TASKS_H

#include "cpython/cpython.h"

/* Lent until the next call for the same thread. */
struct python_task {
	uint64_t serial;  /* tells it from every other task of the process, from 1 */
	uint64_t version; /* another number when anything of it is another */
	struct text name; /* UTF-8 */
	const struct python_place *places; /* its coroutines, outermost first */
	uint32_t n;
	struct python_task **awaiters; /* by serial; those that wait for it */
	uint32_t awaiters_n;
	bool running; /* what its coroutine calls is in the thread's stack */
	const struct python_task
		*begun; /* a task that it began eagerly, inside of it; or NULL */
	uint32_t
		from; /* with that: its places are the stack's from there on, up to that task's */
	bool awaits_task; /* the innermost of its coroutines waits for a task, which may have ended */
	bool truncated; /* more coroutines than are followed: the innermost are left out */
	bool torn;      /* it kept moving: its places and awaiters are not to be looked at */
	/* The caller's; 0 in a new task. */
	uint32_t mark, id;
	uint64_t alone_at;
};

struct python_tasks {
	struct python_task **tasks; /* by serial */
	uint32_t n;
	struct python_task *running; /* NULL: the loop runs none, or waits */
	uint32_t running_from;       /* the place of stack that its outermost coroutine is */
	struct python_stack stack;   /* of the thread */
	bool met;                    /* asyncio was seen in this thread */
	bool torn;        /* it kept moving: what runs, or who is there, could not be told */
	bool missing;     /* of all tasks that are asked for, some may not be there */
	bool cut;         /* there are more tasks, or more await one, than are followed */
	uint32_t retries; /* reads of all of them that were repeated because something moved */
};

/* Prepares to read tasks. False sets *e: the version does not tell of them. */
bool python_tasks_begin(struct python *p, struct err *e);

/*
 * The thread's stack, as python_stack() gives it, its running task and all
 * that await it, all of them in turn; and with all every task of the thread.
 * The main thread has those whose thread has ended too. now is of any clock,
 * in nanoseconds: asyncio may be imported later, and is looked for now and then.
 */
enum sight python_tasks(struct python *p, struct python_thread *t, bool all, uint64_t now,
                        struct python_tasks *seen);

#endif
