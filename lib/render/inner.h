/* SPDX-License-Identifier: MIT */
/*
 * render/inner.h: what of a profile lies inside of frames: instructions, and lines of source.
 *
 *	opcodes  columns of n rows, by node: node (how many further than that of the row
 *	         before; 0 is the root), name (its number in names), weight (divided by
 *	         the quantum of cells: what the node and what it called got while it was
 *	         there); and names, "NAME", or "NAME BASE" of a form of another instruction
 *	sources  {file (its number in strings), chunks: [[number of the first line, text]]}:
 *	         of the files whose text the streams carry what is around the lines in use
 */
#ifndef RENDER_INNER_H
#define RENDER_INNER_H

#include "render/column.h"
#include "tree/view.h"

enum {
	INNER_AROUND = 3,            /* lines before and after each that is in use */
	INNER_LINE_MAX = 300,        /* bytes of a line */
	INNER_SOURCES_MAX = 2 << 20, /* bytes of all of them */
};

/* What each instruction got: rows that begin with the place of a node of a view. */
struct inner_opcodes;

/* places are those of the nodes of v. NULL: no instruction is known. */
struct inner_opcodes *inner_opcodes(struct arena *a, const struct view *v,
                                    const uint32_t *places);
void inner_write_opcodes(struct json *j, const struct inner_opcodes *o, uint64_t quantum,
                         struct column *c);

/* numbers[string] is the number in strings of a string of the tree's; 0: it is not there. */
void inner_write_sources(struct json *j, const struct view *v, const uint32_t *numbers);

#endif
