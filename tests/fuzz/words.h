/* SPDX-License-Identifier: MIT */
/*
 * fuzz/words.h: what a stream says, in words that two streams can be compared by.
 *
 * Things have their names, not their numbers, as another writer numbers them anew.
 */
#ifndef FUZZ_WORDS_H
#define FUZZ_WORDS_H

#include "stream/bytes.h"
#include "stream/reader.h"

#include <stdarg.h>
#include <stdio.h>

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
		note(l, " %u %u %u %u", f->line, f->end_line, f->column1, f->end_column1);
		note_text(l, stream_string(s, f->opcode));
		l->frames++;
	}
}

static void
note_thread(struct log *l, const struct stream *s, uint64_t id)
{
	const struct stream_thread *t = stream_thread(s, id);
	const struct stream_process *p = stream_process(s, t->process);

	note_numbers(l, &t->id, 9);
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
	note(l, "sample %u %u %u %u", x->thread, x->state, x->samples, x->missed);
	note_numbers(l, (uint64_t[]){ x->at, x->time, x->weight }, 3);
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
note_compare(struct log *l, const struct stream_compare *c)
{
	note(l, "compare");
	note_numbers(l, &c->scale, 7);
	note_text(l, c->words);
}

static void
note_match(struct log *l, const struct stream *s, const struct stream_match *m)
{
	note(l, "match");
	note_function(l, s, m->baseline);
	note_function(l, s, m->current);
}

static void
note_outcome(struct log *l, const struct stream_outcome *o)
{
	if (o->reason == OURS)
		return;
	note(l, "outcome");
	note_numbers(l, &o->from, 5 + STREAM_LOSS_END);
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
		note_outcome(l, &item->outcome);
		break;
	case STREAM_EXIT:
		note(l, "exit");
		note_numbers(l, &item->exit.process, 4);
		break;
	case STREAM_RAN:
		note(l, "ran");
		note_numbers(l, &item->ran.thread, 5);
		break;
	case STREAM_PORTABLE:
		note(l, "portable %d", item->portable.type);
		note_text(l, item->portable.body);
		break;
	case STREAM_COMPARE:
		note_compare(l, &item->compare);
		break;
	case STREAM_MATCH:
		note_match(l, s, &item->match);
		break;
	case STREAM_VERDICT:
		note_verdict(l, s, &item->verdict);
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

#endif
