/* SPDX-License-Identifier: MIT */
/*
 * cpython/find.h: where in a process CPython's runtime lies.
 *
 * The names of programs prove nothing: CPython is embedded in servers and
 * editors. What counts is the symbol _PyRuntime, or the section .PyRuntime.
 */
#ifndef CPYTHON_FIND_H
#define CPYTHON_FIND_H

#include "base/err.h"
#include "remote/maps.h"
#include "remote/remote.h"

struct runtime {
	uint64_t address; /* of _PyRuntime */
	uint64_t none;    /* of None; 0: unknown */
	uint64_t size;    /* of _PyRuntime, or 0 */
	uint32_t version; /* PY_VERSION_HEX, or 0 */
	unsigned minor; /* of version 3, from the version or from a file's name; 0 is unknown */
	bool free_threaded; /* as _Py_DebugOffsets says */
	bool has_debug;     /* there is a _Py_DebugOffsets */
	bool whole;         /* it lies in the program's own file, not in a library */
	bool debug;         /* a build for debugging CPython (Py_REF_DEBUG) */
};

/* False: no CPython is there. a is scratch. */
bool find_runtime(struct arena *a, struct remote *r, struct runtime *found);

/*
 * Finds the section of that name in a mapped file whose name holds piece, or
 * that CPython may be in. a is scratch.
 */
bool find_section(struct arena *a, struct remote *r, const char *piece, const char *section,
                  uint64_t *address);

/*
 * Words what the process is, when it is no CPython that we can read, and which
 * of its descendants is. Always false.
 */
bool find_explain(struct remote *r, struct err *e);

/* "python3.9", "libpython3.9.so.1.0": the 3 and the 9; false: the name says nothing. */
bool find_named_version(struct text path, unsigned *major, unsigned *minor);

/*
 * version.c: the PY_VERSION_HEX of the final version that the text of
 * Py_GetVersion() tells, of 3.6 to 3.10; 0: it is no such text.
 */
uint32_t version_of_text(struct text text);

/* Looks for such a text in the data that the address is part of; 0: there is none (yet). */
uint32_t version_scan(struct arena *a, struct remote *r, const struct maps *maps,
                      uint64_t address);

/* The minor version of which _PyRuntime has that size; 0: unknown. */
unsigned version_by_size(uint64_t size);

/* The number at *at, of some digits at most, which goes behind them. */
unsigned version_digits(const char **at, const char *end);

#endif
