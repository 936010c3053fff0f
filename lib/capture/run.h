/* SPDX-License-Identifier: MIT */
/*
 * capture/run.h: a run while it goes on, known to the files of this room only.
 *
 * run.c begins, flushes and ends what is written; seek.c finds CPython in the
 * process or the command; loop.c ticks; capture.c puts them together.
 */
#ifndef CAPTURE_RUN_H
#define CAPTURE_RUN_H

#include "capture/capture.h"
#include "capture/child.h"
#include "capture/clock.h"
#include "capture/output.h"
#include "capture/target.h"

struct capture {
	struct tool *tool;
	const struct capture_options *o;
	struct output output;
	struct writer *writer;
	struct arena writer_arena;
	struct stream_run run;
	struct clock clock;
	struct target target;
	struct child child;
	struct target_counts counts; /* of the whole run */
	struct stream_outcome told;  /* what the outcomes so far have told */
	uint64_t ticks, units;       /* taken; the time of the last one */
	uint64_t next_process, next_thread;
	uint32_t others;               /* most threads at a time that were not sampled */
	uint64_t bytes;                /* of the parts that are ended */
	bool begun;                    /* the first part has begun */
	uint64_t flush_ns, outcome_ns; /* when they are due */
	enum stream_loss busy;         /* why ticks would be missed now */
	enum stream_reason reason;
	struct err last; /* why no CPython was found lately */
};

/* Whether a command was started, rather than a process attached to. */
static inline bool
run_is_command(const struct capture *c)
{
	return c->o->pid == 0;
}

/* That moment in units since the run's start. */
uint64_t run_units(const struct capture *c, uint64_t now);

/* Who is sampled, and what is told of it. */
struct target_choice run_choice(struct capture *c);

/* Sampling begins: the run's time is counted from here. */
void run_begin(struct capture *c);

/* Makes everything readable that was sampled so far. */
void run_flush(struct capture *c, uint64_t now);

/* Ends the part that is being written, and begins another in the output opened anew. */
void run_reopen(struct capture *c);

/* Ends the last part. */
void run_end(struct capture *c, uint64_t to);

/* Why the run is over, if it is: sets c->reason. */
bool loop_is_over(struct capture *c, uint64_t now);

/* Samples until the run is over. */
void loop_sample(struct capture *c);

/* Looks for CPython in the command or the process until it has come up; false: the run is over. */
bool seek_python(struct capture *c);

/* Takes hold of the process that was asked for; false sets the tool's err. */
bool seek_given(struct capture *c);

#endif
