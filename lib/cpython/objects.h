/* SPDX-License-Identifier: MIT */
/*
 * cpython/objects.h: what a few kinds of objects hold: str, bytes, and types.
 *
 * Texts are copied to the arena that is given. False: the object is of another
 * kind, or holds more than is asked for, or cannot be read.
 */
#ifndef CPYTHON_OBJECTS_H
#define CPYTHON_OBJECTS_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct python;

enum { NAME_CHARS = 4096 }; /* of a name; what is longer ends in an ellipsis */

/* A str as UTF-8 of at most NAME_CHARS characters. */
bool object_text(struct python *p, struct arena *a, uint64_t address, struct text *text);

/* A bytes object of at most max bytes. */
bool object_bytes(struct python *p, struct arena *a, uint64_t address, size_t max,
                  struct text *);

/* Whether the type object at that address is called name, which is no longer than 15 bytes. */
bool object_type_is(struct python *p, uint64_t type, const char *name);

/* n characters of 1, 2 or 4 bytes as UTF-8; what is no character becomes U+FFFD. */
struct text unicode_utf8(struct arena *a, const unsigned char *chars, size_t n, unsigned width);

#endif
