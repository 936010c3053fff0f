/* SPDX-License-Identifier: MIT */
/*
 * cpython/layout.h: where CPython keeps what we read, as data.
 *
 * share/cpython has a table for each version; from 3.13 on the target's own
 * _Py_DebugOffsets goes before it. A file of offsets stands in for a version
 * without a table. It is text, one "name value" a line, # begins a comment:
 *
 *	like 3.15            # begin with this version's table (3.15t: free-threaded)
 *	minor 16             # the version it is for
 *	thread_frame 72      # any name of share/cpython/fields.def
 *
 * A value of "-" says that the version has no such field.
 */
#ifndef CPYTHON_LAYOUT_H
#define CPYTHON_LAYOUT_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define NONE UINT32_MAX /* the version has no such field */

enum field {
#define FIELD(name, group, width, anchor) FIELD_##name,
#include "share/cpython/fields.def"
#undef FIELD
	FIELDS
};

struct layout {
	unsigned minor; /* of version 3 */
	bool free_threaded;
	union {
		struct {
#define FIELD(name, group, width, anchor) uint32_t name;
#include "share/cpython/fields.def"
#undef FIELD
		};
		uint32_t at[FIELDS]; /* by enum field */
	};
};

enum {
	DEBUG_COOKIE_AT = 0,
	DEBUG_VERSION_AT = 8,
	DEBUG_FREE_THREADED_AT = 16,
	DEBUG_BYTES = 888, /* the longest table that we know, which is 3.15's */
	DEBUG_SINCE = 13,  /* the first minor version that has one */
};

/* The table of a version; false: there is none. */
bool layout_of(unsigned minor, bool free_threaded, struct layout *l);

/* "3.8, 3.9, ...": the versions that have a table. Lent for ever. */
const char *layout_versions(void);

/* Whether bytes, read at _PyRuntime, are a _Py_DebugOffsets; then its version and build. */
bool layout_has_debug(const unsigned char *bytes, uint32_t *version, bool *free_threaded);

/*
 * Sets what the DEBUG_BYTES read at _PyRuntime tell. False: an offset there
 * cannot be, *e says which, and *l is as it was.
 */
bool layout_debug(struct layout *l, const unsigned char *bytes, struct err *e);

/* Reads the lines of a file of offsets; name is its name, for messages. */
bool layout_parse(struct layout *l, struct text lines, const char *name, struct err *e);

/* Reads that file. */
bool layout_load(struct layout *l, const char *name, struct err *e);

#endif
