/* SPDX-License-Identifier: MIT */
#include "stream/writer.h"

#include "base/version.h"
#include "stream/block.h"
#include "stream/fields.h"
#include "stream/writing.h"

#include <assert.h>

enum {
	FILL_LIVE = 32 << 10, /* raw bytes after which a block is ended */
	FILL = 256 << 10,
	RESTART_BYTES = 4 << 20, /* raw bytes after which numbers begin anew */
	RESTART_NUMBERS = STREAM_NUMBER_MAX / 2,
	WINDOW_LOG = 20, /* of zstd: 1 MiB, so that a reader needs little memory */
};

struct writer *
writer_new(struct arena *a, struct writer_options options, struct writer_sink sink)
{
	struct writer *w = arena_new(a, struct writer);

	*w = (struct writer){ .a = a, .options = options, .sink = sink };
	if (options.level) {
		w->compressor = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_compressionLevel, options.level);
		ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_windowLog, WINDOW_LOG);
		ZSTD_CCtx_setParameter(w->compressor, ZSTD_c_contentSizeFlag, 0);
	}
	return w;
}

static void
put_record(struct writer *w, uint8_t type, const void *body, size_t n)
{
	bytes_byte(w->a, &w->body, type);
	bytes_number(w->a, &w->body, n);
	bytes_put(w->a, &w->body, body, n);
}

/* Puts definitions, and then what uses them, behind the records that are there. */
void
writing_put_batches(struct writer *w)
{
	static const uint8_t types[] = { STREAM_RECORD_strings, STREAM_RECORD_functions,
		                         STREAM_RECORD_frames, STREAM_RECORD_stacks };

	writing_close_cell(w);
	for (int i = 0; i < BATCHES; i++) {
		struct bytes *b = &w->batches[i];

		if (b->n)
			put_record(w, i == ENTRIES ? w->entries_type : types[i], b->at, b->n);
		b->n = 0;
	}
}

/* Compresses the body behind the header's place; its length. */
static size_t
compress_body(struct writer *w)
{
	size_t room = ZSTD_compressBound(w->body.n) + 64;
	ZSTD_inBuffer in = { w->body.at, w->body.n, 0 };
	ZSTD_outBuffer out;
	size_t left;

	vec_reserve(w->a, &w->stored, STREAM_HEADER_BYTES + room);
	out = (ZSTD_outBuffer){ w->stored.at + STREAM_HEADER_BYTES, room, 0 };
	left = ZSTD_compressStream2(w->compressor, &out, &in, ZSTD_e_flush);
	assert(left == 0); /* room is enough for all, RFC 8878 */
	return out.pos;
}

static size_t
store_body(struct writer *w)
{
	if (w->compressor)
		return compress_body(w);
	vec_reserve(w->a, &w->stored, STREAM_HEADER_BYTES + w->body.n);
	memcpy(w->stored.at + STREAM_HEADER_BYTES, w->body.at, w->body.n);
	return w->body.n;
}

static void
put_block(struct writer *w, size_t stored)
{
	unsigned flags =
		(w->blocks == 0 ? BLOCK_RESTART : 0) | (w->compressor ? BLOCK_ZSTD : 0);
	unsigned number = w->blocks ? w->blocks : w->blocks_before;
	size_t n = STREAM_HEADER_BYTES + stored;

	block_header(w->stored.at, flags, number, w->stored.at + STREAM_HEADER_BYTES, stored,
	             w->body.n);
	w->bytes += n;
	if (!w->dead && !w->sink.put(w->sink.context, w->stored.at, n))
		w->dead = true;
	w->blocks++;
	writing_keep(w);
}

static void
end_block(struct writer *w)
{
	size_t stored;

	writing_put_batches(w);
	if (w->body.n == 0)
		return;
	assert(w->body.n <= STREAM_BLOCK_MAX);
	stored = w->dropping ? 0 : store_body(w);
	if (w->dropping || !writing_has_room(w, STREAM_HEADER_BYTES + stored))
		writing_drop(w);
	else
		put_block(w, stored);
	w->segment_bytes += w->body.n;
	w->body.n = 0;
}

/* Raw bytes that wait for the block's end. */
static size_t
open_bytes(const struct writer *w)
{
	size_t n = w->body.n + w->cells.n;

	for (int i = 0; i < BATCHES; i++)
		n += w->batches[i].n;
	return n;
}

/* Ends the block when need more bytes would make it too long. */
void
writing_make_room(struct writer *w, size_t need)
{
	size_t fill = w->options.live ? FILL_LIVE : FILL, n = open_bytes(w);

	if (n && n + need > fill)
		end_block(w);
}

/* Puts w->single as a record of that type. */
static void
put_whole(struct writer *w, uint8_t type)
{
	writing_make_room(w, w->single.n + VARINT_MAX);
	writing_put_batches(w);
	put_record(w, type, w->single.at, w->single.n);
}

void
writing_put_single(struct writer *w, enum stream_record type, const void *object)
{
	w->single.n = 0;
	fields_put(w->a, &w->single, type, object);
	put_whole(w, (uint8_t)type);
}

static void
put_begin(struct writer *w, uint64_t at)
{
	const char *name = w->options.name,
		   *version = strchr(name, ' ') ? "" : " " TACHYTOOLS_VERSION;
	struct bytes *b = &w->single;

	b->n = 0;
	bytes_number(w->a, b, w->options.content);
	bytes_number(w->a, b, w->segments++);
	bytes_number(w->a, b, w->options.content == STREAM_RAW ? at : 0);
	bytes_text(w->a, b, text_print(&w->segment, "%s%s", name, version));
	put_whole(w, STREAM_RECORD_begin);
}

static void
forget_numbers(struct writer *w)
{
	arena_empty(&w->segment);
	w->strings = w->functions = w->frames = w->stacks = (struct intern){ 0 };
	w->depths.at = NULL;
	w->depths.n = w->depths.room = 0;
	w->generation++;
	w->last_listed = WRITING_NO_ROW;
}

/* Processes and threads are told again when something needs them. */
void
writing_begin_segment(struct writer *w, uint64_t at)
{
	end_block(w);
	forget_numbers(w);
	writing_forget_gone(w);
	if (w->compressor)
		ZSTD_CCtx_reset(w->compressor, ZSTD_reset_session_only);
	if (w->blocks)
		w->blocks_before = w->blocks;
	else if (w->dropping)
		w->segments--; /* nobody has seen it */
	w->blocks = 0;
	w->dropping = false;
	w->segment_bytes = 0;
	w->segment_at = w->last_at = at;
	put_begin(w, at);
	writing_put_single(w, STREAM_RECORD_run, &w->run);
	writing_tell_exits(w);
}

void
writing_end_stream(struct writer *w)
{
	writing_close_tick(w);
	writing_put_batches(w);
	put_record(w, STREAM_RECORD_end, NULL, 0);
	end_block(w);
	w->segments = 0;
	w->blocks = w->blocks_before = 0;
	w->dropping = false;
}

static size_t
largest(const struct writer *w)
{
	const struct intern *tables[] = { &w->strings, &w->functions, &w->frames, &w->stacks };
	size_t n = 0;

	for (int i = 0; i < 4; i++)
		n = tables[i]->keys.n > n ? tables[i]->keys.n : n;
	return n;
}

/* Whether numbers should begin anew. */
bool
writing_is_long(const struct writer *w, uint64_t at)
{
	return w->segment_bytes + open_bytes(w) >= RESTART_BYTES || w->blocks >= UINT16_MAX ||
	       largest(w) >= RESTART_NUMBERS || at - w->segment_at >= w->restart_units;
}

uint32_t
writer_generation(const struct writer *w)
{
	return w->generation;
}

void
writer_room(struct writer *w)
{
	if (w->options.content != STREAM_RAW && writing_is_long(w, w->segment_at))
		writing_begin_segment(w, 0);
}

void
writer_outcome(struct writer *w, const struct stream_outcome *o)
{
	struct bytes *b = &w->single;
	uint64_t n = 0;

	writing_close_tick(w);
	b->n = 0;
	fields_put(w->a, b, STREAM_RECORD_outcome, o);
	for (int i = 0; i < STREAM_LOSS_END; i++)
		n += o->losses[i] > 0;
	bytes_number(w->a, b, n);
	for (int i = 0; i < STREAM_LOSS_END; i++)
		if (o->losses[i]) {
			bytes_number(w->a, b, (uint64_t)i);
			bytes_number(w->a, b, o->losses[i]);
		}
	put_whole(w, STREAM_RECORD_outcome);
	writing_count_outcome(w, o);
}

void
writer_portable(struct writer *w, uint8_t type, struct text body)
{
	writer_room(w);
	w->single.n = 0;
	bytes_put(w->a, &w->single, body.at, body.n);
	put_whole(w, type);
}

void
writer_label(struct writer *w, struct text key, struct text value)
{
	writing_put_single(w, STREAM_RECORD_label, &(struct stream_label){ key, value });
}

void
writer_source(struct writer *w, const struct stream_source *source)
{
	uint64_t end = w->told.to > w->last_at ? w->told.to : w->last_at;

	if (w->options.content == STREAM_RAW && writing_is_long(w, w->segment_at))
		writing_begin_segment(w, end);
	writer_room(w);
	writing_put_single(w, STREAM_RECORD_source, source);
}

void
writer_ran(struct writer *w, const struct stream_ran *r)
{
	writer_room(w);
	writing_tell_thread(w, writing_thread_row(w, r->thread));
	writing_put_single(w, STREAM_RECORD_ran, r);
}

void
writer_compare(struct writer *w, const struct stream_compare *c)
{
	writing_put_single(w, STREAM_RECORD_compare, c);
}

void
writer_match(struct writer *w, const struct stream_match *m)
{
	struct bytes *b = &w->batches[ENTRIES];

	writing_make_room(w, 2 * VARINT_MAX);
	if (b->n && w->entries_type != STREAM_RECORD_match)
		writing_put_batches(w);
	w->entries_type = STREAM_RECORD_match;
	bytes_number(w->a, b, m->baseline);
	bytes_number(w->a, b, m->current);
}

void
writer_verdict(struct writer *w, const struct stream_verdict *v)
{
	writing_put_single(w, STREAM_RECORD_verdict, v);
}

void
writer_flush(struct writer *w)
{
	writing_close_tick(w);
	end_block(w);
}

bool
writer_end(struct writer *w)
{
	if (w->has_run)
		writing_end_stream(w);
	ZSTD_freeCCtx(w->compressor);
	arena_empty(&w->segment);
	arena_empty(&w->people);
	return !w->dead;
}

uint64_t
writer_bytes(const struct writer *w)
{
	return w->bytes;
}

bool
writer_alive(const struct writer *w)
{
	return !w->dead;
}
