/* SPDX-License-Identifier: MIT */
/* tfold(1): merge, filter and collapse profiles. */
#include "base/out.h"
#include "formats/collapsed.h"
#include "stream/level.h"
#include "tree/load.h"
#include "tree/save.h"

static struct tree_choice choice;
static const char *output, *compress;
static opt_texts keep, drop;
static bool text, threads, sum, quiet;
static struct collapsed_how how = { .weight = COLLAPSED_EITHER };
static int by = -1;
static uint64_t to_ns = UINT64_MAX;
static uint64_t epochs = TREE_EPOCHS;

static const enum tree_grain grains[] = { TREE_FUNCTION, TREE_LINE, TREE_FILE, TREE_MODULE };

static const struct opt options[] = {
	OPT_FLAG('t', "text", &text, "write collapsed text: \"outer;inner COUNT\""),
	OPT_CHOICE(0, "weight", "samples|time", &how.weight,
	           "what -t counts; time is in microseconds"),
	OPT_FLAG('l', "lines", &how.lines, "with -t, keep lines apart"),
	OPT_FLAG('T', "threads", &threads, "begin each stack with its thread"),
	OPT_CHOICE(0, "by", "function|line|file|module", &by, "tell nothing finer apart"),
	OPT_TEXTS(0, "thread", "WHO", &choice.threads, "only this thread: name, id, or main"),
	OPT_COUNT('p', "pid", "PID", &choice.pid, "only this process"),
	OPT_TEXTS(0, "under", "FUNC", &choice.under, "only stacks through it, beginning there"),
	OPT_TEXTS(0, "keep", "RE", &keep, "only stacks with a frame that matches"),
	OPT_TEXTS(0, "drop", "RE", &drop,
	          "leave out frames that match; callers get their time"),
	OPT_NS(0, "from", "TIME", &choice.from_ns,
	       "only from there on, since each run's start"),
	OPT_NS(0, "to", "TIME", &to_ns, "only up to there"),
	OPT_COUNT(0, "epochs", "N", &epochs, "keep time in N slices at most: 1, 2, 4 ... 64"),
	OPT_FLAG(0, "sum", &sum, "make one run of all"),
	OPT_TEXT(0, "compress", "HOW", &compress, "none, zstd, zstd:1 to zstd:19 (zstd)"),
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

static tree_regexes
compile(struct tool *tool, const char *option, const opt_texts *patterns)
{
	tree_regexes regexes = { 0 };
	char why[200];

	for (size_t i = 0; i < patterns->n; i++) {
		struct tree_regex *to = vec_push(tool->arena, &regexes);
		int status;

		to->pattern = patterns->at[i];
		status = regcomp(&to->regex, to->pattern, REG_EXTENDED);
		if (status == 0)
			continue;
		regerror(status, &to->regex, why, sizeof why);
		tool_usage(tool, "%s: %s: %s", option, to->pattern, why);
	}
	return regexes;
}

static void
check_named(struct tool *tool, const char *option, const opt_texts *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (!names->at[i][0])
			tool_usage(tool, "%s: the name is empty", option);
}

static void
check_usage(struct tool *tool)
{
	if (epochs > TREE_EPOCHS || (epochs & (epochs - 1)))
		tool_usage(tool, "--epochs: a power of two, at most %d", TREE_EPOCHS);
	if (to_ns <= choice.from_ns)
		tool_usage(tool,
		           choice.from_ns ? "--to: not after --from" : "--to: 0 keeps nothing");
	if (how.lines && by >= 0 && grains[by] != TREE_LINE)
		tool_usage(tool, "-l goes with --by line only");
	check_named(tool, "--thread", &choice.threads);
	check_named(tool, "--under", &choice.under);
	if (!text && (how.lines || how.weight != COLLAPSED_EITHER))
		tool_usage(tool, "%s goes with -t", how.lines ? "-l" : "--weight");
	if (text && compress)
		tool_usage(tool, "--compress does not go with -t");
	stream_level(tool, compress, 0); /* wrong usage is told before anything is read */
	choice.to_ns = to_ns == UINT64_MAX ? 0 : to_ns;
	choice.keep = compile(tool, "--keep", &keep);
	choice.drop = compile(tool, "--drop", &drop);
	choice.grain = by < 0 ? TREE_RECORDED : grains[by];
}

static void
write_text(struct tool *tool, struct tree *tree)
{
	struct out *out = NULL;

	if (collapsed_choose(&how, tree, &tool->err))
		out = out_open(tool->arena, output, OUT_TEXT, &tool->err);
	if (!out)
		tool_die(tool);
	if (how.weight == COLLAPSED_SAMPLES && !quiet)
		tree_say_uncounted(tree, tool);
	collapsed_write(tree, how, out);
	out_close(out);
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);

	check_usage(&tool);
	tree_limit_epochs(tree, (uint32_t)epochs);
	tree_load(tree, &tool, &choice);
	if (!quiet)
		tree_say_unmet(tree, &tool, &choice);
	if (sum)
		tree_sum(tree);
	if (threads)
		tree_root_threads(tree);
	if (!quiet)
		tree_say(tree, &tool);
	if (text)
		write_text(&tool, tree);
	else
		tree_save(tree, &tool, output, compress);
	return tool_end(&tool);
}
