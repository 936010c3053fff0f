/* SPDX-License-Identifier: MIT */
/* Ticks: who was seen at each, and how long it lasted. */
#include "stream/reading.h"

static const uint32_t NO_ROW = UINT32_MAX;

static void
forget_threads(struct ticks *t)
{
	arena_empty(&t->arena);
	t->live.at = NULL;
	t->live.n = t->live.room = 0;
	t->index = (struct index){ 0 };
	t->last_listed = NO_ROW;
}

void
ticks_begin(struct ticks *t, uint64_t at)
{
	forget_threads(t);
	*t = (struct ticks){ .last_listed = NO_ROW, .interval = 1, .limit = UINT64_MAX, .at = at };
}

void
ticks_run(struct ticks *t, const struct stream_run *run)
{
	forget_threads(t);
	t->until = 0;
	t->interval = run->unit_ns ? run->interval_ns / run->unit_ns : 0;
	t->limit = UINT64_MAX;
	if (t->interval == 0)
		t->interval = 1;
	if (run->interval_ns && t->interval < UINT64_MAX / STREAM_CAP_INTERVALS)
		t->limit = t->interval * STREAM_CAP_INTERVALS;
}

void
ticks_end(struct ticks *t, uint64_t until)
{
	uint64_t time = until - t->at;

	t->pending = false;
	t->going = t->live.n > 0;
	t->missed = false;
	t->row = 0;
	t->weight = time < t->limit ? time : t->limit;
	t->beyond = time - t->weight;
}

void
ticks_end_unknown(struct ticks *t)
{
	ticks_end(t, t->until >= t->at && t->until ? t->until : t->at + t->interval);
}

void
ticks_hand(struct ticks *t, struct stream_sample *sample)
{
	const struct seen *seen = &t->live.at[t->row];

	*sample = (struct stream_sample){
		.thread = seen->thread,
		.stack = t->missed ? STREAM_MISSED : seen->stack,
		.state = t->missed ? 0 : seen->state,
		.samples = !t->missed,
		.at = t->missed ? t->at + t->weight : t->at,
		.weight = t->missed ? t->beyond : t->weight,
		.tick = t->count - 1,
	};
	if (++t->row < t->live.n)
		return;
	t->row = 0;
	t->going = t->beyond && !t->missed;
	t->missed = true;
}

static uint32_t
row_of(const struct ticks *t, uint64_t thread)
{
	struct index_probe probe = index_probe(&t->index, hash_number(thread));

	while (index_next(&t->index, &probe))
		if (t->live.at[probe.row].thread == thread)
			return probe.row;
	return NO_ROW;
}

/* Threads end seldom: the index is made anew. */
static void
remove_row(struct ticks *t, uint32_t row)
{
	t->live.n--;
	memmove(&t->live.at[row], &t->live.at[row + 1], (t->live.n - row) * sizeof *t->live.at);
	index_clear(&t->index);
	for (uint32_t i = 0; i < t->live.n; i++)
		index_add(&t->arena, &t->index, hash_number(t->live.at[i].thread), i);
	t->last_listed = NO_ROW;
}

static const char *
take_listed(struct ticks *t, const struct people *people, const struct tables *tables,
            struct cursor *c)
{
	uint64_t thread = cursor_number(c), stack1 = cursor_number(c);
	uint8_t state = stack1 ? cursor_byte(c) : 0;
	uint32_t row = row_of(t, thread);

	if (c->bad)
		return "a tick is cut";
	if (!people_thread(people, thread))
		return "a tick has a thread that is not defined";
	if (stack1 > tables->stacks.n)
		return "a tick has a stack that is not defined";
	if (stack1 == 0) {
		if (row == NO_ROW)
			return "a tick ends a thread that is not watched";
		remove_row(t, row);
		return NULL;
	}
	if (row == NO_ROW) {
		row = (uint32_t)t->live.n;
		index_add(&t->arena, &t->index, hash_number(thread), row);
		vec_push(&t->arena, &t->live);
	}
	t->live.at[row] = (struct seen){ (uint32_t)thread, (uint32_t)stack1 - 1, state };
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
	t->live.at[t->last_listed].stack = (uint32_t)stack;
	if (form == 2)
		t->live.at[t->last_listed].state = state;
	return NULL;
}

const char *
take_tick(struct ticks *t, const struct people *people, const struct tables *tables,
          struct cursor *c)
{
	const unsigned char *entry = c->at;
	uint64_t head = cursor_number(c), at;

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
	t->pending = true;
	switch (head & 3) {
	case 0:
		return NULL;
	case 3:
		return take_list(t, people, tables, c);
	default:
		return take_change(t, tables, head & 3, c);
	}
}
