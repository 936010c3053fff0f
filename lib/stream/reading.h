/* SPDX-License-Identifier: MIT */
/*
 * stream/reading.h: what the files of the reader know of each other, and nobody else.
 *
 * Every take_ function reads one thing from a cursor, checks it, and returns
 * NULL, or what is wrong in words that fit behind "in this block".
 */
#ifndef STREAM_READING_H
#define STREAM_READING_H

#include "base/index.h"
#include "stream/block.h"
#include "stream/fields.h"
#include "stream/reader.h"
#include "stream/tables.h"

/* The current run, its processes and threads; all of it on arena. */
struct people {
	struct arena arena;
	struct stream_run run;
	bool has_run;
	VEC(struct stream_process) processes;
	VEC(struct stream_thread) threads;
	struct index process_index, thread_index; /* by id */
};

void people_forget(struct people *p);
const char *take_process(struct people *p, struct cursor *c);
const char *take_thread(struct people *p, struct cursor *c);
const struct stream_process *people_process(const struct people *p, uint64_t id);
const struct stream_thread *people_thread(const struct people *p, uint64_t id);

/* A thread as it was seen last. */
struct seen {
	uint32_t thread, stack;
	uint8_t state;
	bool ended; /* not watched any more */
	uint32_t part, parts;
};

/* The ticks of a segment; the newest one's samples wait until it is known how long it lasted. */
struct ticks {
	struct arena arena;
	VEC(struct seen) seen;
	size_t ended;         /* how many of them have ended */
	struct index index;   /* by thread id */
	uint32_t last_listed; /* row in seen */
	bool timeless;        /* a sample weighs 1 */
	uint64_t interval;    /* units, at least 1 */
	uint64_t limit;       /* units that a sample stands for at most */
	uint64_t count, at;   /* the newest tick's number from 1, and its time */
	uint64_t until;       /* that of the last outcome */
	bool has_until;
	bool pending; /* the newest one's samples wait */
	bool going;   /* they are on their way out */
	bool missed;  /* now those for the time beyond the limit */
	size_t row;
	uint64_t time, beyond;
};

/* Forgets ticks and threads; the segment begins at that time. */
void ticks_begin(struct ticks *t, uint64_t at);
/* A run was taken: forgets its threads, learns the interval. */
void ticks_run(struct ticks *t, const struct stream_run *run);
/* An outcome says until when was watched. */
void ticks_until(struct ticks *t, uint64_t until);
/* The newest tick lasted until then; or as the last outcome, or else one interval, lets guess. */
void ticks_end(struct ticks *t, uint64_t until);
void ticks_end_unknown(struct ticks *t);
/* The next sample on its way out; only while t->going. */
void ticks_hand(struct ticks *t, struct stream_sample *sample);
/* One tick, or, when the one before is pending, only that one's end: then it is to be taken again. */
const char *take_run(struct people *p, struct ticks *ticks, enum stream_content content,
                     struct cursor *c);
const char *take_tick(struct ticks *t, const struct people *people, const struct tables *tables,
                      struct cursor *c);

/* Where a list of cells stands. */
struct cells {
	struct stream_cell cell; /* the one taken last */
	uint64_t left;           /* cells of the entry yet to be taken */
	int64_t stack;
	bool first; /* no cell of the entry was taken yet */
};

const char *take_cells(struct cells *s, const struct people *people, struct cursor *c);
const char *take_cell(struct cells *s, const struct people *people, const struct tables *tables,
                      struct cursor *c);

struct stream {
	struct arena arena; /* the input's */
	const char *name;
	struct blocks *blocks;
	struct block block; /* its records that are yet to be taken */
	struct cursor list; /* entries of a list that are yet to be taken */
	uint8_t list_type;
	struct err fault; /* to be told, when it has a fact */
	bool begins;      /* the block's begin record is yet to be taken */
	bool over;        /* the input has ended */
	bool any, whole;  /* a segment was read; the last stream in it had its end record */
	bool broken;      /* damage was told since the last segment began */
	uint64_t unknown;

	enum stream_content content;
	uint64_t number; /* of the segment */
	struct text writer;
	struct tables tables;
	struct people people;
	struct ticks ticks;
	struct cells cells;
};

/* The rest of the segment is lost, and that will be told. */
void reading_fault(struct stream *s, const char *wrong);

/*
 * The next record of the block, the next entry of the list. STREAM_END: it was
 * no event by itself.
 */
enum stream_event take_record(struct stream *s, struct stream_item *item);
enum stream_event take_entry(struct stream *s, struct stream_item *item);

#endif
