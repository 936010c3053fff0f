/* SPDX-License-Identifier: MIT */
/*
 * capture/rotation.h: the files of a run that is written in parts, by time.
 *
 * "run.bin" becomes "run-20261124T013000Z.bin": UTC, so that names sort as the
 * parts follow each other. A file that is there already is never opened, and
 * none is removed but those that this run has made and that still are the same.
 */
#ifndef CAPTURE_ROTATION_H
#define CAPTURE_ROTATION_H

#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"

#include <sys/types.h>

/* A part that was made. */
struct rotation_part {
	uint64_t wall_ns;
	unsigned try;
	dev_t device;
	ino_t inode;
};

struct rotation {
	struct arena *a;
	const char *path;                /* that names are made of */
	uint64_t keep;                   /* parts, with the newest; 0: all */
	VEC(struct rotation_part) parts; /* oldest first; only where some are to be removed */
	struct rotation_part newest;     /* wall_ns and try */
};

/* The name of a part that begins then (since 1970); try is above 1 where names before are taken. */
struct text rotation_name(struct arena *a, const char *path, uint64_t wall_ns, unsigned try);

/* Makes the next part, and removes those above keep. Its descriptor; -1 sets *e. */
int rotation_next(struct rotation *r, uint64_t wall_ns, struct err *e);

/* The name of the part that was made last. */
struct text rotation_newest(const struct rotation *r);

#endif
