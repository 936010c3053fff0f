/* SPDX-License-Identifier: MIT */
#include "heat/write.h"

static uint64_t
line_file(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->files.number1[p->side->heat->lines.at[row].file] - 1;
}

/* In a file less that of the row before. */
static uint64_t
line_number(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_rows *rows = &s->pick[side].lines;
	const struct heat_line *lines = s->pick[side].side->heat->lines.at;
	uint32_t at = rows->number1[row] - 1;
	uint32_t before = at ? rows->picked.at[at - 1] : row;

	return lines[row].line -
	       (at && lines[before].file == lines[row].file ? lines[before].line : 0);
}

static uint64_t
spot_function(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->functions.number1[p->side->heat->spots.at[row].function] - 1;
}

static uint64_t
spot_line(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];
	uint32_t line1 = p->side->heat->spots.at[row].line1;

	return line1 ? p->lines.number1[line1 - 1] : 0;
}

static uint64_t
call_spot(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->spots.number1[p->side->heat->calls.at[row].spot] - 1;
}

static uint64_t
call_callee(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->functions.number1[p->side->heat->calls.at[row].callee] - 1;
}

static const struct stream_frame *
span_frame(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return tree_frame(s->book->tree, s->pick[side].side->heat->spans.at[row].frame);
}

static uint64_t
span_spot(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->spots.number1[p->side->heat->spans.at[row].spot] - 1;
}

static uint64_t
span_name(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->string_of[span_frame(s, side, row)->opcode];
}

/* An end before its line is as unknown. */
static uint64_t
span_down(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct stream_frame *f = span_frame(s, side, row);

	return f->end_line >= f->line && f->line ? f->end_line - f->line + 1 : 0;
}

static uint64_t
span_from(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return span_frame(s, side, row)->column1;
}

static uint64_t
span_to(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return span_frame(s, side, row)->end_column1;
}

void
heat_write_lines(struct json *j, const struct heat_sheet *s, size_t side)
{
	static const struct heat_column lines[] = { { "file", line_file },
		                                    { "line", line_number },
		                                    { 0 } };
	static const struct heat_column spots[] = { { "function", spot_function },
		                                    { "line", spot_line },
		                                    { 0 } };
	static const struct heat_column calls[] = { { "spot", call_spot },
		                                    { "callee", call_callee },
		                                    { 0 } };
	static const struct heat_column spans[] = {
		{ "spot", span_spot }, { "name", span_name }, { "down", span_down },
		{ "from", span_from }, { "to", span_to },     { 0 },
	};
	const struct heat_pick *p = &s->pick[side];
	const struct heat *h = p->side->heat;

	heat_write_table(
		j, s, "lines",
		&(struct heat_table){ side, &p->lines, lines, HEAT_SUMS(h->lines), false });
	heat_write_table(j, s, "spots",
	                 &(struct heat_table){ side, &p->spots, spots, NULL, 0, false });
	heat_write_table(
		j, s, "calls",
		&(struct heat_table){ side, &p->calls, calls, HEAT_SUMS(h->calls), true });
	heat_write_table(
		j, s, "spans",
		&(struct heat_table){ side, &p->spans, spans, HEAT_SUMS(h->spans), false });
}
