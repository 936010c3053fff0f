/* SPDX-License-Identifier: MIT */
/* formats/gecko_inside.h: what a profile of the Firefox Profiler is made of. For gecko*.c. */
#ifndef FORMATS_GECKO_INSIDE_H
#define FORMATS_GECKO_INSIDE_H

#include "base/json.h"
#include "base/spool.h"
#include "formats/gecko.h"
#include "formats/numbers.h"

enum gecko_category {
#define CATEGORY(name, text, colour) GECKO_CATEGORY_##name,
#include "formats/gecko.def"
#undef CATEGORY
};

enum gecko_mark {
	GECKO_NO_MARK,
#define MARK(name, text, category) GECKO_MARK_##name,
#include "formats/gecko.def"
#undef MARK
	GECKO_MARKS,
};

/* What is told of a thread side by side, each as intervals that follow one another. */
enum gecko_lane {
	GECKO_LANE_CPU,
	GECKO_LANE_GIL,
	GECKO_LANE_EXCEPTION,
	GECKO_LANE_GC,
	GECKO_LANE_CODE,
	GECKO_LANE_OPCODE,
	GECKO_LANES,
};

/* A row of a thread's samples. Where at is after the end of the row before, nobody knows. */
struct gecko_row {
	uint64_t at, weight; /* units */
	uint32_t node;       /* 0: nothing was seen from here on */
	uint8_t cpu;         /* as stream_state() has it */
};

/* A row of markers. what and count are, of an opcode its frame, of a loss its kind and number. */
struct gecko_marker {
	enum gecko_mark mark;
	uint64_t from, units, what, count;
};

/* A thread, by the row that it has in its run. Times are units since the run's start. */
struct gecko_thread {
	struct spool_chain samples, markers;
	uint64_t rows, marks; /* how many are in them */
	uint64_t first, at;   /* of the first sample, and of the last one */
	uint64_t end;         /* until when the last one lasts */
	uint32_t node;        /* the one whose code and instruction are marked; 0: none */
	bool seen;            /* a sample was there */
	bool accounted;       /* something of its time on a CPU is known */
	struct {
		enum gecko_mark mark; /* GECKO_NO_MARK: none is open */
		uint32_t frame;
		uint64_t from;
	} open[GECKO_LANES];
};

struct gecko_run {
	struct tree_run *run;
	VEC(struct gecko_thread) threads;
	struct spool_chain losses; /* markers */
	uint64_t marks, end;
};

struct gecko {
	struct arena *a;
	struct tree *tree;
	struct spool *spool;
	VEC(struct gecko_run) runs;
	size_t last; /* the run that was found last */
	struct tree_watcher watcher;
	const struct tree_run *first; /* that began first; NULL: no run knows when it began */
	struct numbers strings;       /* of the document */
	bool disordered;
};

/* The number of a string of the tree's, or of a text, in the document. */
uint32_t gecko_string(struct gecko *g, uint32_t string);
uint32_t gecko_text(struct gecko *g, struct text text);

/* Tells what a thread was at from a sample on; or that nothing is known from there on. */
void gecko_mark(struct gecko *g, const struct gecko_run *r, struct gecko_thread *h,
                const struct gecko_row *row, uint8_t state);
void gecko_mark_end(struct gecko *g, struct gecko_thread *h, uint64_t at);
void gecko_mark_losses(struct gecko *g, struct gecko_run *r, const struct stream_outcome *o);

/* Reads on; false: there are no more. */
bool gecko_take_marker(struct spool_reading *in, struct gecko_marker *m);

/* The category as markers name their type; all categories, and what their markers tell. */
struct text gecko_type(enum gecko_category category);
void gecko_write_categories(struct json *j);
void gecko_write_schemas(struct json *j);

/* The markers of h, and of the run when losses is set. */
void gecko_write_markers(struct json *j, struct gecko *g, const struct gecko_run *r,
                         const struct gecko_thread *h, bool losses);

/*
 * What a chain of samples holds: rows, and what the scheduler accounted to the
 * thread. An account stands behind the samples of its time.
 */
enum gecko_is { GECKO_END, GECKO_ROW, GECKO_RAN };

struct gecko_rows {
	struct spool_reading in;
	struct gecko_row row;
	struct {
		uint64_t from, to, ran_ns;
	} ran;
};

void gecko_put_row(struct gecko *g, struct gecko_thread *h, const struct gecko_row *row);
void gecko_put_ran(struct gecko *g, struct gecko_thread *h, const struct stream_ran *x);
void gecko_read_rows(struct gecko_rows *rows, const struct gecko *g,
                     const struct gecko_thread *h);
enum gecko_is gecko_take_row(struct gecko_rows *rows);

/* Units of a run as nanoseconds; where it has no time a unit is shown as a millisecond. */
uint64_t gecko_ns(const struct gecko_run *r, uint64_t units);

/* What the document is of. */
const struct tree_run *gecko_first_run(const struct gecko *g);
void gecko_write_meta(struct json *j, const struct gecko *g, const char *incomplete);

/* Nanoseconds from the start of the profile to that of the run. */
uint64_t gecko_offset(const struct gecko *g, const struct gecko_run *r);

/* Nanoseconds, as the milliseconds of the document. */
static inline void
gecko_write_ms(struct json *j, uint64_t ns)
{
	json_decimal(j, NULL, ns, 6);
}

/* The columns of a thread: when it was seen, in which stack, for how long, on a CPU for how long. */
void gecko_write_samples(struct json *j, const struct gecko *g, const struct gecko_run *r,
                         const struct gecko_thread *h);

/* For each sample the nanoseconds on a CPU since the one before. */
void gecko_write_cpu(struct json *j, const struct gecko *g, const struct gecko_run *r,
                     const struct gecko_thread *h);

/* The tables that all threads share. */
void gecko_write_tables(struct json *j, struct gecko *g);

#endif
