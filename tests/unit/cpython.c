/* SPDX-License-Identifier: MIT */
/* The decoders of the room cpython: line tables, strings, offsets, names of files. */
#include "cpython/find.h"
#include "cpython/layout.h"
#include "cpython/lines.h"
#include "cpython/python.h"

#include <stdio.h>

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
		struct lines l = lines_decode(&a, positions[i].table, positions[i].first, 1000);
		struct python_position p = lines_position(&l, positions[i].unit);
		const struct python_position *w = &positions[i].want;

		check(p.line == w->line && p.end_line == w->end_line, "lines", i);
		check(p.column1 == w->column1 && p.end_column1 == w->end_column1, "columns", i);
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
		l = lines_decode(&a, (struct text){ (char *)bytes, sizeof bytes }, chance,
		                 1u << 30);
		check(l.units <= sizeof bytes * 8, "units of a hostile table", round);
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
	{ "thread_frame 72\n", "f: offsets are missing" },
	{ "", "f: offsets are missing" },
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
	check(layout_of(15, false, &l) && l.thread_frame == 72, "3.15", 0);
	check(!layout_of(11, true, &l) && !layout_of(99, false, &l), "absent versions", 0);
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
}

int
main(void)
{
	test_positions();
	test_hostile_tables();
	test_strings();
	test_names();
	test_offsets();
	test_debug_offsets();
	return failures != 0;
}
