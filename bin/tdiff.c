/* SPDX-License-Identifier: MIT */
/* tdiff(1): compare two sets of profiles. */
#include "base/out.h"
#include "formats/diff_json.h"
#include "stream/level.h"
#include "term/diff_text.h"
#include "tree/gate.h"
#include "tree/load.h"
#include "tree/save.h"
#include "tree/sides.h"

static opt_texts sides[2], maps, gate;
static const char *scale, *output, *compress;
static bool text, json, elided, quiet;
static int same = STREAM_SAME_FUNCTION, sort;
static struct diff_text rows = { .most = 10 };
static struct sides_how how = { .verdict = { .fdr = 0.05, .min_effect = 0.05 } };
static gates gates_given;

static const struct opt options[] = {
	OPT_TEXTS('b', "baseline", "FILE", &sides[0], "a profile of the side from before"),
	OPT_TEXTS('c', "current", "FILE", &sides[1], "a profile of the side from after"),
	OPT_FLAG('t', "text", &text, "write a summary and tables"),
	OPT_FLAG(0, "json", &json, "write one JSON object"),
	OPT_FLAG(0, "elided", &elided, "write what is gone, as a folded stream"),
	OPT_WORD(0, "scale", "HOW", "time|wall|share|none", &scale,
	         "time, wall, share, per=BASE,CUR or none (by the runs)"),
	OPT_TEXTS(0, "map", "OLD=NEW", &maps, "baseline's files at or below OLD, as if at NEW"),
	OPT_CHOICE(0, "match", "function|line|file|module", &same, "what makes places one"),
	OPT_SHARE(0, "fdr", "SHARE", &how.verdict.fdr,
	          "false discoveries among what changed (5%)"),
	OPT_SHARE(0, "min-effect", "SHARE", &how.verdict.min_effect,
	          "a smaller change counts as none (5%)"),
	OPT_TEXTS(0, "gate", "GATE", &gate, "exit 3 when e.g. 'self:PATTERN>5%' is true"),
	OPT_FLAG(0, "force", &how.force, "compare what does not compare"),
	OPT_CHOICE(0, "sort", "self|total", &sort, "what the tables of -t are by"),
	OPT_COUNT(0, "limit", "N", &rows.most, "rows of a table of -t (10)"),
	OPT_WORD(0, "compress", "HOW", STREAM_LEVEL_WORDS, &compress,
	         "none, zstd, zstd:1 to zstd:19 (zstd)"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_FLAG('q', "quiet", &quiet, "say only what is wrong"),
	OPT_END,
};

static const struct about about = {
	.name = "tdiff",
	.synopsis = "[options] baseline current\n"
		    "       tdiff [options] -b baseline ... -c current ...",
	.sentence = "compare two sets of profiles",
	.examples = "  tdiff -t base.bin cur.bin\n"
		    "  tdiff -t -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin\n"
		    "  tdiff --elided base.bin cur.bin | tflame > gone.html\n",
	.options = options,
};

static void
check_usage(struct tool *tool)
{
	if (text + json + elided > 1)
		tool_usage(tool, "-t, --json and --elided: one at a time");
	if (compress && (text || json))
		tool_usage(tool, "--compress is for streams");
	if (scale && !compare_scale_of(scale, &how.scale))
		tool_usage(tool, "--scale: \"%s\" is not time, wall, share, per=N,N or none",
		           scale);
	for (size_t i = 0; i < maps.n; i++)
		if (!same_add_map(tool->arena, &how.maps, maps.at[i]))
			tool_usage(tool, "--map: \"%s\" is not OLD=NEW", maps.at[i]);
	for (size_t i = 0; i < gate.n; i++)
		if (!gate_add(tool->arena, &gates_given, gate.at[i], &tool->err))
			tool_usage(tool, "--gate: %s%s%s", tool->err.fact,
			           tool->err.hint[0] ? "; " : "", tool->err.hint);
	stream_level(tool, compress, 0); /* wrong usage is told before anything is read */
	how.same = (enum stream_same)same;
	rows.total = sort == 1;
}

static void
write_result(struct tool *tool, struct tree *tree, const struct diff *d)
{
	struct out *out;

	if (elided)
		compare_keep_gone(tree, d);
	if (!text && !json) {
		tree_save(tree, tool, output, compress);
		return;
	}
	out = out_open(tool->arena, output, OUT_TEXT, &tool->err);
	if (!out)
		tool_die(tool);
	if (json)
		diff_json_write(d, out);
	else
		diff_text_write(d, rows, out, screen_of(output));
	out_close(out);
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree *tree = tree_new(tool.arena);
	struct diff *d;

	check_usage(&tool);
	how.damaged = sides_load(tree, &tool, sides);
	d = sides_compare(tool.arena, tree, &how, &tool.err);
	if (!d)
		tool_die(&tool);
	if (!quiet)
		tree_say(tree, &tool);
	if (!quiet)
		sides_say(d, &how, &tool);
	if (d->unit == VIEW_SAMPLES)
		tree_say_uncounted(tree, &tool);
	if (tool.status == 0)
		tool.status = (int)gate_judge(&gates_given, d, &tool);
	write_result(&tool, tree, d);
	return tool_end(&tool);
}
