/* SPDX-License-Identifier: MIT */
/*
 * formats/protobuf.h: messages in the wire format of protocol buffers.
 *
 * A message is bytes that grow; a field of the value 0 is left out, as there. A
 * message inside of another one is written by itself and put in as bytes. One
 * that is read is a cursor, from which fields are taken; groups are not read.
 */
#ifndef FORMATS_PROTOBUF_H
#define FORMATS_PROTOBUF_H

#include "base/text.h"
#include "base/varint.h"
#include "base/vec.h"
#include "stream/bytes.h"

struct message {
	struct arena *a;
	VEC(unsigned char) bytes; /* n = 0 begins it anew */
};

enum { PROTOBUF_VARINT, PROTOBUF_8_BYTES, PROTOBUF_BYTES, PROTOBUF_4_BYTES = 5 };

/* A number without a field, as repeated ones are packed. */
static inline void
message_pack(struct message *m, uint64_t n)
{
	vec_reserve(m->a, &m->bytes, m->bytes.n + VARINT_MAX);
	m->bytes.n = (size_t)(varint_put(m->bytes.at + m->bytes.n, n) - m->bytes.at);
}

static inline void
message_number(struct message *m, unsigned field, uint64_t n)
{
	if (n == 0)
		return;
	message_pack(m, (uint64_t)field << 3 | PROTOBUF_VARINT);
	message_pack(m, n);
}

/* A field of bytes, also of none. */
static inline void
message_text(struct message *m, unsigned field, struct text t)
{
	message_pack(m, (uint64_t)field << 3 | PROTOBUF_BYTES);
	message_pack(m, t.n);
	vec_reserve(m->a, &m->bytes, m->bytes.n + t.n);
	if (t.n)
		memcpy(m->bytes.at + m->bytes.n, t.at, t.n);
	m->bytes.n += t.n;
}

/* A message as a field; the inner one begins anew. */
static inline void
message_put(struct message *m, unsigned field, struct message *inner)
{
	message_text(m, field, (struct text){ (char *)inner->bytes.at, inner->bytes.n });
	inner->bytes.n = 0;
}

/* A field that is read: a number, or bytes. */
struct message_field {
	uint64_t number; /* which one */
	unsigned wire;
	uint64_t n;
	struct cursor bytes;
};

/* The next field; false: there is none, or c->bad tells that it is none. */
static inline bool
message_take(struct cursor *c, struct message_field *f)
{
	uint64_t key;

	if (c->at == c->end)
		return false;
	key = cursor_number(c);
	*f = (struct message_field){ .number = key >> 3, .wire = key & 7 };
	if (f->wire == PROTOBUF_VARINT)
		f->n = cursor_number(c);
	else if (f->wire == PROTOBUF_BYTES)
		f->bytes = cursor_part(c, cursor_number(c));
	else if (f->wire == PROTOBUF_8_BYTES)
		cursor_bytes(c, 8);
	else if (f->wire == PROTOBUF_4_BYTES)
		cursor_bytes(c, 4);
	else
		c->bad = true;
	return !c->bad;
}

static inline struct text
message_field_text(const struct message_field *f)
{
	return (struct text){ (const char *)f->bytes.at, cursor_left(&f->bytes) };
}

/* The next of a repeated number, packed or alone; false: there is no more in the field. */
static inline bool
message_take_number(struct message_field *f, uint64_t *n)
{
	*n = f->n;
	if (f->wire == PROTOBUF_VARINT) {
		f->wire = PROTOBUF_4_BYTES; /* once */
		return true;
	}
	if (f->wire != PROTOBUF_BYTES || f->bytes.at == f->bytes.end)
		return false;
	*n = cursor_number(&f->bytes);
	return !f->bytes.bad;
}

#endif
