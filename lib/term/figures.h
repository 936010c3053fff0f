/* SPDX-License-Identifier: MIT */
/*
 * term/figures.h: numbers as people read them. Texts are lent by a.
 *
 * Counts are text_grouped(), times quantity_print_ns(), ratios quantity_print_ratio().
 */
#ifndef TERM_FIGURES_H
#define TERM_FIGURES_H

#include "base/text.h"

/* Of the whole in percent, "12.3"; "-" of nothing. */
struct text figure_share(struct arena *a, uint64_t part, uint64_t whole);

/* "1 thread", "2,000 threads" */
struct text figure_number(struct arena *a, uint64_t n, const char *of);

#endif
