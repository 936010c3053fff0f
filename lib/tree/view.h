/* SPDX-License-Identifier: MIT */
/*
 * tree/view.h: the tree as it is drawn and counted.
 *
 * A view merges what a grain does not tell apart, over all runs (or some), and
 * lays the nodes out in preorder: a node's subtree is the numbers from its own
 * to its end, its children are
 *
 *	for (c = n + 1; c < view->nodes[n].end; c = view->nodes[c].end)
 *
 * and siblings come in canonical order: kind, name, file, first line, line,
 * end line, columns, opcode. Equal profiles give equal views.
 */
#ifndef TREE_VIEW_H
#define TREE_VIEW_H

#include "tree/tree.h"

/* What is told apart. File and module join neighbouring frames that are equal. */
enum tree_grain {
	TREE_RECORDED,
	TREE_OPCODE, /* and lines */
	TREE_LINE,
	TREE_FUNCTION,
	TREE_FILE,
	TREE_MODULE
};

/*
 * The frame as the grain sees it: an ordinary frame, without what is finer.
 * For a file its function is named as the last part of the path, for a module
 * as Python would import it. Markers are their own in every grain.
 */
uint32_t tree_coarse_frame(struct tree *t, uint32_t frame, enum tree_grain grain);

/* Whether a frame below one that looks the same is the same. */
bool tree_grain_joins(enum tree_grain grain);

struct view_node {
	uint32_t parent;      /* the root's is itself, 0 */
	uint32_t end;         /* one behind the last node of the subtree */
	uint32_t frame;       /* a frame of the tree's, as coarse as the grain; 0: the root */
	uint32_t depth;       /* 0: the root */
	uint64_t self, total; /* weight, in the view's unit */
	uint64_t self_samples, total_samples; /* <missed> and below count none */
};

/* Nanoseconds; or samples, when a run has no time. Then weights are the numbers of samples. */
enum view_unit { VIEW_NS, VIEW_SAMPLES };

struct view {
	struct tree *tree;
	enum view_unit unit;
	uint32_t count;          /* nodes, the root included */
	struct view_node *nodes; /* 0 is the root; its total is the whole */
	uint32_t *of;            /* of each node of the tree, its node here */
};

/* Which cells count, and how fine. Views for people are by TREE_FUNCTION unless asked. */
struct view_choice {
	enum tree_grain grain;
	bool (*wants)(const void *context, const struct tree_run *r, const struct tree_cell *c);
	/* NULL: all */
	const void *context;
};

/* Lives on a; nodes without any weight or sample below them are left out. */
struct view *view_new(struct arena *a, struct tree *t, struct view_choice choice);

/*
 * As view_new(), for a grain of the caller's own: map gives each frame of the
 * tree's one. Of choice.grain only counts whether it joins equal neighbours.
 */
struct view *view_mapped(struct arena *a, struct tree *t, const uint32_t *map,
                         struct view_choice choice);

/* What the runs have in common: time, if all have it. */
enum view_unit view_unit(const struct tree *t);

/* Runs that have times but no samples: where samples are the unit they do not count. */
uint64_t view_uncounted(const struct tree *t);

/* Weight of a cell of run r in that unit. */
uint64_t view_weight(enum view_unit unit, const struct tree_run *r, const struct tree_cell *c);

#endif
