/* SPDX-License-Identifier: MIT */
#include "tree/load.h"

#include "tree/inside.h"

/* False: something of it was bad. */
static bool
load(struct tree *t, struct tool *tool, const char *path, const struct tree_choice *choice)
{
	struct arena scratch = { 0 };
	bool is_stdin = strcmp(path, "-") == 0;
	struct stream *s;
	bool good;

	if (is_stdin)
		tool_reads_stdin(tool);
	s = stream_open(&scratch, path, &tool->err);
	good = s != NULL;
	while (s && !tree_read(t, s, is_stdin ? "stdin" : path, choice, &tool->err)) {
		good = false;
		tool_fail(tool);
	}
	if (s)
		stream_close(s);
	tool_fail(tool);
	arena_empty(&scratch);
	return good;
}

bool
tree_load_paths(struct tree *t, struct tool *tool, char *const *paths,
                const struct tree_choice *choice)
{
	size_t before = t->runs.n;
	bool good = false;

	for (char *const *path = paths; *path; path++)
		good |= load(t, tool, *path, choice);
	return good || t->runs.n > before;
}

void
tree_load(struct tree *t, struct tool *tool, const struct tree_choice *choice)
{
	if (!tree_load_paths(t, tool, tool->operands, choice))
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
