/* SPDX-License-Identifier: MIT */
/*
 * base/text.h: a text is bytes and their number.
 *
 * Names from a profile may hold anything, NUL and broken UTF-8 included.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	const char *at;
	size_t n;
};

#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })
/* For printf: "%.*s", TEXT_ARG(t). */
#define TEXT_ARG(t) (int)(t).n, (t).at

static inline struct text
text_of(const char *s)
{
	return (struct text){ s, strlen(s) };
}

static inline bool
text_equal(struct text a, struct text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* Less than, equal to or greater than 0, byte by byte. */
int text_compare(struct text a, struct text b);

bool text_starts(struct text t, struct text prefix);
bool text_ends(struct text t, struct text suffix);

/* What follows the last word in t; empty when none is there. */
struct text text_behind(struct text t, struct text word);

/* What follows the last slash. */
struct text text_basename(struct text path);

/* A copy on a, with a NUL behind it that n does not count. */
struct text text_copy(struct arena *a, struct text t);

/* The parts as one text, on a, with a NUL behind it. */
struct text text_join(struct arena *a, const struct text *parts, size_t n);

/* As printf, onto a, with a NUL behind it that n does not count. */
struct text text_print(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct text text_vprint(struct arena *a, const char *format, va_list);

/*
 * t as a terminal may show it: control characters, broken UTF-8 and the marks
 * that turn the direction of writing (Unicode Bidi_Control) become \xNN.
 */
struct text text_visible(struct arena *a, struct text t);

/* t as UTF-8: each broken byte becomes \xNN. */
struct text text_valid(struct arena *a, struct text t);

/* At most so many bytes of t; no character of UTF-8 is cut. */
struct text text_cut(struct text t, size_t most);

/* Bytes of the UTF-8 character that t begins with, 0 when it is broken. */
size_t text_utf8(struct text t, uint32_t *character);

/* 1234567 as "1,234,567", for people. */
struct text text_grouped(struct arena *a, uint64_t n);

#endif
