/* SPDX-License-Identifier: MIT */
/*
 * render/flame.h: a tree as a flame graph, one page.
 *
 * The data of the page, as share/flame/model.js reads it:
 *
 *	page        2, the version of this form
 *	writer      "tflame 0.1.0"
 *	title       what the user calls it; empty: the script's name
 *	unit        "ns" or "samples": of all weights
 *	lines       whether the lines of functions are told apart when the page opens
 *	incomplete  sentences: what of the input is missing; empty: nothing
 *	notes       sentences that the reader must know
 *	facts       struct tree_about, and losses as [text, unit, number]
 *	diff        of a comparison; see render/compared.h
 *	processes   texts
 *	threads     {process (its number), name, side, weight, samples, accounted_ns,
 *	            ran_ns}, the heaviest first
 *	epochs      ms (0: one holds all), count; and of n = processes * count the
 *	            column watched: microseconds that the interpreters of a process
 *	            were watched during an epoch
 *	series      [thread (its number), state as in stream_state()]
 *	strings     texts, from 0, the empty one
 *	functions   columns of n rows: kind, name, file, line; by first appearance; and of
 *	            a comparison more
 *	nodes       columns of n rows in preorder, the heaviest of siblings first:
 *	            up (how many levels above a child of the row before), function,
 *	            cells (how many), line (when told apart; 0: unknown)
 *	cells       columns of n rows by node, then slot, which is the number of its
 *	            series times epochs.count plus the epoch. slot: of a node's first
 *	            cell the slot, of others its distance to the last one, minus 1.
 *	            samples. extra (where the unit is "ns"): the weight divided by
 *	            quantum, minus samples times each, as zigzag. The first root of
 *	            them are what lies in no frame
 *
 *	opcodes, sources   where lines are told apart; see render/inner.h
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
	bool lines;             /* open with the lines of functions told apart */
};

/* Above so many stacks lines are left out, unless they are asked for. */
enum { FLAME_LINES_MAX = 300000 };

void flame_write(struct out *o, struct tree *t, const struct flame *how);

#endif
