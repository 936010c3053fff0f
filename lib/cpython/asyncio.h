/* SPDX-License-Identifier: MIT */
/*
 * cpython/asyncio.h: what asyncio says of itself, and the kinds of things that
 * tasks are made of. For tasks.c, eager.c, loop.c, task.c and coroutine.c only.
 */
#ifndef CPYTHON_ASYNCIO_H
#define CPYTHON_ASYNCIO_H

#include "cpython/mirror.h"
#include "cpython/python.h"
#include "cpython/tasks.h"

/* In the order in which the section .AsyncioDebug has them, each of 8 bytes. */
enum asyncio_field {
	ASYNCIO_TASK_SIZE,
	ASYNCIO_TASK_NAME,
	ASYNCIO_TASK_AWAITED_BY,
	ASYNCIO_TASK_IS_TASK,
	ASYNCIO_TASK_AWAITED_BY_IS_SET,
	ASYNCIO_TASK_CORO,
	ASYNCIO_TASK_NODE,
	ASYNCIO_INTERPRETER_SIZE,
	ASYNCIO_INTERPRETER_TASKS,
	ASYNCIO_THREAD_SIZE,
	ASYNCIO_THREAD_LOOP,
	ASYNCIO_THREAD_TASK,
	ASYNCIO_THREAD_TASKS,
	ASYNCIO_FIELDS
};

enum thing { THING_OTHER, THING_GENERATOR, THING_WRAPPER, THING_FUTURE, THING_INT, THING_STR };

enum { THINGS = 64 };

struct asyncio {
	uint64_t at[ASYNCIO_FIELDS];
	bool known;
	uint64_t rested_ns, due_ns; /* when it may, and when it must be looked for again */
	uint64_t serials;           /* given so far */
	struct {
		uint64_t type;
		enum thing thing;
	} things[THINGS]; /* types seen lately */
};

/* A suspended frame of a coroutine. */
struct coroutine {
	uint64_t frame, code, instruction;
	uint64_t copy; /* free-threaded: which copy of the code it runs */
};

/* Bytes of a copy. */
struct range {
	uint32_t at, n;
};

struct task {
	struct python_task shown; /* first */
	uint64_t address, coro, name_at;
	uint32_t met;       /* the round in which it was met last */
	bool numbered;      /* its name is a number still */
	bool executing;     /* its coroutine is not suspended */
	bool changed;       /* when it was read last, it was not as the time before */
	uint64_t name_hash; /* of the bytes that were read of it */
	bool placed;        /* its places were told */
	uint64_t epoch;     /* of the code objects of its places */
	VEC(char) name;
	VEC(struct coroutine) chain;
	VEC(struct python_place) places;
	const struct python_code *code; /* of its outermost coroutine, if it ran; or NULL */
	VEC(struct python_task *) awaiters, there; /* all; those that have not ended */
	bool cut;                                  /* more than these await it */
	uint32_t plan; /* of the mirror, when that was all that it was read from: */
	VEC(struct range) ranges;
	uint64_t copy;    /* the last one of which all this was so */
	uint64_t settled; /* the last sample in which all of it was read */
};

/* A task whose coroutine is in the stack, at that place. */
struct begun {
	struct task *task;
	uint32_t place;
};

/* When tasks that are in the stack are looked for among all; in samples. */
struct search {
	uint64_t due, wait;
};

/* A thread's tasks, and what is predicted of where they lie. */
struct loop {
	struct mirror mirror;
	struct index by_address;  /* row in tasks */
	VEC(struct task *) tasks; /* all that are known */
	uint64_t samples;         /* begun so far */
	VEC(struct task *) spare;
	VEC(struct python_task *) met; /* in this round */
	VEC(struct begun) outside;     /* of the running one, outermost first, in this round */
	struct search search;
	bool settled; /* the last sample was consistent */
};

/* What is looked at in a round. */
struct view {
	struct python *p;
	struct watch *watch;
	struct loop *loop;
	uint64_t epoch; /* of the code objects */
	uint32_t round;
	struct task *task; /* that is read, or NULL */
	bool same;         /* all that was looked at lately is in both copies */
	bool cut;          /* there are more tasks than are followed */
};

/* Bytes and words of the last copy; NULL or 0 where they cannot be read, which is not the same. */
const unsigned char *view_bytes(struct view *v, uint64_t at, uint32_t n);
uint64_t view_word(struct view *v, uint64_t at);

/* Looks for asyncio where it is time to, as when it was imported; whether it is known. */
bool asyncio_find(struct python *p, struct interpreter *home, uint64_t now);

/* What the instances of a type are; to find that out takes its part of a round. */
enum thing asyncio_thing(struct view *v, uint64_t type);

/* loop.c: whether the future at that address is a task; both have the field that says so. */
bool future_is_task(struct view *v, uint64_t future);

/* The task at that address, known from now on. NULL: there is none. */
struct task *loop_task(struct view *v, uint64_t address);

/* The same, and adds it to those met in this round. */
struct task *loop_meet(struct view *v, uint64_t address);

/* The same of one that is known to be there. */
void loop_meet_again(struct view *v, struct task *t);

/* Meets all that asyncio lists. False: a list was changed while it was read. */
bool loop_meet_all(struct view *v, const struct watch *w);

/* Knows all that it lists, and their coroutines, without meeting them. */
void loop_know_all(struct view *v, const struct watch *w);

/*
 * What is known of tasks that were not met is given up: where all are met, they
 * have ended. Otherwise nothing tells that, and those met lately are remembered.
 */
void loop_forget(struct view *v, bool all);

/* It is another one: at the address of one that has ended, or with its name's number. */
void task_renew(struct view *v, struct task *t, uint64_t coro);

/* Its coroutine, or what that wraps; with another one it is another task. 0: there is none. */
uint64_t task_coro(struct view *v, struct task *t);

/* eager.c: whether the frame at that place is a generator's or a coroutine's, and so may be a task's. */
bool frame_may_be_tasks(const struct watch *w, uint32_t place);

/* The place in the thread's stack at which the coroutine of a task that executes is; false: nowhere. */
bool task_in_stack(struct view *v, const struct task *t, const struct python_stack *stack,
                   uint32_t *place);

/*
 * Meets the tasks that the running one runs inside of. In mode running one may not
 * be known: then all are searched now and then, and until it is found it is left out.
 */
void eager_meet(struct view *v, const struct task *running, const struct python_stack *stack);

/*
 * When all that were met are read: shows each in its frames up to the next one's,
 * which it awaits as it were.
 */
void eager_place(struct view *v, struct task *running, const struct python_tasks *seen);

/* task.c: reads it; it is torn where both copies do not agree. */
void task_visit(struct view *v, struct task *t);

/* The same of one that is taken to run: what its coroutine does is not looked at, for the stack tells it. */
void task_visit_running(struct view *v, struct task *t);

/* coroutine.c: the chain of coroutines that the task's waits in. True: it is another one. */
bool coroutines_read(struct view *v, struct task *t);

/* The places of the chain. */
void coroutines_place(struct view *v, struct task *t);

/* Reads its name. True: it is another one. */
bool task_read_name(struct view *v, struct task *t);

#endif
