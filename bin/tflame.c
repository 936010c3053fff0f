/* SPDX-License-Identifier: MIT */
/* tflame(1): draw a flame graph, one HTML page. */
#include "base/out.h"
#include "base/tool.h"
#include "render/flame.h"
#include "tree/load.h"
#include "tree/view.h"

static struct flame how;
static const char *output;

static const struct opt options[] = {
	OPT_TEXT('o', "output", "FILE", &output, "write the page there (standard output)"),
	OPT_TEXT(0, "title", "TEXT", &how.title, "the page's title (the script's name)"),
	OPT_FLAG('l', "lines", &how.lines, "tell the lines of a function apart"),
	OPT_END,
};

static const struct about about = {
	.name = "tflame",
	.sentence = "draw a flame graph, one HTML page",
	.synopsis = "[-l] [-o FILE] [--title TEXT] [stream ...]",
	.examples = "  tsample -p 4242 -d 10 | tflame > flame.html   a running service\n"
		    "  tflame -o night.html night-*.bin              many as one picture\n",
	.options = options,
};

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree_choice choice = { .grain = TREE_OPCODE, .diff = true };
	struct tree *tree = tree_new(tool.arena);
	struct out *out = out_open(tool.arena, output, OUT_PAGE, &tool.err);

	if (!out)
		tool_die(&tool);
	tree_load(tree, &tool, &choice);
	tree_say(tree, &tool);
	if (view_unit(tree) == VIEW_SAMPLES)
		tree_say_uncounted(tree, &tool);
	if (tool.status)
		how.incomplete = "a part of the input was damaged or refused, and is not here.";
	flame_write(out, tree, &how);
	out_close(out);
	return tool_end(&tool);
}
