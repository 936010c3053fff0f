/* SPDX-License-Identifier: MIT */
#include "formats/collapsed.h"

#include <strings.h>

enum {
	LOOKED_AT = 4096, /* bytes of an input, to see whether it is text */
	SAID = 10,        /* bad lines that are told one by one */
	BILLION = 1000000000,
};

/* What a stream holds of time in nanoseconds, and a cell of samples; above all of them is no count. */
#define WEIGHT_MAX (((uint64_t)1 << 63) - 1)
#define SAMPLES_MAX (((uint64_t)1 << 58) - 1)
#define COUNT_MAX ((uint64_t)1 << 63)

__extension__ typedef unsigned __int128 wide;

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes the next line, without its end and blanks before that, off the rest. */
static struct text
take_line(struct text *rest)
{
	const char *end = memchr(rest->at, '\n', rest->n);
	struct text line = { rest->at, end ? (size_t)(end - rest->at) : rest->n };
	size_t taken = line.n + (end != NULL);

	rest->at += taken;
	rest->n -= taken;
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	while (line.n && is_blank(line.at[line.n - 1]))
		line.n--;
	return line;
}

static bool
says_nothing(struct text line)
{
	return line.n == 0 || line.at[0] == '#';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What somebody may have meant as one: "-3", "1e3", "nan", "Infinity". */
static bool
looks_like_number(struct text t)
{
	static const char *const words[] = { "nan", "inf", "infinity" };

	if (t.n && (t.at[0] == '-' || t.at[0] == '+')) {
		t.at++;
		t.n--;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (t.n == strlen(words[i]) && strncasecmp(t.at, words[i], t.n) == 0)
			return true;
	return t.n && (is_digit(t.at[0]) || t.at[0] == '.');
}

/* "12" or "12.5" in billionths; else why it is none. */
static const char *
take_count(struct text t, wide *billionths)
{
	uint64_t unit = BILLION;
	size_t i = 0, digits;
	wide count = 0;

	for (; i < t.n && is_digit(t.at[i]); i++)
		count = count < COUNT_MAX ? count * 10 + (unsigned char)(t.at[i] - '0') : count;
	digits = i;
	count *= BILLION;
	if (i < t.n && t.at[i] == '.')
		for (i++; i < t.n && is_digit(t.at[i]); i++)
			count += (unit /= 10) * (unsigned)(t.at[i] - '0');
	*billionths = count;
	if (digits == 0 || i < t.n)
		return looks_like_number(t) ? "the count is not a number"
		                            : "no count at the end";
	return count < (wide)COUNT_MAX * BILLION ? NULL : "the count is too large";
}

/*
 * A count as whole units; what is left goes to the next one, so that the sum
 * stays right. False: there would be more of them than a stream holds.
 */
static bool
whole_units(struct import *in, wide billionths, uint64_t *n)
{
	wide most = in->unit_ns ? WEIGHT_MAX : SAMPLES_MAX;
	wide sum = billionths * (in->unit_ns ? in->unit_ns : 1) + in->fraction;

	if (sum / BILLION > most || sum / BILLION + in->given > most)
		return false;
	*n = (uint64_t)(sum / BILLION);
	in->given += *n;
	in->fraction = (uint64_t)(sum % BILLION);
	return true;
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

	while (i && !is_blank(line.at[i - 1]))
		i--;
	return i ? i - 1 : line.n;
}

/* The parts of a line; else why it is none. */
static const char *
split(struct text line, struct text *stack, wide *billionths)
{
	size_t blank = find_blank(line), count = blank < line.n ? blank + 1 : blank;
	const char *wrong =
		take_count((struct text){ line.at + count, line.n - count }, billionths);

	*stack = (struct text){ line.at, blank };
	if (wrong)
		return wrong;
	if (stack->n == 0)
		return "no stack before the count";
	return depth_of(*stack) > STREAM_DEPTH_MAX ? "the stack is too deep" : NULL;
}

/* Adds a line; else why it is none. */
static const char *
add_line(struct import *in, struct text line)
{
	struct tree_cell cell = { 0 };
	struct text stack;
	wide billionths;
	const char *wrong = split(line, &stack, &billionths);

	if (wrong)
		return wrong;
	if (!whole_units(in, billionths, &cell.weight))
		return "the count is too large";
	cell.series = tree_add_series(in->tree, in->run, in->thread, 0);
	cell.node = add_stack(in->tree, stack);
	cell.samples = (in->unit_ns ? 0 : cell.weight) & SAMPLES_MAX;
	in->samples += cell.samples;
	tree_add_cell(in->tree, in->run, cell);
	return NULL;
}

/* Text, and one line at least is good; or all say nothing. */
bool
collapsed_recognizes(struct text bytes, struct err *e)
{
	size_t n = bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT;
	const char *wrong, *first = NULL;
	unsigned long long number = 0, first_number = 0;
	struct text line, stack;
	wide billionths;

	if (n && memchr(bytes.at, 0, n))
		return false;
	while (bytes.n) {
		line = take_line(&bytes);
		number++;
		if (says_nothing(line))
			continue;
		wrong = split(line, &stack, &billionths);
		if (!wrong)
			return true;
		if (!first) {
			first = wrong;
			first_number = number;
		}
	}
	if (first)
		err_hint(e, "collapsed text is \"outer;inner COUNT\", and line %llu is not: %s",
		         first_number, first);
	return !first;
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
		line = take_line(&in->rest);
		in->line++;
		if (says_nothing(line))
			continue;
		wrong = add_line(in, line);
		if (wrong && complain(in, wrong, e))
			return false;
	}
	return finish(in, e);
}
