/* SPDX-License-Identifier: MIT */
/* Cells: what stacks of one thread in one state got. */
#include "stream/reading.h"

const char *
take_cells(struct cells *s, const struct people *people, struct cursor *c)
{
	uint64_t thread = cursor_number(c);

	*s = (struct cells){ .cell = { .thread = (uint32_t)thread, .state = cursor_byte(c) } };
	if (c->bad)
		return "a list of cells is cut";
	return people_thread(people, thread) ? NULL : "a cell has a thread that is not defined";
}

static const char *
take_stack(struct cells *s, const struct tables *tables, struct cursor *c)
{
	int64_t step = cursor_signed(c), last = (int64_t)tables->stacks.n - 1;

	s->left = cursor_number(c);
	s->first = true;
	if (c->bad || s->left == 0 || s->left > cursor_left(c))
		return "a list of cells is cut";
	if (step < -s->stack || step > last - s->stack)
		return "a cell has a stack that is not defined";
	s->stack += step;
	s->cell.stack = (uint32_t)s->stack;
	return NULL;
}

const char *
take_cell(struct cells *s, const struct people *people, const struct tables *tables,
          struct cursor *c)
{
	const char *wrong = s->left ? NULL : take_stack(s, tables, c);
	struct stream_cell *cell = &s->cell;
	uint64_t step;

	if (wrong)
		return wrong;
	step = cursor_number(c);
	cell->samples = cursor_number(c);
	cell->weight = cursor_number(c);
	s->left--;
	if (c->bad || (s->left && c->at == c->end))
		return "a list of cells is cut";
	if ((!s->first && step == 0) || step > UINT32_MAX || cell->samples > INT64_MAX ||
	    cell->weight > INT64_MAX)
		return "a cell is out of range";
	cell->epoch = s->first ? step : cell->epoch + step;
	s->first = false;
	if (cell->epoch > UINT32_MAX || (cell->epoch && !people->run.epoch_ms))
		return "an epoch is out of range";
	return NULL;
}
