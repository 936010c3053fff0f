/* SPDX-License-Identifier: MIT */
/* theat(1): draw source lines with their heat, one HTML page or a folder of them. */
#include "base/out.h"
#include "base/tool.h"
#include "heat/folder.h"
#include "heat/page.h"
#include "tree/load.h"

static struct heat_page how;
static const char *output, *folder, *root;
static opt_texts map_words;
static bool no_source;

static const struct opt options[] = {
	OPT_TEXT('D', "directory", "DIR", &folder,
	         "write an index and a page for each file there"),
	OPT_TEXTS(0, "map", "OLD=NEW", &map_words,
	          "read what the program had below OLD from NEW (may be given again)"),
	OPT_FLAG(0, "no-source", &no_source, "leave the texts of the files out"),
	OPT_TEXT('o', "output", "FILE", &output, "write the page there (standard output)"),
	OPT_TEXT(0, "source-root", "DIR", &root,
	         "read files that the stream has no text of from below DIR"),
	OPT_TEXT(0, "title", "TEXT", &how.title, "the page's title (the script's name)"),
	OPT_END,
};

static const struct about about = {
	.name = "theat",
	.sentence = "draw source lines with their heat, one HTML page",
	.synopsis = "[options] [stream ...]",
	.examples = "  tsample --source -d 10 -p 4242 | theat > heat.html   a service\n"
		    "  theat --source-root / -o heat.html run.bin     files of here\n"
		    "  tdiff base.bin cur.bin | theat > diff.html     before and after\n",
	.options = options,
};

static void
check_usage(struct tool *tool, same_maps *maps)
{
	if (folder && output)
		tool_usage(tool, "-D and -o do not go together");
	if (folder && !*folder)
		tool_usage(tool, "-D: the name is empty");
	if (no_source && (root || map_words.n))
		tool_usage(tool, "--no-source and %s do not go together",
		           root ? "--source-root" : "--map");
	for (size_t i = 0; i < map_words.n; i++)
		if (!same_add_map(tool->arena, maps, map_words.at[i]))
			tool_usage(tool, "--map: \"%s\" is not OLD=NEW", map_words.at[i]);
}

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);
	struct tree_choice choice = { .grain = TREE_RECORDED, .diff = true };
	struct tree *tree = tree_new(tool.arena);
	struct heat_sources *sources = NULL;
	struct heat_book *book;
	struct out *out = NULL;
	same_maps maps = { 0 };

	check_usage(&tool, &maps);
	if (folder ? !heat_folder_check(folder, &tool.err)
	           : !(out = out_open(tool.arena, output, OUT_PAGE, &tool.err)))
		tool_die(&tool);
	tree_load(tree, &tool, &choice);
	tree_say(tree, &tool);
	if (view_unit(tree) == VIEW_SAMPLES)
		tree_say_uncounted(tree, &tool);
	if (!no_source &&
	    !(sources = heat_sources_open(tool.arena, tree, root, &maps, &tool.err)))
		tool_die(&tool);
	if (tool.status)
		how.incomplete = "a part of the input was damaged or refused, and is not here.";
	book = heat_book(tool.arena, tree, sources);
	if (out) {
		heat_write(out, book, &how);
		out_close(out);
	} else if (!heat_write_folder(folder, book, &how, &tool.err)) {
		tool_fail(&tool);
	}
	return tool_end(&tool);
}
