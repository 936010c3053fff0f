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
#include "capture/account.h"
#include "capture/places.h"
#include "cpython/cpython.h"
#include "remote/activity.h"
#include "remote/hold.h"
#include "remote/tids.h"
#include "stream/writer.h"

struct watched;

struct target {
	struct arena arena;
	struct remote *remote;
	struct python *python;
	struct tids tids;
	uint64_t process; /* its id in the run; the caller gives it before it is told */
	uint64_t started; /* when sampling of it began, units since the run's start */
	VEC(struct watched *) threads, spare;
	struct index index;    /* row in threads by python_thread */
	struct places *places; /* lent */
	uint32_t others;       /* threads that are not watched */
	uint64_t refresh_ns;   /* when the list of threads is read again, at the latest */
	uint64_t listed_ns;    /* when it was read last */
	uint64_t listing_ns;   /* how long that took */
	uint64_t names_ns;     /* when the names of threads are */
	uint64_t named_ns;     /* when they were last read */
	size_t names_from;     /* the row to begin with */
	struct turns turns;    /* in which threads' accounts are told */
	bool changed;          /* threads came or went since they were */
	bool told, gone;
	bool buried; /* it was a child of ours, and this is how it ended: */
	int status;  /* as wait(2) tells it */
};

typedef VEC(struct target *) targets;

struct target_choice {
	bool all_threads, cmdline;
	struct activity_room *cpu; /* of threads that the kernel is asked about; or NULL */
	bool tells_cpu;            /* what it says is told */
	bool native, no_gc; /* markers of native code are wanted; of collections are not */
	bool once; /* one tick is all: every name is read, and threads without tasks are told */
	unsigned details; /* enum place_details */
	enum stream_mode mode;
	struct hold *hold;     /* stops threads for each sample; or NULL */
	uint64_t *next_thread; /* the run's next thread id */
	uint64_t *last_task;   /* the run's last task id */
	const targets *all;    /* of the run: their ids are taken */
};

/* What a tick met; added to. */
struct target_counts {
	uint64_t samples, torn, retried, unreadable, truncated, lost;
	uint64_t left_out; /* samples that the mode does not want; not among the samples */
	uint64_t equal, frames, reused; /* samples and frames that were so the last time */
	uint64_t lanes;                 /* that were begun */
	uint64_t loops;                 /* threads at ticks in which asyncio was met */
	uint64_t
		shortened; /* tasks of which not all ways were followed, and readings of not all */
};

/* What is known of a process before it is looked into. */
struct target_hint {
	struct places *places;                /* of the run */
	const struct python_program *program; /* which it may run; or NULL */
	uint64_t bias;                        /* see python_attach_again() */
	const struct python_offsets *offsets; /* of a version; or NULL */
	bool tasks;                           /* asyncio's are asked for */
};

/* Takes hold of a process that must be CPython. False sets *e; nothing is held then. */
bool target_open(struct target *t, pid_t pid, const struct target_hint *hint, struct err *e);
void target_close(struct target *t);

/* Whether its interpreter has come up, and, framed, its main thread has a frame. */
bool target_ready(struct target *t, bool framed);

/*
 * Reads the list of threads again where it is time to: call it before the
 * tick, so that who is new can be told; started is in units.
 */
void target_refresh(struct target *t, struct writer *w, struct target_choice choice,
                    uint64_t now, uint64_t started);

/* Reads it now, in a tick in which there are others; not where that takes too much of the time. */
void target_list_anew(struct target *t, struct writer *w, struct target_choice choice);

/* Tells the process and its watched threads to a writer that knows nothing yet. */
void target_tell(struct target *t, struct writer *w, struct target_choice choice);

/* Notes the status that wait(2) told of it. */
void target_ended(struct target *t, int status);

/* How it ended, as wait(2) tells it; false: it cannot be known. */
bool target_outcome(const struct target *t, int *status);

/* Nothing of it is watched from the open tick on. */
void target_leave(struct target *t, struct writer *w);

/*
 * Asks what the kernel does with each thread, those that have just begun too, before they are
 * stopped: one that sleeps is left alone, for it would wake to be stopped, and then wait for a
 * CPU to sleep on.
 */
void target_ask(struct target *t, struct writer *w, struct target_choice choice);

/*
 * Reads the stacks of all watched threads, those that have just begun too, or again those that
 * were torn. True: some are.
 */
bool target_look(struct target *t, struct writer *w, struct target_choice choice);

bool target_look_again(struct target *t, struct target_choice choice);

/*
 * Tells what the scheduler has accounted to the threads whose turn it is, or to
 * all of them. Call it after target_refresh(); now is also told in units.
 */
void target_account(struct target *t, struct writer *w, uint64_t now, uint64_t units);
void target_account_all(struct target *t, struct writer *w, uint64_t units);

/*
 * Takes what was read as a sample of every watched thread that the mode wants into the open
 * tick. t->gone is set when all is over.
 */
void target_sample(struct target *t, struct writer *w, struct target_choice choice,
                   struct target_counts *counts);

#endif
