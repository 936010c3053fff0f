/* SPDX-License-Identifier: MIT */
/* Profiles of the Firefox Profiler: what a column of the document becomes of samples. */
#include "formats/gecko.h"
#include "stream/writer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { UNIT_NS = 1000000 };

static struct arena arena;
static char path[] = "/tmp/gecko-XXXXXX";
static int failed;

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

/* A stream in memory, and the writer of it. */
struct file {
	int fd;
	struct writer *w;
	char path[32];
};

static struct stream_run
run_of(uint8_t id)
{
	struct stream_run run = { .unit_ns = UNIT_NS, .interval_ns = 10 * UNIT_NS };

	memset(run.id, id, sizeof run.id);
	return run;
}

static void
begin(struct file *f, const struct stream_run *run)
{
	f->fd = memfd_create("gecko", 0);
	snprintf(f->path, sizeof f->path, "/proc/self/fd/%d", f->fd);
	f->w = writer_new(&arena, (struct writer_options){ STREAM_RAW, "gecko", 0, 0, true },
	                  (struct writer_sink){ put, &f->fd });
	writer_run(f->w, run);
	writer_process(f->w, &(struct stream_process){ .pid = 7 });
	writer_thread(f->w, &(struct stream_thread){ .native_id = 7, .flags = 1 });
}

static uint32_t
stack_of(struct writer *w, const char *name, const char *opcode)
{
	struct stream_function f = { .name = writer_string(w, text_of(name)),
		                     .file = writer_string(w, TEXT("/a.py")),
		                     .line = 1 };
	struct stream_frame frame = { .function = writer_function(w, &f),
		                      .line = 1002,
		                      .opcode = writer_string(w, text_of(opcode)) };

	return writer_stack(w, 0, writer_frame(w, &frame));
}

static void
end(struct file *f, uint64_t to)
{
	writer_outcome(f->w, &(struct stream_outcome){ .to = to, .reason = STREAM_REACHED });
	if (!writer_end(f->w))
		abort();
}

/* The document of the streams; or what is wrong with them. */
static struct text
document(struct file *files, size_t n)
{
	struct tree *t = tree_new(&arena);
	struct gecko *g = gecko_new(&arena, t);
	struct tree_choice choice = { .watcher = gecko_watcher(g) };
	struct err e = { 0 };
	struct text all = { "", 0 };
	struct out *o;
	char *at;

	for (size_t i = 0; i < n; i++) {
		struct stream *s = stream_open(&arena, files[i].path, &e);

		assert(s && tree_read(t, s, "it", &choice, &e));
		stream_close(s);
	}
	if (!gecko_check(g, &e))
		return text_print(&arena, "%s", e.fact);
	o = out_open(&arena, path, OUT_TEXT, &e);
	gecko_write(g, o, NULL);
	out_close(o);
	o = NULL;
	FILE *in = fopen(path, "r");
	at = arena_alloc(&arena, 1 << 20);
	all = (struct text){ at, fread(at, 1, 1 << 20, in) };
	fclose(in);
	return all;
}

static void
has(const char *what, struct text document, const char *part)
{
	if (memmem(document.at, document.n, part, strlen(part)))
		return;
	failed = 1;
	printf("%s: there is no %s in\n%.*s\n", what, part, TEXT_ARG(document));
}

/* What the scheduler and the samples tell of a CPU, and the nanoseconds that come of it. */
enum { UNKNOWN, ON, OFF };

struct step {
	uint64_t at; /* a tick, with a state; or an account from from to at */
	uint8_t state;
	uint64_t from, ran_ns;
};

#define TICK(at, state)                                                                        \
	{                                                                                      \
		at, state, 0, 0                                                                \
	}
#define RAN(from, to, ms)                                                                      \
	{                                                                                      \
		to, 0, from, ms *UNIT_NS                                                       \
	}

static const struct {
	const char *what;
	struct step steps[9];
	const char *column;
} accounts[] = {
	{ "no account, no state",
	  { TICK(1, UNKNOWN), TICK(11, UNKNOWN) },
	  "\"weightType\":\"tracing-ms\",\"length\":2" },
	{ "states alone",
	  { TICK(1, ON), TICK(11, OFF), TICK(21, UNKNOWN), TICK(31, ON) },
	  "\"threadCPUDelta\":[0,10000000,0,null]" },
	{ "an account alone is shared evenly",
	  { TICK(1, UNKNOWN), TICK(11, UNKNOWN), TICK(21, UNKNOWN), RAN(1, 21, 6),
	    TICK(31, UNKNOWN) },
	  "\"threadCPUDelta\":[0,3000000,3000000,null]" },
	{ "an account goes to where the thread was on a CPU",
	  { TICK(1, ON), TICK(11, OFF), TICK(21, ON), RAN(1, 31, 8), TICK(31, OFF) },
	  "\"threadCPUDelta\":[0,4000000,0,4000000]" },
	{ "what does not fit there goes to where nobody knows, then elsewhere",
	  { TICK(1, ON), TICK(11, UNKNOWN), TICK(21, OFF), TICK(31, OFF), RAN(1, 31, 25),
	    TICK(41, OFF) },
	  "\"threadCPUDelta\":[0,10000000,10000000,5000000,0]" },
	{ "accounts end between samples",
	  { TICK(1, UNKNOWN), TICK(11, UNKNOWN), RAN(1, 16, 15), TICK(21, UNKNOWN),
	    RAN(16, 21, 0), TICK(31, UNKNOWN) },
	  "\"threadCPUDelta\":[0,10000000,5000000,null]" },
	{ "time that is missed is nobody's, and then it is shown as nothing",
	  { TICK(1, ON), TICK(101, ON), TICK(111, ON) },
	  "\"stack\":[0,1,0,0],\"timeDeltas\":[1,40,60,10],\"weight\":[40,60,10,10],"
	  "\"weightType\":\"tracing-ms\",\"threadCPUDelta\":[0,40000000,null,10000000]" },
};

static void
time_on_a_cpu_is_shared_over_samples(void)
{
	for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
		struct stream_run run = run_of(1);
		struct file f;
		uint64_t to = 0;

		begin(&f, &run);
		for (const struct step *s = accounts[i].steps; s->at; s++) {
			to = s->at;
			if (s->from) {
				writer_ran(f.w, &(struct stream_ran){ 0, s->from, s->at,
				                                      s->ran_ns, 0 });
				continue;
			}
			writer_tick(f.w, s->at);
			writer_sample(f.w, 0, stack_of(f.w, "f", ""), s->state);
		}
		end(&f, to + 10);
		has(accounts[i].what, document(&f, 1), accounts[i].column);
	}
}

/* The second run begins a second after the first, in another process of the same number. */
static void
runs_share_a_clock(void)
{
	struct file f[2];
	struct text all;

	for (uint8_t i = 0; i < 2; i++) {
		struct stream_run run = run_of((uint8_t)(2 - i));

		run.wall_ns = 5000000000 - i * 1000000000ull;
		begin(&f[i], &run);
		writer_tick(f[i].w, 5);
		writer_sample(f[i].w, 0, stack_of(f[i].w, "f", ""), 0);
		end(&f[i], 15);
	}
	all = document(f, 2);
	has("the earliest run", all, "\"startTime\":4000,\"profilingStartTime\":0,");
	has("the earliest run", all, "\"profilingEndTime\":1015,");
	has("the first process", all, "\"pid\":\"7\"");
	has("the second process", all, "\"pid\":\"7.1\"");
	has("the earlier run", all, "\"timeDeltas\":[5]");
	has("the later run", all, "\"timeDeltas\":[1005]");
}

static void
instructions_are_intervals(void)
{
	static const char *const seen[] = { "CALL_LEN CALL", "CALL_LEN CALL", "", "RESUME" };
	struct stream_run run = run_of(3);
	struct file f;
	struct text all;

	begin(&f, &run);
	for (unsigned i = 0; i < 4; i++) {
		writer_tick(f.w, i * 10 + 1);
		writer_sample(f.w, 0, stack_of(f.w, "work", seen[i]), 0);
	}
	end(&f, 41);
	all = document(&f, 1);
	has("opcodes", all,
	    "\"markers\":{\"data\":[{\"type\":\"Opcodes\",\"instruction\":1,\"form\":0,"
	    "\"function\":2,\"line\":\"1002\"},{\"type\":\"Opcodes\",\"instruction\":3,"
	    "\"function\":2,\"line\":\"1002\"}],\"name\":[0,3],\"startTime\":[1,31],"
	    "\"endTime\":[21,41],\"phase\":[1,1],\"category\":[10,10],\"length\":2}");
	has("opcodes", all, "\"stringArray\":[\"CALL_LEN\",\"CALL\",\"work\",\"RESUME\",");
}

static void
tell_source(struct writer *w, uint8_t hash, uint64_t offset, const char *piece)
{
	struct stream_source source = { .file = TEXT("/a.py"), .total = 8, .offset = offset };

	memset(source.hash, hash, sizeof source.hash);
	source.piece = text_of(piece);
	writer_source(w, &source);
}

static void
texts_are_whole_or_not_there(void)
{
	static const struct {
		const char *what, *second, *content;
		uint8_t hash;
		uint64_t offset;
	} cases[] = {
		{ "two pieces", "c\nd\n", "[\"a\\u000ab\\u000ac\\u000ad\\u000a\"]", 1, 4 },
		{ "a piece that is missing", "d\n", "[null]", 1, 6 },
		{ "a piece of another text", "c\nd\n", "[null]", 2, 4 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stream_run run = run_of(4);
		struct file f;

		begin(&f, &run);
		tell_source(f.w, cases[i].hash, cases[i].offset, cases[i].second);
		tell_source(f.w, 1, 0, "a\nb\n");
		writer_tick(f.w, 1);
		writer_sample(f.w, 0, stack_of(f.w, "f", ""), 0);
		end(&f, 2);
		has(cases[i].what, document(&f, 1),
		    text_print(&arena, "\"content\":%s", cases[i].content).at);
	}
}

/* Of a run that is cut the parts are given the other way round. */
static void
parts_come_in_order(void)
{
	struct file f[2];

	for (unsigned i = 0; i < 2; i++) {
		struct stream_run run = run_of(5);

		begin(&f[i], &run);
		writer_tick(f[i].w, 101 - i * 100);
		writer_sample(f[i].w, 0, stack_of(f[i].w, "f", ""), 0);
		end(&f[i], 111 - i * 100);
	}
	has("disorder", document(f, 2), "a part of a run came behind a later one, or twice");
}

int
main(void)
{
	int fd = mkstemp(path);

	assert(fd >= 0);
	close(fd);
	time_on_a_cpu_is_shared_over_samples();
	runs_share_a_clock();
	instructions_are_intervals();
	texts_are_whole_or_not_there();
	parts_come_in_order();
	unlink(path);
	arena_empty(&arena);
	return failed;
}
