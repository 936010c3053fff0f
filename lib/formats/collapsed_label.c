/* SPDX-License-Identifier: MIT */
/* Frames as labels, and labels as frames: each undoes the other. */
#include "formats/collapsed.h"

#include "formats/collapsed_others.h"
#include "tree/name.h"

enum { LINE_DIGITS = 9 }; /* a line has no more */

/* Bytes of the character that t begins with; of broken UTF-8 it is one. */
static size_t
character(struct text t)
{
	uint32_t code;
	size_t n = (unsigned char)t.at[0] < 0x80 ? 1 : text_utf8(t, &code);

	return n ? n : 1;
}

/* What has a meaning in the text, and what a terminal must not see. */
static bool
must_escape(struct arena *a, struct text c)
{
	if ((unsigned char)c.at[0] >= 0x80)
		return !text_equal(text_visible(a, c), c);
	return c.at[0] == ';' || c.at[0] == '\\' || c.at[0] == 0x7f || c.at[0] < 0x20;
}

static char *
put_escaped(char *to, char c)
{
	static const char hex[] = "0123456789abcdef";

	*to++ = '\\';
	*to++ = 'x';
	*to++ = hex[(unsigned char)c >> 4];
	*to++ = hex[c & 15];
	return to;
}

/*
 * t with what must be escaped, and with its colon at that place. A label also begins
 * with no "#", as comments do, and with no blank, as what perf prints does.
 */
static struct text
escape(struct arena *a, struct text t, size_t colon, bool begins)
{
	char *at = arena_alloc(a, t.n * 4 + 1), *to = at;

	for (size_t i = 0, n; i < t.n; i += n) {
		struct text c = { t.at + i, 0 };
		bool must;

		n = c.n = character((struct text){ c.at, t.n - i });
		must = must_escape(a, c) || i == colon ||
		       (begins && i == 0 && (c.at[0] == '#' || c.at[0] == ' '));
		for (size_t k = 0; k < n; k++) {
			if (must)
				to = put_escaped(to, c.at[k]);
			else
				*to++ = c.at[k];
		}
	}
	return (struct text){ at, (size_t)(to - at) };
}

/* Where the ":" of "file:12" is, and its line; t.n: there is none. */
static size_t
find_line(struct text t, uint32_t *line)
{
	size_t i = t.n;
	uint32_t number = 0, unit = 1;

	for (; i && t.n - i < LINE_DIGITS && t.at[i - 1] >= '0' && t.at[i - 1] <= '9';
	     unit *= 10)
		number += (uint32_t)(t.at[--i] - '0') * unit;
	if (i == 0 || i == t.n || t.at[i - 1] != ':' || t.at[i] == '0')
		return t.n;
	*line = number;
	return i - 1;
}

/* Where a file's name must be escaped so that it is not taken for something else; n: nowhere. */
static size_t
find_false(struct text file, bool has_line)
{
	uint32_t line;

	if (text_equal(file, TEXT(TREE_TASK_FILE)))
		return 0;
	return has_line ? file.n : find_line(file, &line);
}

/* The bytes of an instruction's name that t begins with; 0: it begins with none. */
static size_t
instruction(struct text t)
{
	size_t n = 0;

	while (n < t.n && ((t.at[n] >= 'A' && t.at[n] <= 'Z') || t.at[n] == '_' ||
	                   (n && t.at[n] >= '0' && t.at[n] <= '9')))
		n++;
	return n;
}

/* "CALL", or "CALL_LEN CALL". */
static bool
is_opcode(struct text t)
{
	size_t n = instruction(t);

	if (n == 0 || n == t.n)
		return n > 0;
	return t.at[n] == ' ' && n + 1 < t.n &&
	       n + 1 + instruction((struct text){ t.at + n + 1, t.n - n - 1 }) == t.n;
}

/* Where the " [CALL]" behind a file is, and its instruction; t.n: there is none. */
static size_t
find_opcode(struct text t, struct text *opcode)
{
	size_t from = t.n;

	*opcode = (struct text){ "", 0 };
	if (!text_ends(t, TEXT("]")))
		return t.n;
	while (from && t.at[from - 1] != '[')
		from--;
	if (from < 3 || memcmp(t.at + from - 3, ") [", 3) != 0 ||
	    !is_opcode((struct text){ t.at + from, t.n - from - 1 }))
		return t.n;
	*opcode = (struct text){ t.at + from, t.n - from - 1 };
	return from - 2;
}

/* A name without a file, which must not look as if it had a line or an instruction, or as a thread. */
static struct text
bare_label(struct arena *a, struct text name)
{
	struct text inner = { name.at, name.n ? name.n - 1 : 0 };
	uint32_t line = 0;
	size_t colon = text_ends(name, TEXT(")")) ? find_line(inner, &line) : 0;
	struct text opcode;

	if (others_is_thread(name))
		return escape(a, name, 0, true);
	if (find_opcode(name, &opcode) < name.n)
		return escape(a, name, name.n - 1, true);
	return escape(a, name, line ? colon : name.n, true);
}

struct text
collapsed_label(struct arena *a, const struct tree *t, uint32_t frame, bool line, bool opcode)
{
	bool python = tree_frame_kind(t, frame) == STREAM_KIND_PYTHON;
	struct text is = tree_string(t, opcode && python ? tree_frame(t, frame)->opcode : 0);
	struct text name = tree_frame_name(t, frame), file = tree_frame_file(t, frame), label;
	uint32_t at = tree_frame_line(t, frame, line);

	if (file.n == 0)
		return bare_label(a, name);
	name = escape(a, name, name.n, true);
	if (tree_frame_kind(t, frame) != STREAM_KIND_TASK)
		file = escape(a, file, find_false(file, at), false);
	label = text_print(a, "%.*s (%.*s", TEXT_ARG(name), TEXT_ARG(file));
	label = at ? text_print(a, "%.*s:%u)", TEXT_ARG(label), at)
	           : text_print(a, "%.*s)", TEXT_ARG(label));
	return is_opcode(is) ? text_print(a, "%.*s [%.*s]", TEXT_ARG(label), TEXT_ARG(is))
	                     : label;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the blank of " 12" or " 1.5" at the end is; t.n: there is none. */
static size_t
find_count(struct text t)
{
	size_t i = t.n;

	while (i && (is_digit(t.at[i - 1]) || t.at[i - 1] == '.'))
		i--;
	return i && i < t.n && is_digit(t.at[i]) && t.at[i - 1] == ' ' ? i - 1 : t.n;
}

struct text
collapsed_leaf(struct arena *a, struct text label)
{
	size_t blank = find_count(label);
	struct text name = { label.at, blank }, rest;

	if (blank == label.n)
		return label;
	rest = (struct text){ label.at + blank + 1, label.n - blank - 1 };
	return text_join(a, (struct text[]){ name, TEXT("\\x20"), rest }, 3);
}

static enum stream_kind
marker_kind(struct text name)
{
	for (int kind = 0; kind < STREAM_KIND_END; kind++) {
		const char *marker = stream_kind_name((enum stream_kind)kind);

		if (marker && text_equal(name, text_of(marker)))
			return (enum stream_kind)kind;
	}
	return STREAM_KIND_PYTHON;
}

/* "name (file:line)" in its parts; without a file all of it is the name. */
static void
split(struct text label, struct text *name, struct text *file, uint32_t *line)
{
	const char *open = label.n ? memmem(label.at + 1, label.n - 1, " (", 2) : NULL;
	size_t n = open ? (size_t)(open - label.at) : 0;

	*name = label;
	*file = (struct text){ "", 0 };
	*line = 0;
	if (!open || n + 3 >= label.n || label.at[label.n - 1] != ')')
		return;
	*name = (struct text){ label.at, n };
	*file = (struct text){ label.at + n + 2, label.n - n - 3 };
	file->n = find_line(*file, line);
	if (file->n == 0) {
		*name = label;
		*line = 0;
	}
}

static enum stream_kind
kind_of(struct text name, struct text file)
{
	if (text_equal(file, TEXT(TREE_TASK_FILE)))
		return STREAM_KIND_TASK;
	return file.n ? STREAM_KIND_PYTHON : marker_kind(name);
}

uint32_t
collapsed_frame(struct tree *t, struct text label)
{
	struct arena scratch = { 0 };
	struct stream_function function = { 0 };
	struct stream_frame frame = { 0 };
	struct text name, file, opcode;
	size_t end = find_opcode(label, &opcode);

	split((struct text){ label.at, end }, &name, &file, &frame.line);
	function.kind = kind_of(name, file);
	if (end < label.n && (file.n == 0 || function.kind != STREAM_KIND_PYTHON)) {
		split(label, &name, &file, &frame.line);
		function.kind = kind_of(name, file);
	} else {
		frame.opcode = tree_intern_string(t, opcode);
	}
	if (function.kind == STREAM_KIND_PYTHON || function.kind != marker_kind(name))
		function.name = tree_intern_string(t, tree_unescape(&scratch, name));
	if (file.n && function.kind == STREAM_KIND_TASK) {
		function.line = frame.line;
		frame.line = 0;
	} else {
		function.file = tree_intern_string(t, tree_unescape(&scratch, file));
	}
	frame.function = tree_intern_function(t, &function);
	arena_empty(&scratch);
	return tree_intern_frame(t, &frame);
}
