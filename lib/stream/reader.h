/* SPDX-License-Identifier: MIT */
/*
 * stream/reader.h: read a stream, one fact at a time.
 *
 * The bytes are defined by tstream(5); this header says how to hold them. A
 * reader trusts nothing: every length, number, order and checksum is checked
 * before a fact is handed out, so nobody checks again. Its memory is bounded
 * by the longest segment, STREAM_SEGMENT_MAX. Everything is lent until the
 * next restart (runs: until the next run).
 */
#ifndef STREAM_READER_H
#define STREAM_READER_H

#include "base/err.h"
#include "stream/stream.h"

enum stream_event {
	STREAM_END,     /* nothing more comes */
	STREAM_DAMAGED, /* *e has the fault, its byte and what was lost; the next call goes on */
	STREAM_RESTART, /* all numbers begin anew: forget what was made of them */
	STREAM_RUN,     /* what follows belongs to item.run, which may have been met before */
	STREAM_SAMPLE,  /* raw */
	STREAM_CELL,    /* folded or diff */
	STREAM_OUTCOME,
	STREAM_EXIT,
	STREAM_RAN,
	STREAM_PORTABLE, /* label, source, and portable records that we do not know */
	STREAM_COMPARE,
	STREAM_MATCH,
	STREAM_VERDICT,
};

/*
 * One thread seen at one tick; or time that is not covered, whose stack is the
 * frame <missed> and which counts no sample. Where a thread has parts, of the
 * samples that share a tick one counts, and time is the sum of their weights.
 */
struct stream_sample {
	uint32_t thread, stack;
	uint8_t state;
	bool missed;
	uint32_t samples; /* 1, or 0 for <missed> */
	uint64_t at;      /* units since the run's start; never decreases within a run */
	uint64_t time;    /* units until the next tick, STREAM_CAP_INTERVALS at most */
	uint64_t weight;  /* the thread's part of it */
	uint64_t tick;    /* the number of the tick in this segment, from 0 */
};

struct stream_portable {
	uint8_t type;
	struct text body; /* without type and length */
};

/* What a portable record of that type says. */
struct stream_label stream_label(const struct stream_portable *p);
struct stream_source stream_source(const struct stream_portable *p);

struct stream_item {
	const struct stream_run *run; /* the current one, NULL before the first */
	union {
		struct stream_sample sample;
		struct stream_cell cell;
		struct stream_outcome outcome;
		struct stream_exit exit;
		struct stream_ran ran;
		struct stream_portable portable;
		struct stream_compare compare;
		struct stream_match match;
		struct stream_verdict verdict;
	};
};

struct stream;

/*
 * Opens path, or standard input for "-". Looks at the first bytes, so that
 * what is no stream is told at once. Lives on *a until stream_close(). NULL
 * sets *e: no such file, empty, or no stream.
 */
struct stream *stream_open(struct arena *a, const char *path, struct err *e);

/* The same of an open descriptor, which is the stream's from now on; name stands for it. */
struct stream *stream_open_fd(struct arena *a, int fd, const char *name, struct err *e);

/* The same of what a function reads. */
struct stream *stream_open_input(struct arena *a, struct stream_input input, const char *name,
                                 struct err *e);

/* Gives back what the stream holds, its descriptor too. */
void stream_close(struct stream *s);

/* The next fact, in *item. STREAM_DAMAGED and only that sets *e. */
enum stream_event stream_next(struct stream *s, struct stream_item *item, struct err *e);

/* Of the current segment; known from its first fact on. */
enum stream_content stream_content(const struct stream *s);

/* "tsample 0.1.0": who wrote the current segment. */
struct text stream_writer_name(const struct stream *s);

/* How many are defined, number 0 included, in the current segment so far. */
uint32_t stream_function_count(const struct stream *s);
uint32_t stream_frame_count(const struct stream *s);
uint32_t stream_stack_count(const struct stream *s);

/* What a number stands for; it must be one that the reader handed out. */
struct text stream_string(const struct stream *s, uint32_t string);
const struct stream_function *stream_function(const struct stream *s, uint32_t function);
const struct stream_frame *stream_frame(const struct stream *s, uint32_t frame);
const struct stream_stack *stream_stack(const struct stream *s, uint32_t stack);

/* A function's name: its string, or for a marker without one the name of its kind. */
struct text stream_function_name(const struct stream *s, uint32_t function);

/* Of the current run. NULL: there is none of that number. */
const struct stream_process *stream_process(const struct stream *s, uint64_t process);
const struct stream_thread *stream_thread(const struct stream *s, uint64_t thread);

/* Skippable records that were not known, so far; they are not handed out. */
uint64_t stream_unknown(const struct stream *s);

#endif
