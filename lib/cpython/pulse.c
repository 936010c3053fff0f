/* SPDX-License-Identifier: MIT */
/*
 * What interpreters tell of their threads: who holds the GIL, whether garbage
 * is collected, which code objects went.
 *
 * A thread's frames change only while it holds the GIL. The GIL counts how
 * often it went from one thread to another, so its words at two ticks tell who
 * can have moved in between: nobody but the holder when the count is the same,
 * the old and the new one when it is one more.
 */
#include "cpython/python.h"

#include <stdlib.h>

struct source {
	enum word word;
	uint64_t from;
	uint32_t width;
};

static uint64_t
place(uint64_t base, uint32_t offset)
{
	return base && offset != NONE ? base + offset : 0;
}

/* Where each word lies in the target; 0: the version has none. */
static void
find_words(const struct python *p, const struct interpreter *home, struct source *s)
{
	const struct layout *l = &p->layout;
	uint64_t gc = l->runtime_gc != NONE ? p->runtime.address + l->runtime_gc
	                                    : place(home->address, l->interpreter_gc);

	s[0] = (struct source){ WORD_THREADS, home->address + l->interpreter_threads, 8 };
	s[1] = (struct source){ WORD_HOLDER, place(home->gil, l->gil_holder), 8 };
	s[2] = (struct source){ WORD_LOCKED, place(home->gil, l->gil_locked), 4 };
	s[3] = (struct source){ WORD_SWITCHES, place(home->gil, l->gil_switches), 8 };
	s[4] = (struct source){ WORD_COLLECTING, place(gc, l->gc_collecting), 4 };
	s[5] = (struct source){ WORD_GC_FRAME, place(gc, l->gc_frame), 8 };
	s[6] = (struct source){ WORD_EPOCH, place(home->address, p->codes.epoch_field),
		                p->codes.epoch_bytes };
}

static int
by_address(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Words that lie close together are read at once: a piece costs as much as 10 KB (measured). */
static void
plan_spans(struct interpreter *home, struct source *s)
{
	uint32_t at = 0;

	qsort(s, WORDS, sizeof *s, by_address);
	home->n = 0;
	for (unsigned i = 0; i < WORDS; i++) {
		uint64_t end =
			home->n ? home->spans[home->n - 1].from + home->spans[home->n - 1].n
				: 0;

		home->places[s[i].word] = NONE;
		home->widths[s[i].word] = s[i].width;
		if (!s[i].from)
			continue;
		if (home->n == 0 || s[i].from - end > WORDS_GAP || s[i].from < end) {
			home->spans[home->n].from = end = s[i].from;
			home->spans[home->n].at = at;
			home->spans[home->n++].n = 0;
		}
		home->places[s[i].word] = home->spans[home->n - 1].at +
		                          (uint32_t)(s[i].from - home->spans[home->n - 1].from);
		at += (uint32_t)(s[i].from + s[i].width - end);
		home->spans[home->n - 1].n += (uint32_t)(s[i].from + s[i].width - end);
	}
}

static bool
find_gil(struct python *p, struct interpreter *home)
{
	home->gil = 0;
	if (p->layout.runtime_gil != NONE)
		home->gil = p->runtime.address + p->layout.runtime_gil;
	else if (p->layout.interpreter_gil != NONE)
		return remote_read(p->remote, home->address + p->layout.interpreter_gil,
		                   &home->gil, sizeof home->gil);
	return true;
}

static struct interpreter *
interpreter_begin(struct python *p, uint64_t address)
{
	struct interpreter *home = p->interpreters.idle.n
	                                   ? p->interpreters.idle.at[--p->interpreters.idle.n]
	                                   : arena_new(p->arena, struct interpreter);

	*home = (struct interpreter){ .address = address };
	*vec_push(p->arena, &p->interpreters.all) = home;
	return home;
}

void
interpreters_take(struct python *p)
{
	for (size_t i = 0; i < p->interpreters.all.n; i++)
		p->interpreters.all.at[i]->listed = p->interpreters.all.at[i]->met;
}

void
interpreters_spare(struct python *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->interpreters.all.n; i++) {
		struct interpreter *home = p->interpreters.all.at[i];

		home->met = false;
		if (home->listed)
			p->interpreters.all.at[kept++] = home;
		else
			*vec_push(p->arena, &p->interpreters.idle) = home;
	}
	p->interpreters.all.n = kept;
}

struct interpreter *
interpreter_at(struct python *p, uint64_t address, uint64_t id)
{
	struct source sources[WORDS];
	struct interpreter *home = NULL;
	uint64_t gil;

	for (size_t i = 0; i < p->interpreters.all.n; i++)
		if (p->interpreters.all.at[i]->address == address)
			home = p->interpreters.all.at[i];
	if (!home)
		home = interpreter_begin(p, address);
	home->id = id;
	gil = home->gil;
	if (!find_gil(p, home))
		return NULL;
	if (home->n && gil == home->gil)
		return home;
	find_words(p, home, sources);
	plan_spans(home, sources);
	return home;
}

void
pulse_add(struct python *p, const struct interpreter *home)
{
	for (unsigned i = 0; i < home->n; i++)
		*vec_push(p->arena, &p->window.pieces) =
			(struct remote_piece){ home->spans[i].from,
			                       p->interpreters.words + home->spans[i].at,
			                       home->spans[i].n };
}

void
pulse_take(struct python *p, const struct interpreter *home, struct pulse *pulse)
{
	for (unsigned i = 0; i < WORDS; i++) {
		const unsigned char *at = p->interpreters.words + home->places[i];

		pulse->words[i] = home->places[i] == NONE ? 0
		                  : home->widths[i] == 8  ? word_at(at)
		                                          : half_at(at);
	}
}

bool
pulse_is_settled(const struct python *p, const struct watch *w)
{
	const struct interpreter *home = w->home;

	return w->settled && w->settled + 1 == p->interpreters.tick &&
	       home->ticked == p->interpreters.tick && home->quiet &&
	       home->now.words[WORD_HOLDER] != w->shown.address &&
	       home->before.words[WORD_HOLDER] != w->shown.address;
}

/*
 * Whether the GIL counts each time that another thread has it. Up to 3.11 a thread that enters
 * another interpreter keeps the GIL and goes on as that one's thread, and nothing is counted.
 */
bool
gil_counts(const struct python *p)
{
	bool shared = p->layout.runtime_gil != NONE && p->interpreters.all.n > 1;

	return p->layout.gil_switches != NONE && !p->layout.free_threaded && !shared;
}
