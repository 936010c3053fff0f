/* SPDX-License-Identifier: MIT */
#include "stream/tables.h"

enum { LINE_MAX = INT32_MAX };

enum shape { LINE = 1, END_LINE = 2, COLUMN = 4, END_COLUMN = 8, OPCODE = 16, SHAPES = 32 };

void
tables_begin(struct tables *t)
{
	arena_empty(&t->arena);
	*t = (struct tables){ 0 };
	*vec_push(&t->arena, &t->strings) = (struct text){ "", 0 };
	*vec_push(&t->arena, &t->functions) = (struct stream_function){ 0 };
	*vec_push(&t->arena, &t->functions) =
		(struct stream_function){ STREAM_KIND_MISSED, 0, 0, 0 };
	*vec_push(&t->arena, &t->frames) = (struct stream_frame){ 0 };
	*vec_push(&t->arena, &t->frames) = (struct stream_frame){ .function = STREAM_MISSED };
	*vec_push(&t->arena, &t->stacks) = (struct stream_stack){ 0 };
	*vec_push(&t->arena, &t->stacks) = (struct stream_stack){ 0, STREAM_MISSED, 1 };
}

static const char *
take_string(struct tables *t, struct cursor *c)
{
	struct text s = cursor_text(c);

	if (s.n > STREAM_TEXT_MAX)
		return "a string is too long";
	*vec_push(&t->arena, &t->strings) = s.n ? text_copy(&t->arena, s) : TEXT("");
	return NULL;
}

static const char *
take_function(struct tables *t, struct cursor *c)
{
	uint64_t kind = cursor_number(c), name = cursor_number(c), file = cursor_number(c),
		 line = cursor_number(c);

	if (name >= t->strings.n || file >= t->strings.n)
		return "a function has a string that is not defined";
	if (kind > INT32_MAX || line > LINE_MAX)
		return "a function is out of range";
	*vec_push(&t->arena, &t->functions) =
		(struct stream_function){ (enum stream_kind)kind, (uint32_t)name,
		                          (uint32_t)file, (uint32_t)line };
	return NULL;
}

static int64_t
clamp_line(int64_t base, int64_t offset)
{
	return offset < -LINE_MAX || offset > LINE_MAX ? -1 : base + offset;
}

static const char *
take_frame(struct tables *t, struct cursor *c)
{
	uint64_t function = cursor_number(c), shape = cursor_number(c), column = 0,
		 end_column = 0, opcode = 0;
	int64_t line = 0, end_line = 0;

	if (function == 0 || function >= t->functions.n)
		return "a frame has a function that is not defined";
	if (shape & LINE)
		line = clamp_line(t->functions.at[function].line, cursor_signed(c));
	if (shape & END_LINE)
		end_line = clamp_line(line, cursor_signed(c));
	if (shape & COLUMN)
		column = cursor_number(c);
	if (shape & END_COLUMN)
		end_column = cursor_number(c);
	if (shape & OPCODE)
		opcode = cursor_number(c);
	if (shape >= SHAPES || (shape & LINE && line < 1) || line > LINE_MAX ||
	    (shape & END_LINE && end_line < 1) || end_line > LINE_MAX || column >= LINE_MAX ||
	    end_column >= LINE_MAX)
		return "a frame is out of range";
	if (opcode >= t->strings.n)
		return "a frame has a string that is not defined";
	*vec_push(&t->arena, &t->frames) = (struct stream_frame){
		.function = (uint32_t)function,
		.line = (uint32_t)line,
		.end_line = (uint32_t)end_line,
		.column1 = shape & COLUMN ? (uint32_t)column + 1 : 0,
		.end_column1 = shape & END_COLUMN ? (uint32_t)end_column + 1 : 0,
		.opcode = (uint32_t)opcode,
	};
	return NULL;
}

static const char *
take_stack(struct tables *t, struct cursor *c)
{
	uint64_t back = cursor_number(c), frame = cursor_number(c);
	uint32_t parent, depth;

	if (back >= t->stacks.n)
		return "a stack has a parent that is not defined";
	if (frame == 0 || frame >= t->frames.n)
		return "a stack has a frame that is not defined";
	parent = (uint32_t)(t->stacks.n - 1 - back);
	depth = t->stacks.at[parent].depth + 1;
	if (depth > STREAM_DEPTH_MAX)
		return "a stack is too deep";
	*vec_push(&t->arena, &t->stacks) =
		(struct stream_stack){ parent, (uint32_t)frame, depth };
	return NULL;
}

/* How many are defined of what that record defines. */
static size_t
count(const struct tables *t, enum stream_record type)
{
	switch ((int)type) {
	case STREAM_RECORD_strings:
		return t->strings.n;
	case STREAM_RECORD_functions:
		return t->functions.n;
	case STREAM_RECORD_frames:
		return t->frames.n;
	default:
		return t->stacks.n;
	}
}

const char *
tables_take(struct tables *t, enum stream_record type, struct cursor *c)
{
	const char *(*take)(struct tables *, struct cursor *) =
		type == STREAM_RECORD_strings     ? take_string
		: type == STREAM_RECORD_functions ? take_function
		: type == STREAM_RECORD_frames    ? take_frame
						  : take_stack;
	const char *wrong = NULL;

	while (!wrong && c->at < c->end && !c->bad)
		wrong = count(t, type) < STREAM_NUMBER_MAX ? take(t, c)
		                                           : "there are too many definitions";
	return c->bad ? "a definition is cut" : wrong;
}
