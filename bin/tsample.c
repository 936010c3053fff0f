/* SPDX-License-Identifier: MIT */
/* tsample(1): sample a CPython process from outside. */
#include "base/tool.h"
#include "capture/usage.h"
#include "stream/level.h"

static struct usage given = {
	.how = { .rate_hz = 1000, .duration_ns = UINT64_MAX, .rotate_ns = UINT64_MAX },
	.full = OUTPUT_FULL_DEFAULT,
	.async_mode = -1,
};

static const struct opt options[] = {
	OPT_COUNT('p', "pid", "PID", &given.pid, "attach to this process"),
	OPT_HZ('r', "rate", "RATE", &given.how.rate_hz,
	       "ticks a second: 100, 10khz, 1mhz (1khz)"),
	OPT_NS('d', "duration", "TIME", &given.how.duration_ns,
	       "end after 10, 500ms, 2m (when the target ends)"),
	OPT_COUNT('n', "samples", "N", &given.how.samples, "end after that many samples"),
	OPT_FLAG('a', "all-threads", &given.how.all_threads,
	         "sample all threads (the main thread)"),
	OPT_CHOICE(0, "mode", "wall|cpu|gil|exception", &given.mode,
	           "the samples to take (wall: all)"),
	OPT_FLAG(0, "cpu", &given.how.cpu, "tell whether threads are on a CPU"),
	OPT_FLAG(0, "opcodes", &given.how.opcodes, "record the instruction of each frame"),
	OPT_FLAG(0, "columns", &given.how.columns, "record columns and end lines"),
	OPT_FLAG(0, "source", &given.how.source, "carry the source files of what was seen"),
	OPT_FLAG(0, "native", &given.how.native, "mark where functions written in C run"),
	OPT_FLAG(0, "no-gc", &given.how.no_gc, "do not mark where garbage is collected"),
	OPT_FLAG(0, "subprocesses", &given.how.subprocesses,
	         "sample its descendants too, of any depth"),
	OPT_FLAG(0, "async-aware", &given.async_aware,
	         "show asyncio's tasks, and who awaits them"),
	OPT_CHOICE(0, "async-mode", "running|all", &given.async_mode,
	           "the tasks to sample (running)"),
	OPT_TEXT('o', "output", "FILE", &given.how.output.path,
	         "write the stream there (standard output)"),
	OPT_CHOICE(0, "on-full", "drop|wait", &given.full,
	           "when its reader is slow (drop for pipes, wait for files)"),
	OPT_NS(0, "rotate", "TIME", &given.how.rotate_ns,
	       "begin another file that often: 60s, 1h"),
	OPT_COUNT(0, "keep", "N", &given.how.output.keep, "remove all but the last N of them"),
	OPT_FLAG(0, "realtime-stats", &given.how.stats.line, "tell every second how it goes"),
	OPT_COUNT(0, "stats-json", "FD", &given.stats_json,
	          "the same as JSON to that descriptor"),
	OPT_WORD(0, "compress", "HOW", STREAM_LEVEL_WORDS, &given.compress,
	         "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_FLAG(0, "no-jitter", &given.how.no_jitter, "tick at even times"),
	OPT_FLAG(0, "no-cmdline", &given.how.no_cmdline,
	         "leave the command line out of the stream"),
	OPT_TEXT(0, "child-output", "FILE", &given.how.child_output,
	         "both outputs of the command go there"),
	OPT_FLAG(0, "blocking", &given.how.blocking, "stop the threads while they are read"),
	OPT_TEXT(0, "offsets", "FILE", &given.how.offsets,
	         "where a version of CPython keeps what is read"),
	OPT_FLAG('q', "quiet", &given.how.quiet, "say nothing but errors"),
	OPT_END,
};

static const struct about about = {
	.name = "tsample",
	.sentence = "sample a CPython process from outside",
	.synopsis = "[options] -p PID\n       tsample [options] [--] command [argument ...]",
	.examples = "  tsample -p 4242 -d 10 | tfold > cur.bin\n"
		    "  tsample -o run.bin -- python3 app.py\n"
		    "  tsample -a -r 10khz -p 4242 | tflame > flame.html\n",
	.options = options,
	.runs_command = true,
};

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);

	usage_check(&tool, &given, argv);
	return capture_run(&tool, &given.how);
}
