/* SPDX-License-Identifier: MIT */
#include "stream/reader.h"

#include "stream/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

struct begin {
	uint64_t content, number, at;
	struct text writer;
};

struct stream *
stream_open(struct arena *a, const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return stream_open_fd(a, fd, is_stdin ? "stdin" : path, e);
	err_set(e, "%s: %s", path, strerror(errno));
	return NULL;
}

static struct stream *
open_input(struct arena *a, int fd, struct stream_input input, const char *name, struct err *e)
{
	struct stream *s = arena_new(a, struct stream);

	s->name = name;
	s->blocks = blocks_new(&s->arena, fd, name);
	blocks_read_by(s->blocks, input);
	if (blocks_probe(s->blocks, e))
		return s;
	stream_close(s);
	return NULL;
}

struct stream *
stream_open_fd(struct arena *a, int fd, const char *name, struct err *e)
{
	return open_input(a, fd, (struct stream_input){ NULL, NULL }, name, e);
}

struct stream *
stream_open_input(struct arena *a, struct stream_input input, const char *name, struct err *e)
{
	return open_input(a, -1, input, name, e);
}

void
stream_close(struct stream *s)
{
	blocks_close(s->blocks);
	people_forget(&s->people);
	arena_empty(&s->tables.arena);
	arena_empty(&s->ticks.arena);
	arena_empty(&s->arena);
}

/* The rest of the segment cannot be used. */
static void
break_off(struct stream *s)
{
	s->broken = true;
	s->begins = false;
	s->block.raw = s->list = (struct cursor){ 0 };
	if (s->ticks.pending)
		ticks_end_unknown(&s->ticks);
}

void
reading_fault(struct stream *s, const char *wrong)
{
	err_set(&s->fault,
	        "%s: byte %" PRIu64 ": in this block, %s; the rest of its segment is lost",
	        s->name, s->block.offset, wrong);
	break_off(s);
	blocks_skip(s->blocks);
}

/* Returns what is wrong with the first record of a restart block. */
static const char *
take_begin(struct cursor *c, struct begin *begin)
{
	uint8_t type = cursor_byte(c);
	uint64_t length = cursor_number(c);
	struct cursor body = cursor_part(c, length);

	if (body.bad || type != STREAM_RECORD_begin)
		return "there is no begin record";
	begin->content = cursor_number(&body);
	begin->number = cursor_number(&body);
	begin->at = cursor_number(&body);
	begin->writer = cursor_text(&body);
	if (body.bad || begin->content > STREAM_DIFF || begin->at > INT64_MAX)
		return "the begin record is out of range";
	return NULL;
}

/* What the number of a segment says of those before it. */
static void
check_follows(struct stream *s, const struct begin *begin)
{
	const char *missing = NULL;

	if (begin->number == 0 && s->any && !s->whole)
		missing = "the stream before it was cut: it has no end record";
	else if (begin->number && (s->whole || !s->any || begin->number != s->number + 1))
		missing = "segments before it are missing";
	else if (begin->number && s->block.missing)
		missing = "blocks before it are missing";
	if (missing && !s->broken)
		err_set(&s->fault, "%s: byte %" PRIu64 ": %s", s->name, s->block.offset,
		        missing);
}

/* Whether the segment follows the last one in the same stream. */
static bool
is_next(const struct stream *s, const struct begin *begin)
{
	return s->any && !s->whole && !s->broken && begin->number == s->number + 1 &&
	       !s->block.missing;
}

static void
begin_segment(struct stream *s, const struct begin *begin)
{
	check_follows(s, begin);
	tables_begin(&s->tables);
	people_forget(&s->people);
	ticks_begin(&s->ticks, begin->at);
	s->writer = text_copy(&s->tables.arena, begin->writer);
	s->content = (enum stream_content)begin->content;
	s->number = begin->number;
	s->any = true;
	s->whole = s->broken = s->begins = false;
}

/* Takes the begin record, unless samples from before must go out first. */
static enum stream_event
restart(struct stream *s)
{
	struct cursor c = s->block.raw;
	struct begin begin;
	const char *wrong = take_begin(&c, &begin);

	if (!wrong && is_next(s, &begin) && begin.content != s->content)
		wrong = "the content is not that of the segment before";
	if (wrong) {
		reading_fault(s, wrong);
		return STREAM_END;
	}
	if (s->ticks.pending) {
		if (is_next(s, &begin) && begin.at > s->ticks.at)
			ticks_end(&s->ticks, begin.at);
		else
			ticks_end_unknown(&s->ticks);
		return STREAM_END;
	}
	begin_segment(s, &begin);
	s->block.raw.at = c.at;
	return STREAM_RESTART;
}

/* The input has ended. */
static void
end_input(struct stream *s)
{
	if (s->any && !s->whole && !s->broken)
		err_set(&s->fault,
		        "%s: byte %" PRIu64 ": the stream was cut: it has no end record",
		        s->name, blocks_offset(s->blocks));
	break_off(s);
	s->over = true;
}

static void
next_block(struct stream *s)
{
	switch (blocks_next(s->blocks, &s->block, &s->fault)) {
	case BLOCK_READ:
		s->begins = s->block.restart;
		if (s->whole && !s->begins)
			reading_fault(s, "something follows the end record");
		return;
	case BLOCK_DAMAGED:
		break_off(s);
		return;
	case BLOCK_END:
		end_input(s);
	}
}

enum stream_event
stream_next(struct stream *s, struct stream_item *item, struct err *e)
{
	enum stream_event event = STREAM_END;

	while (event == STREAM_END) {
		if (s->ticks.going) {
			ticks_hand(&s->ticks, &item->sample);
			event = STREAM_SAMPLE;
		} else if (s->fault.fact[0]) {
			*e = s->fault;
			s->fault = (struct err){ 0 };
			event = STREAM_DAMAGED;
		} else if (s->begins) {
			event = restart(s);
		} else if (s->list.at < s->list.end) {
			event = take_entry(s, item);
		} else if (s->block.raw.at < s->block.raw.end) {
			event = take_record(s, item);
		} else if (s->over) {
			break;
		} else {
			next_block(s);
		}
	}
	item->run = s->people.has_run ? &s->people.run : NULL;
	return event;
}
