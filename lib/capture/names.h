/* SPDX-License-Identifier: MIT */
/*
 * capture/names.h: what a thread is called, kept up to date.
 *
 * Programs name a thread when they make it, but Python knows it only when it
 * runs, and it may be renamed later. So a name is read when the thread is new,
 * again soon after that, and then about once a second. What Python calls it
 * comes first; the kernel's name stands for a thread that Python does not know.
 */
#ifndef CAPTURE_NAMES_H
#define CAPTURE_NAMES_H

#include "base/vec.h"
#include "cpython/cpython.h"

struct name {
	VEC(char) text;
	uint64_t since_ns; /* when it was read first */
	uint64_t due_ns;   /* when to read it again; 0: now */
	bool by_python;
	pid_t tid; /* as the thread is numbered here; 0: unknown */
};

/* No name yet; the room of an earlier one is kept. */
void name_begin(struct name *name, pid_t tid);

/* Reads it; true: it is another one than before. a keeps it; pid is the thread's process. */
bool name_read(struct arena *a, struct name *name, struct python *p, struct python_thread *t,
               pid_t pid);

struct text name_text(const struct name *name);

#endif
