/* SPDX-License-Identifier: MIT */
/*
 * capture/output.h: where a raw stream goes, block by block.
 *
 * Written in place, so that a kill leaves what was sampled. A block that does
 * not fit on the disk is taken back whole. Between the loop and the output
 * wait up to 4 MiB, see queue.h.
 */
#ifndef CAPTURE_OUTPUT_H
#define CAPTURE_OUTPUT_H

#include "base/tool.h"
#include "capture/queue.h"
#include "capture/rotation.h"
#include "stream/writer.h"

/* When no more can wait: drop for pipes and sockets, wait for all else; drop; wait. */
enum output_full { OUTPUT_FULL_DEFAULT = -1, OUTPUT_FULL_DROP, OUTPUT_FULL_WAIT };

struct output_choice {
	const char *path; /* NULL or "-": standard output */
	enum output_full full;
	bool rotate;   /* path is what names of parts are made of, see rotation.h */
	uint64_t keep; /* parts; 0: all */
	int beside;    /* a descriptor that must not lead into the stream; below 0: none */
	bool quiet;    /* it is not said that a FIFO has no reader yet */
};

struct output {
	struct arena *a;
	const char *path; /* NULL: standard output */
	bool rotate;
	struct rotation rotation;
	int fd;
	enum output_full full; /* not the default any more */
	int error;             /* errno of the write that failed, else 0; ECANCELED: given up */
	bool waited;           /* since whoever minds it has reset it */
	struct queue *queue;   /* NULL before the first block */
	void (*mind)(void *minder); /* or NULL: called often while the output is waited for */
	void *minder;
};

/*
 * False sets the tool's err: it cannot be opened, is a terminal, or what is
 * beside it. A FIFO is waited for until somebody reads it, or a signal gives
 * it up. o->mind is kept, and all else set.
 */
bool output_open(struct output *o, struct tool *t, struct output_choice choice);

/* Makes room for the stream: what an older file had goes now, not before all is well. */
void output_begin(struct output *o);

/* Lets go of the output, so that its reader sees the end while we still wait. */
void output_release(struct output *o);

/* The next part, or the path opened again, which may name another file by now. -1 sets *e: nothing is waited for. */
int output_next(struct output *o, struct err *e);

/* What is put from now on goes to fd, which may be o->fd; the old one is closed in its time. */
void output_switch(struct output *o, int fd);

/* For lack of room it waits. */
struct writer_sink output_sink(struct output *o);

/* For writer_may_drop(): whether n bytes can be put without waiting. context is the output. */
bool output_has_room(void *context, size_t n);

/*
 * Waits until all is written, at most to some time (CLOCK_MONOTONIC), or until
 * a signal that asks for the end gives it up. False: some of it still waits.
 */
bool output_drain(struct output *o, uint64_t until_ns);

/* Bytes that wait to be written. */
size_t output_waiting(struct output *o);

/* Why nothing more can be written, in *e; false when the reader has just gone. */
bool output_fault(const struct output *o, struct err *e);

#endif
