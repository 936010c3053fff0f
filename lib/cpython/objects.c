/* SPDX-License-Identifier: MIT */
/* The few kinds of objects whose contents we read: str, bytes, and types. */
#include "cpython/python.h"

enum {
	HEAD_BYTES = 128,             /* more than any object's head */
	TEXT_BYTES = HEAD_BYTES + 64, /* of a str of the characters that are looked for */
};

static size_t
put_utf8(char *to, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

struct text
unicode_utf8(struct arena *a, const unsigned char *chars, size_t n, unsigned width)
{
	char *to = arena_alloc(a, n * (width == 1 ? 2 : width == 2 ? 3 : 4) + 1);
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t c = 0;

		memcpy(&c, chars + i * width, width);
		bytes += put_utf8(to + bytes, c);
	}
	return (struct text){ to, bytes };
}

/* Where a str's characters are and how wide: compact ones follow the head, others are apart. */
static bool
find_characters(struct python *p, uint64_t address, uint64_t *at, size_t *n, unsigned *width)
{
	const struct layout *l = &p->layout;
	unsigned char head[HEAD_BYTES];
	size_t want = l->unicode_compact + 8;
	uint32_t state;
	bool compact, ascii;

	if (want > sizeof head || !address || !remote_read(p->remote, address, head, want))
		return false;
	*n = word_at(head + l->unicode_length);
	state = half_at(head + l->unicode_state) >> l->unicode_kind;
	*width = state & 7;
	compact = state & 8;
	ascii = state & 16;
	*at = compact ? address + (ascii ? l->unicode_ascii : l->unicode_compact)
	              : word_at(head + l->unicode_data);
	return (*width == 1 || *width == 2 || *width == 4) && *n <= INT32_MAX;
}

bool
object_text(struct python *p, struct arena *a, uint64_t address, struct text *text)
{
	unsigned char chars[NAME_CHARS * 4];
	unsigned width;
	uint64_t at;
	size_t n, taken;

	if (!find_characters(p, address, &at, &n, &width))
		return false;
	taken = n < NAME_CHARS ? n : NAME_CHARS;
	if (taken && !remote_read(p->remote, at, chars, taken * width))
		return false;
	*text = unicode_utf8(a, chars, taken, width);
	if (taken < n)
		*text = text_print(a, "%.*s\u2026", TEXT_ARG(*text));
	return true;
}

bool
object_bytes(struct python *p, struct arena *a, uint64_t address, size_t max, struct text *text)
{
	uint64_t n;
	char *at;

	if (!address ||
	    !remote_read(p->remote, address + p->layout.bytes_length, &n, sizeof n) || n > max)
		return false;
	at = arena_alloc(a, n + 1);
	*text = (struct text){ at, n };
	return n == 0 || remote_read(p->remote, address + p->layout.bytes_data, at, n);
}

bool
object_type_is(struct python *p, uint64_t type, const char *name)
{
	char there[16] = "";
	size_t n = strlen(name) + 1;
	uint64_t at;

	return n <= sizeof there && type &&
	       remote_read(p->remote, type + p->layout.type_name, &at, sizeof at) &&
	       remote_read(p->remote, at, there, n) && memcmp(there, name, n) == 0;
}

bool
object_is(struct python *p, uint64_t address, enum type_flag flag)
{
	uint64_t type, flags;

	return address &&
	       remote_read(p->remote, address + p->layout.object_type, &type, sizeof type) &&
	       remote_read(p->remote, type + p->layout.type_flags, &flags, sizeof flags) &&
	       flags & (uint64_t)flag;
}

/* Names that programs are written in are compact: the characters follow the head. */
static bool
is_text(const struct layout *l, const unsigned char *object, struct text ascii)
{
	return word_at(object + l->unicode_length) == ascii.n &&
	       (half_at(object + l->unicode_state) >> l->unicode_kind & 31) == (1 | 8 | 16) &&
	       memcmp(object + l->unicode_ascii, ascii.at, ascii.n) == 0;
}

/*
 * Of the first of the *n, as many as are read at once, which *n is then: up to one that is
 * NULL or cannot be read. By /proc/PID/mem each is a call of its own, so one is.
 */
static uint32_t
find_readable(struct python *p, const uint64_t *objects, uint32_t *n, struct text ascii)
{
	unsigned char bytes[REMOTE_PIECES_MAX][TEXT_BYTES];
	struct remote_piece pieces[REMOTE_PIECES_MAX];
	size_t want = p->layout.unicode_ascii + ascii.n;
	uint32_t i = 0, most = remote_by_file(p->remote) ? 1 : REMOTE_PIECES_MAX;
	ssize_t got;

	for (; i < *n && i < most && objects[i]; i++)
		pieces[i] = (struct remote_piece){ objects[i], bytes[i], want };
	got = i ? remote_read_pieces(p->remote, pieces, i) : 0;
	*n = got < 0 ? 0 : (uint32_t)((size_t)got / want);
	for (i = 0; i < *n && !is_text(&p->layout, bytes[i], ascii);)
		i++;
	return i;
}

uint32_t
object_find_text(struct python *p, const uint64_t *objects, uint32_t n, struct text ascii)
{
	uint32_t from = 0;

	if (p->layout.unicode_ascii + ascii.n > TEXT_BYTES)
		return n;
	while (from < n) {
		uint32_t read = n - from, i = find_readable(p, objects + from, &read, ascii);

		if (i < read)
			return from + i;
		from += read ? read : 1; /* that one is NULL, or cannot be read */
	}
	return n;
}
