/* SPDX-License-Identifier: MIT */
/*
 * heat/sources.h: where the text of a source file comes from.
 *
 * From the stream, which has it as it was when it was sampled; else, when that
 * was asked for, from a folder of this machine: below a root as the target had
 * it, or below what a part of its path is mapped to. A name in a stream never
 * leads out of that folder, and only regular files are read.
 */
#ifndef HEAT_SOURCES_H
#define HEAT_SOURCES_H

#include "base/err.h"
#include "base/vec.h"
#include "heat/heat.h"
#include "tree/same.h"

enum { HEAT_SOURCE_MAX = 16 << 20 }; /* bytes of a file, as in remote/source.h */

/* The numbers are the page's. */
enum heat_source_state {
	HEAT_SOURCE_NONE,
	HEAT_SOURCE_SAMPLED, /* from the stream */
	HEAT_SOURCE_LATER,   /* the same; and the file that is here now is another one */
	HEAT_SOURCE_SEVERAL, /* from the stream, where runs have different ones: the last run's */
	HEAT_SOURCE_FOUND,   /* here, and not written to since the first run began */
	HEAT_SOURCE_UNDATED, /* here; when it was sampled is not known */
	HEAT_SOURCE_CHANGED, /* here, and it is not what was sampled */
};

struct heat_source {
	enum heat_source_state state;
	struct text text; /* as base/source.h has it */
	struct text odd;
};

struct heat_sources;

/* root may be NULL. NULL sets *e: a folder cannot be opened. Lives on a. */
struct heat_sources *heat_sources_open(struct arena *a, const struct tree *t, const char *root,
                                       const same_maps *maps, struct err *e);

/* The text of a row of files, on a; side as in heat/book.h. */
struct heat_source heat_source_of(const struct heat_sources *s, const struct heat *h,
                                  uint32_t file, uint64_t side, struct arena *a);

#endif
