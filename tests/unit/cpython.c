/* SPDX-License-Identifier: MIT */
/* The decoders of the room cpython: line tables, strings, offsets, names of files. */
#include "cpython/find.h"
#include "cpython/layout.h"
#include "cpython/lines.h"
#include "cpython/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

static void
check(bool good, const char *what, size_t row)
{
	if (good)
		return;
	fprintf(stderr, "cpython: %s: row %zu\n", what, row);
	failures++;
}

#define TABLE(...)                                                                             \
	{                                                                                      \
		(const char *)(const unsigned char[]){ __VA_ARGS__ },                          \
			sizeof((const unsigned char[]){ __VA_ARGS__ })                         \
	}

/* "def f(x):\n    return x + 1\n" from line 1: RESUME, then four entries of line 2. */
#define F TABLE(0x80, 0x00, 0xd8, 0x0b, 0x0c, 0x88, 0x71, 0x89, 0x35, 0x80, 0x4c)

static const struct {
	struct text table;
	uint32_t first;
	int32_t unit;
	struct python_position want;
} positions[] = {
	{ F, 1, 0, { 1, 1, 1, 1 } },
	{ F, 1, 1, { 2, 2, 12, 13 } },
	{ F, 1, 2, { 2, 2, 16, 17 } },
	{ F, 1, 3, { 2, 2, 12, 17 } },
	{ F, 1, 4, { 2, 2, 12, 17 } },
	{ F, 1, 5, { 2, 2, 5, 17 } },
	{ F, 1, 6, { 0, 0, 0, 0 } },
	{ F, 1, -1, { 0, 0, 0, 0 } },
	{ F, 1, INT32_MAX, { 0, 0, 0, 0 } },
	/* code 13: a line delta of -2, no columns, two units */
	{ TABLE(0xe9, 0x05), 10, 1, { 8, 8, 0, 0 } },
	/* code 14: line +1, two lines, columns 4 and 70 */
	{ TABLE(0xf0, 0x02, 0x02, 0x05, 0x47, 0x01), 10, 0, { 11, 13, 5, 71 } },
	/* code 15: no place; the line goes on from before */
	{ TABLE(0xf8, 0xd9, 0x01, 0x02), 10, 0, { 0, 0, 0, 0 } },
	{ TABLE(0xf8, 0xd9, 0x01, 0x02), 10, 1, { 11, 11, 2, 3 } },
	/* before line 1 there is none */
	{ TABLE(0xe8, 0x15), 10, 0, { 0, 0, 0, 0 } },
	/* cut in the middle of the second entry, and no entry at all */
	{ TABLE(0x80, 0x00, 0xf0, 0x02), 1, 1, { 0, 0, 0, 0 } },
	{ TABLE(0x00, 0x00), 1, 0, { 0, 0, 0, 0 } },
	/* a number without an end */
	{ TABLE(0xe8, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f),
	  1,
	  0,
	  { 0, 0, 0, 0 } },
};

static void
test_positions(void)
{
	for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
		struct arena a = { 0 };
		struct lines l = lines_decode(&a, LINES_PLACES, positions[i].table,
		                              positions[i].first, 1000);
		struct python_position p = lines_position(&l, positions[i].unit);
		const struct python_position *w = &positions[i].want;

		check(p.line == w->line && p.end_line == w->end_line, "lines", i);
		check(p.column1 == w->column1 && p.end_column1 == w->end_column1, "columns", i);
		arena_empty(&a);
	}
}

/*
 * A loop, an expression of two lines, a call, and 300 lines on a return, of one
 * function from line 2; as 3.8, 3.9 and 3.10 compile it.
 */
#define STEPS_8                                                                                \
	TABLE(0x00, 0x01, 0x08, 0x01, 0x02, 0x01, 0x02, 0xff, 0x06, 0x02, 0x02, 0x01, 0x02,    \
	      0x01, 0x02, 0xff, 0x08, 0x03, 0x02, 0x7f, 0x00, 0x7f, 0x00, 0x31, 0x02, 0xff)
#define STEPS_9                                                                                \
	TABLE(0x00, 0x01, 0x08, 0x01, 0x02, 0x01, 0x02, 0xff, 0x06, 0x02, 0x02, 0x01, 0x02,    \
	      0x01, 0x02, 0xff, 0x06, 0x03, 0x04, 0x7f, 0x00, 0x7f, 0x00, 0x31, 0x02, 0xff)
#define RANGES                                                                                 \
	TABLE(0x08, 0x01, 0x02, 0x01, 0x02, 0x01, 0x06, 0xff, 0x02, 0x02, 0x02, 0x01, 0x02,    \
	      0x01, 0x06, 0xff, 0x02, 0x03, 0x00, 0x7f, 0x00, 0x7f, 0x02, 0x31, 0x02, 0xff,    \
	      0x00, 0x81, 0x00, 0x81, 0x02, 0xd0)

static const struct {
	enum lines_kind kind;
	struct text table;
	uint32_t lines[19]; /* by unit */
} tables[] = {
	{ LINES_STEPS,
	  STEPS_8,
	  { 3, 3, 3, 3, 4, 5, 4, 4, 4, 6, 7, 8, 7, 7, 7, 7, 10, 313, 312 } },
	{ LINES_STEPS,
	  STEPS_9,
	  { 3, 3, 3, 3, 4, 5, 4, 4, 4, 6, 7, 8, 7, 7, 7, 10, 10, 313, 312 } },
	{ LINES_RANGES,
	  RANGES,
	  { 3, 3, 3, 3, 4, 5, 4, 4, 4, 6, 7, 8, 7, 7, 7, 10, 313, 312, 10 } },
	/* an empty table: all on the first line, or on none */
	{ LINES_STEPS,
	  { NULL, 0 },
	  { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 } },
	{ LINES_RANGES, { NULL, 0 }, { 0 } },
	/* half a pair at the end is none */
	{ LINES_RANGES, TABLE(0x04, 0x01, 0x02), { 3, 3 } },
	/* no line for two units; then the line goes on from before */
	{ LINES_RANGES, TABLE(0x02, 0x01, 0x04, 0x80, 0x02, 0x01), { 3, 0, 0, 4 } },
	/* before line 1 there is none */
	{ LINES_RANGES, TABLE(0x02, 0xfe, 0x02, 0x03), { 0, 3 } },
};

static void
test_old_tables(void)
{
	/* 127 and a half units, as many again, and then the next line */
	struct text odd = TABLE(0xff, 0x00, 0xff, 0x01);

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct arena a = { 0 };
		struct lines l = lines_decode(&a, tables[i].kind, tables[i].table, 2, 19);

		for (int32_t unit = 0; unit < 19; unit++)
			check(lines_position(&l, unit).line == tables[i].lines[unit],
			      "old lines", i * 100 + (size_t)unit);
		arena_empty(&a);
	}
	for (int32_t unit = 0; unit < 400; unit++) {
		struct arena a = { 0 };
		struct lines l = lines_decode(&a, LINES_STEPS, odd, 1, 400);

		check(lines_position(&l, unit).line == (unit < 255 ? 1 : 2), "odd steps",
		      (size_t)unit);
		arena_empty(&a);
	}
}

/* Any bytes decode, in bounds and in memory that is proportional to them. */
static void
test_hostile_tables(void)
{
	unsigned char bytes[64];
	uint32_t chance = 7;

	for (size_t round = 0; round < 20000; round++) {
		struct arena a = { 0 };
		struct lines l;

		for (size_t i = 0; i < sizeof bytes; i++) {
			chance = chance * 1664525 + 1013904223;
			bytes[i] = (unsigned char)(chance >> 24 | (i % 3 == 0 ? 0x80 : 0));
		}
		l = lines_decode(&a, (enum lines_kind)(round % 3),
		                 (struct text){ (char *)bytes, sizeof bytes }, chance,
		                 1u << 30);
		check(l.units <= sizeof bytes * 64, "units of a hostile table", round);
		for (int32_t unit = -1; unit <= (int32_t)l.units; unit++)
			lines_position(&l, unit);
		arena_empty(&a);
	}
}

static const struct {
	struct text chars;
	unsigned width;
	const char *want;
} strings[] = {
	{ TABLE('a', 'b'), 1, "ab" },
	{ TABLE(0xe9, 0xff), 1, "\u00e9\u00ff" },
	{ TABLE(0xac, 0x20), 2, "\u20ac" },
	{ TABLE(0x00, 0xd8), 2, "\ufffd" },
	{ TABLE(0x3d, 0xd8, 0x00, 0xde), 2, "\ufffd\ufffd" },
	{ TABLE(0x00, 0xf6, 0x01, 0x00), 4, "\U0001f600" },
	{ TABLE(0xff, 0xff, 0x10, 0x00), 4, "\U0010ffff" },
	{ TABLE(0x00, 0x00, 0x11, 0x00), 4, "\ufffd" },
	{ TABLE(0xff, 0xff, 0xff, 0xff), 4, "\ufffd" },
	{ { NULL, 0 }, 4, "" },
};

static void
test_strings(void)
{
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		struct arena a = { 0 };
		struct text t =
			unicode_utf8(&a, (const unsigned char *)strings[i].chars.at,
		                     strings[i].chars.n / strings[i].width, strings[i].width);

		check(text_equal(t, text_of(strings[i].want)), "string", i);
		arena_empty(&a);
	}
}

/* "y" is the text that is looked for, "x" another one; "0" NULL, and "!" cannot be read. */
static const struct {
	const char *objects;
	uint32_t found;
} searches[] = {
	{ "", 0 },
	{ "y", 0 },
	{ "xx", 2 },
	{ "xyy", 1 },
	{ "0y", 1 },
	{ "!y", 1 },
	{ "x!0!0xy", 6 },
	{ "0!", 2 },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy", 70 },
	{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!y", 64 },
};

/* A str of one character, as that layout has it. */
static void
put_string(const struct layout *l, unsigned char *object, char character)
{
	uint64_t length = 1;
	uint32_t state = (1u | 8u | 16u) << l->unicode_kind;

	memcpy(object + l->unicode_length, &length, sizeof length);
	memcpy(object + l->unicode_state, &state, sizeof state);
	object[l->unicode_ascii] = (unsigned char)character;
}

static void
test_searches(void)
{
	enum { OBJECTS_MAX = 80 };
	static unsigned char x[256], y[256];
	struct arena a = { 0 };
	struct err e = { 0 };
	struct python *p = arena_new(&a, struct python);

	p->remote = remote_open(&a, getpid(), &e);
	if (!p->remote || !layout_of(12, false, &p->layout))
		abort();
	put_string(&p->layout, x, 'x');
	put_string(&p->layout, y, 'y');
	for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
		uint64_t objects[OBJECTS_MAX];
		uint32_t n = 0;

		for (const char *c = searches[i].objects; *c; c++)
			objects[n++] = *c == 'x'   ? (uintptr_t)x
			               : *c == 'y' ? (uintptr_t)y
			                           : *c == '!';
		check(object_find_text(p, objects, n, TEXT("y")) == searches[i].found,
		      "which object is a text", i);
	}
	remote_close(p->remote);
	arena_empty(&a);
}

static const struct {
	const char *path;
	bool named;
	unsigned major, minor;
} names[] = {
	{ "/usr/lib/libpython3.11.so.1.0", true, 3, 11 },
	{ "/usr/bin/python3.8", true, 3, 8 },
	{ "python2.7", true, 2, 7 },
	{ "/opt/libpython3.14t.so", true, 3, 14 },
	{ "/usr/bin/python3", false, 0, 0 },
	{ "/usr/bin/python3.", false, 0, 0 },
	{ "/python3.11/bin/bash", false, 0, 0 },
	{ "", false, 0, 0 },
};

static void
test_names(void)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		unsigned major = 0, minor = 0;
		bool named = find_named_version(text_of(names[i].path), &major, &minor);

		check(named == names[i].named, "whether a name tells a version", i);
		check(!named || (major == names[i].major && minor == names[i].minor), "version",
		      i);
	}
}

static const struct {
	const char *text;
	uint32_t version;
} versions[] = {
	{ "3.9.18 (main, Nov 21 2026, 10:00:00) \n[GCC 12.2.0]", 0x030912f0 },
	{ "3.8.18 (default, Nov 21 2026) \n[Clang 16]", 0x030812f0 },
	{ "3.10.0 () [", 0x030a00f0 },
	{ "3.10. (x) [", 0 },
	{ "3.11.2 (main, Nov 21 2026) \n[GCC 12.2.0]", 0 },
	{ "3.10.300 (main) [", 0 },
	{ "3.10.13", 0 },
	{ "3.10.13 (main)", 0 },
	{ "3.99999999999.13 (main) [", 0 },
	{ "", 0 },
};

static void
test_versions(void)
{
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		check(version_of_text(text_of(versions[i].text)) == versions[i].version,
		      "version of a text", i);
	check(version_by_size(672 + 0) != 0 && version_by_size(1) == 0, "sizes", 0);
}

static const struct {
	const char *lines;
	const char *fact; /* or NULL: it is good */
} files[] = {
	{ "like 3.15\n", NULL },
	{ "# a comment\nlike 3.14t # and another\nminor 16\nthread_frame 80\n", NULL },
	{ "like 3.15\ncode_version -\n", NULL },
	{ "like 3.99\n", "f: line 1: this is no field and its offset" },
	{ "like 3.15\nthread_frame 81\n", "f: line 2: this is no field and its offset" },
	{ "like 3.15\n\nnonsense 8\n", "f: line 3: this is no field and its offset" },
	{ "like 3.15\nthread_frame\n", "f: line 2: this is no field and its offset" },
	{ "like 3.15\nthread_frame 8 8\n", "f: line 2: this is no field and its offset" },
	{ "like 3.15\nframe_owner 99999\n", "f: line 2: this is no field and its offset" },
	{ "minor 15\nthread_frame 72\n", "f: offsets are missing" },
	{ "thread_frame 72\n", "f: it does not say which version it is for" },
	{ "", "f: it does not say which version it is for" },
};

static void
test_offsets(void)
{
	struct layout l;
	struct err e;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		bool good = layout_parse(&l, text_of(files[i].lines), "f", &e);

		check(good == (files[i].fact == NULL), "whether a file of offsets is good", i);
		check(good || strcmp(e.fact, files[i].fact) == 0, "what is said of it", i);
	}
	check(layout_of(8, false, &l) && l.frame_running == 116, "3.8", 0);
	check(strcmp(layout_versions(), "3.8, 3.9, 3.10, 3.11, 3.12, 3.13, 3.14, 3.15") == 0,
	      "the versions", 0);
	check(layout_of(15, false, &l) && l.thread_frame == 72, "3.15", 0);
	check(!layout_of(11, true, &l) && !layout_of(99, false, &l), "absent versions", 0);
}

static const struct {
	enum field told, field; /* the second is not told: it moves with the first */
	uint64_t value;
	bool good;
} moves[] = {
	{ FIELD_code_line, FIELD_code_version, 68, true },
	{ FIELD_code_line, FIELD_code_version, 72, true },
	{ FIELD_code_line, FIELD_code_version, 1020, false },
	{ FIELD_code_line, FIELD_code_stack, 0, false },
	{ FIELD_object_size, FIELD_code_units, 16, true },
	{ FIELD_object_size, FIELD_code_units, 17, false },
	{ FIELD_object_size, FIELD_code_units, 4096, false },
};

/* What moves with a field that the target tells stays where it can be. */
static void
test_moved(void)
{
	static const uint32_t places[FIELDS] = {
#define OFFSET(name, debug, x86_64, aarch64) [FIELD_##name] = debug,
#include "share/cpython/3.15.def"
#undef OFFSET
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		unsigned char bytes[DEBUG_BYTES] = "xdebugpy";
		struct layout l, before;
		struct err e;
		bool good;

		layout_of(15, false, &l);
		before = l;
		for (enum field f = 0; f < FIELDS; f++)
			if (places[f] != NONE) {
				uint64_t value = f == moves[i].told ? moves[i].value : l.at[f];

				memcpy(bytes + places[f], &value, sizeof value);
			}
		good = layout_debug(&l, bytes, &e);
		check(good == moves[i].good, "whether what moved can be", i);
		check(!good || l.at[moves[i].field] - before.at[moves[i].field] ==
		                       moves[i].value - before.at[moves[i].told],
		      "where it moved", i);
	}
}

/* A table of the target that says what ours says is taken; one with nonsense is not. */
static void
test_debug_offsets(void)
{
	unsigned char bytes[DEBUG_BYTES] = "xdebugpy";
	uint32_t version = 0x030f02f0;
	bool free_threaded;
	struct layout l, before;
	struct err e;

	check(!layout_has_debug((const unsigned char[DEBUG_BYTES]){ 0 }, &version,
	                        &free_threaded),
	      "no cookie", 0);
	version = 0x030f02f0;
	memcpy(bytes + DEBUG_VERSION_AT, &version, sizeof version);
	check(layout_has_debug(bytes, &version, &free_threaded) && !free_threaded, "cookie", 0);
	layout_of(15, false, &l);
	before = l;
	memset(bytes + 24, 0xff, sizeof bytes - 24);
	check(!layout_debug(&l, bytes, &e) && memcmp(&l, &before, sizeof l) == 0, "nonsense",
	      0);
	test_moved();
}

int
main(void)
{
	test_positions();
	test_old_tables();
	test_hostile_tables();
	test_strings();
	test_searches();
	test_names();
	test_versions();
	test_offsets();
	test_debug_offsets();
	return failures != 0;
}
