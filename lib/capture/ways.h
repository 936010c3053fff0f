/* SPDX-License-Identifier: MIT */
/*
 * capture/ways.h: the ways by which tasks await each other.
 *
 * A way leads from a task that nobody awaits inwards, each task awaiting the
 * next, to one that awaits none. A task that n others await shares its time
 * among n ways. A task that runs waits at no place, though it may have begun to
 * await others; it is the end of a way of its own. Tasks that await each other in a circle, so that none of them
 * will ever go on, are a way that begins with the oldest of them.
 */
#ifndef CAPTURE_WAYS_H
#define CAPTURE_WAYS_H

#include "base/vec.h"
#include "cpython/tasks.h"

enum {
	WAYS_DEPTH_MAX = 256,  /* tasks of a way */
	WAYS_MAX = 1 << 14,    /* at a time */
	WAYS_PARTS_MAX = 4096, /* into which the time of a task is divided */
};

/* One way: tasks.at[from] is the outermost of n. It has the part of so many of its last task's time. */
struct way {
	size_t from;
	uint32_t n, part, parts;
	bool torn; /* one of its tasks is, so that who awaits it is not known */
	bool open; /* its last task may await one that was not found */
};

struct ways {
	VEC(struct python_task *) tasks;
	VEC(struct way) ways;
	VEC(struct python_task *) path, queue; /* scratch */
	uint64_t shortened; /* of all so far: tasks of which not all ways were followed */
};

/* Adds the ways to one task. */
void ways_to(struct arena *a, struct ways *w, struct python_task *task);

/* Adds the ways to every task that awaits none, or runs, and those through circles. */
void ways_to_all(struct arena *a, struct ways *w, const struct python_tasks *all);

#endif
