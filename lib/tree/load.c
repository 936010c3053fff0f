/* SPDX-License-Identifier: MIT */
#include "tree/load.h"

#include "tree/inside.h"

/* False: something of it was bad. */
static bool
load(struct tree *t, struct tool *tool, const char *path, const struct tree_choice *choice)
{
	struct arena scratch = { 0 };
	struct stream *s;
	bool good;

	if (strcmp(path, "-") == 0)
		tool_reads_stdin(tool);
	s = stream_open(&scratch, path, &tool->err);
	good = s != NULL;
	while (s && !tree_read(t, s, path, choice, &tool->err)) {
		good = false;
		tool_fail(tool);
	}
	if (s)
		stream_close(s);
	tool_fail(tool);
	arena_empty(&scratch);
	return good;
}

void
tree_load(struct tree *t, struct tool *tool, const struct tree_choice *choice)
{
	bool good = false;

	for (char **path = tool->operands; *path; path++)
		good |= load(t, tool, *path, choice);
	if (!good && t->runs.n == 0)
		tool_die(tool);
	tree_settle(t);
}

void
tree_say(const struct tree *t, struct tool *tool)
{
	struct arena scratch = { 0 };
	tree_notes notes = tree_notes_of(t, &scratch);

	for (size_t i = 0; i < notes.n; i++)
		tool_say(tool, "%.*s", TEXT_ARG(notes.at[i]));
	arena_empty(&scratch);
}

void
tree_say_uncounted(const struct tree *t, struct tool *tool)
{
	struct arena scratch = { 0 };
	uint64_t runs = view_uncounted(t);
	struct text number = text_grouped(&scratch, runs);

	if (runs)
		tool_say(tool, "%.*s %s times only and %s not counted", TEXT_ARG(number),
		         runs == 1 ? "run has" : "runs have", runs == 1 ? "is" : "are");
	arena_empty(&scratch);
}
