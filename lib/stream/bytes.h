/* SPDX-License-Identifier: MIT */
/*
 * stream/bytes.h: the numbers and texts of tstream(5), taken and put.
 */
#ifndef STREAM_BYTES_H
#define STREAM_BYTES_H

#include "base/text.h"
#include "base/varint.h"
#include "base/vec.h"

/* Bytes yet to be taken. What is wrong shows once, in bad: then all is 0 and empty. */
struct cursor {
	const unsigned char *at, *end;
	bool bad;
};

static inline struct cursor
cursor_of(const void *bytes, size_t n)
{
	return (struct cursor){ bytes, (const unsigned char *)bytes + n, false };
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

static inline const unsigned char *
cursor_bytes(struct cursor *c, uint64_t n)
{
	const unsigned char *p = c->at;

	if (c->bad || n > cursor_left(c)) {
		c->bad = true;
		c->at = c->end;
		return NULL;
	}
	c->at += n;
	return p;
}

/* The next n bytes by themselves. */
static inline struct cursor
cursor_part(struct cursor *c, uint64_t n)
{
	const unsigned char *p = cursor_bytes(c, n);

	return (struct cursor){ p, p ? p + n : p, c->bad };
}

static inline uint64_t
cursor_number(struct cursor *c)
{
	uint64_t n;

	if (c->at < c->end && *c->at < 0x80)
		return *c->at++;
	if (varint_take(&c->at, c->end, &n))
		return n;
	c->bad = true;
	c->at = c->end;
	return 0;
}

static inline int64_t
cursor_signed(struct cursor *c)
{
	return varint_unfold(cursor_number(c));
}

static inline uint8_t
cursor_byte(struct cursor *c)
{
	const unsigned char *p = cursor_bytes(c, 1);

	return p ? *p : 0;
}

static inline struct text
cursor_text(struct cursor *c)
{
	uint64_t n = cursor_number(c);
	const unsigned char *p = cursor_bytes(c, n);

	return p ? (struct text){ (const char *)p, n } : (struct text){ 0 };
}

/* Bytes that were put. */
struct bytes {
	unsigned char *at;
	size_t n, room; /* as VEC() has them */
};

static inline void
bytes_put(struct arena *a, struct bytes *b, const void *p, size_t n)
{
	vec_reserve(a, b, b->n + n);
	if (n)
		memcpy(b->at + b->n, p, n);
	b->n += n;
}

static inline void
bytes_byte(struct arena *a, struct bytes *b, uint8_t byte)
{
	*vec_push(a, b) = byte;
}

static inline void
bytes_number(struct arena *a, struct bytes *b, uint64_t n)
{
	vec_reserve(a, b, b->n + VARINT_MAX);
	b->n = (size_t)(varint_put(b->at + b->n, n) - b->at);
}

static inline void
bytes_signed(struct arena *a, struct bytes *b, int64_t n)
{
	bytes_number(a, b, varint_fold(n));
}

static inline void
bytes_text(struct arena *a, struct bytes *b, struct text t)
{
	bytes_number(a, b, t.n);
	bytes_put(a, b, t.at, t.n);
}

#endif
