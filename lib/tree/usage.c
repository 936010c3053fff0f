/* SPDX-License-Identifier: MIT */
#include "tree/usage.h"

#include "base/quantity.h"

static tree_regexes
compile(struct tool *t, const char *option, const opt_texts *patterns)
{
	tree_regexes regexes = { 0 };
	char why[200];

	for (size_t i = 0; i < patterns->n; i++) {
		struct tree_regex *to = vec_push(t->arena, &regexes);
		int status;

		to->pattern = patterns->at[i];
		status = regcomp(&to->regex, to->pattern, REG_EXTENDED);
		if (status == 0)
			continue;
		regerror(status, &to->regex, why, sizeof why);
		tool_usage(t, "%s: %s: %s", option, to->pattern, why);
	}
	return regexes;
}

static void
check_named(struct tool *t, const char *option, const opt_texts *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (!names->at[i][0])
			tool_usage(t, "%s: the name is empty", option);
}

static void
take_pids(struct tool *t, struct tree_usage *u)
{
	for (size_t i = 0; i < u->pids.n; i++)
		if (!quantity_count(u->pids.at[i], vec_push(t->arena, &u->choice.pids)))
			tool_usage(t, "--pid: \"%s\" is no process id", u->pids.at[i]);
}

void
tree_usage_check(struct tool *t, struct tree_usage *u)
{
	struct tree_choice *choice = &u->choice;

	if (u->to_ns <= choice->from_ns)
		tool_usage(t, choice->from_ns ? "--to: not after --from"
		                              : "--to: 0 keeps nothing");
	take_pids(t, u);
	check_named(t, "--thread", &choice->threads);
	check_named(t, "--under", &choice->under);
	choice->to_ns = u->to_ns == UINT64_MAX ? 0 : u->to_ns;
	choice->keep = compile(t, "--keep", &u->keep);
	choice->drop = compile(t, "--drop", &u->drop);
	choice->mode1 = u->mode + 1;
	choice->idle = (enum tree_idle)(u->idle + 1);
}
