/* SPDX-License-Identifier: MIT */
/*
 * formats/mojo.h: Austin's binary file, MOJO: "MOJ", the version, and events.
 *
 * An event is a byte and its fields. A number has six bits in its first byte,
 * whose bit 6 is its sign, and seven in each further one; bit 7 says that one
 * follows. A text ends in a zero byte. A sample is a stack event, its frames
 * from the outermost to the innermost, and its metrics; strings and frames are
 * defined before they are used, by keys that are their process's own.
 *
 * There is no clock: a sample tells for how long it stands, up to when it was
 * taken. All threads of a process that are sampled at once tell the same.
 */
#ifndef FORMATS_MOJO_H
#define FORMATS_MOJO_H

#include "formats/import.h"
#include "stream/bytes.h"

enum { MOJO_VERSION = 3, MOJO_COLUMNS = 2, MOJO_INTERPRETERS = 3, MOJO_US_NS = 1000 };

/* What a key of a process stands for: a string or a frame of the tree. */
struct mojo_definition {
	uint64_t pid, key;
	uint32_t is;
};

struct mojo_definitions {
	VEC(struct mojo_definition) rows;
	struct index index;
};

/* A process's own time: the sum of what its samples stood for. */
struct mojo_watch {
	uint64_t at, us; /* when its last tick begins, and for how long it stands */
	uint64_t tick;   /* its number */
};

struct mojo {
	struct import *in;
	struct cursor c;
	uint64_t version, pid; /* pid: of the last sample */
	struct mojo_definitions strings, frames;
	uint64_t undefined;             /* uses of strings and frames that are not */
	VEC(struct mojo_watch) watches; /* by process */
	uint64_t latest;                /* end of all their ticks */
	VEC(uint64_t) seen;          /* by thread: the last tick of its process that has it */
	VEC(uint64_t) times;         /* for how long each sample of the input stands */
	struct import_sample sample; /* the open one */
	uint64_t us;                 /* for how long it stands; 0: not told */
	size_t depth;
	bool open, invalid;             /* a sample is open; Austin could not read its stack */
	bool full, cpu;                 /* modes */
	bool marks_gc, whole, interval; /* told */
};

/* What is wrong with an event, if anything; what is cut shows in c.bad. */
typedef const char *mojo_fault;

uint64_t mojo_number(struct mojo *m);
struct text mojo_text(struct mojo *m);

/* One more frame of the open sample. */
mojo_fault mojo_push(struct mojo *m, uint32_t frame);
mojo_fault mojo_push_marker(struct mojo *m, enum stream_kind kind);

/* The events of frames and strings, behind their byte. */
mojo_fault mojo_take_frame(struct mojo *m);
mojo_fault mojo_take_frame_ref(struct mojo *m);
mojo_fault mojo_take_kernel_frame(struct mojo *m);
mojo_fault mojo_take_string(struct mojo *m);

#endif
