/* SPDX-License-Identifier: MIT */
/*
 * What the reader accepts, the writer writes again, and it means the same.
 *
 * The first byte of an input says how the others are used: as they are, or as
 * records, around which blocks with right checks are built. See wrap().
 */
#include "stream/reader.h"
#include "stream/writer.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/words.h"
#include "tests/fuzz/wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

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
		f.opcode = writer_string(c->w, stream_string(s, f.opcode));
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

	if (t->flags & STREAM_LANE)
		copy_thread(c, s, t->lane_of);
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
	bool begins = x->at != c->tick_at;

	if (x->missed) {
		c->until = x->at + x->time;
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
	c->until = x->at + x->time;
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
	case STREAM_RAN:
		copy_thread(c, s, item->ran.thread);
		writer_ran(c->w, &item->ran);
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
