/* SPDX-License-Identifier: MIT */
/*
 * capture/watched.h: a thread that is sampled, known to target.c and sample.c only.
 *
 * target.c knows which threads there are; sample.c what they are seen at.
 */
#ifndef CAPTURE_WATCHED_H
#define CAPTURE_WATCHED_H

#include "capture/account.h"
#include "capture/names.h"
#include "capture/target.h"
#include "cpython/tasks.h"
#include "remote/activity.h"

enum { SAMPLE_DEPTH_MAX = 16384 }; /* frames of a stack; what is deeper is truncated */

/* A thread that is sampled, and its last stack as the stream numbers it. */
struct watched {
	struct python_thread *thread;
	uint64_t id;
	pid_t tid;            /* as it is numbered here; 0: unknown */
	struct held *held;    /* when it is stopped for each sample, and can be; else NULL */
	VEC(uint32_t) stacks; /* the stack that ends at each place of the last one */
	uint32_t generation;  /* of the writer, when they were valid */
	uint32_t gc;          /* inside of so many of them a collection is marked */
	uint32_t unreadable;  /* 1 + the outermost place that could not be decoded; 0: none */
	struct name name;
	bool told;                /* the stream knows it, with this name */
	bool leave;               /* not in the list any more */
	struct activity activity; /* held when the state of the CPU is asked for */
	struct account account;
	struct lanes *lanes; /* of its tasks, when they are asked for */
	/* What it was seen at in this tick. */
	enum activity_state cpu;
	struct python_stack stack;
	struct python_tasks tasks; /* and then the stack is theirs */
	bool seen;
};

/* sample.c: before any number of a stack: those that began anew are forgotten. */
void sample_begin(struct target *t, struct writer *w, struct watched *x);

/* Whether one of n places could not be decoded. */
bool sample_is_unreadable(const struct python_place *places, uint32_t n);

/* The same of a stack, for sample_count(). */
void sample_look_for_unreadable(struct watched *x, const struct python_stack *s);
void sample_count(struct target_counts *counts, const struct watched *x,
                  const struct python_stack *s);

/*
 * The stack as the stream numbers it, with the markers that belong
 * there. x->stacks must be those of the places that are the same.
 */
uint32_t sample_stack(struct target *t, struct writer *w, struct watched *x,
                      struct target_choice choice, const struct python_stack *s);

/*
 * The places of s from that one on, inside of the stack outer, with their
 * markers.
 */
uint32_t sample_inner(struct target *t, struct writer *w, struct target_choice choice,
                      const struct python_stack *s, uint32_t from, uint32_t outer);

/*
 * tasks.c: tells what was seen of a thread whose tasks are asked for: its
 * running task, or all.
 */
void tasks_sample(struct target *t, struct writer *w, struct watched *x,
                  struct target_choice choice, struct target_counts *counts);

/* Tells the lanes to a writer that knows nothing yet. */
void tasks_tell(struct target *t, struct writer *w, struct watched *x);

/* The stacks of its lanes are numbered anew: another writer begins. */
void tasks_forget_numbers(struct watched *x);

/* Whether that is the id of one of them. */
bool tasks_have_lane(const struct watched *x, uint64_t id);

/* The thread goes, in a tick, and its lanes before it. */
void tasks_leave(struct writer *w, struct watched *x);

/* An id that no thread and no lane of the run has. */
uint64_t watched_free_id(struct target_choice choice);

/* Ends those that are marked to leave; in a tick. */
void watched_forget_leavers(struct target *t, struct writer *w);

#endif
