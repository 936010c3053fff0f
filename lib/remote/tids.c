/* SPDX-License-Identifier: MIT */
#include "remote/tids.h"

#include "remote/proc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 64 };

/* The number in the innermost namespace of a thread that is numbered so here; 0: it has ended. */
static pid_t
number_there(pid_t pid, pid_t here)
{
	struct arena scratch = { 0 };
	struct text name = text_print(&scratch, "task/%d/status", (int)here);
	pid_t there = proc_innermost(proc_text(&scratch, pid, name.at, PROC_STATUS_BYTES));

	arena_empty(&scratch);
	return there;
}

void
tids_open(struct tids *t, struct arena *a, pid_t pid)
{
	*t = (struct tids){ .arena = a, .pid = pid, .nested = proc_inner_pid(pid) != pid };
}

void
tids_renew(struct tids *t)
{
	t->looked = false;
}

static void
look_through(struct tids *t)
{
	char path[PATH_BYTES];
	struct dirent *entry;
	DIR *tasks;

	t->looked = true;
	t->pairs.n = 0;
	index_clear(&t->index);
	snprintf(path, sizeof path, "/proc/%d/task", (int)t->pid);
	if (!(tasks = opendir(path)))
		return;
	while ((entry = readdir(tasks))) {
		pid_t here = (pid_t)strtol(entry->d_name, NULL, 10);
		pid_t there = here > 0 ? number_there(t->pid, here) : 0;

		if (there == 0)
			continue;
		index_add(t->arena, &t->index, hash_number((uint64_t)there),
		          (uint32_t)t->pairs.n);
		*vec_push(t->arena, &t->pairs) = (struct tid_pair){ there, here };
	}
	closedir(tasks);
}

/* A number may have been given again since. */
static pid_t
find(const struct tids *t, pid_t there)
{
	struct index_probe probe = index_probe(&t->index, hash_number((uint64_t)there));

	while (index_next(&t->index, &probe)) {
		const struct tid_pair *pair = &t->pairs.at[probe.row];

		if (pair->there == there && number_there(t->pid, pair->here) == there)
			return pair->here;
	}
	return 0;
}

pid_t
tids_here(struct tids *t, uint64_t there)
{
	pid_t here;

	if (there == 0 || there > INT32_MAX)
		return 0;
	if (!t->nested)
		return (pid_t)there;
	here = find(t, (pid_t)there);
	if (here || t->looked)
		return here;
	look_through(t);
	return find(t, (pid_t)there);
}
