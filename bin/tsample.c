/* SPDX-License-Identifier: MIT */
/* tsample(1): sample a CPython process from outside. */
#include "base/text.h"
#include "base/tool.h"
#include "capture/capture.h"
#include "stream/level.h"

#include <limits.h>

static struct capture_options how = { .rate_hz = 1000, .duration_ns = UINT64_MAX };
static uint64_t pid;
static const char *compress;

enum { LEVEL = 3 }; /* of zstd: a running sampler writes little */

static const struct opt options[] = {
	OPT_COUNT('p', "pid", "PID", &pid, "attach to this process"),
	OPT_HZ('r', "rate", "RATE", &how.rate_hz, "ticks a second: 100, 10khz, 1mhz (1khz)"),
	OPT_NS('d', "duration", "TIME", &how.duration_ns,
	       "end after 10, 500ms, 2m (when the target ends)"),
	OPT_COUNT('n', "samples", "N", &how.samples, "end after that many samples"),
	OPT_FLAG('a', "all-threads", &how.all_threads, "sample all threads (the main thread)"),
	OPT_TEXT('o', "output", "FILE", &how.output,
	         "write the stream there (standard output)"),
	OPT_TEXT(0, "compress", "HOW", &compress, "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_FLAG(0, "no-jitter", &how.no_jitter, "tick at even times"),
	OPT_FLAG(0, "no-cmdline", &how.no_cmdline, "leave the command line out of the stream"),
	OPT_TEXT(0, "child-output", "FILE", &how.child_output,
	         "both outputs of the command go there"),
	OPT_FLAG('q', "quiet", &how.quiet, "say nothing but errors"),
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

/* The options as they were given, without the operands. */
static const char *
words_of(struct arena *a, char **argv, char **operands)
{
	struct text words = { "", 0 };

	for (argv++; argv != operands; argv++)
		words = text_print(a, "%.*s%s%s", TEXT_ARG(words), words.n ? " " : "", *argv);
	return words.at;
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);

	how.level = stream_level(&tool, compress, LEVEL);
	if (how.rate_hz > 1e6 || how.rate_hz < 0.001)
		tool_usage(&tool, "--rate: it must be from 0.001hz to 1mhz");
	if (how.duration_ns == 0)
		tool_usage(&tool, "--duration: it must be above 0");
	if (how.duration_ns == UINT64_MAX)
		how.duration_ns = 0;
	if (pid && tool.operands[0])
		tool_usage(&tool, "%s: with -p there is no command", tool.operands[0]);
	if (!pid && !tool.operands[0])
		tool_usage(&tool, "give a process with -p, or a command");
	if (pid && how.child_output)
		tool_usage(&tool, "--child-output is for a command, not for -p");
	if (pid > INT_MAX)
		tool_usage(&tool, "--pid: %lu is no process id", (unsigned long)pid);
	how.pid = (pid_t)pid;
	how.command = tool.operands;
	how.words = words_of(tool.arena, argv, tool.operands);
	return capture_run(&tool, &how);
}
