/* SPDX-License-Identifier: MIT */
/*
 * Choices that nothing agrees with. They are looked at in the order in which
 * they apply, up to the one that leaves nothing.
 */
#include "tree/choice.h"
#include "tree/name.h"

enum { NAMES_OFFERED = 3 };

struct unmet {
	struct arena arena;
	struct tree *tree;
	struct tool *tool;
	const struct tree_choice *choice;
};

typedef VEC(struct text) names;

/* Says the tool's err, which is no failure. */
static void
say(struct unmet *u)
{
	int status = u->tool->status;

	tool_fail(u->tool);
	u->tool->status = status;
}

static void
offer(struct unmet *u, const char *what, const names *offered)
{
	struct text all = { "", 0 };

	for (size_t i = 0; i < offered->n; i++)
		all = text_print(&u->arena, "%.*s%s\"%.*s\"", TEXT_ARG(all), i ? ", " : "",
		                 TEXT_ARG(offered->at[i]));
	if (offered->n)
		err_hint(&u->tool->err, "%s %.*s", what, TEXT_ARG(all));
}

static bool
has_cells(const struct tree *t)
{
	for (size_t i = 0; i < t->runs.n; i++)
		if (t->runs.at[i]->cells.n)
			return true;
	return false;
}

static bool
find_process(const struct tree *t, uint64_t pid)
{
	for (size_t i = 0; i < t->runs.n; i++)
		for (size_t k = 0; k < t->runs.at[i]->processes.n; k++)
			if (t->runs.at[i]->processes.at[k].pid == pid)
				return true;
	return false;
}

static bool
find_thread(const struct tree *t, const char *name)
{
	for (size_t i = 0; i < t->runs.n; i++)
		for (size_t k = 0; k < t->runs.at[i]->threads.n; k++)
			if (choice_is_thread(&t->runs.at[i]->threads.at[k], name))
				return true;
	return false;
}

/* Each is whether something agrees with the choice. */
static bool
meets_threads(struct unmet *u)
{
	const opt_texts *asked = &u->choice->threads;
	size_t missing = 0;
	names there = { 0 };

	for (size_t i = 0; i < u->tree->refused_threads.n; i++)
		*vec_push(&u->arena, &there) = u->tree->refused_threads.at[i];
	for (size_t i = 0; i < asked->n; i++) {
		if (find_thread(u->tree, asked->at[i]))
			continue;
		missing++;
		err_set(&u->tool->err, "--thread %s: there is no such thread", asked->at[i]);
		offer(u, "there is", &there);
		say(u);
	}
	return asked->n == 0 || missing < asked->n;
}

static bool
find_under(struct unmet *u, const char *under)
{
	for (uint32_t i = 1; i < u->tree->frames.n; i++)
		if (choice_is_under(under, &u->arena, u->tree, i))
			return true;
	return false;
}

static bool
is_offered(const names *offered, struct text name)
{
	for (size_t i = 0; i < offered->n; i++)
		if (text_equal(offered->at[i], name))
			return true;
	return false;
}

/* Adds functions whose name ends in the text, or holds it. */
static void
find_like(struct unmet *u, struct text like, bool ends, names *offered)
{
	for (uint32_t i = 1; i < u->tree->functions.n; i++) {
		struct text name = u->tree->strings.at[u->tree->functions.at[i].name];
		bool is_like = ends ? text_ends(name, like)
		                    : name.n && memmem(name.at, name.n, like.at, like.n);

		if (is_like && offered->n < NAMES_OFFERED && !is_offered(offered, name))
			*vec_push(&u->arena, offered) = name;
	}
}

static bool
meets_under(struct unmet *u)
{
	const opt_texts *asked = &u->choice->under;
	size_t missing = 0;

	for (size_t i = 0; i < asked->n; i++) {
		names like = { 0 };

		if (find_under(u, asked->at[i]))
			continue;
		missing++;
		find_like(u, text_print(&u->arena, ".%s", asked->at[i]), true, &like);
		find_like(u, text_of(asked->at[i]), false, &like);
		err_set(&u->tool->err, "--under %s: no stack goes through it", asked->at[i]);
		offer(u, "there is", &like);
		say(u);
	}
	return asked->n == 0 || missing < asked->n;
}

static bool
find_keep(struct unmet *u, const regex_t *regex)
{
	for (uint32_t i = 1; i < u->tree->frames.n; i++)
		if (choice_matches(regex, tree_frame_text(&u->arena, u->tree, i, false)))
			return true;
	return false;
}

static bool
meets_keep(struct unmet *u)
{
	const tree_regexes *asked = &u->choice->keep;
	size_t missing = 0;

	for (size_t i = 0; i < asked->n; i++) {
		if (find_keep(u, &asked->at[i].regex))
			continue;
		missing++;
		tool_say(u->tool, "--keep %s: no frame matches", asked->at[i].pattern);
	}
	return asked->n == 0 || missing < asked->n;
}

static bool
meets_time(struct unmet *u)
{
	if (!u->tree->in_time)
		tool_say(u->tool, "%s: no sample is of that time",
		         u->choice->from_ns ? "--from" : "--to");
	return u->tree->in_time;
}

static bool
meets_process(struct unmet *u)
{
	size_t n = u->choice->pids.n, missing = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t pid = u->choice->pids.at[i];

		if (find_process(u->tree, pid))
			continue;
		tool_say(u->tool, "--pid %llu: there is no such process",
		         (unsigned long long)pid);
		missing++;
	}
	return n == 0 || missing < n;
}

static bool
has_instructions(const struct tree *t)
{
	for (uint32_t i = 1; i < t->frames.n; i++)
		if (t->frames.at[i].opcode)
			return true;
	return false;
}

/* --by opcode shows frames without instructions as they are. */
static void
say_no_instructions(struct unmet *u)
{
	if (u->choice->grain != TREE_OPCODE || !has_cells(u->tree) || has_instructions(u->tree))
		return;
	err_set(&u->tool->err, "instructions were not recorded");
	err_hint(&u->tool->err, "tsample --opcodes records them");
	say(u);
}

/* Whether something was wanted; who watches has got it, and the tree only knows of whom. */
static bool
has_kept(const struct tree *t, const struct tree_choice *choice)
{
	if (!choice->watcher)
		return has_cells(t);
	for (size_t i = 0; i < t->runs.n; i++)
		if (t->runs.at[i]->series.n)
			return true;
	return false;
}

void
tree_say_unmet(struct tree *t, struct tool *tool, const struct tree_choice *choice)
{
	struct unmet u = { .tree = t, .tool = tool, .choice = choice };
	bool meets = !t->seen || (meets_time(&u) && meets_process(&u) && meets_threads(&u) &&
	                          meets_under(&u) && meets_keep(&u));

	if (meets && t->seen && !has_kept(t, choice))
		tool_say(tool, "no stack agrees with all of the filters");
	say_no_instructions(&u);
	arena_empty(&u.arena);
}
