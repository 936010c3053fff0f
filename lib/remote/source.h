/* SPDX-License-Identifier: MIT */
/*
 * remote/source.h: files that a process names, read with no more rights than it has.
 *
 * A name in a code object is the target's word: it must not make root read
 * what the target's user may not. So a child of ours becomes that user, for
 * good, and reads; of regular files only, below the target's root directory,
 * and where they are relative below its working directory.
 */
#ifndef REMOTE_SOURCE_H
#define REMOTE_SOURCE_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <sys/types.h>

enum { SOURCE_BYTES_MAX = 16 << 20 };

struct sources;

/*
 * Starts the child, which reads nothing yet. Call it while we have all our rights,
 * and before what it must not hold open is open. NULL sets *e. Lives on a, until
 * sources_close() or our end.
 */
struct sources *sources_begin(struct arena *a, struct err *e);

/* The child becomes who the target is. False sets *e: it cannot, and nothing is read. Once. */
bool sources_become(struct sources *s, pid_t pid, struct err *e);
void sources_close(struct sources *s);

/*
 * The text of the file, on a; *changed tells that it was written to after the
 * process began. False, and both untouched: it cannot be read, is no regular
 * file or a larger one than SOURCE_BYTES_MAX, or it took a second: then no
 * other is read either.
 */
bool sources_read(struct sources *s, struct arena *a, struct text path, struct text *to,
                  bool *changed);

#endif
