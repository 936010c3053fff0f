/* SPDX-License-Identifier: MIT */
/*
 * heat/pick.h: which rows of a side are on a page, and their numbers there.
 *
 * One page has all. In a folder of pages the index has the files, the functions
 * and the hottest lines; the page of a file has what is in it, with what calls
 * it and what it calls. Rows are in the order of the side's. A pick is used for
 * one page after another; what that costs depends on what is picked alone.
 */
#ifndef HEAT_PICK_H
#define HEAT_PICK_H

#include "heat/book.h"

enum { HEAT_INDEX_LINES = 1000 }; /* the hottest ones, by self and by total each */

struct heat_rows {
	VEC(uint32_t) picked; /* rows of the side's */
	/* Of each row of the side's its number on the page, plus one; 0: it is not there. */
	uint32_t *number1;
};

struct heat_pick {
	struct arena *a;
	const struct heat_side *side;
	struct heat_rows folders, files, functions, lines, spots, calls, spans;
};

/* Nothing is picked. Lives on a. */
struct heat_pick heat_pick_new(struct arena *a, const struct heat_side *s);

/* Each forgets what was picked before. */
void heat_pick_all(struct heat_pick *p);
void heat_pick_index(struct heat_pick *p);

/* file1: a row plus one; 0: the side has no such file, and the page nothing of it. */
void heat_pick_file(struct heat_pick *p, uint32_t file1);

#endif
