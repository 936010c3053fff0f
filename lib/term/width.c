/* SPDX-License-Identifier: MIT */
#include "term/width.h"

#include <locale.h>
#include <wchar.h>

static const struct text rest = { "..", 2 };

/* Columns of a character, by glibc's table of Unicode, whatever the user's locale is. */
static size_t
columns_of(uint32_t character)
{
	static locale_t unicode;
	locale_t users;
	int columns;

	if (character < 0x80)
		return 1;
	if (!unicode)
		unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!unicode)
		return 1;
	users = uselocale(unicode);
	columns = wcwidth((wchar_t)character);
	uselocale(users);
	return columns < 0 ? 1 : (size_t)columns;
}

/* Columns of the character at *at, which moves behind it. */
static size_t
step(struct text t, size_t *at)
{
	uint32_t character = 0;
	size_t n = text_utf8((struct text){ t.at + *at, t.n - *at }, &character);

	*at += n ? n : 1;
	return n ? columns_of(character) : 1;
}

size_t
width_of(struct text visible)
{
	size_t columns = 0;

	for (size_t at = 0; at < visible.n;)
		columns += step(visible, &at);
	return columns;
}

/* The longest start that takes no more than so many columns. */
static struct text
start_of(struct text t, size_t columns)
{
	size_t used = 0, end = 0;

	for (size_t at = 0; at < t.n; end = at) {
		used += step(t, &at);
		if (used > columns)
			break;
	}
	return (struct text){ t.at, end };
}

/* The longest end; it does not begin with what joins the character before. */
static struct text
end_of(struct text t, size_t columns)
{
	size_t left = width_of(t), begin = 0;

	for (size_t at = 0; at < t.n; begin = at) {
		size_t one = step(t, &at);

		if (left <= columns && one)
			break;
		left -= one;
	}
	return (struct text){ t.at + begin, t.n - begin };
}

struct text
width_cut(struct arena *a, struct text visible, size_t columns, bool keeps_end)
{
	struct text part;

	if (width_of(visible) <= columns)
		return visible;
	if (columns <= rest.n)
		return (struct text){ rest.at, columns };
	if (keeps_end) {
		part = end_of(visible, columns - rest.n);
		return text_print(a, "%.*s%.*s", TEXT_ARG(rest), TEXT_ARG(part));
	}
	part = start_of(visible, columns - rest.n);
	return text_print(a, "%.*s%.*s", TEXT_ARG(part), TEXT_ARG(rest));
}
