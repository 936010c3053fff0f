/* SPDX-License-Identifier: MIT */
/*
 * formats/gecko.h: samples as a profile of the Firefox Profiler.
 *
 * What comes out is its processed format, one JSON document of the version
 * GECKO_VERSION, as its front end loads it. There a thread's samples and markers
 * are columns, one behind the other, while a stream has the samples of all
 * threads as they came. So a thread's rows wait in a spool, and what is in memory
 * is bounded by the numbers of stacks, threads and files with text.
 *
 *	struct gecko *g = gecko_new(arena, tree);
 *	struct tree_choice choice = { .watcher = gecko_watcher(g) };
 *
 *	tree_load(tree, &tool, &choice);
 *	gecko_write(g, out, NULL);
 *
 * The tree knows who was sampled, and the stacks; its cells stay empty.
 */
#ifndef FORMATS_GECKO_H
#define FORMATS_GECKO_H

#include "base/out.h"
#include "tree/load.h"

enum {
	GECKO_VERSION = 75, /* of the processed format */
	GECKO_RECORDED =
		36, /* the format that Firefox itself records has had that version then */
};

struct gecko;

struct gecko *gecko_new(struct arena *a, struct tree *t);

/* Whom samples are handed to; lent. */
const struct tree_watcher *gecko_watcher(struct gecko *g);

/* False sets *e: what came is no profile, for a part of a run came before an earlier one. */
bool gecko_check(const struct gecko *g, struct err *e);

/* incomplete says what of the input is missing; NULL: nothing. */
void gecko_write(struct gecko *g, struct out *o, const char *incomplete);

#endif
