/* SPDX-License-Identifier: MIT */
/* Cells: those of one stack become an entry of a list. */
#include "stream/writing.h"

enum { ENTRY = 2 << 10 }; /* bytes of cells after which a stack gets another entry */

/* The cells of one stack become an entry. */
void
writing_close_cell(struct writer *w)
{
	struct bytes *entries = &w->batches[ENTRIES];

	if (!w->cell_open)
		return;
	w->cell_open = false;
	bytes_number(w->a, entries, w->cell_count);
	bytes_put(w->a, entries, w->cells.at, w->cells.n);
	w->cells.n = 0;
}

static void
open_cell(struct writer *w, const struct stream_cell *c)
{
	struct bytes *b = &w->batches[ENTRIES];

	writing_close_cell(w);
	if (b->n && (c->thread != w->cell_thread || c->state != w->cell_state))
		writing_put_batches(w);
	writing_make_room(w, 1 << 10);
	if (b->n == 0) {
		writing_tell_thread(w, writing_thread_row(w, c->thread));
		w->entries_type = STREAM_RECORD_cells;
		bytes_number(w->a, b, c->thread);
		bytes_byte(w->a, b, c->state);
		w->cell_stack = 0;
	}
	bytes_signed(w->a, b, (int64_t)c->stack - w->cell_stack);
	w->cell_thread = c->thread;
	w->cell_state = c->state;
	w->cell_stack = c->stack;
	w->cell_open = true;
	w->cell_count = 0;
}

void
writer_cell(struct writer *w, const struct stream_cell *c)
{
	if (!w->cell_open || c->stack != w->cell_stack || c->thread != w->cell_thread ||
	    c->state != w->cell_state || c->epoch <= w->cell_epoch || w->cells.n > ENTRY)
		open_cell(w, c);
	bytes_number(w->a, &w->cells, w->cell_count ? c->epoch - w->cell_epoch : c->epoch);
	bytes_number(w->a, &w->cells, c->samples);
	bytes_number(w->a, &w->cells, c->weight);
	w->cell_epoch = c->epoch;
	w->cell_count++;
}
