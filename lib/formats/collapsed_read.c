/* SPDX-License-Identifier: MIT */
#include "formats/collapsed.h"

enum {
	LOOKED_AT = 4096, /* bytes of an input, to see whether it is text */
	SAID = 10,        /* bad lines that are told one by one */
	BILLION = 1000000000,
};

__extension__ typedef unsigned __int128 wide;

bool
collapsed_recognizes(struct text bytes)
{
	size_t n = bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT;

	return n == 0 || !memchr(bytes.at, 0, n);
}

/* Takes the next line, without its end, off the rest. */
static struct text
take_line(struct import *in)
{
	const char *end = memchr(in->rest.at, '\n', in->rest.n);
	struct text line = { in->rest.at, end ? (size_t)(end - in->rest.at) : in->rest.n };
	size_t taken = line.n + (end != NULL);

	in->rest.at += taken;
	in->rest.n -= taken;
	in->line++;
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* "12" or "12.5" in billionths; false: it is no such number, or too large. */
static bool
take_count(struct text t, wide *billionths)
{
	uint64_t whole = 0, part = 0, unit = BILLION;
	size_t i = 0;

	for (; i < t.n && t.at[i] >= '0' && t.at[i] <= '9'; i++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(t.at[i] - '0'), &whole))
			return false;
	if (i == 0 || (i < t.n && t.at[i++] != '.'))
		return false;
	for (; i < t.n && t.at[i] >= '0' && t.at[i] <= '9'; i++)
		part += (unit /= 10) * (uint64_t)(t.at[i] - '0');
	*billionths = (wide)whole * BILLION + part;
	return i == t.n;
}

/* A count as whole units; what is left goes to the next one, so that the sum stays right. */
static uint64_t
whole_units(struct import *in, wide billionths)
{
	wide sum = billionths * (in->unit_ns ? in->unit_ns : 1) + in->fraction;
	wide n = sum / BILLION;

	in->fraction = (uint64_t)(sum % BILLION);
	return n < UINT64_MAX ? (uint64_t)n : UINT64_MAX;
}

/* Takes the outermost frame's label off a stack. */
static struct text
take_label(struct text *stack)
{
	const char *end = memchr(stack->at, ';', stack->n);
	struct text label = { stack->at, end ? (size_t)(end - stack->at) : stack->n };
	size_t taken = label.n + (end != NULL);

	stack->at += taken;
	stack->n -= taken;
	return label;
}

/* Frames of a stack: one more than it has semicolons. */
static size_t
depth_of(struct text stack)
{
	size_t n = 1;

	for (size_t i = 0; i < stack.n; i++)
		n += stack.at[i] == ';';
	return n;
}

static uint32_t
add_stack(struct tree *t, struct text stack)
{
	uint32_t node = 0;

	if (text_equal(stack, TEXT(COLLAPSED_ROOT)))
		return 0;
	while (stack.n)
		node = tree_intern_node(t, node, collapsed_frame(t, take_label(&stack)));
	return node;
}

/* Where the blank is that parts the stack from its count; line.n: nowhere. */
static size_t
find_blank(struct text line)
{
	size_t i = line.n;

	while (i && line.at[i - 1] != ' ' && line.at[i - 1] != '\t')
		i--;
	return i ? i - 1 : line.n;
}

static struct text
without_blanks_behind(struct text t)
{
	while (t.n && (t.at[t.n - 1] == ' ' || t.at[t.n - 1] == '\t'))
		t.n--;
	return t;
}

/* Adds a line; else why it is none. */
static const char *
add_line(struct import *in, struct text line)
{
	size_t blank = find_blank(line);
	struct text stack = { line.at, blank }, count = { line.at + blank, line.n - blank };
	struct tree_cell cell = { 0 };
	wide billionths;

	if (blank < line.n)
		count = (struct text){ count.at + 1, count.n - 1 };
	if (!take_count(count, &billionths))
		return "no count at the end";
	if (stack.n == 0)
		return "no stack before the count";
	if (depth_of(stack) > STREAM_DEPTH_MAX)
		return "the stack is too deep";
	cell.series = tree_add_series(in->tree, in->run, in->thread, 0);
	cell.node = add_stack(in->tree, stack);
	cell.weight = whole_units(in, billionths);
	cell.samples = (in->unit_ns ? 0 : cell.weight) & (((uint64_t)1 << 58) - 1);
	in->samples += cell.samples;
	tree_add_cell(in->tree, in->run, cell);
	return NULL;
}

/* A bad line; of many only the first ones are told. True: it is told. */
static bool
complain(struct import *in, const char *fact, struct err *e)
{
	if (in->bad++ >= SAID)
		return false;
	err_set(e, "%s: line %llu: %s", in->name, (unsigned long long)in->line, fact);
	return true;
}

static bool
finish(struct import *in, struct err *e)
{
	struct stream_outcome outcome = { .samples = in->samples, .reason = STREAM_REACHED };
	uint64_t more = in->bad > SAID ? in->bad - SAID : 0;

	in->bad = 0;
	if (more)
		return err_set(e, "%s: %llu more bad line%s", in->name,
		               (unsigned long long)more, more == 1 ? "" : "s");
	tree_add_outcome(in->tree, in->run, &outcome);
	return true;
}

bool
collapsed_read(struct import *in, struct err *e)
{
	struct text line;
	const char *wrong;

	while (in->rest.n) {
		line = without_blanks_behind(take_line(in));
		if (line.n == 0 || line.at[0] == '#')
			continue;
		wrong = add_line(in, line);
		if (wrong && complain(in, wrong, e))
			return false;
	}
	return finish(in, e);
}
