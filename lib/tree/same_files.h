/* SPDX-License-Identifier: MIT */
/*
 * tree/same_files.h: which files of two sides are one. For this room only.
 */
#ifndef TREE_SAME_FILES_H
#define TREE_SAME_FILES_H

#include "tree/inside.h"
#include "tree/same.h"

enum { ON_BASELINE = 1, ON_CURRENT = 2 };

/*
 * on[s] tells of string s of the tree's, of the first n, on which sides it is a file. Of each
 * string that is one of the baseline's: the current side's file that is the
 * same, or 0 for none. No two of the baseline's are the same one. Lives on a.
 */
uint32_t *same_files(struct arena *a, const struct tree *t, const uint8_t *on, size_t n);

/*
 * Whether a file lies in somebody's checkout: it is none of a library, which is the same wherever
 * that is installed, nor one of no place, such as <string>.
 */
bool same_is_own(struct text path);

/* The files of the baseline are called as the maps have it. */
void same_use_maps(struct tree *t, const same_maps *maps);

/* Runs of that side which come from folders of their own have their files in one. */
void same_runs(struct tree *t, enum stream_side side);

/* What these files share while they match. */

struct same_file {
	struct text path;
	struct text key; /* the place in a library, or nothing */
	uint32_t string;
	bool matched, kept; /* by any step; by the path itself */
};

/* The files of a side, by path. */
struct same_side {
	struct same_file *at;
	size_t n;
	struct index by_path;
};

struct same_matching {
	struct arena scratch;
	struct same_side side[2];
	uint32_t *same; /* see same_files() */
};

/* NULL: there is none. */
struct same_file *same_find_path(struct same_side *files, struct text path);

/* False: current is NULL, or one that is matched. */
bool same_match(struct same_matching *m, struct same_file *baseline, struct same_file *current);

/* Files of a side by some text of theirs, and then by path. */
struct same_named {
	struct text name;
	uint32_t row; /* of the side */
};

typedef VEC(struct same_named) same_names;

void same_sort(same_names *names);

/* Calls with each text that both sides have: from and up to but not including end. */
typedef void same_meet(void *context, const same_names names[2], const size_t from[2],
                       const size_t end[2]);
void same_join(const same_names names[2], same_meet *meet, void *context);

/* Matches what is left by the roots of checkouts. */
void same_roots(struct same_matching *m);

#endif
