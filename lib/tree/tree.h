/* SPDX-License-Identifier: MIT */
/*
 * tree/tree.h: profiles, merged.
 *
 * A tree holds the stacks of any number of runs once, as nodes below one root,
 * and for each run the cells: what a thread in a state spent in a node during
 * an epoch. Frames are as fine as they were recorded. Memory is proportional
 * to the non-empty cells.
 *
 * Everything comes from the arena of tree_new() and goes with it. Numbers of
 * strings, functions, frames and nodes hold as long as the tree and count up
 * from 0, which is "none": no text, no function, the root. A node's number is
 * larger than its parent's. Numbers follow the order of arrival: what is shown
 * or written takes its order from tree/order.h or tree/view.h.
 *
 *	tree/load.h   reads the streams that a tool was given
 *	tree/view.h   the tree to draw: siblings in order, self and total
 *	tree/about.h  where it all comes from, for titles and summaries
 *	tree/name.h   the text of a frame
 *	tree/process.h  what a process is called
 *	tree/write.h  the tree as a folded stream
 */
#ifndef TREE_TREE_H
#define TREE_TREE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "stream/stream.h"

enum {
	TREE_EPOCHS = 64,     /* epochs of a run, at most */
	TREE_EPOCH_RUNS = 64, /* above so many runs epochs are dropped */
	TREE_RUNS = 4096,     /* above so many, runs are summed */
};

struct tree;

struct tree *tree_new(struct arena *a);

/*
 * The number of a thing, given when it is first met. The text is copied; the
 * strings of a function, the function of a frame and the nodes are the tree's.
 */
uint32_t tree_intern_string(struct tree *t, struct text text);
uint32_t tree_intern_function(struct tree *t, const struct stream_function *f);
uint32_t tree_intern_frame(struct tree *t, const struct stream_frame *f);
uint32_t tree_intern_node(struct tree *t, uint32_t parent, uint32_t frame);

/* A marker: the function of that kind, with its usual name, as a frame. */
uint32_t tree_intern_marker(struct tree *t, enum stream_kind kind);

/* How many there are, number 0 included. */
uint32_t tree_string_count(const struct tree *t);
uint32_t tree_function_count(const struct tree *t);
uint32_t tree_frame_count(const struct tree *t);
uint32_t tree_node_count(const struct tree *t);

/* What a number stands for. Lent until the next thing of its kind is interned. */
struct text tree_string(const struct tree *t, uint32_t string);
const struct stream_function *tree_function(const struct tree *t, uint32_t function);
const struct stream_frame *tree_frame(const struct tree *t, uint32_t frame);

/* Which parts of a place any frame has. */
struct tree_detail {
	bool lines, columns, opcodes;
};

struct tree_detail tree_detail(const struct tree *t);

struct tree_node {
	uint32_t parent, frame;  /* the frame is inside of the parent's; the root has none */
	uint32_t child, sibling; /* the tree's own: not all children are linked */
};

const struct tree_node *tree_node(const struct tree *t, uint32_t node);

/* What one thread in one state spent in one node itself, during one epoch. */
struct tree_cell {
	uint32_t series, node; /* the row in run->series; the node */
	uint64_t weight;       /* units of the run; samples where unit_ns is 0 */
	uint64_t epoch : 6;    /* times about.epoch_ms since the run's start */
	uint64_t samples : 58;
};

struct tree_series {
	uint32_t thread; /* the row in run->threads */
	uint8_t state;   /* see stream_state() */
};

/* What the scheduler accounted to a thread, a row in run->threads, during an epoch. */
struct tree_ran {
	uint32_t thread, epoch;
	uint64_t units;             /* of the epoch, that are accounted for */
	uint64_t ran_ns, waited_ns; /* on a CPU; runnable, but not on one */
};

struct tree_portable {
	uint8_t type;
	struct text body;
};

/*
 * A run: read it, change it through the functions below. Rows are in the order
 * of arrival. Sums stop at the largest number rather than begin anew.
 */
struct tree_run {
	struct stream_run about; /* epoch_ms is the length of an epoch here; 0: one holds all */
	VEC(struct stream_process) processes; /* by id */
	VEC(struct stream_thread) threads;    /* .process is the id of one of the processes */
	VEC(struct stream_outcome) outcomes;  /* by time; what touches is one */
	VEC(struct stream_exit) exits;
	VEC(struct tree_ran) rans;           /* no two of equal thread and epoch */
	VEC(struct tree_portable) portables; /* no two are equal */
	VEC(struct tree_series) series;
	VEC(struct tree_cell) cells;  /* no two of equal series, node and epoch */
	struct tree_run_index *index; /* the tree's own */
};

/* Runs, ordered by id, side, unit, and what of the threads' time they keep. */
size_t tree_run_count(const struct tree *t);
struct tree_run *tree_run(const struct tree *t, size_t run);

/*
 * The run of about's id, side, unit, mode and STREAM_NO_IDLE; other facts that
 * differ are joined. Texts are copied.
 */
struct tree_run *tree_add_run(struct tree *t, const struct stream_run *about);

/*
 * Adds what a part of the run tells, or joins it to what is known. Of a process
 * the id that it has here: its own, unless another pid has that. Of a thread,
 * whose process is such an id, its row.
 */
uint64_t tree_add_process(struct tree *t, struct tree_run *r, const struct stream_process *p);
uint32_t tree_add_thread(struct tree *t, struct tree_run *r, const struct stream_thread *h);
void tree_add_exit(struct tree *t, struct tree_run *r, const struct stream_exit *x);
void tree_add_portable(struct tree *t, struct tree_run *r, uint8_t type, struct text body);

/* For each thread of the run the row of its process. Lives on a. */
uint32_t *tree_process_rows(struct arena *a, const struct tree_run *r);

/* Adds to what is known of that thread and epoch. */
void tree_add_ran(struct tree *t, struct tree_run *r, struct tree_ran ran);

/* Units since a run's start: from first, up to but not including end. */
struct tree_span {
	uint64_t first, end;
};

/* Shares what is accounted to a thread, where it is in the span, over the run's epochs. */
void tree_share_ran(struct tree *t, struct tree_run *r, uint32_t thread,
                    const struct stream_ran *ran, struct tree_span span);

/* False: it tells of a time that another one has told of already; it is added all the same. */
bool tree_add_outcome(struct tree *t, struct tree_run *r, const struct stream_outcome *o);

/* The row of a thread (a row of run->threads) in a state. */
uint32_t tree_add_series(struct tree *t, struct tree_run *r, uint32_t thread, uint8_t state);

/* Adds samples and weight to the cell of that series, node and epoch; its row. */
uint32_t tree_add_cell(struct tree *t, struct tree_run *r, struct tree_cell cell);

/*
 * The number of the run's epoch in which at (units since its start) lies; epochs
 * become longer when there would be more than the limit. Exact for every at.
 */
uint32_t tree_epoch(struct tree *t, struct tree_run *r, uint64_t at);

/* The first unit that lies in the epoch; epochs may be one more than the last. */
uint64_t tree_epoch_start(const struct tree_run *r, uint64_t epoch);

/* Makes the run's epochs at least ms long (a power of two; 0: one holds all); never shorter. */
void tree_coarsen(struct tree *t, struct tree_run *r, uint64_t ms);

/* At most so many epochs from now on, a power of two, TREE_EPOCHS at most. */
void tree_limit_epochs(struct tree *t, uint32_t epochs);

/* One run of all: one for those that measure time, one for those that count samples. */
void tree_sum(struct tree *t);

/* To be called when all is added: sums the runs when there were too many. */
void tree_settle(struct tree *t);

/*
 * Puts a root frame above each stack that tells its thread; and one above that
 * of its process where it is asked for, or a run has more than one.
 */
void tree_root_threads(struct tree *t, bool processes);

/* Puts a root frame above each stack that tells its process. */
void tree_root_processes(struct tree *t);

/* What people must be told of the tree, one sentence each; lent by a. */
typedef VEC(struct text) tree_notes;
tree_notes tree_notes_of(const struct tree *t, struct arena *a);

#endif
