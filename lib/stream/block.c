/* SPDX-License-Identifier: MIT */
#include "stream/block.h"

#include "stream/header.h"
#include "stream/sums.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>
#include <zstd.h>

enum {
	WINDOW_LOG_MAX = 23,     /* tstream(5): at most 8 MiB */
	PROBED = 64,             /* bytes that tell a text */
	FIRST_WINDOW = 64 << 10, /* the input buffer grows as bytes arrive, never before */
};

struct blocks {
	struct arena *a;
	int fd;                    /* -1: there is none */
	struct stream_input input; /* or read by that */
	const char *name;
	struct bytes window; /* what was read; at is its first byte yet to be used */
	size_t at;
	uint64_t offset; /* of window.at[at] in the input */
	bool over;       /* the input has ended */
	int error;       /* errno of a failed read, else 0 */

	struct sums sums;   /* of blocks that may begin behind damage */
	unsigned due;       /* number of the next block in the segment */
	size_t segment;     /* raw bytes in it so far */
	bool zstd, seeking; /* seeking: only a restart block will do */
	ZSTD_DStream *decompressor;
	bool frame_over; /* the segment's Zstandard frame has ended */
	unsigned char *raw;
};

struct blocks *
blocks_new(struct arena *a, int fd, const char *name)
{
	struct blocks *b = arena_new(a, struct blocks);

	*b = (struct blocks){ .a = a, .fd = fd, .name = name, .seeking = true };
	vec_reserve(a, &b->window, FIRST_WINDOW);
	return b;
}

void
blocks_read_by(struct blocks *b, struct stream_input input)
{
	b->input = input;
}

static ssize_t
read_some(struct blocks *b, void *to, size_t n)
{
	return b->input.read ? b->input.read(b->input.context, to, n) : read(b->fd, to, n);
}

static size_t
held(const struct blocks *b)
{
	return b->window.n - b->at;
}

static void
use(struct blocks *b, size_t n)
{
	b->at += n;
	b->offset += n;
}

/* Reads until n bytes are held; false: the input ends before. */
static bool
hold(struct blocks *b, size_t n)
{
	while (held(b) < n && !b->over) {
		ssize_t got;

		if (b->at && b->window.n == b->window.room) {
			memmove(b->window.at, b->window.at + b->at, held(b));
			b->window.n = held(b);
			b->at = 0;
		}
		if (b->window.n == b->window.room)
			vec_reserve(b->a, &b->window, b->window.room * 2);
		got = read_some(b, b->window.at + b->window.n, b->window.room - b->window.n);
		if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
			poll(&(struct pollfd){ .fd = b->fd, .events = POLLIN }, 1, -1);
			continue;
		}
		b->error = got < 0 ? errno : 0;
		b->over = got <= 0;
		b->window.n += got > 0 ? (size_t)got : 0;
	}
	return held(b) >= n;
}

static const unsigned char *
here(const struct blocks *b)
{
	return b->window.at + b->at;
}

/* NULL, or why the block cannot be the next one. */
static const char *
check_order(const struct blocks *b, const struct header *h)
{
	if (h->flags & BLOCK_RESTART)
		return NULL;
	if (b->seeking)
		return "the stream does not begin with a restart block";
	if (h->number != b->due)
		return "a block is missing before this one";
	if (b->zstd != !!(h->flags & BLOCK_ZSTD))
		return "the block is not compressed as its segment is";
	if (b->segment + h->raw > STREAM_SEGMENT_MAX)
		return "the segment is longer than 8 MiB";
	return NULL;
}

/* Decompresses exactly h->raw bytes from exactly h->stored: room for one more would show it. */
static bool
inflate_block(struct blocks *b, const struct header *h, const unsigned char *stored)
{
	ZSTD_inBuffer in = { stored, h->stored, 0 };
	ZSTD_outBuffer out = { b->raw, h->raw + 1, 0 };
	size_t before = SIZE_MAX, left;

	while (!b->frame_over && in.pos + out.pos != before) {
		before = in.pos + out.pos;
		left = ZSTD_decompressStream(b->decompressor, &out, &in);
		if (ZSTD_isError(left))
			return false;
		b->frame_over = left == 0;
	}
	return in.pos == in.size && out.pos == h->raw;
}

static void
begin_segment(struct blocks *b, const struct header *h)
{
	b->segment = 0;
	b->zstd = h->flags & BLOCK_ZSTD;
	b->frame_over = false;
	if (!b->zstd)
		return;
	if (!b->decompressor) {
		b->decompressor = ZSTD_createDStream();
		ZSTD_DCtx_setParameter(b->decompressor, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
		b->raw = arena_alloc(b->a, STREAM_BLOCK_MAX + 1);
	}
	ZSTD_DCtx_reset(b->decompressor, ZSTD_reset_session_only);
}

/* Behind damage blocks may seem to lie in each other. */
static uint32_t
check_stored(struct blocks *b, const unsigned char *stored, size_t n)
{
	return b->seeking ? sums_check(b->a, &b->sums, stored, b->offset, n)
	                  : header_check(stored, n);
}

/* NULL, or what is wrong with the stored bytes, all of which are held. */
static const char *
open_block(struct blocks *b, const struct header *h, struct block *block)
{
	const unsigned char *stored = here(b) + STREAM_HEADER_BYTES;
	bool restart = h->flags & BLOCK_RESTART;

	if (check_stored(b, stored, h->stored) != h->check)
		return "the check of a block is wrong";
	if (restart)
		begin_segment(b, h);
	if (b->zstd && !inflate_block(b, h, stored))
		return "a block cannot be decompressed";
	*block = (struct block){ .restart = restart,
		                 .missing = restart && !b->seeking && h->number > b->due
		                                    ? h->number - b->due
		                                    : 0,
		                 .offset = b->offset,
		                 .raw = cursor_of(b->zstd ? b->raw : stored, h->raw) };
	b->due = restart ? 1 : b->due + 1;
	b->segment += h->raw;
	b->seeking = false;
	use(b, STREAM_HEADER_BYTES + h->stored);
	return NULL;
}

/* Moves to the next header of a restart block; false: there is none. */
static bool
seek_restart(struct blocks *b)
{
	struct header h;

	b->seeking = true;
	for (use(b, 1); hold(b, STREAM_HEADER_BYTES); use(b, 1)) {
		const unsigned char *p = memchr(here(b), header_first(), held(b));

		use(b, p ? (size_t)(p - here(b)) : held(b) - 1);
		if (p && hold(b, STREAM_HEADER_BYTES) && !header_read(here(b), &h) &&
		    h.flags & BLOCK_RESTART)
			return true;
	}
	use(b, held(b));
	return false;
}

/* Passes over what cannot be read. What a cut block took for its own may hold a restart block. */
static enum block_next
damaged(struct blocks *b, const char *fact, struct err *e)
{
	uint64_t from = b->offset, lost;
	bool found = seek_restart(b);
	char resume[64] = "";

	lost = b->offset - from;
	if (found)
		snprintf(resume, sizeof resume, "; reading goes on at byte %" PRIu64,
		         b->offset);
	err_set(e, "%s: byte %" PRIu64 ": %s; %" PRIu64 " byte%s lost%s", b->name, from, fact,
	        lost, lost == 1 ? " is" : "s are", resume);
	return BLOCK_DAMAGED;
}

/* The input ended before the block did. */
static enum block_next
ended(struct blocks *b, struct err *e)
{
	if (!b->error)
		return damaged(b,
		               header_begins(here(b), held(b))
		                       ? "the stream was cut inside a block"
		                       : "no block begins here",
		               e);
	err_set(e, "%s: byte %" PRIu64 ": %s", b->name, b->offset + held(b),
	        strerror(b->error));
	b->error = 0;
	use(b, held(b));
	return BLOCK_DAMAGED;
}

/* Whether the block belongs to a segment that is given up. */
static bool
is_skipped(const struct blocks *b, const struct header *h)
{
	return b->seeking && b->due && !(h->flags & BLOCK_RESTART);
}

enum block_next
blocks_next(struct blocks *b, struct block *block, struct err *e)
{
	const char *fact;
	struct header h;

	for (;; use(b, STREAM_HEADER_BYTES + h.stored)) {
		if (!hold(b, 1) && !b->error)
			return BLOCK_END;
		if (!hold(b, STREAM_HEADER_BYTES))
			return ended(b, e);
		if ((fact = header_read(here(b), &h)))
			return damaged(b, fact, e);
		if (!is_skipped(b, &h) && (fact = check_order(b, &h)))
			return damaged(b, fact, e);
		if (!hold(b, STREAM_HEADER_BYTES + h.stored))
			return ended(b, e);
		if (!is_skipped(b, &h))
			return (fact = open_block(b, &h, block)) ? damaged(b, fact, e)
			                                         : BLOCK_READ;
	}
}

uint64_t
blocks_offset(const struct blocks *b)
{
	return b->offset;
}

void
blocks_skip(struct blocks *b)
{
	b->seeking = true;
}

void
blocks_close(struct blocks *b)
{
	ZSTD_freeDStream(b->decompressor);
	if (b->fd > STDIN_FILENO)
		close(b->fd);
}

static bool
looks_like_text(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 && p[i] != '\n' && p[i] != '\t' && p[i] != '\r')
			return false;
	return true;
}

/* Of HTML, or a picture. */
static bool
looks_like_page(const unsigned char *p, size_t n)
{
	static const char *const begins[] = { "<!doctype", "<html", "<svg", "<?xml", "<!--" };

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (n >= strlen(begins[i]) &&
		    strncasecmp((const char *)p, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Whether what is held has a restart block, wherever it begins. */
static bool
holds_restart(const struct blocks *b)
{
	const unsigned char *p = here(b), *end = p + held(b);
	struct header h;

	for (; (p = memchr(p, header_first(), (size_t)(end - p))); p++)
		if (end - p >= STREAM_HEADER_BYTES && !header_read(p, &h) &&
		    h.flags & BLOCK_RESTART)
			return true;
	return false;
}

bool
blocks_probe(struct blocks *b, struct err *e)
{
	bool is_text;

	if (!hold(b, 1)) {
		if (b->error)
			return err_set(e, "%s: %s", b->name, strerror(b->error));
		return err_set(e, "%s: it is empty", b->name);
	}
	hold(b, HEADER_MAGIC_BYTES);
	if (held(b) < HEADER_MAGIC_BYTES || header_begins(here(b), held(b)))
		return true;
	hold(b, PROBED);
	is_text = looks_like_text(here(b), held(b) < PROBED ? held(b) : PROBED);
	if (!is_text)
		hold(b, STREAM_STORED_MAX);
	if (!is_text && holds_restart(b))
		return true;
	err_set(e, "%s: this is no stream of tachytools", b->name);
	if (is_text && looks_like_page(here(b), held(b)))
		err_hint(e, "it is a page; give the stream that it was drawn from");
	else if (is_text)
		err_hint(e, "\"timport %s\" reads collapsed stacks", b->name);
	return false;
}
