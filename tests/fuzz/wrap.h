/* SPDX-License-Identifier: MIT */
/*
 * fuzz/wrap.h: blocks with right checks around any bytes, to get past them.
 */
#ifndef FUZZ_WRAP_H
#define FUZZ_WRAP_H

#include "stream/block.h"
#include "stream/fields.h"

#include <zstd.h>

/* Bits of the byte that says how; between them the content. */
enum { WRAPPED = 1, COMPRESSED = 2, CONTENT_SHIFT = 2, CONTENT = 3, BARE = 16 };

struct wrapping {
	struct arena arena;
	struct bytes out, raw;
	unsigned how, blocks, segments;
	ZSTD_CCtx *compressor;
};

static void
put_record(struct wrapping *w, uint8_t type, const struct bytes *body)
{
	bytes_byte(&w->arena, &w->raw, type);
	bytes_number(&w->arena, &w->raw, body->n);
	bytes_put(&w->arena, &w->raw, body->at, body->n);
}

static void
put_object(struct wrapping *w, enum stream_record type, const void *object)
{
	struct bytes body = { 0 };

	fields_put(&w->arena, &body, type, object);
	put_record(w, (uint8_t)type, &body);
}

/* The begin record, and a run with a process and a thread to refer to. */
static void
put_beginning(struct wrapping *w)
{
	unsigned content = w->how >> CONTENT_SHIFT & CONTENT;
	struct stream_run run = { .side = content == STREAM_DIFF,
		                  .unit_ns = 100,
		                  .interval_ns = 1600,
		                  .epoch_ms = content ? 4 : 0 };
	struct bytes body = { 0 };

	bytes_number(&w->arena, &body, content);
	bytes_number(&w->arena, &body, w->segments++);
	bytes_number(&w->arena, &body, 0);
	bytes_text(&w->arena, &body, text_of("fuzz"));
	put_record(w, STREAM_RECORD_begin, &body);
	if (w->how & BARE)
		return;
	put_object(w, STREAM_RECORD_run, &run);
	put_object(w, STREAM_RECORD_process, &(struct stream_process){ .pid = 7 });
	put_object(w, STREAM_RECORD_thread, &(struct stream_thread){ 0 });
}

/* The raw bytes as a block. */
static void
put_block(struct wrapping *w)
{
	unsigned flags =
		(w->blocks ? 0 : BLOCK_RESTART) | (w->how & COMPRESSED ? BLOCK_ZSTD : 0);
	unsigned char header[STREAM_HEADER_BYTES];
	size_t room = ZSTD_compressBound(w->raw.n) + 64, n = w->raw.n;
	unsigned char *stored = w->raw.at;

	if (w->how & COMPRESSED) {
		ZSTD_inBuffer in = { w->raw.at, w->raw.n, 0 };
		ZSTD_outBuffer out = { stored = arena_alloc(&w->arena, room), room, 0 };

		ZSTD_compressStream2(w->compressor, &out, &in, ZSTD_e_flush);
		n = out.pos;
	}
	block_header(header, flags, w->blocks++, stored, n, w->raw.n);
	bytes_put(&w->arena, &w->out, header, sizeof header);
	bytes_put(&w->arena, &w->out, stored, n);
	w->raw.n = 0;
}

/*
 * Two bytes give the length of the records that follow, as far as they go. The
 * highest bit begins a segment, the next one ends the stream.
 */
static void
wrap(struct wrapping *w, struct cursor c)
{
	while (cursor_left(&c) >= 2) {
		unsigned head = (unsigned)cursor_byte(&c) << 8, n;
		const unsigned char *records;

		head |= cursor_byte(&c);
		n = head & 0x3fff;
		n = n < cursor_left(&c) ? n : (unsigned)cursor_left(&c);
		records = cursor_bytes(&c, n);
		if (head & 0x8000 || w->blocks == 0) {
			ZSTD_CCtx_reset(w->compressor, ZSTD_reset_session_only);
			w->blocks = 0;
			put_beginning(w);
		}
		bytes_put(&w->arena, &w->raw, records, n);
		if (head & 0x4000) {
			put_record(w, STREAM_RECORD_end, &(struct bytes){ 0 });
			w->segments = 0;
		}
		put_block(w);
		if (head & 0x4000)
			w->blocks = 0;
	}
}

#endif
