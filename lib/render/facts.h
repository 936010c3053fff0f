/* SPDX-License-Identifier: MIT */
/*
 * render/facts.h: where a tree comes from, as the pages say it.
 *
 * facts are the fields of struct tree_about under their names, with started_ms
 * for wall_ns, and
 *
 *	cut     runs of which the end is not there
 *	losses  [text, unit, number] of each that is not 0
 *
 * threads are {process, name, weight, samples}, the heaviest first; what is
 * beyond FACTS_THREADS is summed in the last one. notes are the tree's.
 */
#ifndef RENDER_FACTS_H
#define RENDER_FACTS_H

#include "render/json.h"
#include "tree/tree.h"

enum { FACTS_THREADS = 200 };

void facts_write(struct json *j, const struct tree *t);
void facts_write_threads(struct json *j, const struct tree *t);
void facts_write_notes(struct json *j, const struct tree *t);

#endif
