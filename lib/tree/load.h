/* SPDX-License-Identifier: MIT */
/*
 * tree/load.h: add streams to a tree.
 *
 * Raw and folded ones, joined ones, any number in any order: the order never
 * shows in the tree's meaning. A diff stream is taken where the choice says so,
 * and alone; then the tree is a comparison (tree/compare.h).
 */
#ifndef TREE_LOAD_H
#define TREE_LOAD_H

#include "base/tool.h"
#include "stream/reader.h"
#include "tree/view.h"

#include <regex.h>

struct tree_regex {
	const char *pattern; /* for messages */
	regex_t regex;
};

typedef VEC(struct tree_regex) tree_regexes;

/* Threads that are known not to be on a CPU, and do not hold the GIL. */
enum tree_idle { TREE_IDLE_AS_RECORDED, TREE_IDLE_DROP, TREE_IDLE_KEEP };

/*
 * Who keeps the order of samples gets them, instead of the tree's cells, with the
 * row of their thread in run->threads (of a lane: that of its thread) and their
 * node; and what the scheduler accounted to threads. A folded stream, which has
 * no samples, is refused then, unless its cells may go into the tree as ever.
 * ran and outcome may be NULL.
 */
struct tree_watcher {
	void *context;
	bool folded; /* a folded stream is taken too */
	void (*sample)(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
	               const struct stream_sample *s);
	void (*ran)(void *context, struct tree_run *run, uint32_t thread,
	            const struct stream_ran *x);
	void (*outcome)(void *context, struct tree_run *run, const struct stream_outcome *o);
};

/* What of the streams is wanted; zero-initialized: everything as it is. */
struct tree_choice {
	enum tree_grain grain;
	opt_texts
		threads; /* names, native or Python ids, "main", or as -T prints them; none: all */
	VEC(uint64_t) pids; /* none: all */
	uint64_t from_ns;   /* since each run's start */
	uint64_t to_ns;     /* 0: to its end */
	opt_texts under;    /* functions' names or texts: stacks begin at the first of any */
	tree_regexes keep;  /* a frame's text must match any in each stack; none: all */
	tree_regexes drop;  /* frames that match any are left out: their time is the caller's */
	int mode1;          /* enum stream_mode, plus one; 0: as it was recorded */
	enum tree_idle idle;
	bool task_ids; /* tasks of one name are kept apart */
	uint64_t side; /* of the runs: 0, or for a comparison enum stream_side */
	bool diff;     /* a diff stream is taken, and its runs have their own sides */
	const struct tree_watcher *watcher; /* NULL: the tree takes what there is */
	bool weightless; /* who watches gets samples of lanes that stand for no time, too */
};

/*
 * Reads a stream to its end. False sets *e to what is damaged or refused: all
 * that was good before is kept, and the next call goes on behind it. A run that
 * lacks what the choice needs is refused, once for a stream. The choice
 * is the same for all streams of a tree. name stands for s in messages.
 */
bool tree_read(struct tree *t, struct stream *s, const char *name,
               const struct tree_choice *choice, struct err *e);

/*
 * Reads the streams at paths, which end in NULL; what fails is said, makes the
 * status 1, and costs only itself. False: nothing of any of them is good.
 */
bool tree_load_paths(struct tree *t, struct tool *tool, char *const *paths,
                     const struct tree_choice *choice);

/*
 * Reads every operand of a tool; what fails is said, makes the status 1, and costs only itself.
 * Ends the process when nothing of any of them is good: then there is no result to write.
 */
void tree_load(struct tree *t, struct tool *tool, const struct tree_choice *choice);

/* Says which parts of the choice nothing of the streams agrees with, and what there is instead. */
void tree_say_unmet(struct tree *t, struct tool *tool, const struct tree_choice *choice);

/* Says how many runs have times only, for a result that counts samples. */
void tree_say_uncounted(const struct tree *t, struct tool *tool);

/* Says the notes of the tree on standard error. */
void tree_say(const struct tree *t, struct tool *tool);

#endif
