/* SPDX-License-Identifier: MIT */
#include "remote/source_family.h"

#include "remote/proc.h"

struct member {
	pid_t pid;
	struct sources *sources; /* NULL: it has none, or has ended */
};

struct source_family {
	struct arena *a;
	size_t n;
	struct member members[SOURCE_FAMILY_MAX];
};

static struct member *
find(struct source_family *f, pid_t pid)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->members[i].pid == pid)
			return &f->members[i];
	return NULL;
}

/* False sets *e: there is nothing to be read of it. */
static bool
add(struct source_family *f, pid_t pid, struct err *e)
{
	struct member *m = &f->members[f->n++];

	*m = (struct member){ pid, sources_begin(f->a, e) };
	if (!m->sources || sources_become(m->sources, pid, e))
		return m->sources != NULL;
	sources_close(m->sources);
	m->sources = NULL;
	return false;
}

/* Those that are added are asked for theirs, in turn. */
static void
add_descendants(struct source_family *f)
{
	struct arena scratch = { 0 };
	pid_t *children = arena_array(&scratch, pid_t, SOURCE_FAMILY_MAX);
	struct err ignored = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		unsigned n =
			proc_children(&scratch, f->members[i].pid, children, SOURCE_FAMILY_MAX);

		for (unsigned k = 0; k < n && f->n < SOURCE_FAMILY_MAX; k++)
			if (!find(f, children[k]))
				add(f, children[k], &ignored);
	}
	arena_empty(&scratch);
}

struct source_family *
source_family_begin(struct arena *a, pid_t pid, bool descendants, struct err *e)
{
	struct source_family *f = arena_new(a, struct source_family);

	f->a = a;
	if (!add(f, pid, e))
		return NULL;
	if (descendants)
		add_descendants(f);
	return f;
}

bool
source_family_read(struct source_family *f, struct arena *a, pid_t pid, struct text path,
                   struct text *to, bool *changed)
{
	struct member *m = find(f, pid);

	return m && m->sources && sources_read(m->sources, a, path, to, changed);
}
