/* SPDX-License-Identifier: MIT */
/*
 * remote/maps.h: what is mapped where in a process (proc_pid_maps(5)).
 *
 * A path is the target's word: it may hold any byte but a newline, and lead
 * anywhere. What identifies a file is its device and inode.
 */
#ifndef REMOTE_MAPS_H
#define REMOTE_MAPS_H

#include "base/text.h"
#include "base/vec.h"
#include "remote/remote.h"

enum {
	MAPS_MAX = 1 << 20,       /* mappings that are looked at */
	MAPS_BYTES_MAX = 1 << 28, /* of the text */
};

struct map {
	uint64_t start, end; /* start < end */
	uint64_t offset;     /* in the file */
	dev_t device;
	uint64_t inode; /* 0: no file */
	bool readable, writable, executable;
	bool deleted;     /* the kernel says so of its path, or the path ends like that */
	struct text path; /* or "[heap]" and the like, or empty */
};

struct maps {
	struct map *at;
	size_t n, room;
};

/* Adds the lines of text, to whose bytes the paths will point. Lines that are none are passed over. */
void maps_parse(struct arena *a, struct text text, struct maps *maps);

/* Reads those of the process. They are empty when it has ended or cannot be read. */
struct maps maps_read(struct arena *a, pid_t pid);

/* The mapping that holds the address, or NULL. */
const struct map *maps_find(const struct maps *maps, uint64_t address);

/*
 * Opens the very file that is mapped in r's process, for reading; the caller
 * closes. -1: it is no regular file, or none that can be shown to be the one.
 */
int map_open(struct remote *r, const struct map *m);

#endif
