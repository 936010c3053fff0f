/* SPDX-License-Identifier: MIT */
/* What the numbers of a segment stand for, as they are asked for. */
#include "stream/reading.h"

enum stream_content
stream_content(const struct stream *s)
{
	return s->content;
}

struct text
stream_writer_name(const struct stream *s)
{
	return s->writer;
}

uint32_t
stream_function_count(const struct stream *s)
{
	return (uint32_t)s->tables.functions.n;
}

uint32_t
stream_frame_count(const struct stream *s)
{
	return (uint32_t)s->tables.frames.n;
}

uint32_t
stream_stack_count(const struct stream *s)
{
	return (uint32_t)s->tables.stacks.n;
}

struct text
stream_string(const struct stream *s, uint32_t string)
{
	return s->tables.strings.at[string];
}

const struct stream_function *
stream_function(const struct stream *s, uint32_t function)
{
	return &s->tables.functions.at[function];
}

const struct stream_frame *
stream_frame(const struct stream *s, uint32_t frame)
{
	return &s->tables.frames.at[frame];
}

const struct stream_stack *
stream_stack(const struct stream *s, uint32_t stack)
{
	return &s->tables.stacks.at[stack];
}

struct text
stream_function_name(const struct stream *s, uint32_t function)
{
	const struct stream_function *f = stream_function(s, function);
	struct text name = stream_string(s, f->name);
	const char *marker = name.n ? NULL : stream_kind_name(f->kind);

	return marker ? text_of(marker) : name;
}

const struct stream_process *
stream_process(const struct stream *s, uint64_t process)
{
	return people_process(&s->people, process);
}

const struct stream_thread *
stream_thread(const struct stream *s, uint64_t thread)
{
	return people_thread(&s->people, thread);
}

uint64_t
stream_unknown(const struct stream *s)
{
	return s->unknown;
}

struct stream_label
stream_label(const struct stream_portable *p)
{
	struct cursor c = cursor_of(p->body.at, p->body.n);
	struct stream_label label;

	fields_take(&c, STREAM_RECORD_label, &label);
	return label;
}

struct stream_source
stream_source(const struct stream_portable *p)
{
	struct cursor c = cursor_of(p->body.at, p->body.n);
	struct stream_source source;

	fields_take(&c, STREAM_RECORD_source, &source);
	return source;
}
