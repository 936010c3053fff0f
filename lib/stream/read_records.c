/* SPDX-License-Identifier: MIT */
/* Records: whether one may stand where it does, and what it says. */
#include "stream/reading.h"

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
is_portable(uint8_t type)
{
	return type & STREAM_RECORD_PORTABLE && !(type & STREAM_RECORD_CRITICAL);
}

static bool
belongs_to_run(uint8_t type)
{
	return is_portable(type) || type == STREAM_RECORD_process ||
	       type == STREAM_RECORD_thread || type == STREAM_RECORD_exit ||
	       type == STREAM_RECORD_ran || type == STREAM_RECORD_outcome ||
	       type == STREAM_RECORD_ticks || type == STREAM_RECORD_cells;
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
	ticks_until(&s->ticks, o->to);
	return NULL;
}

static const char *
take_exit(struct stream *s, struct cursor *c, struct stream_exit *x)
{
	fields_take(c, STREAM_RECORD_exit, x);
	if (c->bad)
		return "an exit is cut";
	return stream_process(s, x->process) ? NULL
	                                     : "an exit has a process that is not defined";
}

static const char *
take_ran(struct stream *s, struct cursor *c, struct stream_ran *r)
{
	fields_take(c, STREAM_RECORD_ran, r);
	if (c->bad)
		return "a ran record is cut";
	if (!stream_thread(s, r->thread))
		return "a ran record has a thread that is not defined";
	return r->from > r->to || (r->to | r->ran_ns | r->waited_ns) > INT64_MAX
	               ? "a ran record is out of range"
	               : NULL;
}

static const char *
take_compare(struct cursor *c, struct stream_compare *compare)
{
	fields_take(c, STREAM_RECORD_compare, compare);
	if (c->bad)
		return "a comparison is cut";
	return compare->numerator && compare->denominator ? NULL : "a comparison has no scale";
}

static bool
is_function(const struct stream *s, uint64_t function)
{
	return function && function < s->tables.functions.n;
}

static const char *
take_verdict(struct stream *s, struct cursor *c, struct stream_verdict *v)
{
	fields_take(c, STREAM_RECORD_verdict, v);
	if (c->bad)
		return "a verdict is cut";
	return is_function(s, v->function) ? NULL
	                                   : "a verdict has a function that is not defined";
}

static const char *
take_match(struct stream *s, struct cursor *c, struct stream_match *m)
{
	uint64_t baseline = cursor_number(c), current = cursor_number(c);

	*m = (struct stream_match){ (uint32_t)baseline, (uint32_t)current };
	if (c->bad)
		return "a match is cut";
	return is_function(s, baseline) && is_function(s, current)
	               ? NULL
	               : "a match has a function that is not defined";
}

/* What we know of portable records; the others have no form to check. */
static const char *
take_portable(uint8_t type, struct cursor c, struct stream_portable *p)
{
	struct stream_label label;
	struct stream_source source;

	*p = (struct stream_portable){ type, { (const char *)c.at, cursor_left(&c) } };
	if (type == STREAM_RECORD_label) {
		fields_take(&c, STREAM_RECORD_label, &label);
		return c.bad ? "a label is cut" : NULL;
	}
	if (type != STREAM_RECORD_source)
		return NULL;
	fields_take(&c, STREAM_RECORD_source, &source);
	if (c.bad)
		return "a source is cut";
	return source.offset > source.total || source.piece.n > source.total - source.offset
	               ? "a source is out of range"
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
	switch (type) {
	case STREAM_RECORD_run:
		*event = STREAM_RUN;
		return take_run(&s->people, &s->ticks, s->content, c);
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
	case STREAM_RECORD_ran:
		*event = STREAM_RAN;
		return take_ran(s, c, &item->ran);
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

/* Whether the samples of the newest tick must go out before the record is taken. */
static bool
ends_tick(const struct stream *s, uint8_t type)
{
	return s->ticks.pending && (type == STREAM_RECORD_end || type == STREAM_RECORD_run);
}

/* NULL, or what is wrong with the record of that type. */
static const char *
take_known(struct stream *s, uint8_t type, struct cursor body, struct stream_item *item,
           enum stream_event *event)
{
	const char *wrong = body.bad ? "a record is cut" : check_place(s, type);

	if (wrong)
		return wrong;
	if (is_portable(type)) {
		*event = STREAM_PORTABLE;
		return take_portable(type, body, &item->portable);
	}
	if (is_known(type))
		return take_body(s, type, &body, item, event);
	s->unknown++;
	return NULL;
}

enum stream_event
take_record(struct stream *s, struct stream_item *item)
{
	struct cursor *c = &s->block.raw;
	const unsigned char *record = c->at;
	uint8_t type = cursor_byte(c);
	uint64_t length = cursor_number(c);
	struct cursor body = cursor_part(c, length);
	enum stream_event event = STREAM_END;
	const char *wrong;

	if (!body.bad && ends_tick(s, type)) {
		c->at = record;
		ticks_end_unknown(&s->ticks);
		return STREAM_END;
	}
	wrong = take_known(s, type, body, item, &event);
	if (!wrong)
		return event;
	reading_fault(s, wrong);
	return STREAM_END;
}

enum stream_event
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
	reading_fault(s, wrong);
	return STREAM_END;
}
