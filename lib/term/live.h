/* SPDX-License-Identifier: MIT */
/*
 * term/live.h: what a raw stream tells while it flows, ready to be looked at.
 *
 * Each sample costs a few additions; looking costs one pass over what was
 * sampled. Beside the whole there is what is recent: weights that lose half of
 * themselves in LIVE_HALF_NS of the stream's own time. Everything is in
 * nanoseconds, and in samples where a run has no time. No locks: whoever reads
 * the stream and whoever looks take turns.
 */
#ifndef TERM_LIVE_H
#define TERM_LIVE_H

#include "base/index.h"
#include "base/vec.h"
#include "term/states.h"
#include "tree/load.h"

#define LIVE_HALF_NS 2000000000.0

struct live_weight {
	double recent;
	uint64_t all;
};

struct live_state {
	struct live_weight known, is;
};

/* A thread of a run. */
struct live_person {
	struct tree_run *run;
	uint32_t thread; /* a row of run->threads */
	uint64_t process, interpreter;
	size_t process_row; /* of run->processes */
	bool tells_wants;   /* see states_tells_wants() */
	struct live_weight weight;
	uint64_t samples;
	struct live_state states[STATES_END];
	uint32_t last; /* the slot of its last sample, plus one */
};

/* What a thread got in a node itself. */
struct live_slot {
	uint32_t person, node;
	struct live_weight weight;
};

/* A node of the tree: its function, and whether no node above is of the same. */
struct live_node {
	uint32_t function;
	bool topmost;
};

struct live {
	struct arena *a;
	struct tree *tree;
	struct tree_watcher watcher;
	VEC(struct live_person) people;
	VEC(struct live_slot) slots;
	struct index slot_index, person_index;
	VEC(struct live_node)
	nodes; /* row by row as the tree's, as far as they were looked at */
	struct live_weight wall, missed, ticks; /* of ticks the number */
	uint64_t clock_ns, decayed_ns;          /* of the stream: what was watched and missed */
	struct tree_run *run;                   /* of the last sample */
	uint64_t at;
	bool begun;
	uint64_t epoch_from, epoch_to; /* units of the run; its current epoch */
	uint32_t epoch;
};

struct live *live_new(struct arena *a, struct tree *t);

/* For reading a stream into it; the tree gets cells too, so that it can be written. */
struct tree_choice live_choice(struct live *l);

/* Forgets what was counted; not the tree's cells. */
void live_reset(struct live *l);

/* Whose time is looked at. */
struct live_scope {
	enum { LIVE_ALL, LIVE_THREAD, LIVE_PROCESS } of;
	struct tree_run *run;
	uint64_t id; /* a row of run->threads; the id of a process */
};

/* self and total of a function; of a node total is what is inside of it. */
struct live_sum {
	struct live_weight self, total;
};

/* What was seen at one moment. Lives on the arena that was given. */
struct live_look {
	struct live_weight whole;
	uint32_t node_count, function_count; /* numbers of the tree's */
	struct live_sum *nodes, *functions;
};

struct live_look live_look(struct arena *a, struct live *l, const struct live_scope *scope);

bool live_is_in(const struct live_scope *scope, const struct live_person *p);

/* A function beside another one, or an instruction, with its part. */
struct live_part {
	uint32_t number; /* a function; a string */
	struct live_weight weight;
};

typedef VEC(struct live_part) live_parts;

/*
 * Who calls the function, and whom it calls, where no frame above is of it: each
 * with what the function, or it, got in all then. The largest recent weight first.
 */
live_parts live_callers(struct arena *a, const struct live *l, const struct live_look *look,
                        uint32_t function);
live_parts live_callees(struct arena *a, const struct live *l, const struct live_look *look,
                        uint32_t function);

/* The instructions at which the function was innermost; none: they were not recorded. */
live_parts live_opcodes(struct arena *a, const struct live *l, const struct live_look *look,
                        uint32_t function);

#endif
