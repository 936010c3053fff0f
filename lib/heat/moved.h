/* SPDX-License-Identifier: MIT */
/*
 * heat/moved.h: where the index has the files of a baseline. For this room only.
 *
 * A file of both sides lies where it is now. One that is gone lies where its folder is
 * now, as far as the files of both sides tell.
 */
#ifndef HEAT_MOVED_H
#define HEAT_MOVED_H

#include "heat/book.h"

/* Of each file of a side its path, as if the baseline's folders had moved; on a. */
struct text *moved_paths(struct arena *a, const struct heat_book *b, size_t side);

#endif
