/* SPDX-License-Identifier: MIT */
/*
 * tree/write.h: a tree as a folded stream.
 *
 * Equal trees give equal calls of the writer, whatever the order in which
 * their parts came.
 */
#ifndef TREE_WRITE_H
#define TREE_WRITE_H

#include "stream/writer.h"
#include "tree/tree.h"

/* Writes all runs; the caller ends the stream. scratch is used up to the end only. */
void tree_write(const struct tree *t, struct writer *w, struct arena *scratch);

#endif
