/* SPDX-License-Identifier: MIT */
/*
 * tree/inside.h: what a tree is made of. For this room only.
 */
#ifndef TREE_INSIDE_H
#define TREE_INSIDE_H

#include "base/index.h"
#include "base/number.h"
#include "tree/compare.h"
#include "tree/view.h"

/*
 * Nodes by parent and frame. The first CHILDREN_LINKED children of a node are
 * a list, which for nearly all nodes is all there is; only the others are in
 * the index. That makes a new node cost no miss of the cache in a table.
 */
enum { CHILDREN_LINKED = 8, TREE_OFFERED = 5 };

struct node_table {
	VEC(struct tree_node) rows; /* row 0 is the root */
	struct index index;
};

/* Begins with the root. */
void nodes_begin(struct arena *a, struct node_table *table);
uint32_t nodes_intern(struct arena *a, struct node_table *table, uint32_t parent,
                      uint32_t frame);

/* What a process or thread was called in the parts of its run. */
struct origin {
	uint64_t id, native; /* native: its pid, or native id */
};

struct origins {
	VEC(struct origin) rows;
	struct index index; /* by id */
	uint64_t apart;     /* how many had to take another id */
};

struct tree_run_index {
	struct origins processes, threads; /* row by row */
	struct index exits, rans, portables, series, cells;
};

struct run_id {
	uint8_t bytes[STREAM_RUN_ID_BYTES];
	uint64_t keeps;
};

struct tree {
	struct arena *a;
	VEC(struct text) strings;
	VEC(struct stream_function) functions;
	VEC(struct stream_frame) frames;
	struct index string_index, function_index, frame_index;
	struct node_table nodes;
	VEC(struct tree_run *) runs;           /* by id, side, unit */
	VEC(struct tree_run *) spare;          /* empty ones, to be used again */
	VEC(uint32_t) coarse[TREE_MODULE + 1]; /* of each frame, by grain; 0: not known yet */
	uint32_t epochs;
	VEC(struct run_id) summed_ids; /* of runs that are in a sum */
	struct index summed_index;
	bool summed, no_epochs, rounded, without_epochs;
	uint64_t rounded_from_ns, rounded_to_ns; /* the widest window */
	bool seen, in_time; /* a sample was there; one was in the time that was asked for */
	VEC(struct text) refused_threads; /* some of them */
	uint64_t doubled, unknown, runs_summed;
	/* Samples that a mode left out because their state is not known. */
	uint64_t unknown_state;
	bool idle_dropped;
	struct reading *reading;
	struct tree_compare *compare; /* NULL: a plain profile */
};

/* Sorts rows by keys[row], all below bound; rows of equal keys stay in their order. */
void order_rows(struct arena *scratch, uint32_t *rows, size_t n, const uint32_t *keys,
                size_t bound);

/* All nodes of a table, depth first, siblings by the rank of their frame. Lives on a. */
uint32_t *order_nodes(struct arena *a, const struct node_table *table,
                      const uint32_t *frame_ranks, size_t frames);

/* The text as the tree keeps it. */
struct text tree_keep(struct tree *t, struct text text);

/* An empty run at that place among the runs. */
struct tree_run *run_insert(struct tree *t, size_t at);

/* Forgets what the run holds; it can be used again. */
void run_clear(struct tree_run *r);

/* The run's epoch that holds another part's epoch, of so many milliseconds; as tree_epoch(). */
uint32_t cell_epoch(struct tree *t, struct tree_run *r, uint64_t epoch, uint64_t epoch_ms);

/* Indexes the run's cells anew, after they were changed; equal ones become one. */
void cells_index(struct tree *t, struct tree_run *r);

/* Numbers the epochs of what is accounted to threads anew; 2^shift of them become one. */
void rans_coarsen(struct tree *t, struct tree_run *r, unsigned shift);

/* One more row of origins; none of them. */
void origin_add(struct arena *a, struct origins *o, struct origin origin);
void origins_clear(struct origins *o);

/* Less than, equal to or greater than 0: by id, side, unit, and what is kept. */
int run_compare(const struct stream_run *a, const struct stream_run *b);

/* What of the threads' time a run has, as a number: mode, and whether idle threads are left out. */
uint64_t run_keeps(const struct stream_run *run);

static inline void
cell_add(struct tree_cell *c, uint64_t samples, uint64_t weight)
{
	const uint64_t most = ((uint64_t)1 << 58) - 1;
	uint64_t sum = number_add(c->samples, samples);

	c->samples = (sum < most ? sum : most) & most;
	c->weight = number_add(c->weight, weight);
}

/* Of an empty text, which may be nowhere, too. */
static inline uint64_t
hash_text(struct text t)
{
	return t.n ? hash_bytes(t.at, t.n) : 0;
}

static inline uint64_t
hash_pair(uint64_t a, uint64_t b)
{
	return hash_number(hash_number(a) ^ b);
}

#endif
