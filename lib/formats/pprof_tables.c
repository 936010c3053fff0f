/* SPDX-License-Identifier: MIT */
/* What the samples of a profile of pprof refer to. */
#include "formats/pprof_read.h"

#define WRONG "a field is cut, or of no known kind"

struct text
pprof_string(const struct pprof *p, uint64_t string)
{
	return string < p->strings.n ? p->strings.at[string] : (struct text){ "", 0 };
}

uint64_t
pprof_unit_ns(struct text unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "nanoseconds", 1 },        { "ns", 1 },
		{ "microseconds", 1000 },    { "us", 1000 },
		{ "milliseconds", 1000000 }, { "ms", 1000000 },
		{ "seconds", 1000000000 },   { "s", 1000000000 },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text_equal(unit, text_of(units[i].name)))
			return units[i].ns;
	return 0;
}

/* A message of numbers only: those of the fields 1 to n, by their number. */
static bool
take_numbers(struct cursor c, uint64_t *numbers, size_t n)
{
	struct message_field f;

	while (message_take(&c, &f))
		if (f.wire == PROTOBUF_VARINT && f.number >= 1 && f.number <= n)
			numbers[f.number] = f.n;
	return !c.bad;
}

static bool
take_type(struct message_field *f, struct pprof_type *type)
{
	uint64_t numbers[3] = { 0 };
	bool good = take_numbers(f->bytes, numbers, 2);

	*type = (struct pprof_type){ numbers[1], numbers[2] };
	return good;
}

static const struct pprof_function *
find_function(const struct pprof *p, uint64_t id)
{
	struct index_probe probe = index_probe(&p->by_function, hash_number(id));

	while (index_next(&p->by_function, &probe))
		if (p->functions.at[probe.row].id == id)
			return &p->functions.at[probe.row];
	return NULL;
}

static const struct pprof_mapping *
find_mapping(const struct pprof *p, uint64_t id)
{
	struct index_probe probe = index_probe(&p->by_mapping, hash_number(id));

	while (index_next(&p->by_mapping, &probe))
		if (p->mappings.at[probe.row].id == id)
			return &p->mappings.at[probe.row];
	return NULL;
}

/* Of several with one id the first counts, here as below. */
static bool
take_function(struct pprof *p, struct message_field *f)
{
	uint64_t n[6] = { 0 };
	struct arena *a = &p->in->arena;

	if (!take_numbers(f->bytes, n, 5))
		return false;
	if (find_function(p, n[1]))
		return true;
	index_add(a, &p->by_function, hash_number(n[1]), (uint32_t)p->functions.n);
	*vec_push(a, &p->functions) =
		(struct pprof_function){ n[1], n[2] ? n[2] : n[3], n[4], n[5] };
	return true;
}

static bool
take_mapping(struct pprof *p, struct message_field *f)
{
	uint64_t n[6] = { 0 };
	struct arena *a = &p->in->arena;

	if (!take_numbers(f->bytes, n, 5))
		return false;
	if (find_mapping(p, n[1]))
		return true;
	index_add(a, &p->by_mapping, hash_number(n[1]), (uint32_t)p->mappings.n);
	*vec_push(a, &p->mappings) = (struct pprof_mapping){ n[1], n[5] };
	return true;
}

/* Takes a line, a function and where in it. */
static bool
take_line(struct pprof *p, struct message_field *f)
{
	uint64_t n[4] = { 0 };
	struct import_place place = { 0 };
	const struct pprof_function *function;

	if (!take_numbers(f->bytes, n, 3))
		return false;
	place.line = n[2];
	place.column = n[3];
	function = find_function(p, n[1]);
	if (function) {
		place.name = pprof_string(p, function->name);
		place.file = pprof_string(p, function->file);
		place.first_line = function->line;
	}
	*vec_push(&p->in->arena, &p->frames) = import_frame(p->in->tree, place);
	return true;
}

/* What has no lines is an address in an object file. */
static void
add_address(struct pprof *p, const uint64_t *n)
{
	struct arena scratch = { 0 };
	struct text name = text_print(&scratch, "0x%llx", (unsigned long long)n[3]);
	const struct pprof_mapping *mapping = find_mapping(p, n[2]);

	*vec_push(&p->in->arena, &p->frames) = import_native_frame(
		p->in->tree, name, pprof_string(p, mapping ? mapping->file : 0));
	arena_empty(&scratch);
}

static const char *
take_location(struct pprof *p, struct message_field *field)
{
	struct cursor c = field->bytes;
	struct pprof_location location = { .first = p->frames.n };
	struct message_field f;
	uint64_t n[4] = { 0 };
	struct arena *a = &p->in->arena;

	if (!take_numbers(c, n, 3))
		return WRONG;
	if (pprof_location(p, n[1]))
		return NULL;
	while (message_take(&c, &f))
		if (f.number == 4 && f.wire == PROTOBUF_BYTES && !take_line(p, &f))
			return WRONG;
	if (p->frames.n == location.first)
		add_address(p, n);
	location.id = n[1];
	location.end = p->frames.n;
	index_add(a, &p->by_location, hash_number(location.id), (uint32_t)p->locations.n);
	*vec_push(a, &p->locations) = location;
	return NULL;
}

const struct pprof_location *
pprof_location(const struct pprof *p, uint64_t id)
{
	struct index_probe probe = index_probe(&p->by_location, hash_number(id));

	while (index_next(&p->by_location, &probe))
		if (p->locations.at[probe.row].id == id)
			return &p->locations.at[probe.row];
	return NULL;
}

/* What is of the profile itself, and the tables that others refer to. */
static bool
take_field(struct pprof *p, struct message_field *f)
{
	struct arena *a = &p->in->arena;

	switch (f->number) {
	case PPROF_SAMPLE_TYPE:
		return take_type(f, vec_push(a, &p->types));
	case PPROF_MAPPING:
		return take_mapping(p, f);
	case PPROF_FUNCTION:
		return take_function(p, f);
	case PPROF_STRING:
		*vec_push(a, &p->strings) = message_field_text(f);
		break;
	case PPROF_TIME:
		p->time_ns = f->n;
		break;
	case PPROF_DURATION:
		p->duration_ns = f->n;
		break;
	case PPROF_PERIOD_TYPE:
		return take_type(f, &p->period_type);
	case PPROF_PERIOD:
		p->period = f->n;
		break;
	case PPROF_DEFAULT_TYPE:
		p->default_type = f->n;
		break;
	default:
		break;
	}
	return true;
}

const char *
pprof_read_tables(struct pprof *p)
{
	struct cursor c = p->profile;
	struct message_field f;
	const char *wrong = NULL;

	while (message_take(&c, &f))
		if (!take_field(p, &f))
			return WRONG;
	if (c.bad)
		return "it ends in a field, or has one of no known kind";
	c = p->profile;
	while (!wrong && message_take(&c, &f))
		if (f.number == PPROF_LOCATION)
			wrong = take_location(p, &f);
	return wrong;
}
