/* SPDX-License-Identifier: MIT */
/* JSON: what is written can stand anywhere, whatever the texts hold. */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { ROOM = 1024 }; /* less than a pipe holds */

static struct arena arena;

#define BYTES(literal)                                                                         \
	{                                                                                      \
		"" literal, sizeof(literal) - 1                                                \
	}

/* What a page or a terminal would take for more than a text is escaped; broken bytes are visible. */
static const struct {
	struct text text;
	const char *json;
} texts[] = {
	{ BYTES(""), "\"\"" },
	{ BYTES("caf\xc3\xa9"), "\"caf\xc3\xa9\"" },
	{ BYTES("\"\\\n\x7f\0"), "\"\\u0022\\u005c\\u000a\\u007f\\u0000\"" },
	{ BYTES("</script>&"), "\"\\u003c/script\\u003e\\u0026\"" },
	{ BYTES("\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u2028\\u2029\"" },
	{ BYTES("a\xff\xc3"), "\"a\\\\xff\\\\xc3\"" },
};

static const struct {
	uint64_t n;
	unsigned digits;
} decimals[] = {
	{ 0, 6 }, { 1, 6 }, { 1500, 3 }, { 12, 0 }, { 1000000000000, 6 }, { UINT64_MAX, 6 },
};

static void
write_all(struct json *j)
{
	json_open(j, NULL, '{');
	json_open(j, "texts", '[');
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		json_text(j, NULL, texts[i].text);
	json_close(j, ']');
	json_number(j, "zero", 0);
	json_number(j, "most", UINT64_MAX);
	json_real(j, "half", 0.5);
	json_real(j, "nan", (double)NAN);
	json_bool(j, "is", true);
	json_null(j, "none");
	json_open(j, "decimals", '[');
	for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++)
		json_decimal(j, NULL, decimals[i].n, decimals[i].digits);
	json_close(j, ']');
	json_open(j, "nothing", '{');
	json_close(j, '}');
	json_close(j, '}');
}

static struct text
wanted(void)
{
	struct text want = TEXT("{\"texts\":[");

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		want = text_print(&arena, "%.*s%s%s", TEXT_ARG(want), i ? "," : "",
		                  texts[i].json);
	return text_print(&arena,
	                  "%.*s],\"zero\":0,\"most\":18446744073709551615,\"half\":0.5,"
	                  "\"nan\":0,\"is\":true,\"none\":null,"
	                  "\"decimals\":[0,0.000001,1.5,12,1000000,18446744073709.551615],"
	                  "\"nothing\":{}}",
	                  TEXT_ARG(want));
}

int
main(void)
{
	struct text want = wanted(), got = { arena_alloc(&arena, ROOM), 0 };
	struct json j = { 0 };
	struct err e = { 0 };
	int ends[2], failed;

	if (pipe(ends) != 0)
		return 1;
	j.out = out_open(&arena, text_print(&arena, "/proc/self/fd/%d", ends[1]).at, OUT_TEXT,
	                 &e);
	write_all(&j);
	out_close(j.out);
	got.n = (size_t)read(ends[0], (char *)got.at, ROOM);
	failed = !text_equal(got, want);
	if (failed)
		printf("json: %.*s\n", TEXT_ARG(got));
	arena_empty(&arena);
	return failed;
}
