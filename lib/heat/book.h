/* SPDX-License-Identifier: MIT */
/*
 * heat/book.h: all that pages tell: a profile by its lines, or both sides of a comparison.
 *
 * Side 0 is the profile, or the current side; side 1 is the baseline. Files of
 * the two are one when most of their functions are.
 */
#ifndef HEAT_BOOK_H
#define HEAT_BOOK_H

#include "heat/sources.h"
#include "tree/diff.h"

struct heat_side {
	const struct heat *heat;
	uint64_t side; /* 0: all runs; or an enum stream_side */
	/* Of each row the first one of what belongs to it; and one more entry, the end. */
	uint32_t *first_function; /* of files */
	uint32_t *first_spot;     /* of functions */
	uint32_t *first_call;     /* of spots */
	uint32_t *first_span;     /* of spots */
	uint32_t *first_caller;   /* of functions, in callers */
	uint32_t *callers;        /* rows of calls, by callee */
	uint32_t *partner1;       /* of files: the row on the other side, plus one */
	uint32_t *compared;       /* of functions: the row in diff's; 0: none */
};

struct heat_book {
	struct tree *tree;
	const struct diff *diff; /* NULL: a plain profile */
	const struct heat_sources *sources;
	size_t sides;
	struct heat_side side[2];
};

/* Lives on a. sources NULL: no texts. */
struct heat_book *heat_book(struct arena *a, struct tree *t,
                            const struct heat_sources *sources);

#endif
