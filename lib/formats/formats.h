/* SPDX-License-Identifier: MIT */
/*
 * formats/formats.h: other people's profiles, into a tree.
 *
 * An input is read into memory whole and recognized by its content, never by
 * its name. Reading goes on behind what is bad: good lines are kept.
 */
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include "base/err.h"
#include "tree/tree.h"

/* One input on its way into a tree, as a run of its own. */
struct import {
	struct tree *tree;
	const char *name; /* for messages */
	uint64_t
		unit_ns; /* what a count of 1 stands for, where the format cannot tell; 0: a sample */
	struct text rest; /* not read yet */
	struct tree_run *run;
	uint32_t
		thread; /* its row in the run: all is one thread's where the format knows none */
	uint64_t line, bad; /* lines read so far, and those of them that are not kept */
	uint64_t samples;
	uint64_t given;    /* weight of the run so far */
	uint64_t fraction; /* of a count, billionths that are not given yet */
};

struct format {
	const char *name;
	const char *sentence; /* for people */
	bool (*recognizes)(struct text bytes, struct err *e);
	bool (*read)(struct import *in, struct err *e);
};

/* The table of formats.def; the last row has no name. */
extern const struct format formats[];

/* All bytes of a file, or of standard input for "-", on a. False sets *e. */
bool formats_load(struct arena *a, const char *path, struct text *bytes, struct err *e);

/* The path as messages have it: "stdin" for "-". */
const char *formats_input_name(const char *path);

/* The format of an input of that name; NULL sets *e to what it is instead. */
const struct format *formats_recognize(struct text bytes, const char *name, struct err *e);

/* Begins an input. The run's id is a hash of the bytes and of the name's last part. */
struct import import_begin(struct tree *t, struct text bytes, const char *name,
                           uint64_t unit_ns);

/*
 * The formats. What recognizes none may add a hint of why to *e. A reader reads
 * an input to its end; false sets *e to something bad, and the next call goes on
 * behind it.
 */
#define FORMAT(name, sentence)                                                                 \
	bool name##_recognizes(struct text bytes, struct err *e);                              \
	bool name##_read(struct import *in, struct err *e);
#include "formats/formats.def"
#undef FORMAT

#endif
