/* SPDX-License-Identifier: MIT */
#include "tree/sides.h"

#include "tree/inside.h"
#include "tree/load.h"
#include "tree/words.h"

static void
take_operands(struct tool *tool, opt_texts paths[2])
{
	char **operands = tool->operands;
	bool from_stdin = strcmp(operands[0], "-") == 0 && !operands[1], rest;

	if (paths[0].n && paths[1].n && from_stdin)
		return;
	if (paths[0].n && paths[1].n)
		tool_usage(tool, "%s: both sides are named by options", operands[0]);
	if (paths[0].n == 0 && paths[1].n == 0) {
		if (!operands[1] || operands[2])
			tool_usage(tool, "two profiles are compared: a baseline and a current "
			                 "one; -b and -c name several");
		*vec_push(tool->arena, &paths[0]) = *operands++;
	}
	rest = paths[0].n > 0;
	for (; *operands; operands++)
		*vec_push(tool->arena, &paths[rest]) = *operands;
}

/* Standard input can be read once only. */
static void
check_stdin(struct tool *tool, const opt_texts paths[2])
{
	size_t n = 0;

	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < paths[side].n; i++)
			n += strcmp(paths[side].at[i], "-") == 0;
	if (n > 1)
		tool_usage(tool, "standard input can be one profile only");
}

/* Whether all of the input was good. */
static bool
load_input(struct tree *t, struct tool *tool, const char *path,
           const struct tree_choice *choice)
{
	char *paths[] = { (char *)path, NULL };
	int before = tool->status;
	bool good;

	tool->status = 0;
	tree_load_paths(t, tool, paths, choice);
	good = tool->status == 0;
	tool->status |= before;
	return good;
}

opt_texts
sides_load(struct tree *t, struct tool *tool, opt_texts paths[2])
{
	opt_texts damaged = { 0 };

	take_operands(tool, paths);
	check_stdin(tool, paths);
	for (int side = 0; side < 2; side++) {
		struct tree_choice choice = { .side = side ? STREAM_CURRENT : STREAM_BASELINE };
		size_t before = damaged.n, runs = t->runs.n;

		for (size_t i = 0; i < paths[side].n; i++)
			if (!load_input(t, tool, paths[side].at[i], &choice))
				*vec_push(tool->arena, &damaged) = paths[side].at[i];
		if (damaged.n - before == paths[side].n && t->runs.n == runs)
			tool_die(tool);
	}
	tree_settle(t);
	return damaged;
}

struct diff *
sides_compare(struct arena *a, struct tree *t, const struct sides_how *how, struct err *e)
{
	struct diff *d;

	if (!compare_begin(t, how->scale, how->force, e))
		return NULL;
	if (how->damaged.n)
		t->compare->about.flags |= STREAM_INCOMPLETE;
	same_find(t, how->same, &how->maps);
	d = diff_new(a, t);
	verdict_find(d, how->verdict);
	t->compare->about.words = words_of(t->a, d, &how->damaged);
	return d;
}

void
sides_say(const struct diff *d, const struct sides_how *how, struct tool *tool)
{
	const struct watched *side = d->side;
	int status = tool->status;

	if (how->scale.given || !side[0].launched || !side[1].launched ||
	    (side[0].complete && side[1].complete))
		return;
	err_set(&tool->err, "not all runs were seen to their end, so they are compared by %s",
	        d->compare->about.scale == STREAM_SCALE_WALL ? "the wall" : "their shares");
	err_hint(&tool->err, "--scale time compares run with run all the same");
	tool_fail(tool);
	tool->status = status;
}
