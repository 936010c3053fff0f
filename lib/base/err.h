/* SPDX-License-Identifier: MIT */
/*
 * base/err.h: what the world refused, worded once, where it is known.
 *
 * A fact reads "input: place: fact", in lower case, without a full stop; the
 * tool's name is put before it when it is printed. A hint is one action that
 * helps. Callers pass an err up untouched.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

struct err {
	char fact[1024]; /* empty when all is well */
	char hint[1024]; /* or empty */
	int kind;        /* what callers tell apart, as they say; else 0 */
};

/* Sets the fact and clears the rest. Always false, so that it can be returned. */
bool err_set(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the hint. Always false. */
bool err_hint(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
