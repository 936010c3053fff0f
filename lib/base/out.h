/* SPDX-License-Identifier: MIT */
/*
 * base/out.h: where a filter writes its result.
 *
 * Standard output, or a file that gets its name only when it is whole. What
 * cannot be written ends the process: one message, status 1, nothing half
 * done left behind. A closed pipe ends it by SIGPIPE, silently.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/err.h"
#include "base/text.h"

enum out_kind { OUT_TEXT, OUT_BINARY, OUT_PAGE };

struct out;

/*
 * Opens path, or standard output for NULL and "-". Refuses to write a binary
 * form or a page to a terminal. Lives on *a until out_close(). NULL sets *e.
 */
struct out *out_open(struct arena *a, const char *path, enum out_kind kind, struct err *e);

void out_put(struct out *o, const void *bytes, size_t n);
void out_text(struct out *o, struct text t);
void out_byte(struct out *o, char c);
void out_number(struct out *o, uint64_t n); /* in decimal digits */
void out_print(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands on what is held back. */
void out_flush(struct out *o);

/* Writes the rest and gives the file its name. */
void out_close(struct out *o);

/* Removes the unfinished file, if there is one; safe in a signal handler. */
void out_abandon(void);

#endif
