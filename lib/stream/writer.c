/* SPDX-License-Identifier: MIT */
#include "stream/writer.h"

#include "base/version.h"
#include "stream/block.h"
#include "stream/fields.h"
#include "stream/writing.h"

#include <assert.h>

enum {
	FILL_LIVE = 32 << 10,    /* raw bytes after which a block is ended */
	FILL = 256 << 10,
	RESTART_BYTES = 4 << 20, /* raw bytes after which numbers begin anew */
	WINDOW_LOG = 20,         /* of zstd: 1 MiB, so that a reader needs little memory */
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
end_block(struct writer *w)
{
	unsigned flags = (w->blocks == 0 ? BLOCK_RESTART : 0) | (w->compressor ? BLOCK_ZSTD : 0);
	size_t stored;

	writing_put_batches(w);
	if (w->body.n == 0)
		return;
	assert(w->body.n <= STREAM_BLOCK_MAX);
	stored = store_body(w);
	block_header(w->stored.at, flags, w->blocks, w->stored.at + STREAM_HEADER_BYTES, stored,
	             w->body.n);
	w->bytes += STREAM_HEADER_BYTES + stored;
	if (!w->dead && !w->sink.put(w->sink.context, w->stored.at, STREAM_HEADER_BYTES + stored))
		w->dead = true;
	w->segment_bytes += w->body.n;
	w->blocks++;
	w->body.n = 0;
}

/* Ends the block when need more bytes would make it too long. */
void
writing_make_room(struct writer *w, size_t need)
{
	size_t fill = w->options.live ? FILL_LIVE : FILL, n = w->body.n + w->cells.n;

	for (int i = 0; i < BATCHES; i++)
		n += w->batches[i].n;
	if (n && n + need > fill)
		end_block(w);
}

static void
put_single(struct writer *w, enum stream_record type, const void *object)
{
	struct bytes body = { 0 };
	struct arena scratch = { 0 };

	fields_put(&scratch, &body, type, object);
	writing_make_room(w, body.n);
	writing_put_batches(w);
	put_record(w, (uint8_t)type, body.at, body.n);
	arena_empty(&scratch);
}

static void
put_begin(struct writer *w, uint64_t at)
{
	struct bytes body = { 0 };
	struct text name = text_print(&w->segment, "%s %s", w->options.name, TACHYTOOLS_VERSION);

	bytes_number(&w->segment, &body, w->options.content);
	bytes_number(&w->segment, &body, w->segments++);
	bytes_number(&w->segment, &body, w->options.content == STREAM_RAW ? at : 0);
	bytes_text(&w->segment, &body, name);
	put_record(w, STREAM_RECORD_begin, body.at, body.n);
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

/* Begins a segment with what is known of the run. */
void
writing_begin_segment(struct writer *w, uint64_t at)
{
	end_block(w);
	forget_numbers(w);
	if (w->compressor)
		ZSTD_CCtx_reset(w->compressor, ZSTD_reset_session_only);
	w->blocks = 0;
	w->segment_bytes = 0;
	w->segment_at = w->last_at = at;
	put_begin(w, at);
	put_single(w, STREAM_RECORD_run, &w->run);
	for (size_t i = 0; i < w->processes.n; i++)
		put_single(w, STREAM_RECORD_process, &w->processes.at[i]);
	for (size_t i = 0; i < w->threads.n; i++) {
		put_single(w, STREAM_RECORD_thread, &w->threads.at[i].thread);
		w->threads.at[i].live = false;
	}
}

/* Whether numbers should begin anew. */
bool
writing_is_long(const struct writer *w, uint64_t at)
{
	uint64_t units = w->run.unit_ns ? w->options.restart_ns / w->run.unit_ns : 0;
	uint64_t blocks = w->blocks;

	return w->segment_bytes + w->body.n + w->batches[ENTRIES].n >= RESTART_BYTES ||
	       blocks >= UINT16_MAX || (units && at - w->segment_at >= units);
}

void
writer_run(struct writer *w, const struct stream_run *run)
{
	if (w->has_run)
		writing_close_tick(w);
	writing_put_batches(w);
	arena_empty(&w->people);
	w->processes.at = NULL;
	w->processes.n = w->processes.room = 0;
	w->threads.at = NULL;
	w->threads.n = w->threads.room = 0;
	w->thread_index = (struct index){ 0 };
	w->run = *run;
	fields_keep(&w->people, STREAM_RECORD_run, &w->run);
	if (!w->has_run || writing_is_long(w, w->segment_at))
		writing_begin_segment(w, 0);
	else
		put_single(w, STREAM_RECORD_run, run);
	w->has_run = true;
}

void
writer_process(struct writer *w, const struct stream_process *p)
{
	struct stream_process kept = *p;
	size_t i = 0;

	fields_keep(&w->people, STREAM_RECORD_process, &kept);
	while (i < w->processes.n && w->processes.at[i].id != p->id)
		i++;
	if (i == w->processes.n)
		vec_push(&w->people, &w->processes);
	w->processes.at[i] = kept;
	put_single(w, STREAM_RECORD_process, p);
}

uint32_t
writing_thread_row(const struct writer *w, uint64_t thread)
{
	struct index_probe probe = index_probe(&w->thread_index, hash_number(thread));

	if (w->last_listed != WRITING_NO_ROW && w->threads.at[w->last_listed].thread.id == thread)
		return w->last_listed;
	while (index_next(&w->thread_index, &probe))
		if (w->threads.at[probe.row].thread.id == thread)
			return probe.row;
	return WRITING_NO_ROW;
}

void
writer_thread(struct writer *w, const struct stream_thread *t)
{
	struct told kept = { .thread = *t };
	uint32_t row = writing_thread_row(w, t->id);

	fields_keep(&w->people, STREAM_RECORD_thread, &kept.thread);
	if (row == WRITING_NO_ROW) {
		row = (uint32_t)w->threads.n;
		index_add(&w->people, &w->thread_index, hash_number(t->id), row);
		*vec_push(&w->people, &w->threads) = kept;
	}
	w->threads.at[row].thread = kept.thread;
	put_single(w, STREAM_RECORD_thread, t);
}

uint32_t
writer_generation(const struct writer *w)
{
	return w->generation;
}

void
writer_room(struct writer *w)
{
	if (!writing_is_long(w, w->segment_at))
		return;
	writing_begin_segment(w, 0);
}

void
writer_outcome(struct writer *w, const struct stream_outcome *o)
{
	struct bytes body = { 0 };
	struct arena scratch = { 0 };
	uint64_t n = 0;

	fields_put(&scratch, &body, STREAM_RECORD_outcome, o);
	for (int i = 1; i < STREAM_LOSS_END; i++)
		n += o->losses[i] > 0;
	bytes_number(&scratch, &body, n);
	for (int i = 1; i < STREAM_LOSS_END; i++)
		if (o->losses[i]) {
			bytes_number(&scratch, &body, (uint64_t)i);
			bytes_number(&scratch, &body, o->losses[i]);
		}
	writing_make_room(w, body.n);
	writing_put_batches(w);
	put_record(w, STREAM_RECORD_outcome, body.at, body.n);
	arena_empty(&scratch);
}

void
writer_exit(struct writer *w, const struct stream_exit *x)
{
	put_single(w, STREAM_RECORD_exit, x);
}

void
writer_portable(struct writer *w, uint8_t type, struct text body)
{
	writing_make_room(w, body.n + VARINT_MAX + 1);
	writing_put_batches(w);
	put_record(w, type, body.at, body.n);
}

void
writer_label(struct writer *w, struct text key, struct text value)
{
	struct bytes body = { 0 };
	struct arena scratch = { 0 };

	bytes_text(&scratch, &body, key);
	bytes_text(&scratch, &body, value);
	writer_portable(w, STREAM_RECORD_label, (struct text){ (char *)body.at, body.n });
	arena_empty(&scratch);
}

void
writer_compare(struct writer *w, const struct stream_compare *c)
{
	put_single(w, STREAM_RECORD_compare, c);
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
	put_single(w, STREAM_RECORD_verdict, v);
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
	if (w->has_run) {
		writing_close_tick(w);
		writing_put_batches(w);
		put_record(w, STREAM_RECORD_end, NULL, 0);
		end_block(w);
	}
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
