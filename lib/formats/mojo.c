/* SPDX-License-Identifier: MIT */
/* Events, samples and ticks of MOJO. */
#include "formats/mojo.h"

#include "formats/collapsed_others.h"
#include "formats/formats.h"
#include "formats/words.h"

enum event {
	METADATA = 1,
	STACK,
	FRAME,
	INVALID,
	FRAME_REF,
	KERNEL_FRAME,
	GC,
	IDLE,
	TIME,
	MEMORY,
	STRING,
	STRING_REF,
};

#define US_MAX ((uint64_t)1 << 53) /* three centuries; no sum of times is larger */

static struct mojo_watch *
watch_of(struct mojo *m, uint32_t thread)
{
	uint64_t process = m->in->threads.at[thread].process;

	while (process >= m->watches.n)
		*vec_push(&m->in->arena, &m->watches) = (struct mojo_watch){ .at = m->latest };
	while (thread >= m->seen.n)
		*vec_push(&m->in->arena, &m->seen) = 0;
	return &m->watches.at[process];
}

/* Ends the open sample: it is of the tick before, or begins one. */
static mojo_fault
close_sample(struct mojo *m)
{
	struct import_sample s = m->sample;
	struct mojo_watch *w;

	if (!m->open || m->us == 0) {
		m->open = false;
		return NULL;
	}
	m->open = false;
	w = watch_of(m, s.thread);
	if (m->us != w->us || m->seen.at[s.thread] == w->tick) {
		if (m->us > US_MAX - w->at - w->us)
			return "the times are too large";
		w->at += w->us;
		w->us = m->us;
		w->tick++;
	}
	m->latest = w->at + w->us > m->latest ? w->at + w->us : m->latest;
	m->seen.at[s.thread] = w->tick;
	s.at = w->at;
	s.node = import_stack(m->in->tree, s.node);
	if (m->cpu)
		s.state |= 1u << STREAM_CPU;
	m->in->outcome.losses[STREAM_LOSS_UNREADABLE] += m->invalid;
	import_sample(m->in, s);
	*vec_push(&m->in->arena, &m->times) = m->us;
	return NULL;
}

static mojo_fault
take_stack(struct mojo *m)
{
	struct stream_process process = { .pid = mojo_number(m) };
	struct stream_thread thread = { 0 };
	struct text id, rest;
	uint64_t n;

	if (m->version >= MOJO_INTERPRETERS)
		thread.interpreter = mojo_number(m);
	id = mojo_text(m);
	if (m->c.bad)
		return NULL;
	rest = id;
	if (words_take_hex(&rest, &n) && rest.n == 0)
		others_number_thread(&thread, n);
	else
		thread.name = id;
	if (thread.native_id && thread.native_id == process.pid)
		thread.flags = STREAM_MAIN_THREAD;
	m->pid = process.pid;
	m->us = m->depth = 0;
	m->invalid = false;
	m->open = true;
	m->sample = (struct import_sample){ 0 };
	m->sample.thread = import_thread(m->in, process, thread);
	return m->sample.thread == IMPORT_NO_ROW ? "there are too many threads" : NULL;
}

static mojo_fault
learn_mode(struct mojo *m, struct text mode)
{
	if (text_equal(mode, TEXT("memory")))
		return "a profile of memory, which has no times";
	m->full = text_equal(mode, TEXT("full"));
	m->cpu = text_equal(mode, TEXT("cpu"));
	if (m->cpu)
		m->in->about.mode = STREAM_MODE_CPU;
	if (m->full)
		m->in->about.flags |= STREAM_CPU_STATE;
	return NULL;
}

static mojo_fault
take_metadata(struct mojo *m)
{
	struct text key = mojo_text(m), value = mojo_text(m);
	struct stream_run *run = &m->in->about;

	if (m->c.bad)
		return NULL;
	if (text_equal(key, TEXT("austin")))
		run->version = text_copy(&m->in->arena, value);
	else if (text_equal(key, TEXT("interval")) && !m->interval)
		run->options = text_print(&m->in->arena, "%.*s%sinterval %.*s us",
		                          TEXT_ARG(run->options), run->options.n ? ", " : "",
		                          TEXT_ARG(value));
	else if (text_equal(key, TEXT("gc")))
		m->marks_gc = true;
	else if (text_equal(key, TEXT("duration")))
		m->whole = true;
	m->interval |= text_equal(key, TEXT("interval"));
	return text_equal(key, TEXT("mode")) ? learn_mode(m, value) : NULL;
}

static mojo_fault
take_time(struct mojo *m)
{
	m->us = mojo_number(m);
	if (m->full)
		m->sample.state |= 1u << STREAM_CPU;
	return NULL;
}

/* Time of which the memory is not told. */
static mojo_fault
take_memory(struct mojo *m)
{
	mojo_number(m);
	return NULL;
}

static mojo_fault
take_idle(struct mojo *m)
{
	m->sample.state = (uint8_t)((m->sample.state & ~3u) | 2u << STREAM_CPU);
	return NULL;
}

static mojo_fault
take_gc(struct mojo *m)
{
	m->sample.state |= 1u << STREAM_GC;
	m->marks_gc = true;
	return mojo_push_marker(m, STREAM_KIND_GC);
}

static mojo_fault
take_invalid(struct mojo *m)
{
	m->invalid = true;
	return mojo_push_marker(m, STREAM_KIND_UNREADABLE);
}

static mojo_fault
take_string_ref(struct mojo *m)
{
	mojo_number(m);
	return NULL;
}

static mojo_fault (*const take[])(struct mojo *m) = {
	[METADATA] = take_metadata,
	[STACK] = take_stack,
	[FRAME] = mojo_take_frame,
	[INVALID] = take_invalid,
	[FRAME_REF] = mojo_take_frame_ref,
	[KERNEL_FRAME] = mojo_take_kernel_frame,
	[GC] = take_gc,
	[IDLE] = take_idle,
	[TIME] = take_time,
	[MEMORY] = take_memory,
	[STRING] = mojo_take_string,
	[STRING_REF] = take_string_ref,
};

static mojo_fault
take_event(struct mojo *m)
{
	uint8_t event = cursor_byte(&m->c);
	mojo_fault wrong = NULL;

	if (event == STACK || event == METADATA)
		wrong = close_sample(m);
	if (wrong)
		return wrong;
	if (event >= sizeof take / sizeof *take || !take[event])
		return "an event of no known type";
	wrong = take[event](m);
	return m->c.bad ? "an event is cut, or has a number above 64 bits" : wrong;
}

/* Events up to the end, or to what is wrong. */
static bool
read_events(struct mojo *m, const unsigned char *begin, struct err *e)
{
	const unsigned char *at = m->c.at;
	mojo_fault wrong = NULL;

	while (!wrong && m->c.at < m->c.end) {
		at = m->c.at;
		wrong = take_event(m);
	}
	if (!wrong)
		wrong = close_sample(m);
	else if (!m->full) /* of a full one the rest could be missing */
		close_sample(m);
	if (wrong)
		return err_set(e, "%s: byte %zu: %s", m->in->name, (size_t)(at - begin), wrong);
	return m->undefined == 0 ||
	       err_set(e, "%s: %llu use%s of a string or frame that is not defined",
	               m->in->name, (unsigned long long)m->undefined,
	               m->undefined == 1 ? "" : "s");
}

/* Garbage collection is known of all samples, where Austin was to look for it. */
static void
complete_states(struct mojo *m)
{
	for (size_t i = 0; i < m->in->samples.n; i++)
		if (stream_state(m->in->samples.at[i].state, STREAM_GC) == 0)
			m->in->samples.at[i].state |= 2u << STREAM_GC;
}

/* Several processes have no common ticks: what they got is all that can be told. */
static void
fold(struct mojo *m)
{
	for (size_t i = 0; i < m->in->samples.n; i++) {
		const struct import_sample *s = &m->in->samples.at[i];
		struct import_cell cell = { .at = s->at,
			                    .samples = 1,
			                    .weight = m->times.at[i],
			                    .thread = s->thread,
			                    .node = s->node,
			                    .state = s->state };

		import_cell(m->in, cell);
	}
	m->in->samples.n = 0;
}

static void
finish(struct mojo *m)
{
	struct stream_outcome *o = &m->in->outcome;

	o->to = m->latest;
	o->reason = m->whole ? STREAM_REACHED : STREAM_INTERRUPTED;
	if (m->marks_gc)
		complete_states(m);
	m->in->raw = m->in->processes.n <= 1;
	m->in->about.epoch_ms = m->in->raw ? 0 : 1;
	if (!m->in->raw)
		fold(m);
}

/* A name may begin so too, but goes on with no control character. */
bool
mojo_recognizes(struct text bytes, struct err *e)
{
	(void)e;
	return text_starts(bytes, TEXT("MOJ")) && bytes.n > 3 && bytes.at[3] > 0 &&
	       bytes.at[3] < '\t';
}

/* All that is wrong is told at once: what could be read was. */
bool
mojo_read(struct import *in, struct err *e)
{
	struct mojo m = { .in = in };
	const unsigned char *begin = (const unsigned char *)in->rest.at;
	bool good;

	if (in->rest.n == 0)
		return true;
	m.c = cursor_of(begin, in->rest.n);
	cursor_bytes(&m.c, 3);
	m.version = mojo_number(&m);
	in->rest = (struct text){ in->rest.at + in->rest.n, 0 };
	if (m.c.bad || m.version == 0 || m.version > MOJO_VERSION)
		return err_set(e, "%s: byte 3: a version of MOJO that is not 1 to %d", in->name,
		               MOJO_VERSION);
	in->about.unit_ns = MOJO_US_NS;
	in->about.tool = TEXT("austin");
	in->about.version = (struct text){ "", 0 };
	in->about.flags |= STREAM_ALL_THREADS;
	good = read_events(&m, begin, e);
	finish(&m);
	return good;
}
