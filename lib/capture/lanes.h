/* SPDX-License-Identifier: MIT */
/*
 * capture/lanes.h: what a thread with tasks shows, known to tasks.c and lane.c only.
 *
 * A thread has one stack at a tick; where its tasks give several, each has a
 * lane, a thread that is a part of the real one. A lane stays with its way for
 * as long as there is that way.
 */
#ifndef CAPTURE_LANES_H
#define CAPTURE_LANES_H

#include "capture/watched.h"
#include "capture/ways.h"

/* What a lane shows. */
struct lane {
	uint64_t id;
	uint64_t serial; /* of the way's last task; 0: the lane is free */
	uint32_t part, parts;
	uint32_t generation, stack; /* of the stream, valid for that key: */
	uint64_t key;
	uint32_t frames; /* of the stack, without markers */
	bool unreadable, truncated;
	bool equal; /* the stack is that of the tick before */
	bool used;
	unsigned carried; /* ticks since its way was read */
};

struct lanes {
	struct ways ways;
	VEC(struct lane) lanes;
	VEC(uint32_t) chosen; /* by way: the row of its lane, plus one */
	struct index by_way;  /* row in lanes */
	uint32_t live;        /* lanes that were used at the last tick */
	struct lane own;      /* what the thread itself shows, when it has but one way */
};

/* A thread whose tasks are told, and what tells them. */
struct telling {
	struct target *t;
	struct writer *w;
	struct watched *x;
	const struct target_choice *choice;
	struct target_counts *counts;
};

/* The innermost task of a way. */
static inline const struct python_task *
lane_last(const struct lanes *l, const struct way *way)
{
	return l->ways.tasks.at[way->from + way->n - 1];
}

/* Makes the lane's stack that of the way; it is kept while nothing of the way is another. */
void lane_show(const struct telling *k, const struct way *way, struct lane *lane);

/* The stack of what could not be read. */
uint32_t lane_torn(struct writer *w);

/* The state that goes with the way. */
uint8_t lane_state(const struct watched *x, const struct way *way);

/* Counts what the lane shows of the way as a sample. */
void lane_count(const struct telling *k, const struct way *way, const struct lane *lane);

#endif
