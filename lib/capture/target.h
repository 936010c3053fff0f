/* SPDX-License-Identifier: MIT */
/*
 * capture/target.h: a CPython process, told to a stream.
 *
 * Here cpython meets stream: threads get their ids, places become frames, and
 * stacks that grow out of the last one cost only what is new in them.
 */
#ifndef CAPTURE_TARGET_H
#define CAPTURE_TARGET_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/cpython.h"
#include "stream/writer.h"

struct watched;
struct places;

struct target {
	struct arena arena;
	struct remote *remote;
	struct python *python;
	uint64_t process; /* its id in the run */
	VEC(struct watched *) threads, spare;
	struct index index;    /* row in threads by python_thread */
	struct places *places; /* memory of what places are in the stream */
	uint32_t others;       /* threads that are not watched */
	uint64_t refresh_ns;   /* when the list of threads is read again */
	bool told, gone;
};

struct target_choice {
	bool all_threads, cmdline;
	uint64_t *next_thread; /* the run's next thread id */
};

/* What a tick met; added to. */
struct target_counts {
	uint64_t samples, torn, retried, unreadable, truncated, lost;
};

/* Takes hold of a process that must be CPython. False sets *e; nothing is held then. */
bool target_open(struct target *t, pid_t pid, uint64_t process, struct err *e);
void target_close(struct target *t);

/* Whether its interpreter has come up, and, framed, its main thread has a frame. */
bool target_ready(struct target *t, bool framed);

/*
 * Reads the list of threads again where it is time to: call it before the
 * tick, so that who is new can be told; started is in units.
 */
void target_refresh(struct target *t, struct writer *w, struct target_choice choice,
                    uint64_t now, uint64_t started);

/* Tells the process and its watched threads to a writer that knows nothing yet. */
void target_tell(struct target *t, struct writer *w, struct target_choice choice,
                 uint64_t started);

/* Takes a sample of every watched thread into the open tick. t->gone is set when all is over. */
void target_sample(struct target *t, struct writer *w, struct target_counts *counts);

#endif
