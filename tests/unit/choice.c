/* SPDX-License-Identifier: MIT */
/* What is chosen of a raw stream, with numbers worked out by hand. */
#include "base/out.h"
#include "formats/collapsed.h"
#include "stream/writer.h"
#include "tree/load.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/choice-XXXXXX";

/* The tree as text, on a. */
static struct text
print(struct arena *a, struct tree *t, struct collapsed_how how)
{
	struct err e = { 0 };
	struct text all;
	struct out *o = out_open(a, path, OUT_TEXT, &e);

	assert(o);
	collapsed_write(t, how, o);
	out_close(o);
	if (!formats_load(a, path, &all, &e))
		abort();
	return all;
}

/*
 * A run of two processes, in milliseconds, a tick each 10 ms but for one that
 * came 80 ms late; of those, 40 are the sample's and the rest is missed.
 *
 *	at           0      10     20     100    110    120 (the end)
 *	MainThread   a;b    a;b    a;c    a;c    a;c
 *	w            b      b      b;d    b;d    -
 *	other        <GC>   <GC>   <GC>   <GC>   <GC>
 */
static const struct {
	uint64_t at;
	const char *stacks[3];
} ticks[] = {
	{ 0, { "ab", "b", "G" } },    { 10, { "ab", "b", "G" } },   { 20, { "ac", "bd", "G" } },
	{ 100, { "ac", "bd", "G" } }, { 110, { "ac", NULL, "G" } },
};

static uint32_t
tell_stack(struct writer *w, const char *names)
{
	uint32_t stack = 0;

	for (; *names; names++) {
		struct stream_function f = {
			.name = writer_string(w, (struct text){ names, 1 }),
			.file = writer_string(w, TEXT("/lib/python3.11/m.py")),
			.line = (uint32_t)*names
		};
		struct stream_frame frame = { .line = (uint32_t)*names + 1 };

		if (*names == 'G') {
			f = (struct stream_function){ .kind = STREAM_KIND_GC };
			frame.line = 0;
		}
		frame.function = writer_function(w, &f);
		stack = writer_stack(w, stack, writer_frame(w, &frame));
	}
	return stack;
}

static void
tell_people(struct writer *w)
{
	struct stream_process app = {
		0, 42, 1, 0, 0, 0, TEXT("/py"), TEXT("python\0app.py\0")
	};
	struct stream_process job = {
		1, 43, 42, 0, 0, 0, TEXT("/py"), TEXT("python\0job.py\0")
	};
	struct stream_thread threads[] = {
		{ 0, 0, 42, 7001, 0, STREAM_MAIN_THREAD, 0, 0, 0, TEXT("MainThread") },
		{ 1, 0, 44, 7002, 0, 0, 0, 0, 0, TEXT("w") },
		{ 2, 1, 43, 7001, 0, STREAM_MAIN_THREAD, 0, 0, 0, TEXT("MainThread") },
	};

	writer_process(w, &app);
	writer_process(w, &job);
	for (size_t i = 0; i < 3; i++)
		writer_thread(w, &threads[i]);
}

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

static void
write_raw(struct arena *a)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct writer_options options = { .content = STREAM_RAW, .name = "tsample" };
	struct writer *w = writer_new(a, options, (struct writer_sink){ put, &fd });
	struct stream_run run = { .unit_ns = 1000000, .interval_ns = 10000000 };
	struct stream_outcome outcome = {
		.to = 120, .ticks = 5, .samples = 14, .reason = STREAM_REACHED
	};

	writer_run(w, &run);
	tell_people(w);
	for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
		writer_tick(w, ticks[i].at);
		for (size_t k = 0; k < 3; k++) {
			if (ticks[i].stacks[k])
				writer_sample(w, k, tell_stack(w, ticks[i].stacks[k]), 0);
			else
				writer_thread_end(w, k);
		}
	}
	writer_outcome(w, &outcome);
	if (!writer_end(w) || close(fd) != 0)
		abort();
}

static const char *const main_thread[] = { "main" }, *const w_thread[] = { "w", "x" };
static const char *const as_printed[] = { "MainThread 42" }, *const escaped[] = { "\\x77" };
static const char *const by_id[] = { "44" }, *const by_python_id[] = { "7001" };

#define M " (/lib/python3.11/m.py"

static const char *const under_b[] = { "b", "c" }, *const under_text[] = { "b" M ")" };

#define WHO(list, n) .threads = { (const char **)(uintptr_t)(list), n, n }
#define WHERE(list, n) .under = { (const char **)(uintptr_t)(list), n, n }
#define PID(n)                                                                                 \
	{                                                                                      \
		(uint64_t[]){ n }, 1, 1                                                        \
	}

static const struct {
	struct tree_choice choice;
	const char *keep, *drop;
	bool time, lines, threads;
	const char *text;
} choices[] = {
	{ .text = "<GC> 5\na" M ");b" M ") 2\na" M ");c" M ") 3\nb" M ") 2\nb" M ");d" M
	          ") 2\n" },
	{ .time = true,
	  .text = "<GC> 80000\n<missed> 120000\na" M ");b" M ") 20000\na" M ");c" M
	          ") 60000\nb" M ") 20000\nb" M ");d" M ") 50000\n" },
	{ .lines = true,
	  .choice = { .pids = PID(42), WHO(main_thread, 1) },
	  .text = "a" M ":98);b" M ":99) 2\na" M ":98);c" M ":100) 3\n" },
	{ .choice = { WHO(w_thread, 2) }, .text = "b" M ") 2\nb" M ");d" M ") 2\n" },
	{ .choice = { WHO(by_id, 1) }, .text = "b" M ") 2\nb" M ");d" M ") 2\n" },
	{ .choice = { WHO(by_python_id, 1), .pids = PID(43) }, .text = "<GC> 5\n" },
	{ .choice = { WHO(as_printed, 1) }, .text = "a" M ");b" M ") 2\na" M ");c" M ") 3\n" },
	{ .choice = { WHO(escaped, 1) }, .text = "b" M ") 2\nb" M ");d" M ") 2\n" },
	{ .choice = { .pids = PID(44) }, .text = "" },
	{ .choice = { WHERE(under_b, 2) },
	  .text = "b" M ") 4\nb" M ");d" M ") 2\nc" M ") 3\n" },
	{ .choice = { WHERE(under_b, 1) }, .text = "b" M ") 4\nb" M ");d" M ") 2\n" },
	{ .choice = { WHERE(under_text, 1), WHO(main_thread, 1) }, .text = "b" M ") 2\n" },
	{ .keep = "^[bc] ",
	  .drop = "^d",
	  .text = "a" M ");b" M ") 2\na" M ");c" M ") 3\nb" M ") 4\n" },
	{ .drop = "m\\.py", .text = "<GC> 5\n<root> 9\n" },
	{ .choice = { .from_ns = 10000000, .to_ns = 20000000 },
	  .text = "<GC> 1\na" M ");b" M ") 1\nb" M ") 1\n" },
	{ .choice = { .from_ns = 100000000 },
	  .time = true,
	  .text = "<GC> 20000\na" M ");c" M ") 20000\nb" M ");d" M ") 10000\n" },
	{ .choice = { .grain = TREE_FILE }, .text = "<GC> 5\nm.py" M ") 9\n" },
	{ .choice = { .grain = TREE_MODULE }, .text = "<GC> 5\nm 9\n" },
	{ .threads = true, .choice = { .pids = PID(43) }, .text = "MainThread;<GC> 5\n" },
	{ .threads = true,
	  .choice = { .grain = TREE_MODULE },
	  .text = "app.py;MainThread;m 5\napp.py;w;m 4\njob.py;MainThread;<GC> 5\n" },
};

/* Lives on a, but for what the regex itself takes. */
static tree_regexes
compile(struct arena *a, const char *pattern)
{
	tree_regexes regexes = { 0 };

	if (pattern && regcomp(&vec_push(a, &regexes)->regex, pattern, REG_EXTENDED) != 0)
		abort();
	return regexes;
}

static int
check_choices(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct tree *t = tree_new(&a);
		struct tree_choice choice = choices[i].choice;
		struct collapsed_how how = { .weight = choices[i].time,
			                     .lines = choices[i].lines };
		struct stream *s;
		struct text text;

		write_raw(&a);
		choice.keep = compile(&a, choices[i].keep);
		choice.drop = compile(&a, choices[i].drop);
		s = stream_open(&a, path, &e);
		if (!s || !tree_read(t, s, path, &choice, &e))
			abort();
		stream_close(s);
		if (choices[i].threads)
			tree_root_threads(t, false);
		text = print(&a, t, how);
		if (!text_equal(text, text_of(choices[i].text))) {
			printf("choice %zu:\n%.*sand not:\n%s", i, TEXT_ARG(text),
			       choices[i].text);
			failed = 1;
		}
		if (choice.keep.n)
			regfree(&choice.keep.at[0].regex);
		if (choice.drop.n)
			regfree(&choice.drop.at[0].regex);
		arena_empty(&a);
	}
	return failed;
}

int
main(void)
{
	int failed;

	close(mkstemp(path));
	failed = check_choices();
	unlink(path);
	return failed;
}
