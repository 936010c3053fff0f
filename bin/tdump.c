/* SPDX-License-Identifier: MIT */
/* tdump(1): print the current stacks as tracebacks. */
#include "base/out.h"
#include "capture/capture.h"
#include "remote/source_family.h"
#include "term/dump.h"

#include <limits.h>

static const char *output;
static bool main_only, json, async_aware, source;
static int async_mode = -1; /* 0 running, 1 all */
static uint64_t pid;
static struct source_family *sources;
static struct capture_options how = { .cpu = true, .columns = true };

static const struct opt options[] = {
	OPT_COUNT('p', "pid", "PID", &pid, "dump this process now, not a stream"),
	OPT_FLAG(0, "main", &main_only, "main threads only"),
	OPT_FLAG(0, "subprocesses", &how.subprocesses, "its descendants too, of any depth"),
	OPT_FLAG(0, "async-aware", &async_aware, "show asyncio's tasks, and who awaits them"),
	OPT_CHOICE(0, "async-mode", "running|all", &async_mode, "the tasks to show (all)"),
	OPT_FLAG(0, "opcodes", &how.opcodes, "show the instruction of each frame"),
	OPT_FLAG(0, "native", &how.native, "mark where functions written in C run"),
	OPT_FLAG(0, "no-gc", &how.no_gc, "do not mark where garbage is collected"),
	OPT_FLAG(0, "blocking", &how.blocking, "stop the threads while they are read"),
	OPT_FLAG(0, "source", &source, "show the lines of the processes' source files"),
	OPT_FLAG(0, "json", &json, "write JSON"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_END,
};

static const struct about about = {
	.name = "tdump",
	.synopsis = "[options] -p PID\n       tdump [--main] [--json] [-o FILE] [stream ...]",
	.sentence = "print the current stacks as tracebacks",
	.examples = "  tdump -p 4242\n"
		    "  tdump --source --main -p 4242\n"
		    "  tdump run.bin                 what ran at its last tick\n",
	.options = options,
};

static void
check_usage(const struct tool *tool)
{
	bool of_process = how.subprocesses || async_aware || how.opcodes || how.native ||
	                  how.no_gc || how.blocking || source;

	if (of_process && !pid)
		tool_usage(tool, "only --main, --json and -o go without -p");
	if (async_mode >= 0 && !async_aware)
		tool_usage(tool, "--async-mode is for --async-aware");
	if (pid && tool->operands[0] && strcmp(tool->operands[0], "-") != 0)
		tool_usage(tool, "%s: with -p there is no stream", tool->operands[0]);
	if (pid > INT_MAX)
		tool_usage(tool, "--pid: %lu is no process id", (unsigned long)pid);
	how.pid = (pid_t)pid;
	how.all_threads = !main_only;
	if (async_aware)
		how.mode = async_mode == 0 ? STREAM_MODE_ASYNC_RUNNING : STREAM_MODE_ASYNC_ALL;
}

static struct text
read_source(void *context, struct arena *a, uint64_t of, struct text file)
{
	struct text text = { "", 0 };
	bool changed = false;

	if (source_family_read(sources, a, (pid_t)of, file, &text, &changed) && changed)
		tool_say(context, "%.*s: changed since process %d began: lines may differ",
		         TEXT_ARG(file), (int)of);
	return text;
}

/* One tick of the process becomes the operand. */
static void
look(struct tool *tool)
{
	static char *operands[2];

	if (source)
		sources =
			source_family_begin(tool->arena, how.pid, how.subprocesses, &tool->err);
	tool_fail(tool);
	operands[0] = (char *)capture_once(tool, how);
	tool->operands = operands;
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);
	struct dump *dump = dump_new(tool.arena, tree);
	struct tree_choice choice = dump_choice(dump);
	struct dump_sources from_files = { read_source, &tool };
	struct out *out;

	check_usage(&tool);
	if (main_only)
		*vec_push(tool.arena, &choice.threads) = "main";
	out = out_open(tool.arena, output, OUT_TEXT, &tool.err);
	if (!out)
		tool_die(&tool);
	if (pid)
		look(&tool);
	tree_load(tree, &tool, &choice);
	if (!dump_is_there(dump)) {
		err_set(&tool.err, "there is no sample of any thread that is wanted");
		tool_die(&tool);
	}
	dump_use_sources(dump, sources ? &from_files : NULL);
	if (json)
		dump_write_json(dump, out);
	else
		dump_write(dump, out, screen_of(output));
	out_close(out);
	return tool_end(&tool);
}
