/* SPDX-License-Identifier: MIT */
/* tfold(1): merge, filter and collapse profiles. */
#include "formats/collapsed.h"
#include "stream/level.h"
#include "tree/save.h"
#include "tree/usage.h"

static struct tree_usage given = { .to_ns = UINT64_MAX, .mode = -1, .idle = -1 };
static const char *output, *compress;
static bool text, threads, sum, quiet;
static struct collapsed_how how = { .weight = COLLAPSED_EITHER };
static int by = -1; /* number of the word; -1: not given */
static uint64_t epochs = TREE_EPOCHS;

enum { BY_PROCESS = 5 };

static const enum tree_grain grains[] = {
	TREE_FUNCTION, TREE_LINE,   TREE_OPCODE,
	TREE_FILE,     TREE_MODULE, [BY_PROCESS] = TREE_RECORDED,
};

static const struct opt options[] = {
	OPT_FLAG('t', "text", &text, "write collapsed text: \"outer;inner COUNT\""),
	OPT_CHOICE(0, "weight", "samples|time", &how.weight,
	           "what -t counts; time is in microseconds"),
	OPT_FLAG('l', "lines", &how.lines, "with -t, keep lines apart"),
	OPT_FLAG('T', "threads", &threads, "begin each stack with its thread"),
	OPT_CHOICE(0, "by", "function|line|opcode|file|module|process", &by,
	           "tell nothing finer apart"),
	OPT_TEXTS(0, "thread", "WHO", &given.choice.threads,
	          "only this thread: name, id, or main"),
	OPT_TEXTS('p', "pid", "PID", &given.pids, "only this process"),
	OPT_CHOICE(0, "mode", "wall|cpu|gil|exception", &given.mode, "only samples of it"),
	OPT_CHOICE(0, "idle", "drop|keep", &given.idle,
	           "threads off CPU that do not hold the GIL"),
	OPT_TEXTS(0, "under", "FUNC", &given.choice.under,
	          "only stacks through it, beginning there"),
	OPT_TEXTS(0, "keep", "RE", &given.keep, "only stacks with a frame that matches"),
	OPT_TEXTS(0, "drop", "RE", &given.drop,
	          "leave out frames that match; callers get their time"),
	OPT_NS(0, "from", "TIME", &given.choice.from_ns,
	       "only from there on, since each run's start"),
	OPT_NS(0, "to", "TIME", &given.to_ns, "only up to there"),
	OPT_COUNT(0, "epochs", "N", &epochs, "keep time in N slices at most: 1, 2, 4 ... 64"),
	OPT_FLAG(0, "task-ids", &given.choice.task_ids, "keep tasks of one name apart"),
	OPT_FLAG(0, "sum", &sum, "make one run of all"),
	OPT_WORD(0, "compress", "HOW", STREAM_LEVEL_WORDS, &compress,
	         "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_FLAG('q', "quiet", &quiet, "say only what is wrong"),
	OPT_END,
};

static const struct about about = {
	.name = "tfold",
	.synopsis = "[options] [stream ...]",
	.sentence = "merge, filter and collapse profiles",
	.examples = "  tsample -d 10 -p 4242 | tfold > run.bin\n"
		    "  tfold -t run.bin | flamegraph.pl > run.svg\n"
		    "  tfold night-*.bin | tflame > nights.html\n",
	.options = options,
};

static void
check_usage(struct tool *tool)
{
	if (epochs > TREE_EPOCHS || (epochs & (epochs - 1)))
		tool_usage(tool, "--epochs: a power of two, at most %d", TREE_EPOCHS);
	if (how.lines && by >= 0 && grains[by] > TREE_LINE)
		tool_usage(tool, "-l goes with --by line, opcode and process only");
	if (!text && (how.lines || how.weight != COLLAPSED_EITHER))
		tool_usage(tool, "%s goes with -t", how.lines ? "-l" : "--weight");
	if (text && compress)
		tool_usage(tool, "--compress does not go with -t");
	stream_level(tool, compress, 0); /* wrong usage is told before anything is read */
	tree_usage_check(tool, &given);
	given.choice.grain = by < 0 ? TREE_RECORDED : grains[by];
	how.opcodes = given.choice.grain == TREE_OPCODE;
	how.quiet = quiet;
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);

	check_usage(&tool);
	tree_limit_epochs(tree, (uint32_t)epochs);
	tree_load(tree, &tool, &given.choice);
	if (!quiet)
		tree_say_unmet(tree, &tool, &given.choice);
	if (sum)
		tree_sum(tree);
	if (by == BY_PROCESS && !threads)
		tree_root_processes(tree);
	if (threads)
		tree_root_threads(tree, by == BY_PROCESS);
	if (!quiet)
		tree_say(tree, &tool);
	if (text)
		collapsed_save(tree, &tool, output, how);
	else
		tree_save(tree, &tool, output, compress);
	return tool_end(&tool);
}
