/* SPDX-License-Identifier: MIT */
/* A line of collapsed text in its parts. */
#include "formats/collapsed_line.h"

#include "formats/collapsed.h"
#include "formats/collapsed_others.h"

#include <strings.h>

enum { BILLION = 1000000000, LOOKED_AT = 4096 }; /* bytes, to see whether it is text */

#define COUNT_MAX ((uint64_t)1 << 63) /* above all that a run can hold */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
collapsed_is_text(struct text bytes)
{
	return bytes.n == 0 || !memchr(bytes.at, 0, bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT);
}

bool
collapsed_says_nothing(struct text line)
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
take_count(struct text t, collapsed_count *billionths)
{
	uint64_t unit = BILLION;
	size_t i = 0, digits;
	collapsed_count count = 0;

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
	return count < (collapsed_count)COUNT_MAX * BILLION ? NULL : "the count is too large";
}

/* A count as whole units; what is left goes to the next one, so that the sum stays right. */
static uint64_t
whole_units(struct import *in, collapsed_count billionths)
{
	collapsed_count sum = billionths * (in->unit_ns ? in->unit_ns : 1) + in->fraction;

	if (sum / BILLION > IMPORT_WEIGHT_MAX)
		return UINT64_MAX;
	in->fraction = (uint64_t)(sum % BILLION);
	return (uint64_t)(sum / BILLION);
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
add_stack(struct tree *t, struct text stack, bool places)
{
	uint32_t node = 0;

	if (text_equal(stack, TEXT(COLLAPSED_ROOT)))
		return 0;
	while (stack.n) {
		struct text label = take_label(&stack);

		node = tree_intern_node(
			t, node, places ? others_frame(t, label) : collapsed_frame(t, label));
	}
	return import_stack(t, node);
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

const char *
collapsed_split(struct text line, struct text *stack, collapsed_count *billionths)
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

bool
collapsed_drop_count(struct text *line)
{
	size_t blank = find_blank(*line), i = blank + 1, digits = 0;

	for (; i < line->n && is_digit(line->at[i]); i++)
		digits++;
	if (digits && i < line->n && line->at[i] == '.')
		for (i++; i < line->n && is_digit(line->at[i]);)
			i++;
	if (digits == 0 || i < line->n || blank == 0)
		return false;
	line->n = blank;
	return true;
}

/* The arguments of a command line as they are in a stream; a blank ends one. */
static struct text
arguments_of(struct arena *a, struct text command)
{
	char *at = arena_alloc(a, command.n + 1);

	for (size_t i = 0; i < command.n; i++)
		at[i] = command.at[i] == ' ' ? 0 : command.at[i];
	return (struct text){ at, command.n ? command.n + 1 : 0 };
}

/* The row of whose stack it is. */
static uint32_t
thread_of(struct import *in, const struct others_who *who)
{
	uint32_t row = import_thread(in, who->process, who->thread);
	struct stream_process *p;

	if (row == IMPORT_NO_ROW)
		return row;
	p = &in->processes.at[in->threads.at[row].process];
	if (who->command.n && !p->command.n)
		p->command = arguments_of(&in->arena, who->command);
	return row;
}

const char *
collapsed_add(struct import *in, struct text stack, collapsed_count count, uint8_t state)
{
	struct import_cell cell = { .state = state };
	uint64_t fraction = in->fraction;
	struct others_who who;

	others_take_thread(&stack, &who);
	cell.thread = thread_of(in, &who);
	if (cell.thread == IMPORT_NO_ROW)
		return "there are too many threads";
	cell.weight = whole_units(in, count);
	cell.samples = in->unit_ns ? 0 : cell.weight;
	cell.node = add_stack(in->tree, stack, who.places);
	if (import_cell(in, cell))
		return NULL;
	in->fraction = fraction;
	return "the count is too large";
}
