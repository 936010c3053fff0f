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
	uint32_t version; /* PY_VERSION_HEX, or 0 */
	unsigned minor; /* of version 3, from the version or from a file's name; 0 is unknown */
	bool free_threaded; /* as _Py_DebugOffsets says */
	bool has_debug;     /* there is a _Py_DebugOffsets */
	bool debug;         /* a build for debugging CPython (Py_REF_DEBUG) */
};

/* False: no CPython is there. a is scratch. */
bool find_runtime(struct arena *a, struct remote *r, struct runtime *found);

/*
 * Words what the process is, when it is no CPython that we can read, and which
 * of its descendants is. Always false.
 */
bool find_explain(struct remote *r, struct err *e);

/* "python3.9", "libpython3.9.so.1.0": the 3 and the 9; false: the name says nothing. */
bool find_named_version(struct text path, unsigned *major, unsigned *minor);

#endif
