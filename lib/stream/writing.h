/* SPDX-License-Identifier: MIT */
/*
 * stream/writing.h: what the files of the writer know of each other, and nobody else.
 *
 * Definitions, ticks and cells gather in batches; a batch becomes one list
 * record when the block is ended, or before a single record that must follow.
 */
#ifndef STREAM_WRITING_H
#define STREAM_WRITING_H

#include "base/index.h"
#include "stream/bytes.h"
#include "stream/intern.h"
#include "stream/writer.h"

#include <zstd.h>

enum {
	WRITING_FIRST_STRING = 1, /* tstream(5): numbers of the first definitions */
	WRITING_FIRST = 2,
};

#define WRITING_NO_ROW UINT32_MAX

/* What is put into the block when it is ended, or before the next single record. */
enum batch { STRINGS, FUNCTIONS, FRAMES, STACKS, ENTRIES, BATCHES };

/* A process and a thread of the run, and the generation that they were told in. */
struct told_process {
	struct stream_process process;
	uint32_t generation;
	bool gone;   /* for ever: its row goes at the next restart, unless it is */
	bool needed; /* by a thread that is not gone, or by an exit that waits */
};

struct told_thread {
	struct stream_thread thread;
	uint32_t generation;
	uint32_t stack; /* as it was seen last */
	uint8_t state;
	bool live;
	bool gone; /* for ever: its row goes at the next restart */
};

struct change {
	uint32_t row, stack;
	uint8_t state;
	bool ends, again; /* again: the state is as it was */
};

struct writer {
	struct arena *a;
	struct writer_options options;
	struct writer_sink sink;
	bool (*room)(void *context, size_t n); /* of the sink; NULL: always */
	bool dead;
	uint64_t bytes;

	struct arena segment; /* what a restart gives back */
	uint32_t generation;
	uint64_t segments;
	uint64_t segment_bytes; /* raw, in ended blocks */
	unsigned blocks;        /* in the segment so far */
	unsigned blocks_before; /* in the segment before; 0: this is the first */
	bool dropping;          /* a block was dropped: nothing is put until the next restart */
	struct writer_dropped dropped, open; /* in all; in the block that is not ended */
	struct stream_outcome told, put; /* sums; put: without the block that is not ended */
	VEC(struct stream_exit) exits;   /* that are not put, oldest first */
	size_t exits_open; /* so many of the first are in the block that is not ended */
	struct intern strings, functions, frames, stacks;
	VEC(uint32_t) depths; /* of stacks, from FIRST on */
	struct bytes batches[BATCHES];
	uint8_t entries_type; /* of the record that ENTRIES is */
	struct bytes single;  /* the body of a record that is no batch */
	struct bytes body;    /* records of the block */
	struct bytes stored;  /* the block as it goes out */
	ZSTD_CCtx *compressor;

	struct stream_run run;
	bool has_run;
	struct arena people; /* rows and texts of the run, its processes and threads */
	bool stale;          /* some of them are of no use any more */
	VEC(struct told_process) processes;
	VEC(struct told_thread) threads;
	struct index process_index, thread_index; /* row by id */

	VEC(struct change) changes; /* of the open tick */
	uint64_t seen;              /* samples of the open tick */
	bool tick_open;
	uint64_t tick_at, last_at;          /* of the open tick; of the one before */
	uint64_t segment_at, restart_units; /* when it began; how long it may be */
	uint32_t last_listed;               /* row */

	uint32_t cell_thread, cell_stack;
	uint8_t cell_state;
	bool cell_open; /* an entry whose cells are in cells */
	struct bytes cells;
	uint64_t cell_count, cell_epoch;
};

/* Ends the block when need more bytes would make it too long. */
void writing_make_room(struct writer *w, size_t need);

/* Puts the batches behind the records that are there. */
void writing_put_batches(struct writer *w);

/* Puts the open tick, or the open entry of cells, into its batch. */
void writing_close_tick(struct writer *w);
void writing_close_cell(struct writer *w);

/* Puts the object as a record, behind the batches. */
void writing_put_single(struct writer *w, enum stream_record type, const void *object);

/* Tells of a known process or thread, unless the segment has it already. */
void writing_tell_process(struct writer *w, uint64_t process);
void writing_tell_thread(struct writer *w, uint32_t row);

/* What became of the block: put, or dropped; and whether a restart would end the dropping. */
void writing_keep(struct writer *w);
void writing_drop(struct writer *w);
bool writing_has_room(const struct writer *w, size_t n);
bool writing_can_resume(const struct writer *w);

/* Tells again of the exits that were dropped. */
void writing_tell_exits(struct writer *w);

/* Adds an outcome to what was told. */
void writing_count_outcome(struct writer *w, const struct stream_outcome *o);

/* Whether numbers should begin anew, at that time; and beginning them. */
bool writing_is_long(const struct writer *w, uint64_t at);
void writing_begin_segment(struct writer *w, uint64_t at);

/* Puts the end record, and what waits before it. */
void writing_end_stream(struct writer *w);

/* Gives back what is kept of processes and threads that are gone; the rows of others move. */
void writing_forget_gone(struct writer *w);

/* The row of a thread in w->threads, or WRITING_NO_ROW. */
uint32_t writing_thread_row(const struct writer *w, uint64_t thread);

#endif
