/* SPDX-License-Identifier: MIT */
/* What people read in a terminal: widths, figures and tables. */
#include "base/quantity.h"
#include "term/figures.h"
#include "term/table.h"
#include "term/width.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena;
static int failed;

__attribute__((format(printf, 2, 3))) static void
expect(bool holds, const char *format, ...)
{
	va_list list;

	if (holds)
		return;
	failed = 1;
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	putchar('\n');
}

static void
expect_text(const char *what, struct text got, const char *wanted)
{
	expect(text_equal(got, text_of(wanted)), "%s: \"%.*s\" is not \"%s\"", what,
	       TEXT_ARG(got), wanted);
}

/* A text, its columns, and what is left of its start and of its end in so many. */
static const struct {
	const char *text;
	size_t width, columns;
	const char *start, *end;
} widths[] = {
	{ "", 0, 3, "", "" },
	{ "main", 4, 4, "main", "main" },
	{ "render", 6, 5, "ren..", "..der" },
	{ "render", 6, 2, "..", ".." },
	{ "render", 6, 1, ".", "." },
	{ "render", 6, 0, "", "" },
	{ "caf\u00e9s", 5, 4, "ca..", "..\u00e9s" },
	{ "\u65e5\u672c\u8a9e", 6, 5, "\u65e5..", "..\u8a9e" },
	{ "\u65e5\u672c\u8a9e", 6, 4, "\u65e5..", "..\u8a9e" },
	{ "e\u0301e\u0301e\u0301", 3, 3, "e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301" },
	{ "e\u0301e\u0301e\u0301e\u0301", 4, 3, "e\u0301..", "..e\u0301" },
	{ "\U0001f40d", 2, 2, "\U0001f40d", "\U0001f40d" },
};

static void
widths_are_those_of_a_terminal(void)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		struct text t = text_of(widths[i].text);

		expect(width_of(t) == widths[i].width, "\"%s\" has not %zu columns",
		       widths[i].text, widths[i].width);
		expect_text("the start", width_cut(&arena, t, widths[i].columns, false),
		            widths[i].start);
		expect_text("the end", width_cut(&arena, t, widths[i].columns, true),
		            widths[i].end);
	}
}

static const struct {
	uint64_t ratio, low, high;
	const char *text;
} ratios[] = {
	{ 0, 0, 0, "-" },
	{ 0, 1, 2, "-" },
	{ 2000000, 0, 0, "x2.0" },
	{ 2000000, 1600000, 2500000, "x2.0 (1.6 to 2.5)" },
	{ 1040000, 970000, 1110000, "x1.04 (0.97 to 1.11)" },
	{ 12300000, 9940000, 130000000, "x12 (9.9 to 130)" },
	{ 52000, 8000, 520000, "x0.052 (0.008 to 0.52)" },
};

static void
ratios_have_limits(void)
{
	for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
		expect_text("ratio",
		            quantity_print_ratio(&arena, ratios[i].ratio, ratios[i].low,
		                                 ratios[i].high),
		            ratios[i].text);
	expect_text("share", figure_share(&arena, 1, 8), "12.5");
	expect_text("share", figure_share(&arena, 0, 0), "-");
	expect_text("share", figure_share(&arena, UINT64_MAX, UINT64_MAX), "100.0");
}

static const struct column columns[] = {
	{ .title = "samples", .right = true },
	{ .title = "share", .right = true, .spare = 1 },
	{ .title = "module", .spare = 2 },
	{ .title = "function", .flexible = 16, .keeps_end = true },
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct table *
example(void)
{
	struct table *t = table_new(&arena, columns, COLUMNS);

	table_count(t, ROLE_HOT, 1234567);
	table_text(t, ROLE_PLAIN, TEXT("97.0"));
	table_text(t, ROLE_PLAIN, TEXT("\u65e5\u672c"));
	table_text(t, ROLE_PLAIN, TEXT("encode\033[2J (json/encoder.py:182)"));
	table_count(t, ROLE_PLAIN, 7);
	table_text(t, ROLE_FAINT, TEXT("3.0"));
	table_text(t, ROLE_PLAIN, TEXT("json"));
	table_text(t, ROLE_PLAIN, TEXT(""));
	return t;
}

/* What is written of the table. */
static struct text
written(const struct table *t, struct screen s)
{
	char path[] = "/tmp/term-XXXXXX";
	int fd = mkstemp(path);
	struct err e = { 0 };
	struct out *o = out_open(&arena, path, OUT_TEXT, &e);
	char *bytes = arena_alloc(&arena, 4096);
	ssize_t n;

	expect(fd >= 0 && o, "%s", e.fact);
	table_write(t, o, s);
	out_close(o);
	close(fd);
	fd = open(path, O_RDONLY);
	n = read(fd, bytes, 4096);
	close(fd);
	unlink(path);
	return (struct text){ bytes, n < 0 ? 0 : (size_t)n };
}

static const struct {
	struct screen screen;
	const char *text;
} screens[] = {
	{ { 0, false },
	  "  samples  share  module  function\n"
	  "1,234,567   97.0  \u65e5\u672c    encode\\x1b[2J (json/encoder.py:182)\n"
	  "        7    3.0  json\n" },
	{ { 60, false },
	  "  samples  share  module  function\n"
	  "1,234,567   97.0  \u65e5\u672c    ..ode\\x1b[2J (json/encoder.py:182)\n"
	  "        7    3.0  json\n" },
	{ { 40, false },
	  "  samples  share  function\n"
	  "1,234,567   97.0  ..json/encoder.py:182)\n"
	  "        7    3.0\n" },
	{ { 30, false },
	  "  samples  function\n"
	  "1,234,567  ..n/encoder.py:182)\n"
	  "        7\n" },
	{ { 5, false },
	  "  samples  function\n"
	  "1,234,567  ..ncoder.py:182)\n"
	  "        7\n" },
	{ { 0, true },
	  "  \033[1msamples\033[0m  \033[1mshare\033[0m  \033[1mmodule\033[0m  "
	  "\033[1mfunction\033[0m\n"
	  "\033[1;33m1,234,567\033[0m   97.0  \u65e5\u672c    "
	  "encode\\x1b[2J (json/encoder.py:182)\n"
	  "        7    \033[2m3.0\033[0m  json\n" },
};

static void
tables_fit_the_screen(void)
{
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
		expect_text("table", written(example(), screens[i].screen), screens[i].text);
}

int
main(void)
{
	widths_are_those_of_a_terminal();
	ratios_have_limits();
	tables_fit_the_screen();
	arena_empty(&arena);
	return failed;
}
