/* SPDX-License-Identifier: MIT */
/*
 * Runs of one side that come from a folder each, as of checkouts that were made to be measured in
 * turn, are runs of one program: their files become those of the run whose own come first.
 *
 * A run has moved if none of its own files lies where the runs before have any, and most of them
 * are found below another root. Files of libraries are known by their place in any case.
 */
#include "tree/refile.h"
#include "tree/same_files.h"
#include "tree/sameness.h"

#include <stdlib.h>

struct member {
	struct tree_run *run;
	struct text first; /* of the files that are the run's own */
	size_t row;
};

struct family {
	struct arena scratch;
	struct tree *tree;
	uint8_t *on;    /* of each string: ON_BASELINE of the run, ON_CURRENT of those before */
	size_t n;       /* how many strings there were; renaming a run may add some */
	uint32_t *seen; /* of each node the last run that was there */
	uint32_t runs;  /* looked at so far */
	VEC(uint32_t) strings; /* the run's files */
	VEC(struct member) members;
};

static void
add_file(struct family *f, uint32_t frame)
{
	const struct tree *t = f->tree;
	uint32_t file = t->functions.at[t->frames.at[frame].function].file;

	if (file == 0 || f->on[file] & ON_BASELINE)
		return;
	f->on[file] |= ON_BASELINE;
	*vec_push(&f->scratch, &f->strings) = file;
}

/* Lists the files of a run, and marks them. */
static void
open_run(struct family *f, const struct tree_run *r)
{
	f->runs++;
	f->strings.n = 0;
	for (size_t i = 0; i < r->cells.n; i++)
		for (uint32_t node = r->cells.at[i].node; node && f->seen[node] != f->runs;) {
			f->seen[node] = f->runs;
			add_file(f, f->tree->nodes.rows.at[node].frame);
			node = f->tree->nodes.rows.at[node].parent;
		}
}

/* Unmarks the run's files; those that are not told to be others' are known from now on. */
static void
close_run(struct family *f, const uint32_t *files, bool known)
{
	for (size_t i = 0; i < f->strings.n; i++) {
		uint32_t file = f->strings.at[i];

		f->on[file] &= (uint8_t)~ON_BASELINE;
		if (known && !(files && files[file]))
			f->on[file] |= ON_CURRENT;
	}
}

static bool
is_own(const struct family *f, uint32_t file)
{
	return same_is_own(f->tree->strings.at[file]);
}

static void
add_member(struct family *f, struct tree_run *r, size_t row)
{
	struct member m = { .run = r, .row = row };

	open_run(f, r);
	for (size_t i = 0; i < f->strings.n; i++) {
		struct text path = f->tree->strings.at[f->strings.at[i]];

		if (is_own(f, f->strings.at[i]) &&
		    (!m.first.n || text_compare(path, m.first) < 0))
			m.first = path;
	}
	close_run(f, NULL, false);
	*vec_push(&f->scratch, &f->members) = m;
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int paths = text_compare(x->first, y->first);

	return paths ? paths : (x->row > y->row) - (x->row < y->row);
}

/* Whether none of the run's own files is where others are, and most are in another folder. */
static bool
has_moved(const struct family *f, const uint32_t *files)
{
	size_t own = 0, found = 0;

	for (size_t i = 0; i < f->strings.n; i++) {
		uint32_t file = f->strings.at[i];

		if (!is_own(f, file))
			continue;
		if (f->on[file] & ON_CURRENT)
			return false;
		own++;
		found += files[file] != 0;
	}
	return 2 * found > own;
}

/* Leaves in files what the run is to be moved by. False: nothing. */
static bool
choose_files(const struct family *f, uint32_t *files)
{
	bool moved = has_moved(f, files), any = false;

	for (size_t i = 0; i < f->strings.n; i++) {
		uint32_t file = f->strings.at[i];

		if (files[file] == file || (!moved && is_own(f, file)))
			files[file] = 0;
		any |= files[file] != 0;
	}
	return any;
}

static bool
has_unknown(const struct family *f)
{
	for (size_t i = 0; i < f->strings.n; i++)
		if (!(f->on[f->strings.at[i]] & ON_CURRENT))
			return true;
	return false;
}

static void
join_member(struct family *f, const struct member *m)
{
	struct arena scratch = { 0 };
	uint32_t *files = NULL;

	open_run(f, m->run);
	if (m != f->members.at && has_unknown(f)) {
		files = same_files(&scratch, f->tree, f->on, f->n);
		if (choose_files(f, files))
			refile_run(f->tree, m->run, files);
	}
	close_run(f, files, true);
	arena_empty(&scratch);
}

static size_t
count_runs(const struct tree *t, enum stream_side side)
{
	size_t n = 0;

	for (size_t i = 0; i < t->runs.n; i++)
		n += t->runs.at[i]->about.side == side;
	return n;
}

void
same_runs(struct tree *t, enum stream_side side)
{
	struct family f = { .tree = t };

	if (count_runs(t, side) < 2)
		return;
	f.n = t->strings.n;
	f.on = arena_array(&f.scratch, uint8_t, f.n);
	f.seen = arena_array(&f.scratch, uint32_t, t->nodes.rows.n);
	for (size_t i = 0; i < t->runs.n; i++)
		if (t->runs.at[i]->about.side == side)
			add_member(&f, t->runs.at[i], i);
	qsort(f.members.at, f.members.n, sizeof *f.members.at, compare_members);
	for (size_t i = 0; i < f.members.n; i++)
		join_member(&f, &f.members.at[i]);
	arena_empty(&f.scratch);
}
