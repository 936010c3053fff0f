/* SPDX-License-Identifier: MIT */
/* texport(1): profiles out, for other people's tools. */
#include "base/out.h"
#include "base/tool.h"
#include "formats/collapsed.h"
#include "formats/export.h"
#include "tree/load.h"

static struct export_how how = { .weight = COLLAPSED_EITHER };
static const char *output;
static opt_texts labels;
static bool quiet;

static const struct opt options[] = {
	OPT_FLAG('T', "threads", &how.threads, "begin each stack with its thread"),
	OPT_FLAG('l', "lines", &how.lines, "keep lines apart"),
	OPT_CHOICE(0, "weight", "samples|time", &how.weight, "what is counted"),
	OPT_FLAG(0, "scaled", &how.scaled, "of a comparison, the baseline as it is shown"),
	OPT_TEXT(0, "title", "TEXT", &how.title, "its title (the script's name)"),
	OPT_TEXTS(0, "label", "KEY=VALUE", &labels, "label every run"),
	OPT_TEXT('o', "output", "FILE", &output, "write there (standard output)"),
	OPT_FLAG('q', "quiet", &quiet, "say only what is wrong"),
	OPT_END,
};

static const struct about about = {
	.name = "texport",
	.synopsis = "[options] FORMAT [stream ...]",
	.sentence = "write profiles in other people's formats",
	.operands = exporters_help,
	.words = exporters_words,
	.examples = "  texport pprof cur.bin > cur.pb.gz\n"
		    "  tsample -p 4242 -d 10 | texport speedscope > cur.speedscope.json\n"
		    "  tdiff base.bin cur.bin | texport svg > diff.svg\n",
	.options = options,
};

/* Takes the name of the format off the operands. */
static const struct exporter *
take_format(struct tool *tool)
{
	static char by_default[] = "-", *standard_input[] = { by_default, NULL };
	const struct exporter *f = exporter_find(tool->operands[0]);
	struct text names = { "", 0 };

	for (const struct exporter *each = exporters; !f && each->name; each++)
		names = text_print(tool->arena, "%.*s%s%s", TEXT_ARG(names),
		                   names.n ? ", " : "", each->name);
	if (!f && strcmp(tool->operands[0], by_default) == 0)
		tool_usage(tool, "which format? There is %s", names.at);
	if (!f)
		tool_usage(tool, "\"%s\" is no format; there is %s", tool->operands[0],
		           names.at);
	tool->operands++;
	if (!*tool->operands)
		tool->operands = standard_input;
	return f;
}

static void
check_usage(const struct tool *tool, const struct exporter *f)
{
	const struct {
		bool given;
		enum export_option option;
		const char *word;
	} given[] = {
		{ how.threads, EXPORT_THREADS, "-T" },
		{ how.lines, EXPORT_LINES, "-l" },
		{ how.weight != COLLAPSED_EITHER, EXPORT_WEIGHT, "--weight" },
		{ how.scaled, EXPORT_SCALED, "--scaled" },
		{ how.title != NULL, EXPORT_TITLE, "--title" },
	};

	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		if (given[i].given && !(f->options & given[i].option))
			tool_usage(tool, "%s does not go with %s", given[i].word, f->name);
	for (size_t i = 0; i < labels.n; i++)
		if (!strchr(labels.at[i], '=') || labels.at[i][0] == '=')
			tool_usage(tool, "--label: \"%s\" is no KEY=VALUE", labels.at[i]);
}

static void
say_lacks(struct tool *tool, const struct exporter *f, const struct export *x)
{
	struct text lacks = exporter_lacks(f, x, tool->arena);

	tree_say(x->tree, tool);
	if (lacks.n)
		tool_say(tool, "%s has no place for %s", f->name, lacks.at);
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	const struct exporter *f = take_format(&tool);
	struct export x = { .a = tool.arena, .tree = tree_new(tool.arena) };
	struct tree_choice choice = { .diff = true };

	check_usage(&tool, f);
	x.out = out_open(tool.arena, output, f->kind, &tool.err);
	if (!x.out)
		tool_die(&tool);
	if (f->begin)
		f->begin(&x);
	choice.watcher = f->begin ? &x.watcher : NULL;
	tree_load(x.tree, &tool, &choice);
	for (size_t i = 0; i < labels.n; i++)
		export_label(x.tree, labels.at[i]);
	x.how = how;
	if (tool.status)
		x.how.incomplete =
			"a part of the input was damaged or refused, and is not here";
	if (!exporter_takes(f, x.tree, &tool.err) || !f->write(&x, &tool.err))
		tool_die(&tool);
	if (!quiet)
		say_lacks(&tool, f, &x);
	out_close(x.out);
	return tool_end(&tool);
}
