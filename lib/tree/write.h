/* SPDX-License-Identifier: MIT */
/*
 * tree/write.h: a tree as a folded stream, a comparison as a diff stream.
 *
 * Equal trees make equal calls of the writer, whatever the order in which
 * their parts came.
 */
#ifndef TREE_WRITE_H
#define TREE_WRITE_H

#include "stream/writer.h"
#include "tree/tree.h"

/* Writes all runs; the caller ends the stream. */
void tree_write(const struct tree *t, struct writer *w);

#endif
