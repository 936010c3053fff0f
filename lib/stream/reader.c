/* SPDX-License-Identifier: MIT */
#include "stream/reader.h"

#include "stream/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

struct stream {
	struct arena arena; /* the input's */
	const char *name;
	struct blocks *blocks;
	struct block block;
	struct cursor list; /* what is left of a list that is handed out entry by entry */
	uint8_t list_type;
	struct err fault;   /* to be told, when it has a fact */
	bool begins;        /* the block's begin record is yet to be taken */
	bool over;          /* the input has ended */
	bool any, whole;    /* a segment was read; the last stream in it had its end record */
	bool broken;        /* damage was told since the last segment began */
	uint64_t unknown;

	enum stream_content content;
	uint64_t number; /* of the segment */
	struct text writer;
	struct tables tables;
	struct people people;
	struct ticks ticks;
	struct cells cells;
};

struct begin {
	uint64_t content, number, at;
	struct text writer;
};

struct stream *
stream_open(struct arena *a, const char *path, struct err *e)
{
	struct stream *s = arena_new(a, struct stream);
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		err_set(e, "%s: %s", path, strerror(errno));
		return NULL;
	}
	s->name = is_stdin ? "stdin" : path;
	s->blocks = blocks_new(&s->arena, fd, s->name);
	if (blocks_probe(s->blocks, e))
		return s;
	stream_close(s);
	return NULL;
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

static void
fault(struct stream *s, const char *wrong)
{
	err_set(&s->fault, "%s: byte %" PRIu64 ": in this block, %s; the rest of its segment is lost",
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
	const unsigned char *at = cursor_bytes(c, length);
	struct cursor body;

	if (!at || type != STREAM_RECORD_begin)
		return "there is no begin record";
	body = cursor_of(at, length);
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
	if (missing && !s->broken)
		err_set(&s->fault, "%s: byte %" PRIu64 ": %s", s->name, s->block.offset, missing);
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

	if (wrong) {
		fault(s, wrong);
		return STREAM_END;
	}
	if (s->ticks.pending) {
		if (!s->broken && begin.number == s->number + 1 && begin.at >= s->ticks.at)
			ticks_end(&s->ticks, begin.at);
		else
			ticks_end_unknown(&s->ticks);
		return STREAM_END;
	}
	begin_segment(s, &begin);
	s->block.raw.at = c.at;
	return STREAM_RESTART;
}

static void
next_block(struct stream *s)
{
	switch (blocks_next(s->blocks, &s->block, &s->fault)) {
	case BLOCK_READ:
		s->begins = s->block.restart;
		return;
	case BLOCK_DAMAGED:
		break_off(s);
		return;
	case BLOCK_CUT:
		break_off(s);
		s->over = true;
		return;
	case BLOCK_END:
		if (s->any && !s->whole && !s->broken)
			err_set(&s->fault, "%s: the stream was cut: it has no end record", s->name);
		break_off(s);
		s->over = true;
	}
}

static bool
is_known(uint8_t type)
{
	switch (type) {
#define RECORD(number, name, meaning) case number:
#include "stream/records.def"
#undef RECORD
		return true;
	default:
		return false;
	}
}

static bool
belongs_to_run(uint8_t type)
{
	return type == STREAM_RECORD_process || type == STREAM_RECORD_thread ||
	       type == STREAM_RECORD_exit || type == STREAM_RECORD_outcome ||
	       type == STREAM_RECORD_ticks || type == STREAM_RECORD_cells ||
	       (type & STREAM_RECORD_PORTABLE && !(type & STREAM_RECORD_CRITICAL));
}

/* NULL, or why a record of that type cannot stand here. */
static const char *
check_place(const struct stream *s, uint8_t type)
{
	bool is_ticks = type == STREAM_RECORD_ticks, is_cells = type == STREAM_RECORD_cells;
	bool is_diff = type == STREAM_RECORD_compare || type == STREAM_RECORD_match ||
	               type == STREAM_RECORD_verdict;

	if (s->whole)
		return "something follows the end record";
	if (type == STREAM_RECORD_begin)
		return "there is a second begin record";
	if ((is_ticks && s->content != STREAM_RAW) || (is_cells && s->content == STREAM_RAW) ||
	    (is_diff && s->content != STREAM_DIFF))
		return "a record belongs to another content";
	if (belongs_to_run(type) && !s->people.has_run)
		return "a record comes before its run";
	if (type & STREAM_RECORD_CRITICAL && !is_known(type))
		return "there is a record that must be understood: a newer tachytools wrote it";
	return NULL;
}

static const char *
take_outcome(struct stream *s, struct cursor *c, struct stream_outcome *o)
{
	*o = (struct stream_outcome){ 0 };
	fields_take(c, STREAM_RECORD_outcome, o);
	for (uint64_t n = cursor_number(c); n && !c->bad; n--) {
		uint64_t loss = cursor_number(c), count = cursor_number(c);

		o->losses[loss < STREAM_LOSS_END ? loss : 0] += count;
	}
	if (c->bad)
		return "an outcome is cut";
	if (o->from > o->to || o->to > INT64_MAX)
		return "an outcome is out of range";
	s->ticks.until = o->to;
	return NULL;
}

static const char *
take_exit(struct stream *s, struct cursor *c, struct stream_exit *x)
{
	fields_take(c, STREAM_RECORD_exit, x);
	if (c->bad)
		return "an exit is cut";
	return stream_process(s, x->process) ? NULL : "an exit has a process that is not defined";
}

static const char *
take_compare(struct cursor *c, struct stream_compare *compare)
{
	fields_take(c, STREAM_RECORD_compare, compare);
	return c->bad || !compare->numerator || !compare->denominator ? "a comparison has no scale"
	                                                              : NULL;
}

static const char *
take_verdict(struct stream *s, struct cursor *c, struct stream_verdict *v)
{
	fields_take(c, STREAM_RECORD_verdict, v);
	return c->bad || v->function >= s->tables.functions.n
	               ? "a verdict has a function that is not defined"
	               : NULL;
}

static const char *
take_match(struct stream *s, struct cursor *c, struct stream_match *m)
{
	uint64_t baseline = cursor_number(c), current = cursor_number(c);

	*m = (struct stream_match){ (uint32_t)baseline, (uint32_t)current };
	return c->bad || baseline >= s->tables.functions.n || current >= s->tables.functions.n
	               ? "a match has a function that is not defined"
	               : NULL;
}

static const char *
begin_list(struct stream *s, uint8_t type, struct cursor body)
{
	s->list = body;
	s->list_type = type;
	return type == STREAM_RECORD_cells ? take_cells(&s->cells, &s->people, &s->list) : NULL;
}

/* Takes a record whole, or begins to hand out its entries. Sets *event when it is one. */
static const char *
take_body(struct stream *s, uint8_t type, struct cursor *c, struct stream_item *item,
          enum stream_event *event)
{
	const char *wrong;

	switch (type) {
	case STREAM_RECORD_run:
		*event = STREAM_RUN;
		wrong = take_run(&s->people, s->content, c);
		ticks_run(&s->ticks, &s->people.run);
		return wrong;
	case STREAM_RECORD_process:
		return take_process(&s->people, c);
	case STREAM_RECORD_thread:
		return take_thread(&s->people, c);
	case STREAM_RECORD_outcome:
		*event = STREAM_OUTCOME;
		return take_outcome(s, c, &item->outcome);
	case STREAM_RECORD_exit:
		*event = STREAM_EXIT;
		return take_exit(s, c, &item->exit);
	case STREAM_RECORD_compare:
		*event = STREAM_COMPARE;
		return take_compare(c, &item->compare);
	case STREAM_RECORD_verdict:
		*event = STREAM_VERDICT;
		return take_verdict(s, c, &item->verdict);
	case STREAM_RECORD_ticks:
	case STREAM_RECORD_cells:
	case STREAM_RECORD_match:
		return begin_list(s, type, *c);
	case STREAM_RECORD_end:
		s->whole = true;
		return NULL;
	default:
		return tables_take(&s->tables, (enum stream_record)type, c);
	}
}

/* STREAM_END: the record was no event by itself. */
static enum stream_event
take_record(struct stream *s, struct stream_item *item)
{
	const unsigned char *record = s->block.raw.at;
	uint8_t type = cursor_byte(&s->block.raw);
	uint64_t length = cursor_number(&s->block.raw);
	const unsigned char *at = cursor_bytes(&s->block.raw, length);
	struct cursor body = cursor_of(at ? at : record, at ? length : 0);
	enum stream_event event = STREAM_END;
	const char *wrong = at ? check_place(s, type) : "a record is cut";

	if (!wrong && s->ticks.pending && (type == STREAM_RECORD_end || type == STREAM_RECORD_run)) {
		s->block.raw.at = record;
		ticks_end_unknown(&s->ticks);
		return STREAM_END;
	}
	if (!wrong && belongs_to_run(type) && type & STREAM_RECORD_PORTABLE) {
		item->portable = (struct stream_portable){ type, { (const char *)at, length } };
		return STREAM_PORTABLE;
	}
	if (!wrong && !is_known(type))
		s->unknown++;
	else if (!wrong)
		wrong = take_body(s, type, &body, item, &event);
	if (!wrong)
		return event;
	fault(s, wrong);
	return STREAM_END;
}

/* The next entry of the list. STREAM_END: it was no event by itself. */
static enum stream_event
take_entry(struct stream *s, struct stream_item *item)
{
	enum stream_event event = STREAM_END;
	const char *wrong;

	if (s->list_type == STREAM_RECORD_ticks) {
		wrong = take_tick(&s->ticks, &s->people, &s->tables, &s->list);
	} else if (s->list_type == STREAM_RECORD_cells) {
		wrong = take_cell(&s->cells, &s->people, &s->tables, &s->list);
		item->cell = s->cells.cell;
		event = STREAM_CELL;
	} else {
		wrong = take_match(s, &s->list, &item->match);
		event = STREAM_MATCH;
	}
	if (!wrong)
		return event;
	fault(s, wrong);
	return STREAM_END;
}

enum stream_event
stream_next(struct stream *s, struct stream_item *item, struct err *e)
{
	enum stream_event event = STREAM_END;

	for (;;) {
		item->run = s->people.has_run ? &s->people.run : NULL;
		if (s->ticks.going) {
			ticks_hand(&s->ticks, &item->sample);
			return STREAM_SAMPLE;
		}
		if (s->fault.fact[0]) {
			*e = s->fault;
			s->fault = (struct err){ 0 };
			return STREAM_DAMAGED;
		}
		if (s->begins)
			event = restart(s);
		else if (s->list.at < s->list.end)
			event = take_entry(s, item);
		else if (s->block.raw.at < s->block.raw.end)
			event = take_record(s, item);
		else if (s->over)
			return STREAM_END;
		else
			next_block(s);
		if (event != STREAM_END)
			break;
	}
	item->run = s->people.has_run ? &s->people.run : NULL;
	return event;
}

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
	const char *marker = f->name ? NULL : stream_kind_name(f->kind);

	return marker ? text_of(marker) : stream_string(s, f->name);
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
