/* SPDX-License-Identifier: MIT */
/*
 * What the reader accepts, the writer writes again, and it means the same.
 *
 * The first byte of an input says how the others are used: as they are, or as
 * records, around which blocks with right checks are built. See wrap().
 */
#include "stream/block.h"
#include "stream/fields.h"
#include "stream/reader.h"
#include "stream/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A small input can mean much work: a tick of a byte is a sample of each thread. */
enum { EVENTS = 4000, FRAMES = 100000, WORDS = 1 << 20 };

/*
 * Facts in words, by names and not by numbers. Samples have a text of their own:
 * where others stand between them means nothing.
 */
struct log {
	struct arena arena;
	struct bytes samples, others, *text;
	unsigned events, frames;
	bool damaged;
};

/* The stream that is written again. */
struct copy {
	struct arena arena;
	struct writer *w;
	enum stream_content content;
	struct bytes out;
	VEC(uint32_t) watched, listed;    /* threads of the tick before; of this one */
	VEC(uint64_t) processes, threads; /* told in this run */
	bool in_run;
	uint64_t tick_at, until; /* the newest tick, and its end */
};

static const uint64_t OURS = 77; /* the reason of outcomes that only copies have */

__attribute__((format(printf, 2, 3))) static void
note(struct log *l, const char *format, ...)
{
	char line[512];
	va_list list;
	int n;

	va_start(list, format);
	n = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	bytes_put(&l->arena, l->text, line,
	          (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

static void
note_text(struct log *l, struct text t)
{
	note(l, " %zu:", t.n);
	bytes_put(&l->arena, l->text, t.at, t.n);
}

static void
note_numbers(struct log *l, const uint64_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		note(l, " %llu", (unsigned long long)numbers[i]);
}

static void
note_function(struct log *l, const struct stream *s, uint32_t function)
{
	const struct stream_function *f = stream_function(s, function);

	note(l, " %d", (int)f->kind);
	note_text(l, stream_function_name(s, function));
	note_text(l, stream_string(s, f->file));
	note(l, " %u", f->line);
}

static void
note_stack(struct log *l, const struct stream *s, uint32_t stack)
{
	for (; stack; stack = stream_stack(s, stack)->parent) {
		const struct stream_frame *f = stream_frame(s, stream_stack(s, stack)->frame);

		note_function(l, s, f->function);
		note(l, " %u %u %u %u %u", f->line, f->end_line, f->column1, f->end_column1,
		     f->opcode1);
		l->frames++;
	}
}

static void
note_thread(struct log *l, const struct stream *s, uint64_t id)
{
	const struct stream_thread *t = stream_thread(s, id);
	const struct stream_process *p = stream_process(s, t->process);

	note_numbers(l, &t->id, 6);
	note_text(l, t->name);
	note_numbers(l, &p->id, 6);
	note_text(l, p->executable);
	note_text(l, p->command);
}

static void
note_run(struct log *l, const struct stream_run *r)
{
	const struct text texts[] = { r->tool, r->version, r->host, r->boot, r->options };

	note(l, "run");
	note_text(l, (struct text){ (const char *)r->id, sizeof r->id });
	note_numbers(l, &r->side, 9);
	for (int i = 0; i < 5; i++)
		note_text(l, texts[i]);
}

/* Threads are told again between ticks, and then the tick before sees them too: not noted. */
static void
note_sample(struct log *l, const struct stream *s, const struct stream_sample *x)
{
	note(l, "sample %u %u %u %llu %llu", x->thread, x->state, x->samples,
	     (unsigned long long)x->at, (unsigned long long)x->weight);
	note_stack(l, s, x->stack);
}

static void
note_cell(struct log *l, const struct stream *s, const struct stream_cell *c)
{
	note(l, "cell %u", c->state);
	note_numbers(l, &c->epoch, 3);
	note_thread(l, s, c->thread);
	note_stack(l, s, c->stack);
}

static void
note_verdict(struct log *l, const struct stream *s, const struct stream_verdict *v)
{
	note(l, "verdict");
	note_function(l, s, (uint32_t)v->function);
	note_numbers(l, &v->category, 2 + 2 * STREAM_FIGURES);
}

static void
note_item(struct log *l, const struct stream *s, enum stream_event event,
          const struct stream_item *item)
{
	l->text = event == STREAM_SAMPLE ? &l->samples : &l->others;
	switch (event) {
	case STREAM_RUN:
		note_run(l, item->run);
		break;
	case STREAM_SAMPLE:
		note_sample(l, s, &item->sample);
		break;
	case STREAM_CELL:
		note_cell(l, s, &item->cell);
		break;
	case STREAM_OUTCOME:
		if (item->outcome.reason == OURS)
			return;
		note(l, "outcome");
		note_numbers(l, &item->outcome.from, 5 + STREAM_LOSS_END);
		break;
	case STREAM_EXIT:
		note(l, "exit");
		note_numbers(l, &item->exit.process, 4);
		break;
	case STREAM_PORTABLE:
		note(l, "portable %d", item->portable.type);
		note_text(l, item->portable.body);
		break;
	case STREAM_COMPARE:
		note(l, "compare");
		note_numbers(l, &item->compare.scale, 7);
		note_text(l, item->compare.words);
		break;
	case STREAM_MATCH:
		note(l, "match");
		note_function(l, s, item->match.baseline);
		note_function(l, s, item->match.current);
		break;
	case STREAM_VERDICT:
		note_verdict(l, s, &item->verdict);
		break;
	default:
		break;
	}
}

static bool
put(void *context, const void *bytes, size_t n)
{
	struct copy *c = context;

	bytes_put(&c->arena, &c->out, bytes, n);
	return true;
}

static uint32_t
copy_function(struct copy *c, const struct stream *s, uint32_t function)
{
	struct stream_function f = *stream_function(s, function);

	f.name = writer_string(c->w, stream_string(s, f.name));
	f.file = writer_string(c->w, stream_string(s, f.file));
	return writer_function(c->w, &f);
}

static uint32_t
copy_stack(struct copy *c, const struct stream *s, uint32_t stack)
{
	VEC(uint32_t) frames = { 0 };
	struct arena scratch = { 0 };
	uint32_t copied = 0;

	for (; stack; stack = stream_stack(s, stack)->parent)
		*vec_push(&scratch, &frames) = stream_stack(s, stack)->frame;
	while (frames.n) {
		struct stream_frame f = *stream_frame(s, frames.at[--frames.n]);

		f.function = copy_function(c, s, f.function);
		copied = writer_stack(c->w, copied, writer_frame(c->w, &f));
	}
	arena_empty(&scratch);
	return copied;
}

static void
copy_process(struct copy *c, const struct stream *s, uint64_t id)
{
	for (size_t i = 0; i < c->processes.n; i++)
		if (c->processes.at[i] == id && c->content == STREAM_RAW)
			return;
	*vec_push(&c->arena, &c->processes) = id;
	writer_process(c->w, stream_process(s, id));
}

/* Told once in raw content; elsewhere always, as it may have changed. */
static void
copy_thread(struct copy *c, const struct stream *s, uint64_t id)
{
	const struct stream_thread *t = stream_thread(s, id);

	for (size_t i = 0; i < c->threads.n; i++)
		if (c->threads.at[i] == id && c->content == STREAM_RAW)
			return;
	*vec_push(&c->arena, &c->threads) = id;
	copy_process(c, s, t->process);
	writer_thread(c->w, t);
}

/* Threads that are watched no more, now that the tick's are listed. */
static void
end_tick(struct copy *c)
{
	for (size_t i = 0; i < c->watched.n; i++) {
		bool listed = false;

		for (size_t j = 0; j < c->listed.n && !listed; j++)
			listed = c->listed.at[j] == c->watched.at[i];
		if (!listed)
			writer_thread_end(c->w, c->watched.at[i]);
	}
	c->watched.n = 0;
	for (size_t i = 0; i < c->listed.n; i++)
		*vec_push(&c->arena, &c->watched) = c->listed.at[i];
	c->listed.n = 0;
}

/* Ends the ticks of a raw segment where they ended. */
static void
end_run(struct copy *c)
{
	if (c->in_run && c->content == STREAM_RAW && c->watched.n + c->listed.n) {
		end_tick(c);
		writer_outcome(c->w,
		               &(struct stream_outcome){ .to = c->until, .reason = OURS });
	}
	c->in_run = false;
	c->watched.n = c->listed.n = c->processes.n = c->threads.n = 0;
	c->tick_at = UINT64_MAX;
}

static void
copy_sample(struct copy *c, const struct stream *s, const struct stream_sample *x)
{
	bool has_time = x->samples > 0, begins = x->at != c->tick_at;

	if (!has_time) {
		c->until = x->at + x->weight;
		return;
	}
	if (begins && c->watched.n + c->listed.n) {
		end_tick(c);
		if (c->until < x->at) { /* a tick without threads */
			writer_tick(c->w, c->until);
			end_tick(c);
		}
	}
	if (begins)
		writer_tick(c->w, x->at);
	c->tick_at = x->at;
	c->until = x->at + x->weight;
	copy_thread(c, s, x->thread);
	writer_sample(c->w, x->thread, copy_stack(c, s, x->stack), x->state);
	*vec_push(&c->arena, &c->listed) = x->thread;
}

static void
copy_cell(struct copy *c, const struct stream *s, const struct stream_cell *x)
{
	struct stream_cell cell = *x;

	copy_thread(c, s, x->thread);
	writer_room(c->w);
	cell.stack = copy_stack(c, s, x->stack);
	writer_cell(c->w, &cell);
}

static void
copy_run(struct copy *c, const struct stream *s, const struct stream_run *run)
{
	end_run(c);
	if (c->w && c->content != stream_content(s)) {
		writer_end(c->w);
		c->w = NULL;
	}
	c->content = stream_content(s);
	if (!c->w)
		c->w = writer_new(&c->arena,
		                  (struct writer_options){ c->content, "fuzz", 0, 0, false },
		                  (struct writer_sink){ put, c });
	writer_run(c->w, run);
	c->in_run = true;
}

static void
copy_verdict(struct copy *c, const struct stream *s, struct stream_verdict v)
{
	writer_room(c->w);
	v.function = copy_function(c, s, (uint32_t)v.function);
	writer_verdict(c->w, &v);
}

static void
copy_match(struct copy *c, const struct stream *s, struct stream_match m)
{
	writer_room(c->w);
	m.baseline = copy_function(c, s, m.baseline);
	m.current = copy_function(c, s, m.current);
	writer_match(c->w, &m);
}

static void
copy_item(struct copy *c, const struct stream *s, enum stream_event event,
          const struct stream_item *item)
{
	switch (event) {
	case STREAM_RUN:
		copy_run(c, s, item->run);
		break;
	case STREAM_SAMPLE:
		copy_sample(c, s, &item->sample);
		break;
	case STREAM_CELL:
		copy_cell(c, s, &item->cell);
		break;
	case STREAM_OUTCOME:
		writer_outcome(c->w, &item->outcome);
		break;
	case STREAM_EXIT:
		copy_process(c, s, item->exit.process);
		writer_exit(c->w, &item->exit);
		break;
	case STREAM_PORTABLE:
		writer_portable(c->w, item->portable.type, item->portable.body);
		break;
	case STREAM_COMPARE:
		writer_compare(c->w, &item->compare);
		break;
	case STREAM_MATCH:
		copy_match(c, s, item->match);
		break;
	case STREAM_VERDICT:
		copy_verdict(c, s, item->verdict);
		break;
	default:
		break;
	}
}

static bool
is_too_much(const struct log *l)
{
	return l->events > EVENTS || l->frames > FRAMES || l->samples.n + l->others.n > WORDS;
}

/* Reads what is in fd, notes it, and copies it where there is a copy. */
static void
read_it(int fd, struct log *l, struct copy *c)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open_fd(&a, fd, "input", &e);
	struct stream_item item;
	enum stream_event event;

	while (s && !is_too_much(l) && (event = stream_next(s, &item, &e)) != STREAM_END) {
		l->events++;
		if (event == STREAM_DAMAGED)
			l->damaged = true;
		if (!item.run)
			continue;
		note_item(l, s, event, &item);
		if (c)
			copy_item(c, s, event, &item);
	}
	if (s)
		stream_close(s);
	arena_empty(&a);
}

static int
memory(const void *bytes, size_t n)
{
	int fd = memfd_create("stream", 0);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

static bool
same(const struct bytes *a, const struct bytes *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n) == 0);
}

static void
check(const void *bytes, size_t n)
{
	struct log first = { 0 }, second = { 0 };
	struct copy c = { .tick_at = UINT64_MAX };

	read_it(memory(bytes, n), &first, &c);
	if (c.w) {
		end_run(&c);
		writer_end(c.w);
		read_it(memory(c.out.at, c.out.n), &second, NULL);
		if (!is_too_much(&first) && c.until <= INT64_MAX &&
		    (second.damaged || !same(&first.samples, &second.samples) ||
		     !same(&first.others, &second.others)))
			abort();
	}
	arena_empty(&first.arena);
	arena_empty(&second.arena);
	arena_empty(&c.arena);
}

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static ZSTD_CCtx *compressor;
	struct wrapping w = { 0 };

	if (n == 0)
		return 0;
	if (!compressor)
		compressor = ZSTD_createCCtx();
	w.how = data[0];
	w.compressor = compressor;
	if (w.how & WRAPPED) {
		wrap(&w, cursor_of(data + 1, n - 1));
		check(w.out.at, w.out.n);
	} else {
		check(data + 1, n - 1);
	}
	arena_empty(&w.arena);
	return 0;
}
