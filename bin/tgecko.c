/* SPDX-License-Identifier: MIT */
/* tgecko(1): draw samples in time, for the Firefox Profiler. */
#include "base/out.h"
#include "base/quantity.h"
#include "base/tool.h"
#include "formats/gecko.h"
#include "tree/load.h"

static struct tree_choice choice;
static const char *output;
static opt_texts pids;
static uint64_t to_ns = UINT64_MAX;
static bool quiet;

static const struct opt options[] = {
	OPT_TEXTS(0, "thread", "WHO", &choice.threads, "only this thread: name, id, or main"),
	OPT_TEXTS('p', "pid", "PID", &pids, "only this process"),
	OPT_NS(0, "from", "TIME", &choice.from_ns,
	       "only from there on, since each run's start"),
	OPT_NS(0, "to", "TIME", &to_ns, "only up to there"),
	OPT_TEXT('o', "output", "FILE", &output, "write there (standard output)"),
	OPT_FLAG('q', "quiet", &quiet, "say only what is wrong"),
	OPT_END,
};

static const struct about about = {
	.name = "tgecko",
	.synopsis = "[options] [stream ...]",
	.sentence = "write samples as a profile of the Firefox Profiler",
	.examples =
		"  tsample -a --cpu -d 10 -p 4242 | tgecko > run.json\n"
		"  tgecko --thread main --from 10s --to 20s raw.bin | gzip > part.json.gz\n",
	.options = options,
};

static void
check_usage(struct tool *tool)
{
	if (to_ns <= choice.from_ns)
		tool_usage(tool,
		           choice.from_ns ? "--to: not after --from" : "--to: 0 keeps nothing");
	choice.to_ns = to_ns == UINT64_MAX ? 0 : to_ns;
	for (size_t i = 0; i < pids.n; i++)
		if (!quantity_count(pids.at[i], vec_push(tool->arena, &choice.pids)))
			tool_usage(tool, "--pid: \"%s\" is no process id", pids.at[i]);
	for (size_t i = 0; i < choice.threads.n; i++)
		if (!choice.threads.at[i][0])
			tool_usage(tool, "--thread: the name is empty");
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);
	struct gecko *gecko = gecko_new(tool.arena, tree);
	struct out *out = NULL;

	check_usage(&tool);
	choice.watcher = gecko_watcher(gecko);
	tree_load(tree, &tool, &choice);
	if (!quiet)
		tree_say_unmet(tree, &tool, &choice);
	if (!quiet)
		tree_say(tree, &tool);
	if (gecko_check(gecko, &tool.err))
		out = out_open(tool.arena, output, OUT_TEXT, &tool.err);
	if (!out)
		tool_die(&tool);
	gecko_write(gecko, out,
	            tool.status ? "a part of the input was damaged or refused, and is not here"
	                        : NULL);
	out_close(out);
	return tool_end(&tool);
}
