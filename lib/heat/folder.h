/* SPDX-License-Identifier: MIT */
/*
 * heat/folder.h: a folder of pages, which may be written anew.
 *
 * It has index.html and a page for each file, 1.html and so on. Each page begins
 * with a mark, and only what has such a name and the mark is ours: a folder that
 * has anything else is refused, and left as it is. Names that begin with a dot
 * do not count. A page that was not finished is ours too.
 */
#ifndef HEAT_FOLDER_H
#define HEAT_FOLDER_H

#include "base/err.h"
#include "base/text.h"

/* The mark, as a line of a page's head. */
extern const struct text heat_folder_mark;

/* Changes nothing. False sets *e: it can neither be made nor written, or has files of others. */
bool heat_folder_check(const char *folder, struct err *e);

/*
 * Makes the folder when it is not there. The index of one that is goes first, for it
 * leads to pages that change; and so does what was not finished. False sets *e.
 */
bool heat_folder_begin(const char *folder, struct err *e);

/* Removes the pages of a larger profile that was there before. */
void heat_folder_end(const char *folder, uint32_t pages);

#endif
