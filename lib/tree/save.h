/* SPDX-License-Identifier: MIT */
/*
 * tree/save.h: a tool's result, when that is a folded stream, or of a comparison a diff stream.
 */
#ifndef TREE_SAVE_H
#define TREE_SAVE_H

#include "base/tool.h"
#include "tree/tree.h"

/*
 * Writes the tree to path, or to standard output for NULL. compress is what
 * the user asked for, "none", "zstd" or "zstd:19", or NULL. Ends the process
 * when it cannot; nothing half written stays behind.
 */
void tree_save(const struct tree *t, struct tool *tool, const char *path, const char *compress);

#endif
