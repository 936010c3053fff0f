/* SPDX-License-Identifier: MIT */
/* timport(1): other people's profiles in. */
#include "formats/formats.h"
#include "stream/level.h"
#include "tree/load.h"
#include "tree/save.h"

static const char *output, *compress;
static int unit = -1;

static const uint64_t units_ns[] = { 1, 1000, 1000000 };

static const struct opt options[] = {
	OPT_CHOICE(0, "unit", "ns|us|ms", &unit, "counts are times; else they are samples"),
	OPT_TEXT(0, "compress", "HOW", &compress, "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_END,
};

static const struct about about = {
	.name = "timport",
	.synopsis = "[options] [file ...]",
	.sentence = "turn profiles of other tools into a folded stream",
	.examples = "  timport perf.folded | tflame > perf.html\n"
		    "  timport --unit us stacks.txt > times.bin\n",
	.options = options,
};

/* What is bad of an input is said, and costs only itself. False: nothing of it is good. */
static bool
import(struct tree *tree, struct tool *tool, const char *path)
{
	struct arena scratch = { 0 };
	const char *name = formats_input_name(path);
	const struct format *format = NULL;
	struct import in;
	struct text bytes;
	bool good = false;

	if (strcmp(path, "-") == 0)
		tool_reads_stdin(tool);
	if (formats_load(&scratch, path, &bytes, &tool->err))
		format = formats_recognize(bytes, name, &tool->err);
	if (format) {
		in = import_begin(tree, bytes, name, unit < 0 ? 0 : units_ns[unit]);
		for (good = true; !format->read(&in, &tool->err); good = false)
			tool_fail(tool);
		good |= in.run->cells.n > 0;
	}
	tool_fail(tool);
	arena_empty(&scratch);
	return good;
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);
	bool good = false;

	stream_level(&tool, compress, 0); /* wrong usage is told before anything is read */
	for (char **path = tool.operands; *path; path++)
		good |= import(tree, &tool, *path);
	if (!good)
		tool_die(&tool);
	tree_settle(tree);
	tree_say(tree, &tool);
	tree_save(tree, &tool, output, compress);
	return tool_end(&tool);
}
