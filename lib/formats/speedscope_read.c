/* SPDX-License-Identifier: MIT */
/*
 * The file format of speedscope: frames that all share, and profiles, mostly one
 * for each thread. A sampled one has stacks, outermost first, and how much each
 * weighs; an evented one tells when frames open and close.
 */
#include "formats/speedscope_read.h"

#include "formats/formats.h"

#include <jansson.h>
#include <math.h>

#define SCHEMA "speedscope.app/file-format-schema.json"

/* All that the units of a profile can be. */
static const struct unit {
	const char *name;
	long double ns; /* 0: it is none of time */
} units[] = {
	{ "nanoseconds", 1 },
	{ "microseconds", 1e3L },
	{ "milliseconds", 1e6L },
	{ "seconds", 1e9L },
	{ "none", 0 },
	{ "bytes", 0 },
};

enum { NONE = 4, NS_BITS = 62 };

struct reading {
	struct import *in;
	json_t *file;
	struct text exporter;
	VEC(uint32_t) frames; /* of the tree */
	bool timed;           /* the run counts time; else samples */
	bool counts;          /* of such a run, an entry is a sample */
	uint64_t others;      /* profiles of other units */
	/* Of the profile that is read: */
	const struct unit *unit;
	uint32_t thread;
	long double scale, sum; /* what 1 is in units of the run; of all weights, in those */
	uint64_t given;         /* of the sum, in whole units */
	VEC(uint32_t) open;     /* frames, by their number */
	VEC(uint32_t) nodes;    /* of them */
};

/* What is wrong with a part of the file, if anything. */
typedef const char *fault;

static struct text
text_at(const json_t *object, const char *key)
{
	const json_t *string = json_object_get(object, key);

	if (!json_is_string(string))
		return (struct text){ "", 0 };
	return (struct text){ json_string_value(string), json_string_length(string) };
}

static long double
number_of(const json_t *value)
{
	return json_is_integer(value) ? (long double)json_integer_value(value)
	                              : (long double)json_real_value(value);
}

/* A number from 1 on; 0: there is none. */
static uint64_t
count_at(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) && json_integer_value(value) > 0
	               ? (uint64_t)json_integer_value(value)
	               : 0;
}

static fault
read_frames(struct reading *r)
{
	json_t *frames = json_object_get(json_object_get(r->file, "shared"), "frames"), *frame;
	size_t i;

	if (!json_is_array(frames))
		return "there are no frames";
	json_array_foreach(frames, i, frame)
	{
		struct import_place place = { .name = text_at(frame, "name"),
			                      .file = text_at(frame, "file"),
			                      .line = count_at(frame, "line"),
			                      .column = count_at(frame, "col") };

		*vec_push(&r->in->arena, &r->frames) = import_frame(r->in->tree, place);
	}
	return NULL;
}

static const struct unit *
unit_of(const json_t *profile)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_equal(text_at(profile, "unit"), text_of(units[i].name)))
			return &units[i];
	return NULL;
}

/* Adds what a stack got: so much of the sum as is whole by now. */
static fault
add(struct reading *r, long double weight, uint32_t node)
{
	struct import_cell c = { .thread = r->thread, .node = node };
	uint64_t whole;

	if (!(weight >= 0))
		return "a weight is negative";
	r->sum += weight * r->scale;
	if (!(r->sum < ldexpl(1, NS_BITS)))
		return "the weights are too large";
	whole = (uint64_t)llroundl(r->sum);
	c.weight = whole - r->given;
	c.samples = !r->timed ? c.weight : r->counts;
	r->given = whole;
	if (node == 0 || (c.weight == 0 && c.samples == 0))
		return NULL;
	return import_cell(r->in, c) ? NULL : "the weights are too large";
}

/* The number of a frame; false: there is none of it. */
static bool
frame_number(const struct reading *r, const json_t *value, uint32_t *number)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) >= r->frames.n)
		return false;
	*number = (uint32_t)json_integer_value(value);
	return true;
}

static fault
stack_of(struct reading *r, const json_t *stack, uint32_t *node)
{
	json_t *value;
	uint32_t number;
	size_t i;

	*node = 0;
	if (!json_is_array(stack))
		return "a sample that is no list";
	if (json_array_size(stack) > STREAM_DEPTH_MAX)
		return "a stack is too deep";
	json_array_foreach(stack, i, value)
	{
		if (!frame_number(r, value, &number))
			return "a frame that there is not";
		*node = tree_intern_node(r->in->tree, *node, r->frames.at[number]);
	}
	return NULL;
}

/* The number of the first bad entry, from 1, goes to *at. */
static fault
read_sampled(struct reading *r, const json_t *profile, size_t *at)
{
	json_t *samples = json_object_get(profile, "samples"),
	       *weights = json_object_get(profile, "weights"), *stack;
	fault wrong = NULL;
	uint32_t node;
	size_t i;

	if (!json_is_array(samples) || !json_is_array(weights) ||
	    json_array_size(samples) != json_array_size(weights))
		return "samples and weights are not as many";
	json_array_foreach(samples, i, stack)
	{
		const json_t *weight = json_array_get(weights, i);

		*at = i + 1;
		wrong = json_is_number(weight) ? stack_of(r, stack, &node)
		                               : "a weight that is no number";
		if (!wrong)
			wrong = add(r, number_of(weight), node);
		if (wrong)
			break;
	}
	return wrong;
}

static fault
open_frame(struct reading *r, uint32_t number)
{
	uint32_t node = r->nodes.n ? r->nodes.at[r->nodes.n - 1] : 0;

	if (r->open.n >= STREAM_DEPTH_MAX)
		return "a stack is too deep";
	*vec_push(&r->in->arena, &r->open) = number;
	*vec_push(&r->in->arena, &r->nodes) =
		tree_intern_node(r->in->tree, node, r->frames.at[number]);
	return NULL;
}

/* An event: what is open until then has had its time since the one before. */
static fault
take_event(struct reading *r, const json_t *event, long double *last)
{
	const json_t *at = json_object_get(event, "at");
	struct text type = text_at(event, "type");
	uint32_t number;
	fault wrong;

	if (!json_is_number(at) || !(number_of(at) >= *last))
		return "an event that is not later than the one before";
	if (!frame_number(r, json_object_get(event, "frame"), &number))
		return "a frame that there is not";
	wrong = add(r, number_of(at) - *last, r->nodes.n ? r->nodes.at[r->nodes.n - 1] : 0);
	*last = number_of(at);
	if (wrong)
		return wrong;
	if (text_equal(type, TEXT("O")))
		return open_frame(r, number);
	if (!text_equal(type, TEXT("C")) || r->open.n == 0 ||
	    r->open.at[r->open.n - 1] != number)
		return "an event that closes what is not the innermost open frame";
	r->open.n--;
	r->nodes.n--;
	return NULL;
}

static fault
read_evented(struct reading *r, const json_t *profile, size_t *at)
{
	json_t *events = json_object_get(profile, "events"), *event;
	long double last = number_of(json_object_get(profile, "startValue"));
	fault wrong = NULL;
	size_t i;

	r->open.n = r->nodes.n = 0;
	if (!json_is_array(events))
		return "there are no events";
	json_array_foreach(events, i, event)
	{
		*at = i + 1;
		wrong = take_event(r, event, &last);
		if (wrong)
			break;
	}
	return wrong;
}

static fault
read_profile(struct reading *r, const json_t *profile, size_t *at)
{
	struct text type = text_at(profile, "type");
	struct speedscope_who who = speedscope_who(r->exporter, text_at(profile, "name"));

	r->unit = unit_of(profile);
	if (!r->unit)
		return "a unit that is not known";
	if ((r->unit->ns > 0) != r->timed || (!r->timed && r->unit != &units[NONE])) {
		r->others++;
		return NULL;
	}
	r->scale = r->timed ? r->unit->ns : 1;
	r->sum = 0;
	r->given = 0;
	r->thread = import_thread(r->in, who.process, who.thread);
	if (r->thread == IMPORT_NO_ROW)
		return "there are too many threads";
	if (text_equal(type, TEXT("sampled")))
		return read_sampled(r, profile, at);
	if (text_equal(type, TEXT("evented")))
		return read_evented(r, profile, at);
	return "neither sampled nor evented";
}

/* From the first start to the last end, where there is time. */
static void
tell_span(struct reading *r, const json_t *profiles)
{
	long double from = 0, to = 0;
	const json_t *profile;
	size_t i;

	json_array_foreach(profiles, i, profile)
	{
		const struct unit *unit = unit_of(profile);
		long double scale = unit ? unit->ns : 0;
		long double start = number_of(json_object_get(profile, "startValue")) * scale,
			    end = number_of(json_object_get(profile, "endValue")) * scale;

		if (scale > 0 && (!r->timed || start < from))
			from = start;
		if (scale > 0 && end > to)
			to = end;
		r->timed |= scale > 0;
	}
	if (to > from && to - from < ldexpl(1, NS_BITS))
		r->in->outcome.to = (uint64_t)(to - from);
}

/* "py-spy@0.4.3", "texport 0.1.0" */
static void
tell_run(struct reading *r)
{
	struct stream_run *run = &r->in->about;
	size_t n = 0;

	while (n < r->exporter.n && r->exporter.at[n] != '@' && r->exporter.at[n] != ' ')
		n++;
	run->tool = n ? text_copy(&r->in->arena, (struct text){ r->exporter.at, n })
	              : TEXT("speedscope");
	run->version = (struct text){ "", 0 };
	if (n && n < r->exporter.n)
		run->version = text_copy(&r->in->arena, (struct text){ r->exporter.at + n + 1,
		                                                       r->exporter.n - n - 1 });
	run->unit_ns = r->timed ? 1 : 0;
	run->flags |= STREAM_ALL_THREADS;
	r->counts = text_starts(r->exporter, TEXT("py-spy@"));
}

/* All that is wrong is told at once: what is before it is kept. */
static bool
read_profiles(struct reading *r, struct err *e)
{
	const char *name = r->in->name;
	json_t *profiles = json_object_get(r->file, "profiles"), *profile;
	size_t i, at;
	fault wrong;

	tell_span(r, profiles);
	tell_run(r);
	import_run(r->in);
	json_array_foreach(profiles, i, profile)
	{
		at = 0;
		wrong = read_profile(r, profile, &at);
		if (wrong && at)
			return err_set(e, "%s: profile %zu, entry %zu: %s", name, i + 1, at,
			               wrong);
		if (wrong)
			return err_set(e, "%s: profile %zu: %s", name, i + 1, wrong);
	}
	if (r->others == 0)
		return true;
	return err_set(e, "%s: left out %llu profile%s whose unit is not %s", name,
	               (unsigned long long)r->others, r->others == 1 ? "" : "s",
	               r->timed ? "of time" : "none");
}

static bool
read_file(struct reading *r, struct err *e)
{
	fault wrong = NULL;

	if (!json_is_array(json_object_get(r->file, "profiles")))
		wrong = "there are no profiles";
	if (!wrong)
		wrong = read_frames(r);
	if (wrong)
		return err_set(e, "%s: %s", r->in->name, wrong);
	r->exporter = text_at(r->file, "exporter");
	return read_profiles(r, e);
}

bool
speedscope_recognizes(struct text bytes, struct err *e)
{
	struct text t = bytes;

	while (t.n && memchr(" \t\r\n", *t.at, 4)) {
		t.at++;
		t.n--;
	}
	if (t.n == 0 || *t.at != '{')
		return false;
	if (memmem(t.at, t.n, SCHEMA, strlen(SCHEMA)))
		return true;
	err_hint(e, "JSON is read when it is speedscope's, with its $schema");
	return false;
}

bool
speedscope_read(struct import *in, struct err *e)
{
	struct reading r = { .in = in };
	struct text bytes = in->rest;
	json_error_t error;
	bool good;

	if (bytes.n == 0)
		return true;
	in->rest.n = 0;
	r.file = json_loadb(bytes.at, bytes.n, JSON_ALLOW_NUL, &error);
	if (!r.file)
		return err_set(e, "%s: line %d: %s", in->name, error.line, error.text);
	good = read_file(&r, e);
	json_decref(r.file);
	return good;
}
