/* SPDX-License-Identifier: MIT */
/* Collapsed text: what is read, what is written, and that each undoes the other. */
#include "base/out.h"
#include "formats/collapsed.h"
#include "tree/name.h"
#include "tree/process.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/formats-XXXXXX";
static uint64_t seed = 11;

static uint64_t
chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

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

/* Adds a text to a tree; what was bad of it, line by line. */
static struct text
import(struct arena *a, struct tree *t, struct text bytes, uint64_t unit_ns)
{
	struct err e = { 0 };
	const struct format *format = formats_recognize(bytes, "in", &e);
	struct text bad = { "", 0 };
	struct import in;

	if (!format)
		return text_print(a, "%s\n", e.fact);
	in = import_begin(t, bytes, "in", unit_ns);
	while (!format->read(&in, &e))
		bad = text_print(a, "%.*s%s\n", TEXT_ARG(bad), e.fact);
	import_end(&in);
	return bad;
}

static const struct {
	const char *in;
	uint64_t unit_ns;
	struct collapsed_how how;
	const char *out, *bad;
} cases[] = {
	{ "", 0, { 0 }, "", "" },
	{ "a;b 2\na 1\n", 0, { 0 }, "a 1\na;b 2\n", "" },
	{ "a;b 2\r\n\n# a comment\na;b 3  \n", 0, { 0 }, "a;b 5\n", "" },
	{ "a 1", 0, { 0 }, "a 1\n", "" },
	{ "a\t1\n", 0, { 0 }, "a 1\n", "" },
	{ "a 0\nb 1\n", 0, { 0 }, "b 1\n", "" },
	{ "a 1\nb\nc x\n 3\nd -1\ne 1e9\nf 2.\n",
	  0,
	  { 0 },
	  "a 1\nf 2\n",
	  "in: line 2: no count at the end\nin: line 3: no count at the end\n"
	  "in: line 4: no stack before the count\nin: line 5: the count is not a number\n"
	  "in: line 6: the count is not a number\n" },
	/* Three thirds of one are one. */
	{ "a 0.4\nb 0.4\nc 0.4\n", 0, { 0 }, "b 1\n", "" },
	{ "a 1.5\nb 2.5\n", 0, { 0 }, "a 2\nb 2\n", "" },
	/* A task is one by its number, if it has one, and no function of a file of that name. */
	{ "load (<task>:7) 1\nload (<task>) 1\n<task> (<task>:7) 1\n<task> 1\n"
	  "load (\\x3ctask>:7) 1\n<GC> (<task>) 1\n",
	  0,
	  { 0 },
	  "<GC> (<task>) 1\n<task> (<task>:7) 1\n<task> 1\nload (<task>) 1\n"
	  "load (<task>:7) 1\nload (\\x3ctask>) 1\n",
	  "" },
	/* A function is a function at whatever line; with lines it is not. */
	{ "f (a.py:3) 1\nf (a.py:4) 1\n", 0, { 0 }, "f (a.py) 2\n", "" },
	{ "f (a.py:3) 1\nf (a.py:4) 1\n",
	  0,
	  { .lines = true },
	  "f (a.py:3) 1\nf (a.py:4) 1\n",
	  "" },
	/* So is its instruction; what only looks like one stays in the name. */
	{ "f (a.py) [CALL_LEN CALL] 1\nf (a.py) [POP_TOP] 2\n", 0, { 0 }, "f (a.py) 3\n", "" },
	{ "f (a.py:3) [CALL_LEN CALL] 1\nf (a.py) [POP_TOP] 2\n",
	  0,
	  { .opcodes = true },
	  "f (a.py) [CALL_LEN CALL] 1\nf (a.py) [POP_TOP] 2\n",
	  "" },
	{ "f [CALL] 1\nf (a.py) [call] 1\nf (a.py)[CALL] 1\nf (a.py) [A B C] 1\n",
	  0,
	  { .opcodes = true },
	  "f (a.py) [A B C] 1\nf (a.py) [call] 1\nf (a.py)[CALL] 1\nf [CALL] 1\n",
	  "" },
	{ "f (a.py) [CALL\\x5d 1\n", 0, { .opcodes = true }, "f (a.py) [CALL\\x5d 1\n", "" },
	/* What is no line stays in the name of the file. */
	{ "f (a.py:03) 1\n", 0, { 0 }, "f (a.py:03) 1\n", "" },
	{ "f (a.py\\x3a3) 1\n", 0, { 0 }, "f (a.py\\x3a3) 1\n", "" },
	{ "f (a.py\\x3a3:7) 1\n", 0, { .lines = true }, "f (a.py:3:7) 1\n", "" },
	{ "f (:3) 1\n", 0, { 0 }, "f (\\x3a3) 1\n", "" },
	{ "f (\\x3a3) 1\n", 0, { 0 }, "f (\\x3a3) 1\n", "" },
	{ "f (a\\x3a3) 1\ng (\\x3a3) 1\n",
	  0,
	  { .lines = true },
	  "f (a\\x3a3) 1\ng (\\x3a3) 1\n",
	  "" },
	{ "f () 1\n(x) 1\n", 0, { 0 }, "(x) 1\nf () 1\n", "" },
	{ "f (a (1)/b.py) 1\n", 0, { 0 }, "f (a (1)/b.py) 1\n", "" },
	{ "a\\x3bb;c\\x5cd;e\\f 1\n", 0, { 0 }, "a\\x3bb;c\\x5cd;e\\x5cf 1\n", "" },
	{ "\\x23a;#b 1\n", 0, { 0 }, "\\x23a;\\x23b 1\n", "" },
	{ "a\x01z 1\n", 0, { 0 }, "a\\x01z 1\n", "" },
	{ "<root> 2\na 1\n", 0, { 0 }, "<root> 2\na 1\n", "" },
	{ "a;<torn> 2\n<no python> 1\n<module> 1\n",
	  0,
	  { 0 },
	  "<module> 1\n<no python> 1\na;<torn> 2\n",
	  "" },
	/* As LC_ALL=C sort: " " of a count and ";" of a frame take part. Two counts are a comparison. */
	{ "f;z 1\nf (x) 1\nf 5\nf 5 1\nf! 1\n",
	  0,
	  { 0 },
	  "f (x) 1\nf 5\nf! 1\nf;z 1\nf\\x205 1\n",
	  "" },
	{ "a 1.5\nb 1\n", 1000, { .weight = COLLAPSED_TIME }, "a 2\nb 1\n", "" },
	{ "a 400\nb 400\nc 400\n", 1, { .weight = COLLAPSED_TIME }, "b 1\n", "" },
	{ "a 0.25\n", 1000000, { .weight = COLLAPSED_TIME }, "a 250\n", "" },
	/* Threads of other profilers, and what would be taken for one. */
	{ "tid:7;a.py:f:3;<GC> 2\ntid:8;a.py:f:3 1\ntid:7;<task>:a:b:0;b.py:g:-1 1\ntid:9 4\n",
	  0,
	  { .lines = true },
	  "<no python> 4\na:b (<task>);g (b.py) 1\nf (a.py:3) 1\nf (a.py:3);<GC> 2\n",
	  "" },
	{ "# austin: 3.7.0\n# mode: wall\n\nP1;T0:7;/a:b.py:C.f:3;:INVALID: 1500\n"
	  "P1;T0:7 2000\nP1;T0:7;kernel:read:0;:GC: 500\n",
	  0,
	  { .lines = true, .weight = COLLAPSED_TIME },
	  "<no python> 2000\nC.f (/a:b.py:3);<unreadable> 1500\nread (kernel);<GC> 500\n",
	  "" },
	{ "# austin: 3.7.0\n# mode: full\nP1;T0:7;a.py:f:3 1500,0,-5\nP1;T0:7;a.py:f:3 2\n",
	  0,
	  { .weight = COLLAPSED_TIME },
	  "f (a.py) 1502\n",
	  "" },
	{ "# austin: 3.7.0\n# mode: memory\nP1;T0:7;a.py:f:3 1500\n",
	  0,
	  { 0 },
	  "",
	  "in: line 2: a profile of memory, which has no times\n" },
	{ "process 1:\"sh -c a;b\";process 2:\"py x.py\";thread (12): one;f (a.py:3) 2\n"
	  "thread (0x7F00): two;f (a.py:3) 1\n",
	  0,
	  { 0 },
	  "f (a.py) 3\n",
	  "" },
	{ "\\x74id:7;f 1\nf;tid:7 2\nP1;f 1\n\\x540:12 1\n\\x74hread (1): x 1\n",
	  0,
	  { 0 },
	  "P1;f 1\n\\x540:12 1\n\\x74hread (1): x 1\n\\x74id:7;f 1\nf;\\x74id:7 2\n",
	  "" },
	{ "a 18446744073709551616\n", 0, { 0 }, "", "in: no profile of a known format\n" },
	{ "a 1\nb 288230376151711743\n",
	  0,
	  { 0 },
	  "a 1\n",
	  "in: line 2: the count is too large\n" },
};

static int
check_cases(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = { 0 };
		struct tree *t = tree_new(&a);
		struct text bad = import(&a, t, text_of(cases[i].in), cases[i].unit_ns);
		struct text out = print(&a, t, cases[i].how);

		if (!text_equal(out, text_of(cases[i].out)) ||
		    !text_equal(bad, text_of(cases[i].bad))) {
			printf("%zu: %s\n%.*s%.*s", i, cases[i].in, TEXT_ARG(out),
			       TEXT_ARG(bad));
			failed = 1;
		}
		arena_empty(&a);
	}
	return failed;
}

/* A name of the characters that mean something. */
static struct text
random_name(struct arena *a)
{
	static const char letters[] = "ab ();:\\#x359\n\x7f\xc3\xa9<>.";
	size_t n = 1 + chance(7);
	char *name = arena_alloc(a, n);

	for (size_t i = 0; i < n; i++)
		name[i] = letters[chance(sizeof letters)];
	return (struct text){ name, n };
}

static uint32_t
random_frame(struct arena *a, struct tree *t)
{
	struct stream_function f = { .name = tree_intern_string(t, random_name(a)) };
	struct stream_frame frame = { .line = (uint32_t)chance(3) * 7 };

	if (chance(6) == 0)
		return tree_intern_marker(t,
		                          (enum stream_kind)(1 + chance(STREAM_KIND_END - 1)));
	if (chance(3))
		f.file = tree_intern_string(t, random_name(a));
	frame.function = tree_intern_function(t, &f);
	if (chance(3) == 0)
		frame.opcode = tree_intern_string(t, chance(3) ? TEXT("CALL_LEN CALL")
		                                               : random_name(a));
	return tree_intern_frame(t, &frame);
}

static struct tree *
random_tree(struct arena *a)
{
	struct tree *t = tree_new(a);
	struct stream_run about = { 0 };
	struct tree_run *r = tree_add_run(t, &about);
	struct stream_process process = { 0 };
	struct stream_thread thread = { 0 };
	uint32_t row, series, nodes[40] = { 0 };

	tree_add_process(t, r, &process);
	row = tree_add_thread(t, r, &thread);
	series = tree_add_series(t, r, row, 0);
	for (size_t i = 1; i < sizeof nodes / sizeof *nodes; i++) {
		struct tree_cell cell = { .series = series, .samples = chance(20) & 31 };

		nodes[i] = cell.node =
			tree_intern_node(t, nodes[chance(i)], random_frame(a, t));
		cell.weight = cell.samples;
		tree_add_cell(t, r, cell);
	}
	return t;
}

static bool
is_sorted(struct text all)
{
	struct text last = { "", 0 };

	while (all.n) {
		struct text line = { all.at,
			             (size_t)((char *)memchr(all.at, '\n', all.n) - all.at) };

		if (text_compare(last, line) > 0)
			return false;
		last = line;
		all.at += line.n + 1;
		all.n -= line.n + 1;
	}
	return true;
}

/* What was written, read, and written again is the same; with lines and without. */
static int
check_round_trips(void)
{
	for (int i = 0; i < 400; i++) {
		struct arena a = { 0 };
		struct collapsed_how how = { .lines = i & 1, .opcodes = i & 2 };
		struct tree *again = tree_new(&a);
		struct text first = print(&a, random_tree(&a), how), bad, second;

		bad = import(&a, again, first, 0);
		second = print(&a, again, how);
		if (bad.n || !text_equal(first, second) || !is_sorted(first)) {
			printf("%d: wrote:\n%.*sthen:\n%.*s%.*s", i, TEXT_ARG(first),
			       TEXT_ARG(second), TEXT_ARG(bad));
			return 1;
		}
		arena_empty(&a);
	}
	return 0;
}

#define COMMAND(words)                                                                         \
	{                                                                                      \
		words, sizeof(words) - 1                                                       \
	}

static const struct {
	struct text command;
	const char *script;
} scripts[] = {
	{ COMMAND("python3\0app.py\0--fast\0"), "app.py" },
	{ COMMAND("/usr/bin/python3.11\0-X\0dev\0-W\0error\0-u\0/srv/app/run.py\0"), "run.py" },
	{ COMMAND("python\0-m\0http.server\0"
	          "8000\0"),
	  "-m http.server" },
	{ COMMAND("python\0-c\0pass\0"), "-c" },
	{ COMMAND("python\0-uc\0pass\0"), "-c" },
	{ COMMAND("python\0-Xdev\0-cpass\0"), "-c" },
	{ COMMAND("python\0-Im\0tool\0-c\0x\0"), "-m tool" },
	{ COMMAND("python\0-mtool\0"), "-m tool" },
	{ COMMAND("python\0--check-hash-based-pycs\0always\0-\0"), "-" },
	{ COMMAND("python\0-c\0"), "-c" },
	{ COMMAND("python\0-c\0from multiprocessing.spawn import spawn_main; x\0"),
	  "spawn worker" },
	{ COMMAND("python\0-c\0import sys; from multiprocessing.forkserver import main; "
	          "x\0"),
	  "fork server or worker" },
	{ COMMAND("python"), "python" },
	{ COMMAND("uwsgi\0--ini\0x\0"), "uwsgi" },
	{ COMMAND(""), "embedded" },
};

static int
check_names(void)
{
	struct arena a = { 0 };
	int failed = 0;

	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct stream_process p = { .command = scripts[i].command,
			                    .executable = TEXT("/opt/embedded") };
		struct text script = tree_script_text(&a, &(struct tree_run){ 0 }, &p);

		if (!text_equal(script, text_of(scripts[i].script))) {
			printf("script %zu: %.*s\n", i, TEXT_ARG(script));
			failed = 1;
		}
	}
	if (!text_equal(tree_python_text(&a, 0x030f00a6), TEXT("3.15.0a6"))) {
		printf("a Python's version\n");
		failed = 1;
	}
	arena_empty(&a);
	return failed;
}

/* Texts stay what they are while others are added. */
static int
check_texts(void)
{
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct stream_run about = { 0 };
	struct tree_run *r = tree_add_run(t, &about);

	for (uint64_t i = 0; i < 1000; i++) {
		struct stream_process p = { .id = i, .pid = i };

		p.command = text_print(&a, "program %u", (unsigned)i);
		p.executable = text_print(&a, "/bin/%u", (unsigned)i);
		tree_add_process(t, r, &p);
		if (!text_equal(r->processes.at[i].command, p.command) ||
		    !text_equal(r->processes.at[i].executable, p.executable)) {
			printf("the texts of process %u\n", (unsigned)i);
			return 1;
		}
	}
	arena_empty(&a);
	return 0;
}

int
main(void)
{
	int failed;

	close(mkstemp(path));
	failed = check_cases() | check_round_trips() | check_names() | check_texts();
	unlink(path);
	return failed;
}
