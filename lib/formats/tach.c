/* SPDX-License-Identifier: MIT */
/* The samples of Tachyon's file. */
#include "formats/tach.h"

#include "formats/formats.h"
#include "formats/unpack.h"

enum { REPEAT, FULL, SUFFIX, POP_PUSH };

enum { HAS_GIL = 1, ON_CPU = 2, CPU_UNKNOWN = 4, WANTS_GIL = 8, EXCEPTION = 16, MAIN = 32 };

/* One frame of a thread's stack, and all that is outside of it. */
struct level {
	uint32_t node; /* of the tree */
	bool gc;
};

struct tach_thread {
	uint64_t id;
	uint32_t interpreter, row;
	uint64_t clock, next;     /* of the last time; above the last sample's */
	VEC(struct level) levels; /* outermost first */
};

struct reading {
	struct tach *tach;
	struct cursor records;
	const unsigned char *begin;
	VEC(struct tach_thread) threads;
	struct index index;
	VEC(uint64_t) pushed; /* frames, innermost first */
	uint64_t last_us;     /* of all samples */
};

/* What is wrong with a record, if anything. */
typedef const char *fault;

static fault
thread_of(struct reading *r, struct tach_thread **to)
{
	const unsigned char *p = cursor_bytes(&r->records, 12);
	struct tach_thread t = { 0 };
	struct index_probe probe;
	uint64_t hash;

	if (!p)
		return "the samples end in a record";
	t.id = tach_word(r->tach, p, 8);
	t.interpreter = (uint32_t)tach_word(r->tach, p + 8, 4);
	hash = hash_number(t.id ^ hash_number(t.interpreter));
	probe = index_probe(&r->index, hash);
	while (index_next(&r->index, &probe)) {
		*to = &r->threads.at[probe.row];
		if ((*to)->id == t.id && (*to)->interpreter == t.interpreter)
			return NULL;
	}
	if (r->threads.n >= r->tach->threads)
		return "there are more threads than the header counts";
	t.row = import_thread(
		r->tach->in, (struct stream_process){ 0 },
		(struct stream_thread){ .native_id = t.id, .interpreter = t.interpreter });
	if (t.row == IMPORT_NO_ROW)
		return "there are too many threads";
	index_add(&r->tach->in->arena, &r->index, hash, (uint32_t)r->threads.n);
	*to = vec_push(&r->tach->in->arena, &r->threads);
	**to = t;
	return NULL;
}

static uint8_t
state_of(const struct tach *t, unsigned status, bool gc)
{
	unsigned exception = status & EXCEPTION ? 1 : 2, cpu = status & ON_CPU ? 1 : 2;
	unsigned gil = status & HAS_GIL ? 1 : status & WANTS_GIL ? 2 : 3, collects = 0;

	if (status & CPU_UNKNOWN)
		cpu = 0;
	if (gc || (t->config & TACH_KNOWN && t->config & TACH_GC))
		collects = gc ? 1 : 2;
	return (uint8_t)(cpu << STREAM_CPU | gil << STREAM_GIL | exception << STREAM_EXCEPTION |
	                 collects << STREAM_GC);
}

/* Takes a time and a state: the thread is seen with its stack. */
static fault
add_sample(struct reading *r, struct tach_thread *t, uint64_t delta, unsigned status)
{
	struct import_sample s = { .thread = t->row };
	struct level inner = { 0 };

	if (t->levels.n)
		inner = t->levels.at[t->levels.n - 1];
	if (delta > TACH_US_MAX - t->clock)
		return "a time is too large";
	t->clock += delta;
	s.at = t->clock > t->next ? t->clock : t->next;
	t->next = s.at + 1;
	s.node = import_stack(r->tach->in->tree, inner.node);
	s.state = state_of(r->tach, status, inner.gc);
	if (status & MAIN)
		r->tach->in->threads.at[t->row].flags |= STREAM_MAIN_THREAD;
	r->last_us = s.at > r->last_us ? s.at : r->last_us;
	import_sample(r->tach->in, s);
	return NULL;
}

static fault
repeat(struct reading *r, struct tach_thread *t)
{
	uint64_t n = cursor_number(&r->records);
	fault wrong = NULL;

	while (n-- && !wrong) {
		uint64_t delta = cursor_number(&r->records);
		unsigned status = cursor_byte(&r->records);

		if (r->records.bad)
			return "the samples end in a record";
		wrong = add_sample(r, t, delta, status);
	}
	return wrong;
}

/* Takes so many frames, innermost first. */
static fault
take_frames(struct reading *r, const struct tach_thread *t, size_t kept)
{
	uint64_t n = cursor_number(&r->records);

	r->pushed.n = 0;
	if (kept > t->levels.n)
		return "a record keeps more frames than there are";
	if (n > cursor_left(&r->records))
		return "the samples end in a record";
	if (n + kept > STREAM_DEPTH_MAX)
		return "a stack is too deep";
	vec_reserve(&r->tach->in->arena, &r->pushed, n);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t frame = cursor_number(&r->records);

		if (frame >= r->tach->frame_count)
			return r->records.bad ? "the samples end in a record"
			                      : "a stack has a frame that there is not";
		r->pushed.at[r->pushed.n++] = frame;
	}
	return r->records.bad ? "the samples end in a record" : NULL;
}

/* The frames that were taken, inside of the outermost ones that are kept. */
static void
push_frames(struct reading *r, struct tach_thread *t, size_t kept)
{
	struct level level = { 0 };

	t->levels.n = kept;
	if (kept)
		level = t->levels.at[kept - 1];
	while (r->pushed.n) {
		const struct tach_frame *f = tach_frame(r->tach, r->pushed.at[--r->pushed.n]);

		if (!f->skip)
			level.node = tree_intern_node(r->tach->in->tree, level.node, f->frame);
		level.gc |= f->gc;
		*vec_push(&r->tach->in->arena, &t->levels) = level;
	}
}

/* A record of kind FULL, SUFFIX or POP_PUSH. */
static fault
change(struct reading *r, struct tach_thread *t, unsigned kind)
{
	uint64_t delta = cursor_number(&r->records), number = 0, kept = 0;
	unsigned status = cursor_byte(&r->records);
	fault wrong;

	if (kind != FULL)
		number = cursor_number(&r->records);
	if (kind == SUFFIX)
		kept = number;
	if (kind == POP_PUSH && number > t->levels.n)
		return "a record drops more frames than there are";
	if (kind == POP_PUSH)
		kept = t->levels.n - number;
	wrong = take_frames(r, t, kept);
	if (wrong)
		return wrong;
	push_frames(r, t, kept);
	return add_sample(r, t, delta, status);
}

static fault
read_record(struct reading *r)
{
	struct tach_thread *t = NULL;
	fault wrong = thread_of(r, &t);
	unsigned kind;

	if (wrong)
		return wrong;
	kind = cursor_byte(&r->records);
	if (kind > POP_PUSH)
		return "a record of no known kind";
	return kind == REPEAT ? repeat(r, t) : change(r, t, kind);
}

/* Records up to the end, or to what is wrong. */
static bool
read_records(struct reading *r, struct err *e)
{
	const struct tach *t = r->tach;
	const unsigned char *at = r->begin;
	fault wrong = NULL;

	while (!wrong && r->records.at < r->records.end) {
		at = r->records.at;
		wrong = read_record(r);
	}
	if (wrong)
		return err_set(e, "%s: byte %zu of the %ssamples: %s", t->in->name,
		               (size_t)(at - r->begin), t->packed ? "unpacked " : "", wrong);
	if (t->in->samples.n != t->samples)
		return err_set(e, "%s: byte 28: the header counts %llu samples, there are %zu",
		               t->in->name, (unsigned long long)t->samples, t->in->samples.n);
	return true;
}

/* What is wrong with packed samples costs those behind it. */
static bool
read_samples(struct tach *t, struct err *e)
{
	struct text samples = { t->bytes.at + TACH_HEADER, t->strings_at - TACH_HEADER }, bytes;
	struct reading r = { .tach = t };
	struct err of_records;
	fault wrong = NULL;
	bool whole;

	if (t->packed) {
		wrong = unpack_zstd(&t->in->arena, samples, &bytes);
		samples = bytes;
	}
	r.records = cursor_of(samples.at, samples.n);
	r.begin = r.records.at;
	whole = read_records(&r, wrong ? &of_records : e);
	tach_tell_outcome(t, r.last_us);
	if (wrong)
		err_set(e, "%s: byte %d: the samples cannot be unpacked: %s", t->in->name,
		        TACH_HEADER, wrong);
	return whole && !wrong;
}

/* A name may begin so too, but has no zero bytes, as the version has. */
bool
tach_recognizes(struct text bytes, struct err *e)
{
	(void)e;
	return (text_starts(bytes, TEXT("HCAT")) || text_starts(bytes, TEXT("TACH"))) &&
	       bytes.n >= 8 && memchr(bytes.at + 4, 0, 4);
}

/* All that is wrong is told at once: what could be read was. */
bool
tach_read(struct import *in, struct err *e)
{
	struct tach t = { .in = in, .bytes = in->rest };

	if (in->rest.n == 0)
		return true;
	in->rest = (struct text){ in->rest.at + in->rest.n, 0 };
	if (!tach_open(&t, e))
		return false;
	in->raw = true;
	tach_tell_run(&t);
	return read_samples(&t, e);
}
