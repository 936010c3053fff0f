/* SPDX-License-Identifier: MIT */
/*
 * term/diff_text.h: a comparison for people in a terminal.
 *
 * What was compared and how, what came of it in one sentence, and tables of the
 * functions: regressions, improvements, new and gone ones, the largest first; or
 * one table of all functions.
 */
#ifndef TERM_DIFF_TEXT_H
#define TERM_DIFF_TEXT_H

#include "term/screen.h"
#include "tree/diff.h"

struct diff_text {
	bool total;    /* by what functions and what they call got, else by themselves */
	uint64_t most; /* rows of a table; 0: all */
	bool all;      /* one table, of those too that did not change */
	bool by_name;  /* and it is in the order of names */
	bool bare;     /* tables alone */
};

void diff_text_write(const struct diff *d, struct diff_text how, struct out *o,
                     struct screen screen);

#endif
