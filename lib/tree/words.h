/* SPDX-License-Identifier: MIT */
/*
 * tree/words.h: what came of a comparison, for people.
 */
#ifndef TREE_WORDS_H
#define TREE_WORDS_H

#include "base/opt.h"
#include "tree/diff.h"

/*
 * One sentence: the common factor, how many functions changed, and the one that
 * changed most; or that nothing can be said, and what would help. damaged names
 * the inputs that are not all in it. Lent by a, and nothing in it is raw.
 */
struct text words_of(struct arena *a, const struct diff *d, const opt_texts *damaged);

/* The common factor: "x1.02 (0.99 to 1.05), no change". Lent by a. */
struct text words_of_common(struct arena *a, const struct tree_compare *c);

/*
 * The ratio of a function's self or total as it is judged: "x2.0 (1.8 to 2.2)", with the common
 * factor taken out where chance is told; "from 0", "to 0"; "-" where none is known. Lent by a.
 */
struct text words_of_ratio(struct arena *a, const struct diff *d, const struct diff_function *f,
                           bool total);

/* "5 %", of millionths. Lent by a. */
struct text words_percent(struct arena *a, uint64_t millionths);

#endif
