/* SPDX-License-Identifier: MIT */
/*
 * tree/load.h: add streams to a tree.
 *
 * Raw and folded ones, joined ones, any number in any order: the order never
 * shows in the tree's meaning. A diff stream is refused.
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

/* What of the streams is wanted; zero-initialized: everything as it is. */
struct tree_choice {
	enum tree_grain grain;
	opt_texts
		threads; /* names, native or Python ids, "main", or as -T prints them; none: all */
	uint64_t pid;    /* 0: all */
	uint64_t from_ns;  /* since each run's start */
	uint64_t to_ns;    /* 0: to its end */
	opt_texts under;   /* functions' names or texts: stacks begin at the first of any */
	tree_regexes keep; /* a frame's text must match any in each stack; none: all */
	tree_regexes drop; /* frames that match any are left out: their time is the caller's */
	uint64_t side;     /* of the runs: 0, or for a comparison 1 or 2 */
};

/*
 * Reads a stream to its end. False sets *e to what is damaged or refused: all
 * that was good before is kept, and the next call goes on behind it. The choice
 * is the same for all streams of a tree. name stands for s in messages.
 */
bool tree_read(struct tree *t, struct stream *s, const char *name,
               const struct tree_choice *choice, struct err *e);

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
