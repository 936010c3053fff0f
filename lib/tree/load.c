/* SPDX-License-Identifier: MIT */
#include "tree/load.h"

#include "tree/inside.h"

static void
load(struct tree *t, struct tool *tool, const char *path, const struct tree_choice *choice)
{
	struct arena scratch = { 0 };
	struct stream *s;

	if (strcmp(path, "-") == 0)
		tool_reads_stdin(tool);
	s = stream_open(&scratch, path, &tool->err);
	while (s && !tree_read(t, s, path, choice, &tool->err))
		tool_fail(tool);
	if (s)
		stream_close(s);
	tool_fail(tool);
	arena_empty(&scratch);
}

void
tree_load(struct tree *t, struct tool *tool, const struct tree_choice *choice)
{
	for (char **path = tool->operands; *path; path++)
		load(t, tool, *path, choice);
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
