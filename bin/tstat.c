/* SPDX-License-Identifier: MIT */
/* tstat(1): print the table of functions. */
#include "base/out.h"
#include "base/tool.h"
#include "formats/diff_json.h"
#include "formats/pstats.h"
#include "term/diff_text.h"
#include "term/ranking.h"
#include "tree/load.h"

enum { ROWS = 15 };

static const char *output, *pstats, *sort;
static enum ranking_key key = RANKING_SELF;
static bool lines, json;
static int by = RANKING_FUNCTION;
static struct ranking_how how;
static struct diff_text compared = { .all = true };

static const struct opt options[] = {
	OPT_FLAG('l', "lines", &lines, "tell the lines of a function apart: --by line"),
	OPT_CHOICE(0, "by", "function|line|file|module|thread|process", &by,
	           "what to count (function)"),
	OPT_WORD(0, "sort", "KEY", RANKING_KEYS, &sort, RANKING_KEYS " (self)"),
	OPT_COUNT('n', "limit", "N", &how.limit, "at most so many rows (15; of --json all)"),
	OPT_FLAG(0, "no-summary", &how.bare, "the table alone"),
	OPT_FLAG(0, "json", &json, "write JSON"),
	OPT_TEXT(0, "pstats", "FILE", &pstats, "write there what Python's pstats loads"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_END,
};

static const struct about about = {
	.name = "tstat",
	.synopsis = "[options] [stream ...]",
	.sentence = "print the table of functions",
	.examples = "  tsample -p 4242 -d 10 | tstat\n"
		    "  tstat --sort total -n 30 cur.bin\n"
		    "  tstat --by thread --json cur.bin\n",
	.options = options,
};

static void
check_usage(const struct tool *tool)
{
	if (lines && by != RANKING_FUNCTION && by != RANKING_LINE)
		tool_usage(tool, "-l is --by line, and goes with no other");
	by = lines ? RANKING_LINE : by;
	if (pstats && (json || output || how.bare || how.limit))
		tool_usage(tool,
		           "--pstats is all of the result: it goes with --by and -l only");
	if (pstats && by > RANKING_LINE)
		tool_usage(tool, "--pstats knows functions and lines only");
	if (sort && !ranking_key(sort, &key))
		tool_usage(tool, "--sort: \"%s\" is none of " RANKING_KEYS, sort);
	how.limit = how.limit || json ? how.limit : ROWS;
	compared.total = key == RANKING_TOTAL || key == RANKING_TOTAL_SAMPLES;
	compared.by_name = key == RANKING_NAME;
	compared.most = how.limit;
	compared.bare = how.bare;
}

static void
write_ranking(struct out *out, struct tree *tree, struct tool *tool)
{
	struct ranking *r = ranking_new(tool->arena, tree, (enum ranking_by)by);

	ranking_sort(r, key);
	how.incomplete = tool->status != 0;
	if (json)
		ranking_write_json(r, how, out);
	else
		ranking_write(r, how, out, screen_of(output));
}

/* What tdiff compared is functions, or what its --match says. */
static void
write_comparison(struct out *out, struct tree *tree, struct tool *tool)
{
	struct diff *d = diff_new(tool->arena, tree);

	if (pstats || by != RANKING_FUNCTION) {
		err_set(&tool->err, "a comparison goes with neither --by nor --pstats");
		err_hint(&tool->err, "tdiff --match tells what is compared");
		tool_die(tool);
	}
	if (tool->status)
		tree_compare(tree)->about.flags |= STREAM_INCOMPLETE;
	if (json)
		diff_json_write(d, out);
	else
		diff_text_write(d, compared, out, screen_of(output));
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree_choice choice = { .grain = TREE_LINE, .diff = true };
	struct tree *tree = tree_new(tool.arena);
	struct out *out;

	check_usage(&tool);
	out = out_open(tool.arena, pstats ? pstats : output, pstats ? OUT_BINARY : OUT_TEXT,
	               &tool.err);
	if (!out)
		tool_die(&tool);
	tree_load(tree, &tool, &choice);
	tree_say(tree, &tool);
	if (view_unit(tree) == VIEW_SAMPLES)
		tree_say_uncounted(tree, &tool);
	if (tree_compare(tree))
		write_comparison(out, tree, &tool);
	else if (pstats)
		pstats_write(out, tree, by == RANKING_LINE);
	else
		write_ranking(out, tree, &tool);
	out_close(out);
	return tool_end(&tool);
}
