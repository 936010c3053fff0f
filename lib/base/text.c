/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

int
text_compare(struct text a, struct text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool
text_starts(struct text t, struct text prefix)
{
	return t.n >= prefix.n && text_equal((struct text){ t.at, prefix.n }, prefix);
}

bool
text_ends(struct text t, struct text suffix)
{
	return t.n >= suffix.n &&
	       text_equal((struct text){ t.at + t.n - suffix.n, suffix.n }, suffix);
}

struct text
text_behind(struct text t, struct text word)
{
	struct text found = { "", 0 };
	const char *at;

	while (t.n >= word.n && (at = memmem(t.at, t.n, word.at, word.n))) {
		size_t used = (size_t)(at - t.at) + word.n;

		found = t = (struct text){ t.at + used, t.n - used };
	}
	return found;
}

struct text
text_cut(struct text t, size_t most)
{
	if (t.n <= most)
		return t;
	for (t.n = most; t.n && ((unsigned char)t.at[t.n] & 0xc0) == 0x80;)
		t.n--;
	return t;
}

struct text
text_basename(struct text path)
{
	const char *slash = path.n ? memrchr(path.at, '/', path.n) : NULL;

	if (!slash)
		return path;
	return (struct text){ slash + 1, path.n - (size_t)(slash + 1 - path.at) };
}

struct text
text_copy(struct arena *a, struct text t)
{
	char *at = arena_alloc(a, t.n + 1);

	if (t.n)
		memcpy(at, t.at, t.n);
	return (struct text){ at, t.n };
}

struct text
text_join(struct arena *a, const struct text *parts, size_t n)
{
	size_t length = 0;
	char *all, *to;

	for (size_t i = 0; i < n; i++)
		length += parts[i].n;
	all = to = arena_alloc(a, length + 1);
	for (size_t i = 0; i < n; to += parts[i++].n)
		if (parts[i].n)
			memcpy(to, parts[i].at, parts[i].n);
	return (struct text){ all, length };
}

struct text
text_vprint(struct arena *a, const char *format, va_list list)
{
	va_list again;
	char *at;
	int n;

	va_copy(again, list);
	n = vsnprintf(NULL, 0, format, list);
	at = arena_alloc(a, (size_t)n + 1);
	vsnprintf(at, (size_t)n + 1, format, again);
	va_end(again);
	return (struct text){ at, (size_t)n };
}

struct text
text_print(struct arena *a, const char *format, ...)
{
	struct text t;
	va_list list;

	va_start(list, format);
	t = text_vprint(a, format, list);
	va_end(list);
	return t;
}

/* The lead byte gives the length and the least character that needs it (RFC 3629). */
size_t
text_utf8(struct text t, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = t.n ? (unsigned char)t.at[0] : 0x80;
	size_t n = lead < 0x80   ? 1
	           : lead < 0xc2 ? 0
	           : lead < 0xe0 ? 2
	           : lead < 0xf0 ? 3
	           : lead < 0xf5 ? 4
	                         : 0;
	uint32_t c = n == 1 ? lead : n ? lead & (0x7fu >> n) : 0;

	if (n == 0 || n > t.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)t.at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)t.at[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*character = c;
	return n;
}

static bool
is_visible(uint32_t c)
{
	bool control = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
	bool turns = c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	             (c >= 0x2066 && c <= 0x2069);

	return !control && !turns;
}

static bool
is_any(uint32_t c)
{
	(void)c;
	return true;
}

/* t with \xNN for each byte that is broken, or of a character that is not to be shown. */
static struct text
escape(struct arena *a, struct text t, bool (*is_shown)(uint32_t c))
{
	char *to = arena_alloc(a, t.n * 4 + 1);
	size_t n = 0;

	for (size_t i = 0; i < t.n;) {
		uint32_t c = 0;
		size_t width = text_utf8((struct text){ t.at + i, t.n - i }, &c);
		bool shown = width && is_shown(c);

		for (width = width ? width : 1; width--; i++)
			if (shown)
				to[n++] = t.at[i];
			else
				n += (size_t)sprintf(to + n, "\\x%02x", (unsigned char)t.at[i]);
	}
	return (struct text){ to, n };
}

struct text
text_visible(struct arena *a, struct text t)
{
	return escape(a, t, is_visible);
}

struct text
text_valid(struct arena *a, struct text t)
{
	return escape(a, t, is_any);
}

struct text
text_grouped(struct arena *a, uint64_t n)
{
	char plain[24], *to = arena_alloc(a, 32);
	int digits = sprintf(plain, "%" PRIu64, n);
	size_t at = 0;

	for (int i = 0; i < digits; i++) {
		if (i && (digits - i) % 3 == 0)
			to[at++] = ',';
		to[at++] = plain[i];
	}
	return (struct text){ to, at };
}
