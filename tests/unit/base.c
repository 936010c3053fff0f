/* SPDX-License-Identifier: MIT */
/* Texts, numbers, memory and options: what every tool stands on. */
#include "base/index.h"
#include "base/number.h"
#include "base/opt.h"
#include "base/quantity.h"
#include "base/text.h"
#include "base/varint.h"
#include "base/vec.h"

#include <math.h>
#include <stdio.h>

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

static const struct {
	uint64_t value;
	size_t n;
	unsigned char bytes[VARINT_MAX];
} varints[] = {
	{ 0, 1, { 0x00 } },
	{ 127, 1, { 0x7f } },
	{ 128, 2, { 0x80, 0x01 } },
	{ 16383, 2, { 0xff, 0x7f } },
	{ 1ull << 63, 10, { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 } },
	{ UINT64_MAX, 10, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 } },
};

static void
varints_are_what_they_were(void)
{
	for (size_t i = 0; i < sizeof varints / sizeof *varints; i++) {
		unsigned char bytes[VARINT_MAX];
		const unsigned char *at = bytes;
		size_t n = (size_t)(varint_put(bytes, varints[i].value) - bytes);
		uint64_t value = 0;

		expect(n == varints[i].n && memcmp(bytes, varints[i].bytes, n) == 0,
		       "varint_put: row %zu", i);
		expect(varint_take(&at, bytes + n, &value) && value == varints[i].value &&
		               at == bytes + n,
		       "varint_take: row %zu", i);
		at = bytes;
		expect(!varint_take(&at, bytes + n - 1, &value) && at == bytes,
		       "varint_take: row %zu, cut", i);
	}
}

static void
varints_fit_64_bits(void)
{
	static const unsigned char over[] = { 0xff, 0xff, 0xff, 0xff, 0xff,
		                              0xff, 0xff, 0xff, 0xff, 0x02 };
	const unsigned char *at = over;
	uint64_t value;

	expect(!varint_take(&at, over + sizeof over, &value), "varint_take: 65 bits");
	for (int64_t n = INT64_MIN; n; n /= 2)
		expect(varint_unfold(varint_fold(n)) == n &&
		               varint_unfold(varint_fold(~n)) == ~n,
		       "varint_fold: %lld", (long long)n);
	expect(varint_fold(-1) == 1 && varint_fold(1) == 2,
	       "varint_fold: 0, -1, 1 are 0, 1, 2");
}

/* What is refused is NAN. */
static const struct {
	const char *text;
	double ns, hz;
} quantities[] = {
	{ "10", 10e9, 10 },      { "1.5s", 1.5e9, NAN }, { ".5", .5e9, .5 },
	{ "500ms", 500e6, NAN }, { "20us", 20e3, NAN },  { "7NS", 7, NAN },
	{ "2m", 120e9, NAN },    { "1h", 3600e9, NAN },  { "99hz", NAN, 99 },
	{ "10khz", NAN, 10e3 },  { "1MHz", NAN, 1e6 },   { "99999999999", NAN, 99999999999. },
	{ "", NAN, NAN },        { ".", NAN, NAN },      { "1.2.3", NAN, NAN },
	{ "-1", NAN, NAN },      { "+1", NAN, NAN },     { " 1", NAN, NAN },
	{ "1 s", NAN, NAN },     { "inf", NAN, NAN },    { "0x10", NAN, NAN },
	{ "1e3", NAN, NAN },
};

static void
quantities_have_units(void)
{
	for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
		const char *text = quantities[i].text;
		double hz = NAN, ns = quantities[i].ns;
		uint64_t got = 0;
		bool taken = quantity_ns(text, &got);

		expect(taken == !isnan(ns) && (!taken || got == (uint64_t)ns),
		       "quantity_ns: \"%s\"", text);
		taken = quantity_hz(text, &hz);
		expect(taken == !isnan(quantities[i].hz) && (!taken || hz == quantities[i].hz),
		       "quantity_hz: \"%s\"", text);
	}
}

static void
counts_are_digits(void)
{
	uint64_t n = 7;

	expect(quantity_count("18446744073709551615", &n) && n == UINT64_MAX,
	       "the largest count");
	n = 7;
	expect(!quantity_count("18446744073709551616", &n), "a count over 64 bits");
	expect(!quantity_count("", &n) && !quantity_count("1k", &n) &&
	               !quantity_count("-1", &n),
	       "no counts");
	expect(n == 7, "what is refused is left alone");
}

static const struct {
	uint64_t ns;
	const char *text;
} durations[] = {
	{ 0, "0 ns" },
	{ 999, "999 ns" },
	{ 1000, "1.00 us" },
	{ 12345, "12.3 us" },
	{ 310000, "310 us" },
	{ 1250000000, "1.25 s" },
	{ 60000000000, "60.0 s" },
};

static const struct {
	uint64_t n;
	const char *text;
} groups[] = {
	{ 0, "0" },
	{ 999, "999" },
	{ 1000, "1,000" },
	{ 1234567, "1,234,567" },
	{ UINT64_MAX, "18,446,744,073,709,551,615" },
};

static void
numbers_are_for_people(void)
{
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
		struct text got = quantity_print_ns(&arena, durations[i].ns);

		expect(text_equal(got, text_of(durations[i].text)), "\"%s\" is not \"%.*s\"",
		       durations[i].text, TEXT_ARG(got));
	}
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		expect(text_equal(text_grouped(&arena, groups[i].n), text_of(groups[i].text)),
		       "text_grouped: %s", groups[i].text);
}

/* clang-format off */
#define T(literal) { literal, sizeof(literal) - 1 } /* a constant */

/* Bytes, and what a terminal may see of them. */
static const struct {
	struct text bytes, visible;
} texts[] = {
	{ T(""), T("") },
	{ T("main (app.py:3)"), T("main (app.py:3)") },
	{ T("caf\u00e9 \u65e5\u672c \U0001f40d"),
	  T("caf\u00e9 \u65e5\u672c \U0001f40d") },
	{ T("a\0b"), T("a\\x00b") },
	{ T("\033[31m\n\t\177"), T("\\x1b[31m\\x0a\\x09\\x7f") },
	{ T("\xc2\x85"), T("\\xc2\\x85") }, /* a control of C1 */
	{ T("\u202ex\u2066"), T("\\xe2\\x80\\xaex\\xe2\\x81\\xa6") }, /* turns the line */
	{ T("\xc3"), T("\\xc3") },                                    /* cut */
	{ T("\xc3("), T("\\xc3(") },                                  /* not continued */
	{ T("\xc0\xaf"), T("\\xc0\\xaf") },                   /* too long a form */
	{ T("\xed\xa0\x80"), T("\\xed\\xa0\\x80") },          /* half of a pair */
	{ T("\xf4\x90\x80\x80"), T("\\xf4\\x90\\x80\\x80") }, /* beyond U+10FFFF */
};
/* clang-format on */

static void
texts_are_harmless(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct text got = text_visible(&arena, texts[i].bytes);

		expect(text_equal(got, texts[i].visible), "text_visible: row %zu: \"%.*s\"", i,
		       TEXT_ARG(got));
	}
}

static void
texts_compare_by_bytes(void)
{
	expect(text_compare(TEXT("a"), TEXT("ab")) < 0, "a prefix comes first");
	expect(text_compare(TEXT("\xff"), TEXT("a")) > 0, "bytes have no sign");
	expect(text_compare(TEXT("a"), TEXT("a")) == 0, "equal texts");
	expect(text_compare((struct text){ 0 }, TEXT("")) == 0, "nothing is an empty text");
	expect(text_starts(TEXT("abc"), TEXT("ab")) && !text_starts(TEXT("a"), TEXT("ab")),
	       "text_starts");
	expect(text_ends(TEXT("abc"), TEXT("bc")) && !text_ends(TEXT("c"), TEXT("bc")),
	       "text_ends");
	expect(text_equal(text_basename(TEXT("/a/b.py")), TEXT("b.py")) &&
	               text_equal(text_basename(TEXT("b.py")), TEXT("b.py")) &&
	               text_basename(TEXT("/a/")).n == 0,
	       "text_basename");
	expect(text_equal(text_behind(TEXT("a/lib/b/lib/c"), TEXT("/lib/")), TEXT("c")) &&
	               text_behind(TEXT("a/lib"), TEXT("/lib/")).n == 0 &&
	               text_behind((struct text){ 0 }, TEXT("/")).n == 0,
	       "text_behind");
	expect(text_equal(text_cut(TEXT("a\xc3\xa9z"), 2), TEXT("a")) &&
	               text_equal(text_cut(TEXT("a\xc3\xa9z"), 3), TEXT("a\xc3\xa9")) &&
	               text_cut(TEXT("a\xc3\xa9"), 3).n == 3 &&
	               text_cut(TEXT("\x80\x80"), 1).n == 0,
	       "text_cut");
	expect(number_divisor(12, 18) == 6 && number_divisor(0, 5) == 5 &&
	               number_divisor(5, 0) == 5 && number_divisor(0, 0) == 0 &&
	               number_add(UINT64_MAX, 1) == UINT64_MAX && number_add(2, 3) == 5 &&
	               number_multiply(UINT64_MAX, 2) == UINT64_MAX &&
	               number_multiply(2, 3) == 6,
	       "numbers");
}

static void
arenas_keep_what_they_were_given(void)
{
	struct arena a = { 0 };
	VEC(uint64_t) numbers = { 0 };
	size_t before;

	for (uint64_t i = 0; i < 100000; i++)
		*vec_push(&a, &numbers) = i * i;
	for (uint64_t i = 0; i < numbers.n; i++)
		expect(numbers.at[i] == i * i, "element %llu of a vector",
		       (unsigned long long)i);
	before = arena_bytes(&a);
	arena_drop(&a, arena_alloc(&a, 1 << 20), 1 << 20);
	expect(arena_bytes(&a) == before, "a large piece can be given back early");
	for (size_t n = 0; n < 100; n++)
		expect((uintptr_t)arena_alloc(&a, n) % 16 == 0, "%zu bytes are aligned", n);
	arena_empty(&a);
	expect(arena_bytes(&a) == 0, "an empty arena holds nothing");
}

static void
an_index_finds_every_row(void)
{
	enum { ROWS = 10000 };
	struct arena a = { 0 };
	struct index x = { 0 };

	/* Every hash belongs to eight rows, so that candidates are not always right. */
	for (uint32_t row = 0; row < ROWS; row++)
		index_add(&a, &x, hash_number(row / 8), row);
	for (uint32_t row = 0; row < ROWS; row++) {
		struct index_probe probe = index_probe(&x, hash_number(row / 8));
		bool found = false;

		while (!found && index_next(&x, &probe))
			found = probe.row == row;
		expect(found, "row %u of an index", row);
	}
	index_clear(&x);
	expect(!index_next(&x, &(struct index_probe){ 0 }), "a cleared index is empty");
	arena_empty(&a);
}

static struct {
	bool flag;
	const char *text;
	opt_texts texts;
	uint64_t count, ns;
	double hz;
	int choice;
} given;

static const struct opt table[] = {
	OPT_FLAG('f', "flag", &given.flag, "a flag"),
	OPT_TEXT('o', "output", "FILE", &given.text, "a text"),
	OPT_TEXTS(0, "keep", "RE", &given.texts, "texts"),
	OPT_COUNT('n', "samples", "N", &given.count, "a count"),
	OPT_NS('d', "duration", "TIME", &given.ns, "a duration"),
	OPT_HZ('r', "rate", "RATE", &given.hz, "a rate"),
	OPT_CHOICE(0, "by", "function|line|file", &given.choice, "a choice"),
	OPT_END,
};

enum { ARGUMENTS = 8 };

/* The command line, the first operand (-1: refused), and the complaint. */
static const struct {
	const char *argv[ARGUMENTS];
	int first;
	const char *fact;
} lines[] = {
	{ { "t", "-n", "0" }, -1, "--samples: \"0\" is not a whole number above 0" },
	{ { "t", "-r", "0" },
	  -1,
	  "--rate: \"0\" is not a rate above 0, such as 100, 10khz or 1mhz" },
	{ { "t", "--by", "f" }, -1, "--by: \"f\" is none of function|line|file" },
	{ { "t", "-z" }, -1, "-z: there is no such option" },
	{ { "t", "--zzz" }, -1, "--zzz: there is no such option" },
	{ { "t", "-d" }, -1, "-d: it needs a value" },
	{ { "t", "-f", "-d", "2m", "x" }, 4, "" },
	{ { "t", "x", "-n", "3", "y" }, 3, "" },
	{ { "t", "--rate=10khz", "--by", "line", "--keep=a", "--keep", "b" }, 7, "" },
	{ { "t", "-o", "--", "--", "-f" }, 4, "" },
	{ { "t", "-d", "x" },
	  -1,
	  "--duration: \"x\" is not a duration such as 10, 500ms or 2m" },
};

static void
options_follow_their_table(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *argv[ARGUMENTS + 1] = { 0 };
		struct opt_asked asked = { 0 };
		struct err e = { 0 };
		int argc = 0, first;

		for (; argc < ARGUMENTS && lines[i].argv[argc]; argc++)
			argv[argc] = (char *)text_copy(&arena, text_of(lines[i].argv[argc])).at;
		first = opt_parse(&arena, table, false, argc, argv, &asked, &e);
		expect(first == lines[i].first && strcmp(e.fact, lines[i].fact) == 0,
		       "opt_parse: row %zu: %d \"%s\"", i, first, e.fact);
	}
	expect(given.flag && given.ns == 120000000000 && given.count == 3 && given.hz == 10e3 &&
	               given.choice == 1 && given.texts.n == 2 && strcmp(given.text, "--") == 0,
	       "opt_parse: the values");
}

static void
a_command_keeps_its_options(void)
{
	char *argv[] = { (char *)"t", (char *)"-f", (char *)"python3", (char *)"-h", NULL };
	struct opt_asked asked = { 0 };
	struct err e = { 0 };

	expect(opt_parse(&arena, table, true, 4, argv, &asked, &e) == 2 && !asked.help,
	       "the options of a command are its own");
}

int
main(void)
{
	varints_are_what_they_were();
	varints_fit_64_bits();
	quantities_have_units();
	counts_are_digits();
	numbers_are_for_people();
	texts_are_harmless();
	texts_compare_by_bytes();
	arenas_keep_what_they_were_given();
	an_index_finds_every_row();
	options_follow_their_table();
	a_command_keeps_its_options();
	arena_empty(&arena);
	return failed;
}
