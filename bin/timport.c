/* SPDX-License-Identifier: MIT */
/* timport(1): other people's profiles in. */
#include "formats/formats.h"
#include "formats/result.h"
#include "stream/level.h"
#include "tree/load.h"
#include "tree/sides.h"

static const char *output, *compress;
static int unit = -1;

static const uint64_t units_ns[] = { 1, 1000, 1000000 };

static const struct opt options[] = {
	OPT_CHOICE(0, "unit", "ns|us|ms", &unit, "counts are times; else they are samples"),
	OPT_WORD(0, "compress", "HOW", STREAM_LEVEL_WORDS, &compress,
	         "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_END,
};

static const struct about about = {
	.name = "timport",
	.synopsis = "[options] [file ...]",
	.sentence = "turn profiles of other tools into a stream",
	.examples = "  timport perf.folded | tflame > perf.html\n"
		    "  timport --unit us stacks.txt > times.bin\n"
		    "  timport tachyon.bin | tfold -tT\n",
	.options = options,
};

/* Reads an input; what is bad of it is said, and costs only itself. False: nothing is good. */
static bool
read_input(struct import *in, const struct format *format, struct tool *tool)
{
	bool whole = true;

	for (; !format->read(in, &tool->err); whole = false)
		tool_fail(tool);
	return whole || in->samples.n || (in->run && in->run->cells.n);
}

/* Two sides become a comparison, which is all that there is. */
static bool
compare(struct tree *tree, struct tool *tool)
{
	static const struct sides_how how = { .verdict = { .fdr = 0.05, .min_effect = 0.05 } };

	return sides_compare(tool->arena, tree, &how, &tool->err) != NULL;
}

/* The format of an input; NULL sets the tool's err to why it has none here. */
static const struct format *
recognize(struct text bytes, const char *name, struct tool *tool)
{
	const struct format *format = formats_recognize(bytes, name, &tool->err);

	if (!format || !format->compares || !tool->operands[1])
		return format;
	err_set(&tool->err, "%s: a comparison, which cannot be joined with other profiles",
	        name);
	return NULL;
}

/* What was read goes where it belongs. */
static bool
keep(struct import *in, const struct format *format, struct result *result)
{
	if (in->raw)
		import_write(in, result_raw(result));
	else if (format->compares)
		return compare(in->tree, result->tool);
	else
		tree_add_outcome(in->tree, import_run(in), &in->outcome);
	return true;
}

/* False: nothing of the input is good. */
static bool
import(struct tree *tree, struct result *result, const char *path)
{
	struct arena scratch = { 0 };
	struct tool *tool = result->tool;
	const char *name = import_name(path);
	const struct format *format = NULL;
	struct import in;
	struct text bytes;
	bool good = false;

	if (strcmp(path, "-") == 0)
		tool_reads_stdin(tool);
	if (formats_load(&scratch, path, &bytes, &tool->err))
		format = recognize(bytes, name, tool);
	if (format) {
		in = import_begin(tree, bytes, name, unit < 0 ? 0 : units_ns[unit]);
		good = read_input(&in, format, tool) && keep(&in, format, result);
		import_end(&in);
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
	struct result result = { .tool = &tool, .path = output, .compress = compress };
	bool good = false;

	stream_level(&tool, compress, 0); /* wrong usage is told before anything is read */
	for (char **path = tool.operands; *path; path++)
		good |= import(tree, &result, *path);
	if (!good)
		tool_die(&tool);
	tree_settle(tree);
	tree_say(tree, &tool);
	result_end(&result, tree);
	return tool_end(&tool);
}
