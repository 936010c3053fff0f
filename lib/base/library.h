/* SPDX-License-Identifier: MIT */
/*
 * base/library.h: the files of Python's standard library, by their paths alone.
 *
 * Modules that are frozen into an interpreter name no file, "<frozen os>"; they were
 * made of one in the library, os.py.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include "base/text.h"

/* "json/decoder.py" of "/usr/lib/python3.11/json/decoder.py"; empty: it lies in no library. */
struct text library_below(struct text path);

/* The folder, with its slash, that such a file lies in the library of; empty for others, and for packages. */
struct text library_of(struct text path);

/* Whether a name is that of a frozen module. */
bool library_is_frozen(struct text name);

enum { LIBRARY_FILES = 2 };

/* The path that a frozen module may have been made of, in that folder, the number of it from 0. */
struct text library_file(struct arena *a, struct text folder, struct text name, size_t number);

#endif
