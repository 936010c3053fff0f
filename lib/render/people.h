/* SPDX-License-Identifier: MIT */
/*
 * render/people.h: the threads and processes of a tree, as rows of a page.
 *
 * The heaviest threads come first; what is beyond PEOPLE_THREADS is one row,
 * the last. Only processes that such a thread belongs to are rows, by their
 * first thread. Texts are lent by the tree and by the arena of people_of().
 */
#ifndef RENDER_PEOPLE_H
#define RENDER_PEOPLE_H

#include "base/json.h"
#include "tree/tree.h"

enum { PEOPLE_THREADS = 200 };

struct people_thread {
	struct text name;
	uint32_t process;              /* a row; that of the last row has no name */
	uint64_t side;                 /* of its run */
	uint64_t weight, samples;      /* weight in the unit of view_unit() */
	uint64_t accounted_ns, ran_ns; /* by the scheduler */
};

struct people {
	const struct tree *tree;
	VEC(struct people_thread) threads;
	VEC(struct text) processes; /* "app.py (4711)" */
	VEC(uint32_t) row_of;       /* by run, then thread: the row of each */
	VEC(size_t) first;          /* of each run the place of its threads in row_of */
	VEC(uint32_t) process_row;  /* the same of processes */
	VEC(size_t) first_process;
};

struct people *people_of(struct arena *a, const struct tree *t);

/* The row of a thread, which is a row of the run's. */
uint32_t people_row(const struct people *p, size_t run, uint32_t thread);

/*
 * What of the wall time that was watched lies in each of n epochs of so many
 * milliseconds since each run's start (0: one holds all), in nanoseconds: for
 * each row of processes n numbers, its interpreters added up.
 */
uint64_t *people_watched(struct arena *a, const struct people *p, uint64_t epoch_ms, size_t n);

void people_write(struct json *j, const struct people *p);

#endif
