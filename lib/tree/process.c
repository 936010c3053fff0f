/* SPDX-License-Identifier: MIT */
#include "tree/process.h"

enum { NESTED_MAX = 64 }; /* workers that start workers */

/* What a command line has Python execute. */
struct executed {
	char how; /* 'c': code, 'm': a module; 0: a file */
	struct text what;
};

/* What a process is for the program that started it. */
enum part { PROGRAM, SPAWN_WORKER, FORK_SERVER, RESOURCE_TRACKER, PARTS };

/* What multiprocessing starts: the code that it has Python execute, and how that is called. */
static const struct {
	const char *code, *name;
} parts[PARTS] = {
	[SPAWN_WORKER] = { "from multiprocessing.spawn import spawn_main", "spawn worker" },
	[FORK_SERVER] = { "from multiprocessing.forkserver import main", "fork server" },
	[RESOURCE_TRACKER] = { "from multiprocessing.resource_tracker import main",
	                       "resource tracker" },
};

/* Takes the first argument off a command line; one without an end is empty. */
static struct text
take_argument(struct text *command)
{
	const char *end = command->n ? memchr(command->at, 0, command->n) : NULL;
	struct text argument = { command->at, end ? (size_t)(end - command->at) : command->n };

	if (command->n == 0)
		return argument;
	command->at += end ? argument.n + 1 : argument.n;
	command->n -= end ? argument.n + 1 : argument.n;
	return argument;
}

/*
 * Reads a word of Python's own options, whose letters may share one, and the value of the
 * last, which may be the next word. What is executed is told when it is one of these.
 */
static struct executed
read_options(struct text word, struct text *rest)
{
	struct executed none = { 0 };

	if (text_equal(word, TEXT("--check-hash-based-pycs")))
		take_argument(rest);
	if (text_starts(word, TEXT("--")))
		return none;
	for (size_t i = 1; i < word.n; i++) {
		struct text value = { word.at + i + 1, word.n - i - 1 };

		if (!memchr("cmWX", word.at[i], 4))
			continue;
		if (value.n == 0)
			value = take_argument(rest);
		return memchr("cm", word.at[i], 2) ? (struct executed){ word.at[i], value }
		                                   : none;
	}
	return none;
}

static struct executed
executed_by(const struct stream_process *p)
{
	struct text rest = p->command, program = text_basename(take_argument(&rest));

	if (program.n == 0)
		return (struct executed){ 0, text_basename(p->executable) };
	while (text_starts(program, TEXT("python")) && rest.n) {
		struct text word = take_argument(&rest);
		struct executed executed;

		if (text_equal(word, TEXT("-")) || !text_starts(word, TEXT("-")))
			return (struct executed){ 0, text_basename(word) };
		executed = read_options(word, &rest);
		if (executed.how)
			return executed;
	}
	return (struct executed){ 0, program };
}

static enum part
part_of(const struct stream_process *p)
{
	struct executed executed = executed_by(p);

	for (enum part part = PARTS; executed.how == 'c' && --part > PROGRAM;)
		if (text_behind(executed.what, text_of(parts[part].code)).n)
			return part;
	return PROGRAM;
}

/* Of several that had its number the one that began last before p, or else first; NULL: none. */
static const struct stream_process *
parent_of(const struct tree_run *r, const struct stream_process *p)
{
	const struct stream_process *parent = NULL;
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; p->parent && i < r->processes.n; i++) {
		const struct stream_process *x = &r->processes.at[i];
		uint64_t away = x->started <= p->started
		                        ? p->started - x->started
		                        : UINT64_MAX / 2 + (x->started - p->started);

		if (x->pid == p->parent && away < least) {
			parent = x;
			least = away;
		}
	}
	return parent;
}

/* The program that has p as a part; NULL: it is not in the run. */
static const struct stream_process *
program_of(const struct tree_run *r, const struct stream_process *p)
{
	for (int i = 0; p && i < NESTED_MAX; i++) {
		if (part_of(p) == PROGRAM)
			return p;
		p = parent_of(r, p);
	}
	return NULL;
}

/* A worker of a fork server is a fork of it, with the same command line. */
static struct text
part_text(const struct tree_run *r, const struct stream_process *p)
{
	enum part part = part_of(p);
	const struct stream_process *parent = parent_of(r, p);

	if (part == FORK_SERVER && !parent)
		return TEXT("fork server or worker");
	if (part == FORK_SERVER && part_of(parent) == FORK_SERVER)
		return TEXT("fork server worker");
	return text_of(parts[part].name);
}

static struct text
script_text(struct arena *a, const struct stream_process *program)
{
	struct executed executed = executed_by(program);

	if (executed.how == 'c')
		return TEXT("-c"); /* the code itself may hold secrets */
	if (executed.how == 'm')
		return text_join(a, (struct text[]){ TEXT("-m "), executed.what }, 2);
	return executed.what;
}

struct text
tree_script_text(struct arena *a, const struct tree_run *r, const struct stream_process *p)
{
	const struct stream_process *program = program_of(r, p);

	return program ? script_text(a, program) : part_text(r, p);
}

struct text
tree_process_text(struct arena *a, const struct tree_run *r, const struct stream_process *p)
{
	const struct stream_process *program = program_of(r, p);
	struct text script;

	if (!program)
		return part_text(r, p);
	script = script_text(a, program);
	if (program == p)
		return script;
	return text_join(a, (struct text[]){ script, TEXT(": "), part_text(r, p) }, 3);
}

struct text
tree_pid_text(struct arena *a, const struct tree_run *r, const struct stream_process *p)
{
	size_t earlier = 0;

	for (size_t i = 0; i < r->processes.n; i++)
		earlier += r->processes.at[i].pid == p->pid && r->processes.at[i].id < p->id;
	return text_print(a, earlier && p->pid ? "%llu.%zu" : "%llu",
	                  (unsigned long long)p->pid, earlier);
}
