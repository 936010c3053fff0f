/* SPDX-License-Identifier: MIT */
/* Ticks: who was seen at each, and how long it lasted. */
#include "stream/reading.h"

enum { FEW_ENDED = 8 };

static const uint32_t NO_ROW = UINT32_MAX;

static void
forget_threads(struct ticks *t)
{
	arena_empty(&t->arena);
	t->seen.at = NULL;
	t->seen.n = t->seen.room = t->ended = 0;
	t->index = (struct index){ 0 };
	t->last_listed = NO_ROW;
}

void
ticks_begin(struct ticks *t, uint64_t at)
{
	forget_threads(t);
	*t = (struct ticks){
		.last_listed = NO_ROW, .interval = 1, .limit = UINT64_MAX, .at = at
	};
}

void
ticks_run(struct ticks *t, const struct stream_run *run)
{
	forget_threads(t);
	t->has_until = false;
	t->timeless = run->unit_ns == 0;
	t->interval = t->timeless ? 0 : run->interval_ns / run->unit_ns;
	t->limit = UINT64_MAX;
	if (t->interval == 0)
		t->interval = 1;
	if (run->interval_ns && t->interval < UINT64_MAX / STREAM_CAP_INTERVALS)
		t->limit = t->interval * STREAM_CAP_INTERVALS;
}

void
ticks_until(struct ticks *t, uint64_t until)
{
	t->has_until = true;
	t->until = until;
}

/* The first watched thread from that row on. */
static void
move_to(struct ticks *t, size_t row)
{
	while (row < t->seen.n && t->seen.at[row].ended)
		row++;
	t->row = row;
}

void
ticks_end(struct ticks *t, uint64_t until)
{
	uint64_t time = t->timeless ? 1 : until - t->at;

	t->pending = t->missed = false;
	t->time = time < t->limit ? time : t->limit;
	t->beyond = time - t->time;
	move_to(t, 0);
	t->going = t->row < t->seen.n;
}

void
ticks_end_unknown(struct ticks *t)
{
	bool known = t->has_until && t->until >= t->at;

	ticks_end(t, known ? t->until : t->at + t->interval);
}

/* Of the units from one time to another, those of a thread; tstream(5) has the rule. */
static uint64_t
share(const struct seen *seen, uint64_t from, uint64_t to)
{
	if (seen->parts <= 1)
		return to - from;
	return (to + seen->part) / seen->parts - (from + seen->part) / seen->parts;
}

/* As a sample of the interval that the tick lies in: one of the lanes at a tick counts. */
static uint32_t
count(const struct ticks *t, const struct seen *seen)
{
	uint64_t slot = seen->parts <= 1 ? 0 : t->at / t->interval;

	return (uint32_t)share(seen, slot, slot + 1);
}

void
ticks_hand(struct ticks *t, struct stream_sample *sample)
{
	const struct seen *seen = &t->seen.at[t->row];

	*sample = (struct stream_sample){
		.thread = seen->thread,
		.stack = t->missed ? STREAM_MISSED : seen->stack,
		.state = seen->state,
		.missed = t->missed,
		.samples = t->missed ? 0 : count(t, seen),
		.at = t->missed ? t->at + t->time : t->at,
		.time = t->missed ? t->beyond : t->time,
		.tick = t->count - 1,
	};
	sample->weight = share(seen, sample->at, sample->at + sample->time);
	move_to(t, t->row + 1);
	if (t->row < t->seen.n)
		return;
	t->going = t->beyond && !t->missed;
	t->missed = true;
	move_to(t, 0);
}

static uint32_t
row_of(const struct ticks *t, uint64_t thread)
{
	struct index_probe probe = index_probe(&t->index, hash_number(thread));

	while (index_next(&t->index, &probe))
		if (t->seen.at[probe.row].thread == thread)
			return probe.row;
	return NO_ROW;
}

/* Drops the rows of threads that have ended. */
static void
compact(struct ticks *t)
{
	size_t n = 0;

	index_clear(&t->index);
	for (size_t i = 0; i < t->seen.n; i++)
		if (!t->seen.at[i].ended) {
			index_add(&t->arena, &t->index, hash_number(t->seen.at[i].thread),
			          (uint32_t)n);
			t->seen.at[n++] = t->seen.at[i];
		}
	t->seen.n = n;
	t->ended = 0;
}

/* A row stays until most are of ended threads, so that a million ends are not a million moves. */
static const char *
end_thread(struct ticks *t, uint32_t row)
{
	if (row == NO_ROW || t->seen.at[row].ended)
		return "a tick ends a thread that is not watched";
	t->seen.at[row].ended = true;
	t->ended++;
	t->last_listed = NO_ROW;
	if (t->ended > FEW_ENDED && t->ended > t->seen.n / 2)
		compact(t);
	return NULL;
}

static const char *
take_listed(struct ticks *t, const struct people *people, const struct tables *tables,
            struct cursor *c)
{
	uint64_t thread = cursor_number(c), stack1 = cursor_number(c);
	uint8_t state = stack1 ? cursor_byte(c) : 0;
	uint32_t row = row_of(t, thread);
	const struct stream_thread *told;

	if (c->bad)
		return "a tick is cut";
	told = people_thread(people, thread);
	if (!told)
		return "a tick has a thread that is not defined";
	if (stack1 > tables->stacks.n)
		return "a tick has a stack that is not defined";
	if (stack1 == 0)
		return end_thread(t, row);
	if (row == NO_ROW) {
		row = (uint32_t)t->seen.n;
		index_add(&t->arena, &t->index, hash_number(thread), row);
		*vec_push(&t->arena, &t->seen) = (struct seen){ 0 };
	}
	t->ended -= t->seen.at[row].ended;
	t->seen.at[row] = (struct seen){ .thread = (uint32_t)thread,
		                         .stack = (uint32_t)stack1 - 1,
		                         .state = state,
		                         .part = (uint32_t)told->part,
		                         .parts = (uint32_t)told->parts };
	t->last_listed = row;
	return NULL;
}

static const char *
take_list(struct ticks *t, const struct people *people, const struct tables *tables,
          struct cursor *c)
{
	uint64_t n = cursor_number(c);
	const char *wrong = NULL;

	while (n-- && !wrong)
		wrong = take_listed(t, people, tables, c);
	return wrong;
}

/* The thread listed last has another stack, and, in form 2, another state. */
static const char *
take_change(struct ticks *t, const struct tables *tables, unsigned form, struct cursor *c)
{
	uint64_t stack = cursor_number(c);
	uint8_t state = form == 2 ? cursor_byte(c) : 0;

	if (c->bad)
		return "a tick is cut";
	if (t->last_listed == NO_ROW)
		return "a tick changes a thread that was not listed";
	if (stack >= tables->stacks.n)
		return "a tick has a stack that is not defined";
	t->seen.at[t->last_listed].stack = (uint32_t)stack;
	if (form == 2)
		t->seen.at[t->last_listed].state = state;
	return NULL;
}

static const char *
take_form(struct ticks *t, const struct people *people, const struct tables *tables,
          unsigned form, struct cursor *c)
{
	switch (form) {
	case 0:
		return NULL;
	case 3:
		return take_list(t, people, tables, c);
	default:
		return take_change(t, tables, form, c);
	}
}

const char *
take_tick(struct ticks *t, const struct people *people, const struct tables *tables,
          struct cursor *c)
{
	const unsigned char *entry = c->at;
	uint64_t head = cursor_number(c), at;
	const char *wrong;

	if (c->bad)
		return "a tick is cut";
	if (__builtin_add_overflow(t->at, head >> 2, &at) || at > INT64_MAX)
		return "a tick is out of range";
	if (head >> 2 == 0 && t->count)
		return "two ticks are at one time";
	if (t->pending) {
		c->at = entry;
		ticks_end(t, at);
		return NULL;
	}
	t->at = at;
	t->count++;
	wrong = take_form(t, people, tables, head & 3, c);
	t->pending = !wrong;
	return wrong;
}
