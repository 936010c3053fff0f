/* SPDX-License-Identifier: MIT */
/* Ticks: only what changed is written. */
#include "stream/writing.h"

#include <assert.h>

static void
put_changes(struct writer *w, struct bytes *b)
{
	bytes_number(w->a, b, w->changes.n);
	for (size_t i = 0; i < w->changes.n; i++) {
		const struct change *c = &w->changes.at[i];

		bytes_number(w->a, b, w->threads.at[c->row].thread.id);
		bytes_number(w->a, b, c->ends ? 0 : (uint64_t)c->stack + 1);
		if (!c->ends)
			bytes_byte(w->a, b, c->state);
		w->last_listed = c->ends ? WRITING_NO_ROW : c->row;
	}
}

/* The form that says what changed in the fewest bytes. */
static unsigned
form_of(const struct writer *w)
{
	const struct change *c = w->changes.at;

	if (w->changes.n == 0)
		return 0;
	if (w->changes.n > 1 || c->ends || c->row != w->last_listed)
		return 3;
	return c->again ? 1 : 2;
}

/* Encodes the open tick. */
void
writing_close_tick(struct writer *w)
{
	struct bytes *b = &w->batches[ENTRIES];
	unsigned form = form_of(w);

	if (!w->tick_open)
		return;
	writing_make_room(w, (w->changes.n + 1) * 2 * VARINT_MAX);
	w->entries_type = STREAM_RECORD_ticks;
	bytes_number(w->a, b, (w->tick_at - w->last_at) << 2 | form);
	if (form == 3)
		put_changes(w, b);
	else if (form)
		bytes_number(w->a, b, w->changes.at[0].stack);
	if (form == 2)
		bytes_byte(w->a, b, w->changes.at[0].state);
	w->last_at = w->tick_at;
	w->tick_open = false;
	w->changes.n = 0;
	w->open.ticks++;
	w->open.samples += w->seen;
	w->seen = 0;
}

void
writer_tick(struct writer *w, uint64_t at)
{
	writing_close_tick(w);
	assert(at > w->last_at || at == w->segment_at);
	if (writing_is_long(w, at) || writing_can_resume(w))
		writing_begin_segment(w, at);
	w->tick_open = true;
	w->tick_at = at;
}

void
writer_sample(struct writer *w, uint64_t thread, uint32_t stack, uint8_t state)
{
	uint32_t row = writing_thread_row(w, thread);
	struct told_thread *t;

	assert(w->tick_open && row != WRITING_NO_ROW);
	writing_tell_thread(w, row);
	w->seen++;
	t = &w->threads.at[row];
	if (t->live && t->stack == stack && t->state == state)
		return;
	*vec_push(w->a, &w->changes) = (struct change){ .row = row,
		                                        .stack = stack,
		                                        .state = state,
		                                        .again = t->live && t->state == state };
	t->live = true;
	t->stack = stack;
	t->state = state;
}

void
writer_thread_end(struct writer *w, uint64_t thread)
{
	uint32_t row = writing_thread_row(w, thread);
	struct told_thread *t = &w->threads.at[row];

	assert(w->tick_open && row != WRITING_NO_ROW);
	if (t->live && t->generation == w->generation)
		*vec_push(w->a, &w->changes) = (struct change){ .row = row, .ends = true };
	t->live = false;
}

void
writer_thread_gone(struct writer *w, uint64_t thread)
{
	writer_thread_end(w, thread);
	w->threads.at[writing_thread_row(w, thread)].gone = true;
	w->stale = true;
}
