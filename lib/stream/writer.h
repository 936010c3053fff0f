/* SPDX-License-Identifier: MIT */
/*
 * stream/writer.h: write a stream, definitions before their use.
 *
 * The writer interns, batches and compresses; it decides where blocks end and
 * where numbers begin anew. A restart gives all memory back and raises
 * writer_generation(): then numbers of strings, functions, frames and stacks
 * from before are void and must be asked for again. The writer itself repeats
 * the run, and the processes and threads that are used again. A restart
 * happens only inside writer_run(), writer_tick(), writer_resume(),
 * writer_room(), and, where the content is not raw, writer_process(),
 * writer_thread() and writer_portable(); never between the definition of a
 * thing and its use.
 *
 * A writer that may drop does not put a block for which there is no room, nor
 * what follows it, up to a restart, which comes with the first tick after
 * there is room again. What is put stays a valid stream: blocks and segments
 * are numbered as if the others had never been, outcomes tell of what is
 * there, exits (the last 4,096 of them) are told again.
 */
#ifndef STREAM_WRITER_H
#define STREAM_WRITER_H

#include "stream/stream.h"

struct writer;

struct writer_sink {
	/* Takes a whole block. False: it could not be written, and nothing more will be. */
	bool (*put)(void *context, const void *bytes, size_t n);
	void *context;
};

struct writer_options {
	enum stream_content content;
	const char *name;    /* of the tool, "tfold"; in a test with its version, "tfold 1" */
	int level;           /* of zstd; 0 stores blocks uncompressed */
	uint64_t restart_ns; /* raw: a restart at least so often; 0: only by size */
	bool live;           /* raw: blocks are ended by writer_flush(), not filled up */
};

struct writer *writer_new(struct arena *a, struct writer_options options,
                          struct writer_sink sink);

/* Raw: lets it drop blocks. room says whether the sink (its context) takes n bytes at once. */
void writer_may_drop(struct writer *w, bool (*room)(void *context, size_t n));

/* Raw: it begins at that time, units since the run's start; before the first run is told. */
void writer_begin(struct writer *w, uint64_t at);

/*
 * What follows belongs to this run. The first block begins with the first run;
 * in raw content each other one ends the stream and begins another.
 */
void writer_run(struct writer *w, const struct stream_run *run);

/*
 * Tells of a process or thread, again when something of it changed; numbers are
 * the caller's. A lane's thread is told before it and not gone before it; told
 * again it must be the same part.
 */
void writer_process(struct writer *w, const struct stream_process *p);
void writer_thread(struct writer *w, const struct stream_thread *t);

/* Numbers of things; the same for equal things within a generation. Long texts are cut. */
uint32_t writer_string(struct writer *w, struct text t);
uint32_t writer_function(struct writer *w, const struct stream_function *f);
uint32_t writer_frame(struct writer *w, const struct stream_frame *f);
uint32_t writer_stack(struct writer *w, uint32_t parent, uint32_t frame);

/*
 * The same for things that are known to be new: one that was not asked for since
 * the last restart. They are not looked for, and not found later.
 */
uint32_t writer_new_frame(struct writer *w, const struct stream_frame *f);
uint32_t writer_new_stack(struct writer *w, uint32_t parent, uint32_t frame);

/* Raised by every restart; 1 after the first run. */
uint32_t writer_generation(const struct writer *w);

/*
 * Raw: begins a tick at a time in units since the run's start, later than the
 * last. Threads keep their stack and state from tick to tick until told
 * otherwise; after a change of generation each must be told again.
 */
void writer_tick(struct writer *w, uint64_t at);
void writer_sample(struct writer *w, uint64_t thread, uint32_t stack, uint8_t state);

/* From this tick on the thread is not watched any more. */
void writer_thread_end(struct writer *w, uint64_t thread);

/* The same for ever: it is told again before it is watched again, perhaps as another one. */
void writer_thread_gone(struct writer *w, uint64_t thread);

/* Nothing more comes of the process, unless it is told again. */
void writer_process_gone(struct writer *w, uint64_t process);

/* Folded: what one stack got. Cells of one thread and state come together, epochs ascending. */
void writer_cell(struct writer *w, const struct stream_cell *c);

/* Folded, diff: restarts when little room is left; call it before numbers are asked for. */
void writer_room(struct writer *w);

/* These two end the open tick. */
void writer_outcome(struct writer *w, const struct stream_outcome *o);
void writer_exit(struct writer *w, const struct stream_exit *x);

/* Of a thread that was told. */
void writer_ran(struct writer *w, const struct stream_ran *r);

void writer_portable(struct writer *w, uint8_t type, struct text body);
void writer_label(struct writer *w, struct text key, struct text value);

/* A piece of a text. Raw: after the last outcome, at whose end a restart is. */
void writer_source(struct writer *w, const struct stream_source *source);

void writer_compare(struct writer *w, const struct stream_compare *c);
void writer_match(struct writer *w, const struct stream_match *m);
void writer_verdict(struct writer *w, const struct stream_verdict *v);

/* Raw: ends the block, so that a reader has everything up to now. */
void writer_flush(struct writer *w);

/*
 * Raw: ends the open tick, and restarts if blocks were dropped and there is
 * room again: before the last outcome of all, which may not wait for a tick.
 */
void writer_resume(struct writer *w, uint64_t at);

/* Raw: the sum of the outcomes of this writer, without those that were dropped. */
const struct stream_outcome *writer_told(const struct writer *w);

/* Ticks, and samples in them, that were dropped so far. */
struct writer_dropped {
	uint64_t ticks, samples;
};
struct writer_dropped writer_dropped(const struct writer *w);

/* Ends the stream and gives back what the writer holds; false: the sink has failed, now or before. */
bool writer_end(struct writer *w);

/* Bytes put so far, without the dropped; and whether the sink still takes any. */
uint64_t writer_bytes(const struct writer *w);
bool writer_alive(const struct writer *w);

#endif
