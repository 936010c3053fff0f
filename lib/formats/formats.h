/* SPDX-License-Identifier: MIT */
/*
 * formats/formats.h: other people's profiles, each format a row of formats.def.
 *
 * An input is read into memory whole and recognized by its content, never by
 * its name. Reading goes on behind what is bad: good samples are kept.
 */
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include "formats/import.h"

struct format {
	const char *name;
	const char *sentence; /* for people */
	bool compares;        /* it is two sides, whose outcomes are added by the reader */
	bool (*recognizes)(struct text bytes, struct err *e);
	bool (*read)(struct import *in, struct err *e);
};

/* The table of formats.def; the last row has no name. */
extern const struct format formats[];

/* All bytes of a file, or of standard input for "-", on a. False sets *e. */
bool formats_load(struct arena *a, const char *path, struct text *bytes, struct err *e);

/* The format of an input of that name; NULL sets *e to what it is instead. */
const struct format *formats_recognize(struct text bytes, const char *name, struct err *e);

/*
 * The formats. What recognizes none may add a hint of why to *e. A reader reads
 * an input to its end; false sets *e to something bad, and the next call goes on
 * behind it.
 */
#define FORMAT(name, compares, sentence)                                                       \
	bool name##_recognizes(struct text bytes, struct err *e);                              \
	bool name##_read(struct import *in, struct err *e);
#include "formats/formats.def"
#undef FORMAT

#endif
