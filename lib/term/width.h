/* SPDX-License-Identifier: MIT */
/*
 * term/width.h: how many columns of a terminal a text takes.
 *
 * Wide characters take two, those that join the one before take none. Texts
 * are visible already (text_visible).
 */
#ifndef TERM_WIDTH_H
#define TERM_WIDTH_H

#include "base/text.h"

size_t width_of(struct text visible);

/*
 * The text, or what of its start (or, keeps_end, of its end) fits into so many
 * columns together with the ".." that stands for the rest. Lent by a and by t.
 */
struct text width_cut(struct arena *a, struct text visible, size_t columns, bool keeps_end);

#endif
