/* SPDX-License-Identifier: MIT */
#include "base/source.h"

#include <ctype.h>
#include <iconv.h>
#include <stdio.h>

enum { NAME_MAX_BYTES = 40, NAME_ROOM = NAME_MAX_BYTES + sizeof "cp" };

/* Names that iconv(3) does not know as Python does. */
static const struct {
	const char *python, *here;
} names[] = {
	{ "latin-1", "iso-8859-1" },
	{ "latin", "iso-8859-1" },
	{ "l1", "iso-8859-1" },
	{ "iso-latin-1", "iso-8859-1" },
	{ "mac-roman", "macintosh" },
	{ "mac-cyrillic", "mac-cyrillic" },
	{ "windows-31j", "cp932" },
	{ "ms-kanji", "cp932" },
	{ "utf8", "utf-8" },
	{ "u8", "utf-8" },
	{ "utf", "utf-8" },
	{ "ascii", "us-ascii" },
	{ "646", "us-ascii" },
	{ "8859", "iso-8859-1" },
	{ "cyrillic", "iso-8859-5" },
	{ "s-jis", "shift_jis" },
	{ "sjis", "shift_jis" },
	{ "shiftjis", "shift_jis" },
	{ "eucjp", "euc-jp" },
	{ "ujis", "euc-jp" },
	{ "euckr", "euc-kr" },
	{ "korean", "euc-kr" },
	{ "chinese", "gb2312" },
	{ "eucgb2312-cn", "gb2312" },
	{ "euc-cn", "gb2312" },
	{ "eucgb", "gb2312" },
	{ "iso2022jp", "iso-2022-jp" },
	{ "hz-gb-2312", "hz" },
};

/* With anything behind them these are themselves: Emacs writes "utf-8-unix". */
static const char *const stems[] = { "utf-8-", "latin-1-", "iso-8859-1-", "iso-latin-1-" };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static bool
is_in_name(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

static struct text
take_line(struct text *rest)
{
	size_t n = 0;
	struct text line;

	while (n < rest->n && rest->at[n] != '\n' && rest->at[n] != '\r')
		n++;
	line = (struct text){ rest->at, n };
	n += n + 1 < rest->n && rest->at[n] == '\r' && rest->at[n + 1] == '\n' ? 2
	     : n < rest->n                                                     ? 1
	                                                                       : 0;
	*rest = (struct text){ rest->at + n, rest->n - n };
	return line;
}

/* The comment of a line that is nothing else, from "#" on. */
static struct text
comment_of(struct text line)
{
	size_t n = 0;

	while (n < line.n && is_blank(line.at[n]))
		n++;
	if (n == line.n || line.at[n] != '#')
		return TEXT("");
	return (struct text){ line.at + n, line.n - n };
}

/* "latin-1" of "# -*- coding: latin-1 -*-"; empty: there is none. */
static struct text
coding_of(struct text comment)
{
	const struct text word = TEXT("coding");

	for (size_t i = 0; i + word.n < comment.n; i++) {
		size_t at = i + word.n, n = 0;

		if (memcmp(comment.at + i, word.at, word.n) != 0 ||
		    (comment.at[at] != ':' && comment.at[at] != '='))
			continue;
		for (at++; at < comment.n && (comment.at[at] == ' ' || comment.at[at] == '\t');
		     at++)
			;
		while (at + n < comment.n && is_in_name(comment.at[at + n]))
			n++;
		if (n)
			return (struct text){ comment.at + at, n };
	}
	return TEXT("");
}

/* What the first two lines say; the second one only below a line without code. */
static struct text
encoding_of(struct text bytes)
{
	struct text first = take_line(&bytes), coding = coding_of(comment_of(first));
	size_t n = 0;

	while (n < first.n && is_blank(first.at[n]))
		n++;
	if (coding.n || (n < first.n && first.at[n] != '#'))
		return coding;
	return coding_of(comment_of(take_line(&bytes)));
}

/* As Python compares names: small letters, and hyphens; a number is that of a code page. */
static const char *
name_here(struct text name, char room[NAME_ROOM])
{
	for (size_t i = 0; i < name.n; i++)
		room[i] = name.at[i] == '_' ? '-' : (char)tolower((unsigned char)name.at[i]);
	room[name.n] = '\0';
	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
		if (strncmp(room, stems[i], strlen(stems[i])) == 0)
			room[strlen(stems[i]) - 1] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(room, names[i].python) == 0)
			return names[i].here;
	if (strspn(room, "0123456789") == name.n) {
		memmove(room + 2, room, name.n + 1);
		memcpy(room, "cp", 2);
	}
	return room;
}

static iconv_t
open_encoding(const char *name)
{
	char other[NAME_ROOM];
	iconv_t to = iconv_open("UTF-8", name);

	if (to != (iconv_t)-1)
		return to;
	snprintf(other, sizeof other, "%s", name);
	for (char *c = other; *c; c++)
		if (*c == '-')
			*c = '_';
	return iconv_open("UTF-8", other);
}

/*
 * What cannot be converted becomes \xNN. A converter may hold a character back, to join it
 * with what comes next, as that of cp1258 does: before such a byte and at the end it is told.
 */
static struct text
convert(struct arena *a, iconv_t how, struct text bytes, size_t *broken)
{
	/* UTF-8 is at most four bytes for each byte of what there is; "\xNN" too. */
	size_t room = bytes.n * 4 + 8;
	char *text = arena_alloc(a, room), *to = text, *from = (char *)bytes.at;
	size_t left = bytes.n;

	while (left && iconv(how, &from, &left, &to, &room) == (size_t)-1 && left) {
		int n;

		iconv(how, NULL, NULL, &to, &room);
		if (room < 5)
			break;
		n = snprintf(to, room, "\\x%02x", (unsigned char)*from);
		to += n;
		room -= (size_t)n;
		from++;
		left--;
		++*broken;
	}
	iconv(how, NULL, NULL, &to, &room);
	return (struct text){ text, (size_t)(to - text) };
}

/* "\r\n" and "\r" as "\n", in place. */
static struct text
with_line_ends(char *text, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\r') {
			text[to++] = '\n';
			i += i + 1 < n && text[i + 1] == '\n';
		} else {
			text[to++] = text[i];
		}
	}
	return (struct text){ text, to };
}

static struct text
decode(struct arena *a, struct text bytes, struct text coding, struct text *odd)
{
	char room[NAME_ROOM];
	const char *name = coding.n ? name_here(coding, room) : "utf-8";
	size_t broken = 0;
	struct text text;
	iconv_t how;

	if (strcmp(name, "utf-8") == 0) {
		text = text_valid(a, bytes);
		if (text.n != bytes.n)
			*odd = TEXT("some bytes of it are no UTF-8");
		return text;
	}
	how = open_encoding(name);
	if (how == (iconv_t)-1) {
		*odd = text_print(a, "its encoding %s is not known here", name);
		return text_valid(a, bytes);
	}
	text = convert(a, how, bytes, &broken);
	iconv_close(how);
	if (broken)
		*odd = text_print(a, "%zu byte%s of it %s not in its encoding %s", broken,
		                  broken == 1 ? "" : "s", broken == 1 ? "is" : "are", name);
	return text;
}

struct text
source_text(struct arena *a, struct text bytes, struct text *odd)
{
	struct text coding, text;

	*odd = TEXT("");
	if (text_starts(bytes, TEXT("\xef\xbb\xbf")))
		bytes = (struct text){ bytes.at + 3, bytes.n - 3 };
	coding = encoding_of(bytes);
	if (coding.n > NAME_MAX_BYTES)
		coding.n = NAME_MAX_BYTES;
	text = decode(a, bytes, coding, odd);
	if (text.n && memchr(text.at, '\r', text.n))
		return with_line_ends(memcpy(arena_alloc(a, text.n), text.at, text.n), text.n);
	return text;
}
