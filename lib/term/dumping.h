/* SPDX-License-Identifier: MIT */
/* term/dumping.h: what the files of a dump share, and nobody else. */
#ifndef TERM_DUMPING_H
#define TERM_DUMPING_H

#include "base/vec.h"
#include "term/dump.h"

/* What one thread, or lane of a thread, was seen at. */
struct dump_sight {
	uint32_t thread; /* a row of the run's threads */
	uint32_t node;
	uint8_t state;
	size_t number; /* as it came, when they are sorted */
};

/* A source file of a process, and its text when that is known. */
struct dump_file {
	uint64_t pid;
	struct text file, text;
	VEC(uint32_t) lines; /* where they begin; a text has no 4 GiB */
};

struct dump {
	struct arena *a;
	struct tree *tree;
	struct tree_watcher watcher;
	const struct tree_run *run; /* of the last tick */
	uint64_t at;
	VEC(struct dump_sight) sights;
	const struct dump_sources *sources;
	struct tree_sources *held; /* by the streams; NULL: not asked for yet */
	VEC(struct dump_file) files;
};

/*
 * A thread of the tick: the nodes of its stacks in preorder, each once. Stacks
 * part only where tasks begin.
 */
struct dump_thread {
	const struct stream_process *process; /* NULL: it is not known */
	const struct stream_thread *thread;
	uint8_t state; /* of the first stack that knows it */
	size_t n;
	uint32_t *nodes;
};

struct dump_threads {
	size_t n;
	struct dump_thread *at; /* by pid, main threads first, else as they came */
};

struct dump_threads dump_threads(struct arena *a, const struct dump *d);

/* Of a node how many tasks it is inside of, itself among them; nodes are asked for in preorder. */
struct dump_depth {
	struct arena arena;
	VEC(struct {
		uint32_t node;
		unsigned tasks;
	})
	open;
};

unsigned dump_depth_of(struct dump_depth *depth, const struct tree *t, uint32_t node);

/* "main", "on CPU", ...: what is known of the state; each is NULL where it is not. */
enum { DUMP_STATES = 4 };
void dump_state_words(uint8_t state, const char *words[DUMP_STATES]);

/*
 * The line of the source file that a frame of the thread is in, without its end;
 * empty: it is not to be had.
 */
struct text dump_line(struct dump *d, const struct dump_thread *t, uint32_t frame);

#endif
