/* SPDX-License-Identifier: MIT */
/* What a process is that cannot be read as CPython, and who of its children can. */
#include "cpython/find.h"
#include "cpython/layout.h"
#include "remote/proc.h"

#include <errno.h>
#include <string.h>

enum { CHILDREN_MAX = 64, GENERATIONS_MAX = 4 };

static bool
is_cpython(struct arena *a, pid_t pid)
{
	struct runtime found;
	struct err ignored;
	struct remote *r = remote_open(a, pid, &ignored);
	bool is = r && find_runtime(a, r, &found);

	if (r)
		remote_close(r);
	return is;
}

/* The nearest descendant that is CPython, or 0. */
static pid_t
find_descendant(struct arena *a, pid_t pid, unsigned generations)
{
	pid_t children[CHILDREN_MAX], found = 0;
	unsigned n = proc_children(a, pid, children, CHILDREN_MAX);

	for (unsigned i = 0; i < n && !found; i++)
		if (is_cpython(a, children[i]))
			found = children[i];
	for (unsigned i = 0; i < n && !found && generations > 1; i++)
		found = find_descendant(a, children[i], generations - 1);
	return found;
}

static bool
is_pypy(struct text path)
{
	struct text name = text_basename(path);

	return text_starts(name, TEXT("pypy")) || text_starts(name, TEXT("libpypy"));
}

/* A Python that its files' names betray: PyPy, or one before 3.7. */
static bool
explain_by_names(struct arena *a, pid_t pid, struct text program, struct err *e)
{
	struct maps maps = maps_read(a, pid);
	unsigned major, minor;

	for (size_t i = 0; i < maps.n; i++) {
		struct text name = text_visible(a, text_basename(maps.at[i].path));

		if (is_pypy(maps.at[i].path)) {
			err_set(e, "process %d: %.*s is PyPy, not CPython", (int)pid,
			        TEXT_ARG(program));
			return true;
		}
		if (maps.at[i].executable &&
		    find_named_version(maps.at[i].path, &major, &minor)) {
			err_set(e,
			        "process %d: %.*s is Python %u.%u; those that can be read are "
			        "%s",
			        (int)pid, TEXT_ARG(name), major, minor, layout_versions());
			return true;
		}
	}
	return false;
}

bool
find_explain(struct remote *r, struct err *e)
{
	struct arena scratch = { 0 };
	pid_t pid = remote_pid(r), child;
	struct text program = proc_program(&scratch, pid);

	if (!remote_alive(r))
		err_set(e, "process %d: it has ended", (int)pid);
	else if (!explain_by_names(&scratch, pid, program, e)) {
		err_set(e, "process %d: %.*s is not CPython", (int)pid, TEXT_ARG(program));
		child = find_descendant(&scratch, pid, GENERATIONS_MAX);
		if (child)
			err_hint(e, "its child %d is CPython: %s -p %d", (int)child,
			         program_invocation_short_name, (int)child);
	}
	arena_empty(&scratch);
	return false;
}
