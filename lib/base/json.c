/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <math.h>
#include <stdio.h>

void
json_key(struct json *j, const char *key)
{
	if (j->comma)
		out_byte(j->out, ',');
	j->comma = true;
	if (!key)
		return;
	out_byte(j->out, '"');
	out_text(j->out, text_of(key));
	out_put(j->out, "\":", 2);
}

void
json_open(struct json *j, const char *key, char bracket)
{
	json_key(j, key);
	out_byte(j->out, bracket);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	out_byte(j->out, bracket);
	j->comma = true;
}

/* Bytes that may stand in a page as they are. */
static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' &&
	       c != '&';
}

/* Writes the character or broken byte that t begins with; how many bytes it has. */
static size_t
put_character(struct out *o, struct text t)
{
	uint32_t c;
	size_t n = text_utf8(t, &c);

	if (n == 0) {
		out_print(o, "\\\\x%02x", (unsigned char)t.at[0]);
		return 1;
	}
	if (n == 1 || c == 0x2028 || c == 0x2029)
		out_print(o, "\\u%04x", (unsigned)c);
	else
		out_put(o, t.at, n);
	return n;
}

void
json_text(struct json *j, const char *key, struct text t)
{
	size_t i = 0, from;

	json_key(j, key);
	out_byte(j->out, '"');
	while (i < t.n) {
		for (from = i; i < t.n && is_plain((unsigned char)t.at[i]); i++)
			;
		out_put(j->out, t.at + from, i - from);
		if (i < t.n)
			i += put_character(j->out, (struct text){ t.at + i, t.n - i });
	}
	out_byte(j->out, '"');
}

void
json_number(struct json *j, const char *key, uint64_t n)
{
	json_key(j, key);
	out_number(j->out, n);
}

void
json_decimal(struct json *j, const char *key, uint64_t n, unsigned digits)
{
	char text[24], *at = text + sizeof text, *end = at;

	json_key(j, key);
	for (; digits; digits--, n /= 10)
		if (n % 10 || at < end)
			*--at = (char)('0' + n % 10);
	out_number(j->out, n);
	if (at < end)
		out_byte(j->out, '.');
	out_put(j->out, at, (size_t)(end - at));
}

void
json_null(struct json *j, const char *key)
{
	json_key(j, key);
	out_text(j->out, TEXT("null"));
}

void
json_real(struct json *j, const char *key, double n)
{
	json_key(j, key);
	out_print(j->out, "%.6g", isfinite(n) ? n : 0);
}

void
json_figure(struct json *j, const char *key, double n)
{
	json_key(j, key);
	out_print(j->out, isfinite(n) ? "%.15g" : "null", n);
}

void
json_bool(struct json *j, const char *key, bool is)
{
	json_key(j, key);
	out_text(j->out, is ? TEXT("true") : TEXT("false"));
}
