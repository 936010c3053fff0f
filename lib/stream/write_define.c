/* SPDX-License-Identifier: MIT */
/* Definitions: strings, functions, frames and stacks get their numbers. */
#include "stream/writing.h"

#include <assert.h>

uint32_t
writer_string(struct writer *w, struct text t)
{
	uint32_t row;
	bool fresh;

	if (t.n == 0)
		return 0;
	if (t.n > STREAM_TEXT_MAX)
		t.n = STREAM_TEXT_MAX;
	writing_make_room(w, t.n + VARINT_MAX);
	row = intern_put(&w->segment, &w->strings, t.at, t.n, &fresh);
	if (fresh)
		bytes_text(w->a, &w->batches[STRINGS], t);
	return row + WRITING_FIRST_STRING;
}

uint32_t
writer_function(struct writer *w, const struct stream_function *f)
{
	struct bytes *b = &w->batches[FUNCTIONS];
	uint32_t row;
	bool fresh;

	assert(f->line <= INT32_MAX);
	if (f->kind == STREAM_KIND_MISSED && !f->name && !f->file && !f->line)
		return STREAM_MISSED;
	writing_make_room(w, 4 * VARINT_MAX);
	row = intern_put(&w->segment, &w->functions, f, sizeof *f, &fresh);
	if (fresh) {
		bytes_number(w->a, b, f->kind);
		bytes_number(w->a, b, f->name);
		bytes_number(w->a, b, f->file);
		bytes_number(w->a, b, f->line);
	}
	return row + WRITING_FIRST;
}

static void
put_frame(struct writer *w, const struct stream_frame *f, uint32_t first_line)
{
	struct bytes *b = &w->batches[FRAMES];
	unsigned shape = (f->line ? 1u : 0) | (f->end_line ? 2u : 0) | (f->column1 ? 4u : 0) |
	                 (f->end_column1 ? 8u : 0) | (f->opcode ? 16u : 0);

	bytes_number(w->a, b, f->function);
	bytes_number(w->a, b, shape);
	if (f->line)
		bytes_signed(w->a, b, (int64_t)f->line - first_line);
	if (f->end_line)
		bytes_signed(w->a, b, (int64_t)f->end_line - f->line);
	if (f->column1)
		bytes_number(w->a, b, f->column1 - 1);
	if (f->end_column1)
		bytes_number(w->a, b, f->end_column1 - 1);
	if (f->opcode)
		bytes_number(w->a, b, f->opcode);
}

static uint32_t
first_line(const struct writer *w, uint32_t function)
{
	struct stream_function f = { 0 };

	if (function >= WRITING_FIRST)
		memcpy(&f, w->functions.keys.at[function - WRITING_FIRST].at, sizeof f);
	return f.line;
}

static bool
is_missed(const struct stream_frame *f)
{
	static const struct stream_frame missed = { .function = STREAM_MISSED };

	return memcmp(f, &missed, sizeof missed) == 0;
}

uint32_t
writer_new_frame(struct writer *w, const struct stream_frame *f)
{
	if (is_missed(f))
		return STREAM_MISSED;
	writing_make_room(w, 8 * VARINT_MAX);
	put_frame(w, f, first_line(w, f->function));
	return intern_skip(&w->segment, &w->frames) + WRITING_FIRST;
}

uint32_t
writer_frame(struct writer *w, const struct stream_frame *f)
{
	uint32_t row;
	bool fresh;

	if (is_missed(f))
		return STREAM_MISSED;
	writing_make_room(w, 8 * VARINT_MAX);
	row = intern_put(&w->segment, &w->frames, f, sizeof *f, &fresh);
	if (fresh)
		put_frame(w, f, first_line(w, f->function));
	return row + WRITING_FIRST;
}

static uint32_t
depth_of(const struct writer *w, uint32_t stack)
{
	return stack < WRITING_FIRST ? stack : w->depths.at[stack - WRITING_FIRST];
}

static void
put_stack(struct writer *w, uint32_t row, uint32_t parent, uint32_t frame)
{
	uint32_t depth = depth_of(w, parent) + 1;

	assert(depth <= STREAM_DEPTH_MAX);
	*vec_push(&w->segment, &w->depths) = depth;
	bytes_number(w->a, &w->batches[STACKS], row + WRITING_FIRST - 1 - parent);
	bytes_number(w->a, &w->batches[STACKS], frame);
}

uint32_t
writer_new_stack(struct writer *w, uint32_t parent, uint32_t frame)
{
	uint32_t row;

	if (parent == 0 && frame == STREAM_MISSED)
		return STREAM_MISSED;
	writing_make_room(w, 2 * VARINT_MAX);
	row = intern_skip(&w->segment, &w->stacks);
	put_stack(w, row, parent, frame);
	return row + WRITING_FIRST;
}

uint32_t
writer_stack(struct writer *w, uint32_t parent, uint32_t frame)
{
	uint32_t key[2] = { parent, frame }, row;
	bool fresh;

	if (parent == 0 && frame == STREAM_MISSED)
		return STREAM_MISSED;
	writing_make_room(w, 2 * VARINT_MAX);
	row = intern_put(&w->segment, &w->stacks, key, sizeof key, &fresh);
	if (fresh)
		put_stack(w, row, parent, frame);
	return row + WRITING_FIRST;
}
