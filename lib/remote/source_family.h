/* SPDX-License-Identifier: MIT */
/*
 * remote/source_family.h: the source files of a process and of all that descend from it.
 *
 * Each process has a child of ours that reads for it (remote/source.h), so what
 * one names is never read with the rights of another.
 */
#ifndef REMOTE_SOURCE_FAMILY_H
#define REMOTE_SOURCE_FAMILY_H

#include "remote/source.h"

/* Processes whose files are read, the first ones by their distance; others have no source. */
enum { SOURCE_FAMILY_MAX = 256 };

struct source_family;

/*
 * Starts the children, while we have all our rights; with descendants for those
 * processes, too, that there are now. NULL sets *e: nothing can be read of the
 * process itself. Lives on a, until our end.
 */
struct source_family *source_family_begin(struct arena *a, pid_t pid, bool descendants,
                                          struct err *e);

/* As sources_read(), of that process. */
bool source_family_read(struct source_family *f, struct arena *a, pid_t pid, struct text path,
                        struct text *to, bool *changed);

#endif
