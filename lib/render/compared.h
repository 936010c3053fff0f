/* SPDX-License-Identifier: MIT */
/*
 * render/compared.h: a comparison as a page holds it.
 *
 *	diff       {scale, numerator, denominator (by which weights of the baseline are
 *	           multiplied and divided), match, basis, runs [baseline, current], judged,
 *	           forced, incomplete, common [factor, low, high] and smallest, min_effect,
 *	           fdr in millionths, 0 when unknown, common_verdict, words}: the record
 *	           of tstream(5), with words for its numbers of scale, match and basis
 *	functions  more columns: category, self_verdict, total_verdict; and where any is
 *	           known self0 to self5 and total0 to total5, a verdict's figures
 *
 * Cells of both sides are cells of threads, which have their side.
 */
#ifndef RENDER_COMPARED_H
#define RENDER_COMPARED_H

#include "render/column.h"
#include "tree/diff.h"

/* The union of both sides as a view, in which siblings are as heavy as their heavier side. */
struct view *compared_view(struct arena *a, const struct diff *d);

void compared_write(struct json *j, const struct diff *d);

/* Of each of n functions of the tree's, in the columns of the object that is open. */
void compared_write_functions(struct json *j, const struct diff *d, const uint32_t *functions,
                              size_t n, struct column *c);

#endif
