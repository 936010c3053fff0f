/* SPDX-License-Identifier: MIT */
/* The samples of a profile of pprof. */
#include "formats/pprof_read.h"

#include "formats/export.h"
#include "formats/formats.h"
#include "formats/unpack.h"

enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE, SAMPLE_LABEL, LOOKED_AT = 64 };

/* Frames of all stacks, by the bytes of the profile: a location of many lines takes few. */
enum { FRAMES_FREE = 64 << 10, FRAMES_EACH = 4 };

#define WRONG "a field is cut, or of no known kind"
#define NO_VALUE SIZE_MAX
#define NS_MAX ((uint64_t)1 << 62)

/* Which of a sample's values is what; the time in units of so many nanoseconds. */
struct values {
	size_t count, time;
	uint64_t unit_ns;
};

struct sampling {
	struct pprof *p;
	struct values values;
	uint8_t state;     /* of samples that do not tell theirs, by the mode */
	uint64_t negative; /* samples, which are left out */
	size_t budget;     /* of frames */
	/* Of the sample that is read: */
	struct import_cell cell;
	struct stream_process process;
	struct stream_thread thread;
	VEC(uint32_t) path; /* frames, innermost first */
};

static bool
type_is(const struct pprof *p, size_t i, const char *unit)
{
	return text_equal(pprof_string(p, p->types.at[i].unit), text_of(unit));
}

/* The time that is asked for: the one of that name, or the first. */
static size_t
find_time(const struct pprof *p)
{
	size_t first = NO_VALUE;

	for (size_t i = p->types.n; i-- > 0;) {
		if (!pprof_unit_ns(pprof_string(p, p->types.at[i].unit)))
			continue;
		if (p->default_type && p->types.at[i].type == p->default_type)
			return i;
		first = i;
	}
	return first;
}

static struct values
choose_values(const struct pprof *p)
{
	struct values v = { .count = NO_VALUE, .time = find_time(p) };

	for (size_t i = p->types.n; i-- > 0;)
		if (type_is(p, i, "count"))
			v.count = i;
	if (v.time != NO_VALUE)
		v.unit_ns = pprof_unit_ns(pprof_string(p, p->types.at[v.time].unit));
	return v;
}

/* What the type of the time says of the threads. */
static void
tell_mode(struct sampling *s)
{
	static const struct {
		const char *type;
		enum stream_mode mode;
		enum stream_state_shift fact;
	} modes[] = { { "cpu", STREAM_MODE_CPU, STREAM_CPU },
		      { "gil", STREAM_MODE_GIL, STREAM_GIL },
		      { "exception", STREAM_MODE_EXCEPTION, STREAM_EXCEPTION } };
	struct text type;

	if (s->values.time == NO_VALUE)
		return;
	type = pprof_string(s->p, s->p->types.at[s->values.time].type);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (!text_equal(type, text_of(modes[i].type)))
			continue;
		s->p->in->about.mode = modes[i].mode;
		s->state = (uint8_t)(1u << modes[i].fact);
	}
}

static void
tell_run(struct sampling *s)
{
	const struct pprof *p = s->p;
	struct stream_run *run = &p->in->about;
	uint64_t period_ns = pprof_unit_ns(pprof_string(p, p->period_type.unit));

	run->tool = TEXT("pprof");
	run->version = (struct text){ "", 0 };
	run->unit_ns = s->values.time == NO_VALUE ? 0 : 1;
	run->flags |= STREAM_ALL_THREADS;
	if (p->time_ns < NS_MAX)
		run->wall_ns = p->time_ns;
	if (period_ns && p->period < NS_MAX / period_ns)
		run->interval_ns = p->period * period_ns;
	if (run->unit_ns && p->duration_ns < NS_MAX)
		p->in->outcome.to = p->duration_ns;
	tell_mode(s);
}

/* A state that texport wrote. */
static void
take_state(struct sampling *s, struct text key, struct text value)
{
	for (size_t i = 0; i < EXPORT_STATES; i++) {
		const struct export_state *fact = &export_states[i];
		unsigned is = 3;

		if (!text_equal(key, text_of(fact->key)))
			continue;
		while (is && (!value.n || !text_equal(value, text_of(fact->values[is]))))
			is--;
		s->cell.state =
			(uint8_t)((s->cell.state & ~(3u << fact->fact)) | is << fact->fact);
		if (is && fact->fact == STREAM_CPU)
			s->p->in->run->about.flags |= STREAM_CPU_STATE;
	}
}

/* The labels by which profilers name threads and processes. */
enum person { NAME, NATIVE, PYTHON, PID, SCRIPT };

static const struct {
	const char *key;
	enum person is;
} people[] = {
	{ "thread", NAME },      { "thread name", NAME }, { "thread_name", NAME },
	{ "thread_id", NATIVE }, { "tid", NATIVE },       { "thread native id", NATIVE },
	{ "thread id", PYTHON }, { "pid", PID },          { "process_id", PID },
	{ "process id", PID },   { "process", SCRIPT },
};

static void
take_person(struct sampling *s, enum person is, struct text text, uint64_t n)
{
	switch (is) {
	case NAME:
		s->thread.name = text;
		break;
	case NATIVE:
		s->thread.native_id = n;
		break;
	case PYTHON:
		s->thread.python_id = n;
		break;
	case PID:
		s->process.pid = n;
		break;
	case SCRIPT:
		s->process.executable = text;
		break;
	}
}

static bool
take_label(struct sampling *s, struct message_field *field)
{
	struct cursor c = field->bytes;
	struct message_field f;
	uint64_t n[4] = { 0 };
	struct text key, text;

	while (message_take(&c, &f))
		if (f.wire == PROTOBUF_VARINT && f.number >= 1 && f.number <= 3)
			n[f.number] = f.n;
	key = pprof_string(s->p, n[1]);
	text = pprof_string(s->p, n[2]);
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		if (text_equal(key, text_of(people[i].key)))
			take_person(s, people[i].is, text, n[3]);
	take_state(s, key, text);
	return !c.bad;
}

/* The frames of a location; NULL, or why they are too many. */
static const char *
take_location(struct sampling *s, uint64_t id)
{
	const struct pprof_location *location = pprof_location(s->p, id);
	size_t n = location ? location->end - location->first : 0;

	if (!location)
		return "a sample has a location that there is not";
	if (s->path.n + n > STREAM_DEPTH_MAX)
		return "a stack is too deep";
	if (n > s->budget)
		return "the stacks are too many for their size";
	s->budget -= n;
	for (size_t i = location->first; i < location->end; i++)
		*vec_push(&s->p->in->arena, &s->path) = s->p->frames.at[i];
	return NULL;
}

/* The fields of a sample, into the cell. */
static const char *
take_fields(struct sampling *s, struct cursor c)
{
	struct message_field f;
	size_t value = 0;
	const char *wrong = NULL;
	uint64_t n;

	while (!wrong && message_take(&c, &f)) {
		if (f.number == SAMPLE_LABEL && f.wire == PROTOBUF_BYTES && !take_label(s, &f))
			wrong = WRONG;
		while (!wrong && f.number == SAMPLE_LOCATION && message_take_number(&f, &n))
			wrong = take_location(s, n);
		for (; f.number == SAMPLE_VALUE && message_take_number(&f, &n); value++) {
			if (value == s->values.count)
				s->cell.samples = n;
			if (value == s->values.time)
				s->cell.weight = n;
		}
		c.bad |= f.bytes.bad;
	}
	return c.bad ? WRONG : wrong;
}

/* The node of the path. */
static uint32_t
stack_of(struct sampling *s)
{
	struct tree *t = s->p->in->tree;
	uint32_t node = 0;

	while (s->path.n)
		node = tree_intern_node(t, node, s->path.at[--s->path.n]);
	return node;
}

static const char *
take_sample(struct sampling *s, struct cursor c)
{
	struct import *in = s->p->in;
	const char *wrong;

	s->cell = (struct import_cell){ .state = s->state };
	s->process = (struct stream_process){ 0 };
	s->thread = (struct stream_thread){ 0 };
	s->path.n = 0;
	wrong = take_fields(s, c);
	if (wrong)
		return wrong;
	if ((int64_t)s->cell.samples < 0 || (int64_t)s->cell.weight < 0) {
		s->negative++;
		return NULL;
	}
	if (text_equal(s->thread.name, TEXT("MainThread")))
		s->thread.flags = STREAM_MAIN_THREAD;
	s->cell.thread = import_thread(in, s->process, s->thread);
	if (s->cell.thread == IMPORT_NO_ROW)
		return "there are too many threads";
	s->cell.node = stack_of(s);
	if (s->values.time == NO_VALUE)
		s->cell.weight = s->cell.samples;
	else if (s->cell.weight > NS_MAX / s->values.unit_ns)
		return "the times are too large";
	else
		s->cell.weight *= s->values.unit_ns;
	return import_cell(in, s->cell) ? NULL : "the values are too large";
}

/* What values there are, for people. */
static struct text
list_values(struct pprof *p)
{
	struct text all = { "", 0 };

	for (size_t i = 0; i < p->types.n && i < 9; i++)
		all = text_print(&p->in->arena, "%.*s%s%.*s/%.*s", TEXT_ARG(all), i ? ", " : "",
		                 TEXT_ARG(pprof_string(p, p->types.at[i].type)),
		                 TEXT_ARG(pprof_string(p, p->types.at[i].unit)));
	return all;
}

/* All that is wrong is told at once: samples before it are kept. */
static bool
read_samples(struct sampling *s, struct err *e)
{
	struct cursor c = s->p->profile;
	struct message_field f;
	const char *wrong = NULL, *name = s->p->in->name;
	uint64_t number = 0;

	while (!wrong && message_take(&c, &f)) {
		if (f.number != PPROF_SAMPLE)
			continue;
		number++;
		wrong = take_sample(s, f.bytes);
	}
	if (wrong)
		return err_set(e, "%s: sample %llu: %s", name, (unsigned long long)number,
		               wrong);
	return s->negative == 0 ||
	       err_set(e, "%s: left out %llu sample%s whose values are negative", name,
	               (unsigned long long)s->negative, s->negative == 1 ? "" : "s");
}

static bool
read_profile(struct pprof *p, struct err *e)
{
	struct sampling s = { .p = p };
	const char *wrong = pprof_read_tables(p);

	if (wrong)
		return err_set(e, "%s: the profile of pprof: %s", p->in->name, wrong);
	s.values = choose_values(p);
	s.budget = FRAMES_FREE + FRAMES_EACH * cursor_left(&p->profile);
	if (s.values.time == NO_VALUE && s.values.count == NO_VALUE)
		return err_set(e, "%s: no value that is a time or a count, but %.*s",
		               p->in->name, TEXT_ARG(list_values(p)));
	tell_run(&s);
	import_run(p->in);
	return read_samples(&s, e);
}

static bool
is_packed(struct text bytes)
{
	return text_starts(bytes, TEXT("\x1f\x8b"));
}

/* A message of two numbers: the type and the unit of a value. */
static bool
is_type(struct cursor c)
{
	struct message_field f;
	size_t fields = 0;

	for (; message_take(&c, &f); fields++)
		if (f.wire != PROTOBUF_VARINT || f.number < 1 || f.number > 2)
			return false;
	return !c.bad && fields > 0;
}

/* Among its first fields is the type of a value, and nothing that a profile has not. */
static bool
is_profile(struct text bytes)
{
	struct cursor c = cursor_of(bytes.at, bytes.n);
	struct message_field f;

	for (int i = 0; i < LOOKED_AT && message_take(&c, &f); i++) {
		if (f.number < 1 || f.number > PPROF_FIELDS)
			return false;
		if (f.number == PPROF_SAMPLE_TYPE)
			return f.wire == PROTOBUF_BYTES && is_type(f.bytes);
	}
	return false;
}

bool
pprof_recognizes(struct text bytes, struct err *e)
{
	(void)e;
	return is_packed(bytes) || is_profile(bytes);
}

bool
pprof_read(struct import *in, struct err *e)
{
	struct pprof p = { .in = in };
	struct text bytes = in->rest;
	const char *wrong = NULL;

	if (bytes.n == 0)
		return true;
	in->rest.n = 0;
	if (is_packed(bytes))
		wrong = unpack_gzip(&in->arena, bytes, &bytes);
	if (wrong)
		return err_set(e, "%s: it cannot be unpacked: %s", in->name, wrong);
	if (!is_profile(bytes)) {
		err_set(e, "%s: it is compressed, and no profile of pprof", in->name);
		return text_equal(text_of(in->name), text_of(import_name("-")))
		               ? err_hint(e, "zcat | timport")
		               : err_hint(e, "zcat %s | timport", in->name);
	}
	p.profile = cursor_of(bytes.at, bytes.n);
	return read_profile(&p, e);
}
