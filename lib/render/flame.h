/* SPDX-License-Identifier: MIT */
/*
 * render/flame.h: a tree as a flame graph, one page.
 *
 * The data of the page, as share/flame/model.js reads it:
 *
 *	page        1, the version of this form
 *	writer      "tflame 0.1.0"
 *	title       what the user calls it; empty: the script's name
 *	unit        "ns" or "samples": of all weights
 *	incomplete  sentences: what of the input is missing; empty: nothing
 *	notes       sentences that the reader must know
 *	facts       struct tree_about, and losses as [text, unit, number]
 *	threads     {process, name, weight, samples}, the heaviest first
 *	root        {self, samples}: what lies in no frame at all
 *	strings     texts, from 0, the empty one
 *	functions   columns of n rows: kind, name, file, line; by first appearance
 *	nodes       columns of n rows in preorder, the heaviest of siblings first:
 *	            up (how many levels above a child of the row before), function,
 *	            self, samples (where the unit is "ns"), line (when told apart)
 *
 * Columns are render/column.h's. Equal trees give equal bytes.
 */
#ifndef RENDER_FLAME_H
#define RENDER_FLAME_H

#include "base/out.h"
#include "tree/tree.h"

struct flame {
	const char *title;      /* NULL: none */
	const char *incomplete; /* a sentence; NULL: all of the input is there */
	bool lines;             /* lines of a function are told apart */
};

void flame_write(struct out *o, struct tree *t, const struct flame *how);

#endif
