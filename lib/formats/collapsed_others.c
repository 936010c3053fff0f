/* SPDX-License-Identifier: MIT */
/*
 * Lines of other profilers, that begin with a thread:
 *
 *	tid:4711;app.py:main:3                          Tachyon
 *	P4711;T0:4712;/srv/app.py:main:3                Austin
 *	process 4711:"app.py";thread (4712): one;main (app.py:3)    py-spy
 *
 * The frames of the first two have their parts in another order, and no escapes.
 */
#include "formats/collapsed_others.h"

#include "formats/collapsed.h"
#include "formats/words.h"
#include "tree/name.h"

enum { US_NS = 1000, CPU_ON = 1, CPU_OFF = 2 };

static bool
is_tachyon(struct text label, struct others_who *who)
{
	return words_take(&label, TEXT("tid:")) &&
	       words_take_id(&label, &who->thread.native_id) && label.n == 0;
}

/* The thread of Austin's pair, behind "P4711": the main one has the number of the process. */
static bool
is_austin(struct text label, struct others_who *who)
{
	uint64_t id;

	if (!words_take(&label, TEXT("T")) ||
	    !words_take_id(&label, &who->thread.interpreter) ||
	    !words_take(&label, TEXT(":")) || !words_take_id(&label, &id) || label.n)
		return false;
	others_number_thread(&who->thread, id);
	who->thread.flags = id == who->process.pid ? STREAM_MAIN_THREAD : 0;
	return true;
}

static bool
is_austin_process(struct text label, struct others_who *who)
{
	return words_take(&label, TEXT("P")) && words_take_id(&label, &who->process.pid) &&
	       label.n == 0;
}

/* "thread (4711)", "thread (0x7f12): name" */
static bool
is_spy(struct text label, struct others_who *who)
{
	bool hex = text_starts(label, TEXT("thread (0x")) ||
	           text_starts(label, TEXT("thread (0X"));
	uint64_t id;

	if (!words_take(&label, TEXT("thread (")) || !words_take_id(&label, &id) ||
	    !words_take(&label, TEXT(")")) || (label.n && !words_take(&label, TEXT(": "))))
		return false;
	*(hex ? &who->thread.python_id : &who->thread.native_id) = id;
	who->thread.name = label;
	return true;
}

static bool
is_spy_process(struct text label, struct others_who *who)
{
	uint64_t pid;

	if (!words_take(&label, TEXT("process ")) || !words_take_id(&label, &pid) ||
	    !words_take(&label, TEXT(":\"")) || !text_ends(label, TEXT("\"")))
		return false;
	who->process.parent = who->process.pid;
	who->process.pid = pid;
	who->command = (struct text){ label.at, label.n - 1 };
	return true;
}

void
others_number_thread(struct stream_thread *h, uint64_t id)
{
	*(id < OTHERS_NATIVE_MAX ? &h->native_id : &h->python_id) = id;
}

/* The outermost label; of a command line, which may hold anything, up to its quote. */
static struct text
first_label(struct text stack)
{
	bool quoted = text_starts(stack, TEXT("process "));
	const char *end = quoted ? memmem(stack.at, stack.n, "\";", 2) : NULL;

	end = end ? end + 1 : memchr(stack.at, ';', stack.n);
	return (struct text){ stack.at, end ? (size_t)(end - stack.at) : stack.n };
}

static void
drop_label(struct text *stack, struct text label)
{
	size_t n = label.n + (label.n < stack->n);

	stack->at += n;
	stack->n -= n;
}

bool
others_is_thread(struct text label)
{
	struct others_who who = { 0 };

	return is_tachyon(label, &who) || is_austin(label, &who) || is_spy(label, &who) ||
	       is_spy_process(label, &who);
}

/* py-spy's: processes, each below its parent, a thread, or both. */
static bool
take_spy(struct text *stack, struct others_who *who)
{
	struct text label = first_label(*stack);
	bool taken = false;

	for (; stack->n && is_spy_process(label, who); label = first_label(*stack)) {
		drop_label(stack, label);
		taken = true;
	}
	if (!is_spy(label, who))
		return taken;
	drop_label(stack, label);
	return true;
}

void
others_take_thread(struct text *stack, struct others_who *who)
{
	struct text label = first_label(*stack), rest = *stack;

	*who = (struct others_who){ 0 };
	if (take_spy(stack, who))
		return;
	drop_label(&rest, label);
	if (is_tachyon(label, who)) {
		*stack = rest;
		who->places = true;
		return;
	}
	if (!is_austin_process(label, who) || !is_austin(first_label(rest), who)) {
		*who = (struct others_who){ 0 };
		return;
	}
	drop_label(&rest, first_label(rest));
	*stack = rest;
	who->places = true;
}

/* "app.py:main:3" in its parts. What is no line (0, -1, 4294885908) is not known. */
static bool
split_place(struct text label, struct text *file, struct text *name, uint32_t *line)
{
	size_t end = label.n, i;
	uint64_t number;
	struct text digits;

	while (end && label.at[end - 1] != ':')
		end--;
	digits = (struct text){ label.at + end, label.n - end };
	*line = 0;
	if (end < 2 ||
	    (!text_equal(digits, TEXT("-1")) && (!words_take_id(&digits, &number) || digits.n)))
		return false;
	if (digits.n == 0 && number <= INT32_MAX)
		*line = (uint32_t)number;
	i = text_starts(label, TEXT(TREE_TASK_FILE ":")) ? sizeof TREE_TASK_FILE : end - 1;
	while (i && i < end && label.at[i - 1] != ':')
		i--;
	if (i < 2)
		return false;
	*file = (struct text){ label.at, i - 1 };
	*name = (struct text){ label.at + i, end - 1 - i };
	return true;
}

/* Austin's words for what is no Python code. */
static uint32_t
word_frame(struct tree *t, struct text label)
{
	if (text_equal(label, TEXT(":INVALID:")))
		return tree_intern_marker(t, STREAM_KIND_UNREADABLE);
	if (text_equal(label, TEXT(":GC:")))
		return tree_intern_marker(t, STREAM_KIND_GC);
	return collapsed_frame(t, label);
}

uint32_t
others_frame(struct tree *t, struct text label)
{
	struct stream_function function = { 0 };
	struct stream_frame frame = { 0 };
	struct text file, name;

	if (!split_place(label, &file, &name, &frame.line))
		return word_frame(t, label);
	if (text_equal(file, TEXT(TREE_TASK_FILE)))
		function.kind = STREAM_KIND_TASK;
	else if (text_equal(file, TEXT("kernel")) || text_starts(file, TEXT("native@")))
		function.kind = STREAM_KIND_NATIVE;
	if (function.kind != STREAM_KIND_PYTHON)
		frame.line = 0;
	if (function.kind != STREAM_KIND_TASK && !text_starts(file, TEXT("native@")))
		function.file = tree_intern_string(t, file);
	function.name = tree_intern_string(t, name);
	frame.function = tree_intern_function(t, &function);
	return tree_intern_frame(t, &frame);
}

static const char *
learn_mode(struct import *in, struct text mode)
{
	if (text_equal(mode, TEXT("memory")))
		return "a profile of memory, which has no times";
	if (text_equal(mode, TEXT("full")))
		in->own |= OTHERS_FULL;
	if (text_equal(mode, TEXT("cpu")))
		in->about.mode = STREAM_MODE_CPU;
	return NULL;
}

/* "# austin: 3.7.0", and behind it "# interval: 100" and "# mode: wall" */
const char *
others_learn(struct import *in, struct text comment)
{
	uint64_t interval;

	if (in->run)
		return NULL;
	if (words_take(&comment, TEXT("# austin: "))) {
		in->own |= OTHERS_AUSTIN;
		in->unit_ns = in->unit_ns ? in->unit_ns : US_NS;
		in->about.unit_ns = 1;
		in->about.tool = TEXT("austin");
		in->about.version = text_copy(&in->arena, comment);
	}
	if (!(in->own & OTHERS_AUSTIN))
		return NULL;
	if (words_take(&comment, TEXT("# mode: ")))
		return learn_mode(in, comment);
	if (words_take(&comment, TEXT("# interval: ")) && words_take_id(&comment, &interval) &&
	    interval <= UINT32_MAX)
		in->about.interval_ns = interval * US_NS;
	return NULL;
}

/* ",0,-120": whether the thread was idle, and by how much its memory grew. */
uint8_t
others_take_rest(struct text *line)
{
	size_t end = line->n, comma[2] = { 0 };

	for (int i = 1; i >= 0; i--) {
		while (end && line->at[end - 1] != ',')
			end--;
		comma[i] = end;
		end -= end > 0;
	}
	_Static_assert(STREAM_CPU == 0, "the fact is the state");
	if (comma[0] == 0 || comma[1] != comma[0] + 2)
		return 0;
	line->n = comma[0] - 1;
	return line->at[comma[0]] == '0' ? CPU_ON : CPU_OFF;
}
