/* SPDX-License-Identifier: MIT */
/*
 * capture/run.h: a run while it goes on, known to the files of this room only.
 *
 * run.c begins, flushes and ends what is written; seek.c finds CPython in the
 * process or the command; loop.c ticks, over all targets at once; capture.c
 * puts them together.
 */
#ifndef CAPTURE_RUN_H
#define CAPTURE_RUN_H

#include "capture/capture.h"
#include "capture/child.h"
#include "capture/clock.h"
#include "capture/files.h"
#include "capture/output.h"
#include "capture/stats.h"
#include "capture/target.h"

/* How long threads were stopped; without --blocking nothing. */
struct stopped {
	uint64_t since_ns; /* they were asked to; 0: none stands */
	uint64_t sum_ns, most_ns;
};

struct capture {
	struct tool *tool;
	const struct capture_options *o;
	struct output output;
	struct writer *writer;
	struct arena writer_arena;
	struct stream_run run;
	struct clock clock;
	targets targets;         /* those that have come up and are sampled, oldest first */
	targets spare;           /* of those that have ended, to be used again */
	struct target *sought;   /* found, and yet to come up; or NULL */
	struct places *places;   /* of all targets */
	struct sources *sources; /* with --source, else NULL */
	struct texts *texts;     /* what is read of them; or NULL */
	uint64_t files_read, files_changed;
	struct python_offsets *offsets; /* for one version; or NULL */
	struct files files;             /* how many processes and threads may be held */
	uint32_t held;                  /* processes that are */
	struct activity_room room;      /* of threads */
	struct hold *hold;              /* of the threads of all targets; or NULL */
	uint64_t rested_ns; /* when these have run as long as they stood at the last tick */
	struct stopped stopped;
	bool vain;             /* at the last tick looking again did not help */
	struct family *family; /* with --subprocesses, else NULL */
	int given;             /* a pidfd of the process to attach to */
	struct child child;
	struct target_counts counts;   /* of the whole run */
	struct stream_outcome past;    /* what the outcomes of ended parts have told */
	struct writer_dropped dropped; /* in ended parts */
	struct remote_count reads;     /* of targets that were let go */
	struct stats stats;
	uint64_t tick_ns,
		tick_samples;  /* when the last tick began, if stats are told; before it */
	uint64_t ticks, units; /* taken; the time of the last one */
	uint64_t torn;         /* stacks, before the last tick */
	uint64_t next_process, next_thread;
	uint64_t last_task;
	uint32_t others; /* most threads at a time that were not sampled */
	uint64_t bytes;  /* of the parts that are ended */
	bool begun;      /* the first part has begun */
	bool by_file;    /* it was said that memory is read by /proc/PID/mem */
	bool refused;    /* it was said that of some threads the kernel cannot be asked */
	bool unfit;      /* the same of the command, that its CPython cannot be sampled */
	uint64_t flush_ns, outcome_ns, rotate_ns; /* when they are due */
	enum stream_reason reason;
	struct err last; /* why no CPython was found lately */
};

/* Whether a command was started, rather than a process attached to. */
static inline bool
run_is_command(const struct capture *c)
{
	return c->o->pid == 0;
}

/* Whether that says of a process that it is CPython, but not of a version that is sampled so. */
static inline bool
run_is_unfit(const struct err *e)
{
	return e->kind == PYTHON_UNKNOWN_VERSION || e->kind == PYTHON_WITHOUT_TASKS;
}

/* That moment in units since the run's start. */
uint64_t run_units(const struct capture *c, uint64_t now);

/* Who is sampled, and what is told of it. */
struct target_choice run_choice(struct capture *c);

/* With --source: starts who reads; and makes it the user of the first process. */
void run_begin_sources(struct capture *c);
void run_join_sources(struct capture *c, pid_t pid);

/* Sampling begins: the run's time is counted from here. */
void run_begin(struct capture *c);

/* Makes everything readable that was sampled so far. */
void run_flush(struct capture *c, uint64_t now);

/*
 * A part is what goes into one output: the whole run, unless it is rotated or
 * reopened. Parts of a run share its id, and follow each other without a gap.
 */
void part_begin(struct capture *c, uint64_t from);
void part_end(struct capture *c, uint64_t to, enum stream_reason reason);

/* Tells what was counted since the last outcome. */
void part_tell(struct capture *c, uint64_t to, enum stream_reason reason);

/* Of the run so far: what was dropped, and bytes that were put. */
struct writer_dropped part_dropped(const struct capture *c);
uint64_t part_bytes(const struct capture *c);

/* Where it is time to: ends the part, and begins another before the tick at that time. */
void part_change(struct capture *c, uint64_t now, uint64_t units);

/* Tells how the sampling goes; at its end, of all of it. */
void run_tell(struct capture *c, uint64_t now, bool end);

/*
 * Takes hold of the process, which is no target before it is taken; hint.places
 * is the run's. NULL: it is no CPython, and *e says why.
 */
struct target *run_open(struct capture *c, pid_t pid, struct target_hint hint, struct err *e);

/* It has come up, and is sampled from the next tick on. */
void run_take(struct capture *c, struct target *t);

/* Says, once, that of some threads the kernel cannot be asked. */
void run_say_refused(struct capture *c);

/* Lets go of what is no target, or is none any more. */
void run_spare(struct capture *c, struct target *t);

/* Why the run is over, if it is: sets c->reason. */
bool loop_is_over(struct capture *c, uint64_t now);

/*
 * Passes on what has stopped threads, and lets all of them run while we are
 * suspended, or when the run is over. minder is the capture, which has a hold.
 */
void loop_serve(void *minder);

/* Samples until the run is over. */
void loop_sample(struct capture *c);

/* Looks for CPython until one has come up, which becomes a target; false: the run is over. */
bool seek_python(struct capture *c);

/* Whether the process that was asked for has ended; false for a command. */
bool seek_given_has_ended(const struct capture *c);

/* Takes hold of the process that was asked for, as c->sought; false sets the tool's err. */
bool seek_given(struct capture *c);

#endif
