/* SPDX-License-Identifier: MIT */
/*
 * make DIRECTORY: writes the golden streams there.
 *
 * Streams that were once released are never written anew; this program says
 * what is in them, and that today's writer still writes these bytes. Numbers
 * and names are chosen to be told apart in a dump. A unit is 1/16 of an interval.
 */
#include "stream/writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { INTERVAL = 16, RESTART_NS = 1000000000 };

static struct arena arena;
static struct writer *w;

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

static void
begin(int *fd, enum stream_content content, int level)
{
	struct writer_options options = { content, "golden 1", level, RESTART_NS, true };

	w = writer_new(&arena, options, (struct writer_sink){ put, fd });
}

static void
end(void)
{
	if (!writer_end(w))
		abort();
	arena_empty(&arena);
}

/* A run at 100 Hz whose id is 16 times that byte. */
static struct stream_run
run_of(uint8_t byte)
{
	struct stream_run run = { .unit_ns = 10000000 / INTERVAL,
		                  .interval_ns = 10000000,
		                  .tool = TEXT("golden"),
		                  .version = TEXT("1") };

	memset(run.id, byte, sizeof run.id);
	return run;
}

static uint32_t
function(const char *name, const char *file, uint32_t line)
{
	struct stream_function f = { STREAM_KIND_PYTHON, writer_string(w, text_of(name)),
		                     writer_string(w, text_of(file)), line };

	return writer_function(w, &f);
}

static uint32_t
call(uint32_t parent, const char *name, uint32_t first_line, uint32_t line)
{
	struct stream_frame f = { .function = function(name, "/app.py", first_line),
		                  .line = line };

	return writer_stack(w, parent, writer_frame(w, &f));
}

static uint32_t
task(uint32_t parent, enum stream_kind kind, const char *name, uint32_t number)
{
	struct stream_function f = { .kind = kind,
		                     .name = writer_string(w, text_of(name)),
		                     .line = number };
	uint32_t frame =
		writer_frame(w, &(struct stream_frame){ .function = writer_function(w, &f) });

	return writer_stack(w, parent, frame);
}

static uint32_t
marker(uint32_t parent, enum stream_kind kind, const char *name)
{
	return task(parent, kind, name, 0);
}

static void
one_thread(void)
{
	writer_process(w, &(struct stream_process){ .pid = 1000, .python = 0x030d00f0 });
	writer_thread(w, &(struct stream_thread){ .native_id = 1000,
	                                          .flags = STREAM_MAIN_THREAD,
	                                          .name = TEXT("MainThread") });
}

/* One tick of one thread; tstream(5) prints it. */
static void
tiny(int *fd, int level)
{
	struct stream_run run = run_of(0x11);

	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	writer_tick(w, 16);
	writer_sample(w, 0, call(call(0, "<module>", 1, 9), "work", 3, 5), 0x05);
	writer_outcome(w,
	               &(struct stream_outcome){
			       .to = 32, .ticks = 1, .samples = 1, .reason = STREAM_REACHED });
	end();
}

static void
tell_threads(void)
{
	const struct stream_process processes[] = {
		{ .pid = 2000,
		  .parent = 1,
		  .python = 0x030b05f0,
		  .executable = TEXT("/bin/python3"),
		  .command = { "python3\0app.py", 15 } },
		{ .id = 1,
		  .pid = 2001,
		  .parent = 2000,
		  .started = 40,
		  .python = 0x030e00a1,
		  .build = STREAM_FREE_THREADED | STREAM_JIT },
	};
	const struct stream_thread threads[] = {
		{ .native_id = 2000,
		  .python_id = 0x7f0000001000,
		  .flags = STREAM_MAIN_THREAD,
		  .name = TEXT("MainThread") },
		{ .id = 1, .native_id = 2005, .name = TEXT("pool; 1") },
		{ .id = 2,
		  .process = 1,
		  .native_id = 2001,
		  .interpreter = 1,
		  .name = TEXT("MainThread") },
	};

	for (int i = 0; i < 2; i++)
		writer_process(w, &processes[i]);
	for (int i = 0; i < 3; i++)
		writer_thread(w, &threads[i]);
}

/* Three threads in two processes; ticks of each form. */
static void
tick_threads(void)
{
	uint32_t base = call(0, "<module>", 1, 9), work = call(base, "work", 3, 5),
		 idle = call(base, "wait", 20, 21);

	writer_tick(w, 0);
	writer_sample(w, 0, base, 0);
	writer_tick(w, 15);
	writer_sample(w, 0, work, 0);
	writer_tick(w, 33);
	writer_sample(w, 0, call(work, "inner", 7, 8), 0xa6);
	writer_tick(w, 48);
	writer_tick(w, 64);
	writer_sample(w, 0, idle, 0x0e);
	writer_sample(w, 1, work, 0x05);
	writer_sample(w, 2, marker(0, STREAM_KIND_NO_PYTHON, ""), 0x02);
	writer_tick(w, 81);
	writer_sample(w, 2, 0, 0x02);
	writer_tick(w, 97);
	writer_thread_end(w, 1);
	writer_tick(w, 112);
	writer_sample(w, 1, idle, 0x05);
	writer_tick(w, 127);
	writer_thread_end(w, 2);
	writer_sample(w, 0, work, 0x55);
}

static void
threads(int *fd, int level)
{
	static const char text[] = "import time\n";
	struct stream_run run = run_of(0x22);
	struct stream_source source = { .file = TEXT("/app.py"),
		                        .total = sizeof text - 1,
		                        .piece = { text, sizeof text - 1 } };

	run.flags = STREAM_ALL_THREADS | STREAM_LAUNCHED;
	run.seed = 0xfedcba9876543210;
	run.wall_ns = 1767225600000000000;
	run.monotonic_ns = 5000000000;
	run.host = TEXT("host");
	run.boot = TEXT("8f0f4b3e-0000-4000-8000-000000000001");
	run.options = TEXT("-a -r 100");
	memset(source.hash, 0x5a, sizeof source.hash);
	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	writer_label(w, TEXT("commit"), TEXT("c0ffee"));
	writer_source(w, &source);
	tell_threads();
	tick_threads();
	writer_flush(w);
	writer_exit(
		w, &(struct stream_exit){ .process = 0, .at = 130, .known = 1, .status = 137 });
	writer_exit(w, &(struct stream_exit){ .process = 1, .at = 127 });
	writer_outcome(w, &(struct stream_outcome){ .to = 141,
	                                            .ticks = 9,
	                                            .samples = 16,
	                                            .reason = STREAM_TARGET_ENDED });
	end();
}

/* A task that three others await, one of which two await; after 64 units time is missed. */
static void
lanes(int *fd, int level)
{
	struct stream_run run = run_of(0x88);
	struct stream_thread lane = { .flags = STREAM_LANE, .lane_of = 1, .parts = 3 };
	uint32_t stack[4];

	run.mode = STREAM_MODE_ASYNC_RUNNING;
	run.flags = STREAM_CPU_STATE;
	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	writer_thread(w, &(struct stream_thread){ .id = 1, .native_id = 1001 });
	for (lane.id = 2; lane.id < 5; lane.id++, lane.part++)
		writer_thread(w, &lane);
	for (uint32_t i = 0; i < 4; i++)
		stack[i] = call(task(call(0, "run", 1, 2), STREAM_KIND_TASK, "load", 7 + i),
		                "fetch", 30, 31);
	for (uint64_t at = 5; at < 100; at += 19) {
		writer_tick(w, at);
		writer_sample(w, 0, stack[3], 0x05);
		for (uint32_t i = 0; i < 3; i++)
			writer_sample(w, 2 + i, stack[at == 43 ? 2 - i : i], 0x0e);
	}
	writer_tick(w, 200);
	writer_thread_end(w, 3);
	writer_ran(w, &(struct stream_ran){ 0, 5, 100, 59000000, 1000 });
	writer_ran(w, &(struct stream_ran){ 1, 100, 300, 0, 0 });
	writer_outcome(w, &(struct stream_outcome){ .to = 300, .reason = STREAM_REACHED });
	end();
}

/* A stack for each state; the last one ends in time that is missed. */
static void
states(int *fd, int level)
{
	static const struct {
		const char *name;
		uint8_t state;
	} seen[] = { { "unknown", 0x00 }, { "runs", 0xa5 },  { "reads", 0xae },
		     { "holds", 0xa6 },   { "wants", 0xa9 }, { "handles", 0x9e },
		     { "collects", 0x65 } };
	struct stream_run run = run_of(0xaa);
	uint64_t at = 16;

	run.flags = STREAM_CPU_STATE;
	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++, at += 16) {
		writer_tick(w, at);
		writer_sample(w, 0, call(0, seen[i].name, 1, 2), seen[i].state);
	}
	writer_outcome(
		w, &(struct stream_outcome){ .to = at + 100, .reason = STREAM_INTERRUPTED });
	end();
}

/* Without time: a sample of the two lanes of a thread counts for one of them. */
static void
timeless(int *fd, int level)
{
	struct stream_run run = run_of(0x99);

	run.unit_ns = run.interval_ns = 0;
	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	for (uint64_t id = 1; id < 3; id++)
		writer_thread(w, &(struct stream_thread){ .id = id,
		                                          .flags = STREAM_LANE,
		                                          .part = id - 1,
		                                          .parts = 2 });
	for (uint64_t at = 1; at < 8; at += at) {
		writer_tick(w, at);
		writer_sample(w, 0, call(0, "a", 1, 1), 0);
		writer_sample(w, 1, call(0, "b", 1, 1), 0);
		writer_sample(w, 2, call(0, "c", 1, 1), 0);
	}
	end();
}

/* A second is 1600 units: three segments, the second of which ends in a long gap. */
static void
restart(int *fd, int level)
{
	static const uint16_t times[] = { 8,    24,   40,   1500, 1608, 1624, 1640,
		                          1656, 3200, 3216, 3300, 3365, 3429, 3500 };
	struct stream_run run = run_of(0x33);
	struct stream_outcome outcome = {
		.to = 3700, .ticks = 14, .samples = 14, .reason = STREAM_INTERRUPTED
	};

	outcome.losses[STREAM_LOSS_LATE] = 100;
	outcome.losses[STREAM_LOSS_SUSPENDED] = 3;
	outcome.losses[STREAM_LOSS_TORN] = 1;
	outcome.losses[STREAM_LOSS_RETRIED] = 300;
	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		uint32_t base;

		writer_tick(w, times[i]);
		base = call(0, "<module>", 1, 9);
		writer_sample(w, 0, i % 3 ? call(base, "work", 3, 5) : base, 0);
		if (i % 4 == 3)
			writer_flush(w);
	}
	writer_outcome(w, &outcome);
	end();
}

/* Every kind with its own name and with another; places with all they can have. */
static void
markers(int *fd, int level)
{
	static const struct {
		struct stream_frame at;
		const char *opcode;
	} places[] = {
		{ { .line = 12, .end_line = 12, .column1 = 5, .end_column1 = 30 },
		  "CALL_PY_EXACT_ARGS CALL" },
		{ { .line = 9, .end_line = 14, .column1 = 1, .end_column1 = 1 }, "RESUME" },
		{ { .end_line = 7 }, "" },
		{ { 0 }, "<255>" },
		{ { .line = INT32_MAX, .end_line = 1, .column1 = INT32_MAX }, "" },
	};
	struct stream_run run = run_of(0x44);
	uint32_t base;
	uint64_t at = 16;

	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	base = call(0, "r\xe9sum\xe9;\\\n", 10, 10);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++, at += 16) {
		struct stream_frame place = places[i].at;

		place.opcode = writer_string(w, text_of(places[i].opcode));
		place.function = function("\xc3\xa9t\xc3\xa9", "/caf\xc3\xa9 1/app.py", 10);
		writer_tick(w, at);
		writer_sample(w, 0, writer_stack(w, base, writer_frame(w, &place)), 0);
	}
	for (int kind = STREAM_KIND_NATIVE; kind < STREAM_KIND_END; kind++, at += 32) {
		writer_tick(w, at);
		writer_sample(w, 0, marker(base, (enum stream_kind)kind, ""), 0);
		writer_tick(w, at + 16);
		writer_sample(w, 0, marker(base, (enum stream_kind)kind, "another name"), 0);
	}
	writer_outcome(w, &(struct stream_outcome){ .to = at + 1, .reason = STREAM_FAILED });
	end();
}

static void
cell(uint32_t thread, uint32_t stack, uint8_t state, uint64_t epoch, uint64_t samples)
{
	writer_cell(
		w, &(struct stream_cell){ thread, stack, state, epoch, samples, samples * 16 });
}

static void
cells_of_run(uint8_t byte, uint64_t side, uint64_t more)
{
	struct stream_run run = run_of(byte);
	uint32_t base, work;

	run.side = side;
	run.epoch_ms = 128;
	writer_run(w, &run);
	tell_threads();
	writer_room(w);
	base = call(0, "<module>", 1, 9);
	work = call(base, "work", 3, 5);
	cell(0, work, 0x05, 0, 10 + more);
	cell(0, work, 0x05, 1, 12);
	cell(0, work, 0x05, 63, 1);
	cell(0, base, 0x05, 0, 3);
	writer_cell(w,
	            &(struct stream_cell){ .stack = STREAM_MISSED, .epoch = 2, .weight = 500 });
	cell(1, call(base, "wait", 20, 0), 0x0e, 5, 100 + more);
	cell(2, marker(0, STREAM_KIND_NO_PYTHON, ""), 0x02, 0, 7);
	writer_ran(w, &(struct stream_ran){ 0, 0, 205, 100000000, 5 + more });
	writer_ran(w, &(struct stream_ran){ 0, 205, 305, 62500000, 0 });
	writer_outcome(w, &(struct stream_outcome){ .to = 13000,
	                                            .ticks = 40,
	                                            .samples = 133 + 2 * more,
	                                            .reason = STREAM_TARGET_ENDED });
}

static void
folded(int *fd, int level)
{
	begin(fd, STREAM_FOLDED, level);
	cells_of_run(0x55, 0, 0);
	writer_label(w, TEXT("branch"), TEXT("main"));
	cells_of_run(0x56, 0, 4);
	end();
}

static void
diff(int *fd, int level)
{
	struct stream_verdict verdict = { .category = 3,
		                          .self_verdict = 3,
		                          .total_verdict = 2,
		                          .self = { 1400000, 1300000, 1500000, 1390000, 1290000,
		                                    1490000 },
		                          .total = { 1100000, 1, 2, 3, 4, 5 } };

	begin(fd, STREAM_DIFF, level);
	cells_of_run(0x61, 1, 0);
	writer_compare(w, &(struct stream_compare){ .numerator = 3,
	                                            .denominator = 2,
	                                            .flags = 4,
	                                            .runs = { 1, 2 },
	                                            .basis = 1,
	                                            .common = { 1010000, 990000, 1030000 },
	                                            .common_verdict = 2,
	                                            .smallest = 80000,
	                                            .min_effect = 50000,
	                                            .fdr = 20000,
	                                            .words = TEXT("work became slower") });
	cells_of_run(0x62, 2, 4);
	cells_of_run(0x63, 2, 5);
	writer_room(w);
	writer_match(w, &(struct stream_match){ function("wait", "/app.py", 20),
	                                        function("sleep", "/new.py", 2) });
	verdict.function = function("work", "/app.py", 3);
	writer_verdict(w, &verdict);
	end();
}

static void
joined(int *fd, int level)
{
	tiny(fd, level);
	folded(fd, level);
}

/* Records of the future, and an exit that has grown. */
static void
unknown(int *fd, int level)
{
	struct stream_run run = run_of(0x77);

	begin(fd, STREAM_RAW, level);
	writer_run(w, &run);
	one_thread();
	writer_portable(w, 0x7e, TEXT("goes with its run"));
	writer_portable(w, 0x3e, TEXT("is skipped"));
	writer_portable(w, 0x7e, TEXT(""));
	writer_portable(w, STREAM_RECORD_exit, (struct text){ "\0\x20\1\0grown", 9 });
	writer_tick(w, 16);
	writer_sample(w, 0, call(0, "<module>", 1, 9), 0);
	end();
}

static const struct {
	const char *name;
	void (*write)(int *fd, int level);
	int level;
} streams[] = {
	{ "tiny.bin", tiny, 0 },         { "tiny.zst.bin", tiny, 3 },
	{ "threads.bin", threads, 0 },   { "restart.bin", restart, 0 },
	{ "markers.bin", markers, 0 },   { "folded.bin", folded, 0 },
	{ "diff.bin", diff, 0 },         { "joined.bin", joined, 0 },
	{ "unknown.bin", unknown, 0 },   { "lanes.bin", lanes, 0 },
	{ "timeless.bin", timeless, 0 }, { "states.bin", states, 0 },
};

int
main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fprintf(stderr, "usage: make DIRECTORY\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		int fd = open(streams[i].name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

		if (fd < 0)
			abort();
		streams[i].write(&fd, streams[i].level);
		close(fd);
	}
	return 0;
}
