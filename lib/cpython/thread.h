/* SPDX-License-Identifier: MIT */
/*
 * cpython/thread.h: the threads of all interpreters, and what is predicted of each.
 */
#ifndef CPYTHON_THREAD_H
#define CPYTHON_THREAD_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/frames.h"
#include "cpython/heap.h"

struct interpreter;
struct loop;

enum { NATIVE_MAX = 8 };

/* Of what happens to a thread the part that is so, lately: SHARE_ALL is all. */
enum { SHARE_ALL = 1 << 16, SHARE_OVER = 64 };

static inline void
share_count(int *share, bool so)
{
	*share += ((so ? SHARE_ALL : 0) - *share) / SHARE_OVER;
}

/* A thread that is watched, and what is predicted of its next sample. */
struct watch {
	struct python_thread shown;
	uint64_t serial; /* tells it from a later thread at the same address */
	struct interpreter *home;
	uint64_t
		settled; /* the tick at which its stack was told and it had let go of the GIL; or 0 */
	uint32_t wants;   /* the GIL, when its stack was not read again */
	uint32_t row;     /* in watches */
	uint64_t epoch;   /* of the code objects, when its stack was last checked */
	uint64_t cframes; /* before 3.13: where its current frame has been told; 0: unknown */
	uint32_t cframes_bytes; /* from there on */
	uint64_t name_slot;     /* where threading refers to its Thread object; 0: unknown */
	bool listed, met;       /* in the last whole list; in the one that is read */
	bool begun;             /* its stack was read once */
	int vain;         /* the share of its guesses that were never known: see guess.h */
	int restless;     /* and of its stacks that took several windows */
	uint64_t read_ns; /* when one was read last, while generators pass by */
	VEC(struct chunk) chunks;
	VEC(struct seen) seen;           /* outermost first */
	VEC(struct python_place) places; /* of the same frames */
	VEC(struct outside) outside;     /* by rising addresses */
	int passing; /* the share of these that did not come again lately: see outside.c */
	struct tenant tenants[TENANTS];
	VEC(struct stretch) stretches; /* in which they are */
	VEC(struct heap_frame) chain;  /* before 3.11, innermost first */
	uint64_t top;                  /* the innermost frame, after the last read */
	struct link links[LINKS];
	struct python_stack told; /* the last one */
	uint64_t task;            /* that ran when it was so: see window_task() */
	uint64_t ahead; /* the tick at whose begin it was read, until it is asked for; or 0 */
	struct loop *loop;   /* its tasks, when they were asked for */
	uint64_t opcodes_ns; /* when those of all places were told anew */
};

struct threads {
	VEC(struct watch *) watches;         /* every thread ever seen */
	VEC(struct watch *) spare;           /* those that have ended; they are used again */
	struct index by_address;             /* row in watches, of the others */
	struct index by_python;              /* row in listing, by python_id and interpreter */
	VEC(struct python_thread *) listed;  /* as shown to the caller */
	VEC(struct python_thread *) listing; /* while the list is read */
	struct python_thread *main;          /* of the list that is read */
	uint64_t main_id;                    /* its pthread_self() */
	uint32_t native_at
		[NATIVE_MAX]; /* places in a pthread's struct that may hold its number */
	unsigned native_n;
};

/*
 * native.c: the kernel's number of the thread whose pthread_self() that is, in
 * the target's pid namespace, where CPython does not keep it; 0: unknown.
 */
uint64_t native_id(struct python *p, uint64_t python_id);

#endif
