/* SPDX-License-Identifier: MIT */
/*
 * Files are matched in three steps: the path itself; the place in a library,
 * which has the same path below site-packages or lib/python3.X wherever it is
 * installed; and for what is left, the project's own, the roots of the two
 * checkouts, see same_roots.c.
 */
#include "tree/same_files.h"

#include "tree/refile.h"

#include <stdlib.h>

static struct text
after(struct text t, size_t n)
{
	return (struct text){ t.at + n, t.n - n };
}

/* What follows the first "/lib/python3.X/"; nothing where there is none. */
static struct text
below_lib(struct text path)
{
	const char *lib = memmem(path.at, path.n, "/lib/python3", 12);
	const char *lib64 = memmem(path.at, path.n, "/lib64/python3", 14);
	const char *slash;

	if (!lib && !lib64)
		return (struct text){ 0 };
	lib = lib ? lib + 12 : lib64 + 14;
	slash = memchr(lib, '/', (size_t)(path.at + path.n - lib));
	return slash ? after(path, (size_t)(slash + 1 - path.at)) : (struct text){ 0 };
}

/* "lib/importlib/_bootstrap.py" of "<frozen importlib._bootstrap>". */
static struct text
frozen_key(struct arena *a, struct text path)
{
	struct text key = text_print(a, "lib/%.*s.py", (int)path.n - 9, path.at + 8);

	for (char *p = (char *)key.at; p < key.at + key.n - 3; p++)
		*p = *p == '.' ? '/' : *p;
	return key;
}

/* Where in a library a file lies, wherever that is; nothing for a file of the project's. */
static struct text
library_key(struct arena *a, struct text path)
{
	static const char *const places[] = { "/site-packages/", "/dist-packages/" };
	struct text below = below_lib(path);

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *found = memmem(path.at, path.n, places[i], 15);

		if (found)
			return text_print(
				a, "site/%.*s",
				TEXT_ARG(after(path, (size_t)(found + 15 - path.at))));
	}
	if (below.n)
		return text_print(a, "lib/%.*s", TEXT_ARG(below));
	if (text_starts(path, TEXT("<frozen ")) && text_ends(path, TEXT(">")))
		return frozen_key(a, path);
	return below;
}

bool
same_is_own(struct text path)
{
	struct arena scratch = { 0 };
	bool is_library = library_key(&scratch, path).n > 0;

	arena_empty(&scratch);
	return !is_library && !(text_starts(path, TEXT("<")) && text_ends(path, TEXT(">")));
}

/* Whether a path is that, or lies below it. */
static bool
is_at(struct text path, struct text place)
{
	return text_starts(path, place) &&
	       (path.n == place.n || place.at[place.n - 1] == '/' || path.at[place.n] == '/');
}

/* The file that the first map which fits makes of it; 0: none fits. */
static uint32_t
mapped(struct arena *scratch, struct tree *t, struct text path, const same_maps *maps)
{
	for (size_t i = 0; i < maps->n; i++) {
		const struct same_map *m = &maps->at[i];

		if (is_at(path, m->from))
			return tree_intern_string(
				t, text_print(scratch, "%.*s%.*s", TEXT_ARG(m->to),
			                      TEXT_ARG(after(path, m->from.n))));
	}
	return 0;
}

void
same_use_maps(struct tree *t, const same_maps *maps)
{
	struct arena scratch = { 0 };
	size_t n = t->strings.n;
	uint32_t *files = arena_array(&scratch, uint32_t, n);
	bool any = false;

	for (uint32_t i = 1; i < t->functions.n && maps->n; i++) {
		uint32_t file = t->functions.at[i].file;

		if (file && file < n && !files[file])
			files[file] = mapped(&scratch, t, t->strings.at[file], maps);
		any |= files[file] != 0;
	}
	for (size_t i = 0; i < t->runs.n && any; i++)
		if (t->runs.at[i]->about.side == STREAM_BASELINE)
			refile_run(t, t->runs.at[i], files);
	arena_empty(&scratch);
}

static int
compare_files(const void *a, const void *b)
{
	return text_compare(((const struct same_file *)a)->path,
	                    ((const struct same_file *)b)->path);
}

static void
list_files(struct same_matching *m, int side, const struct tree *t, const uint8_t *on, size_t n)
{
	struct same_side *files = &m->side[side];
	VEC(struct same_file) list = { 0 };

	for (uint32_t i = 1; i < n; i++)
		if (on[i] & (side ? ON_CURRENT : ON_BASELINE)) {
			struct same_file file = { .path = t->strings.at[i], .string = i };

			file.key = library_key(&m->scratch, file.path);
			*vec_push(&m->scratch, &list) = file;
		}
	if (list.n)
		qsort(list.at, list.n, sizeof *list.at, compare_files);
	files->at = list.at;
	files->n = list.n;
	for (uint32_t i = 0; i < list.n; i++)
		index_add(&m->scratch, &files->by_path, hash_text(list.at[i].path), i);
}

struct same_file *
same_find_path(struct same_side *files, struct text path)
{
	struct index_probe probe = index_probe(&files->by_path, hash_text(path));

	while (index_next(&files->by_path, &probe))
		if (text_equal(files->at[probe.row].path, path))
			return &files->at[probe.row];
	return NULL;
}

bool
same_match(struct same_matching *m, struct same_file *baseline, struct same_file *current)
{
	if (!current || current->matched)
		return false;
	baseline->matched = current->matched = true;
	m->same[baseline->string] = current->string;
	return true;
}

static void
match_paths(struct same_matching *m)
{
	for (size_t i = 0; i < m->side[0].n; i++) {
		struct same_file *file = &m->side[0].at[i];
		struct same_file *other = same_find_path(&m->side[1], file->path);

		if (same_match(m, file, other))
			file->kept = other->kept = true;
	}
}

static int
compare_names(const void *a, const void *b)
{
	const struct same_named *x = a, *y = b;
	int names = text_compare(x->name, y->name);

	return names ? names : (x->row > y->row) - (x->row < y->row);
}

void
same_sort(same_names *names)
{
	if (names->n)
		qsort(names->at, names->n, sizeof *names->at, compare_names);
}

/* One behind the last of those that are named as the one at from. */
static size_t
namesakes_end(const same_names *names, size_t from)
{
	size_t end = from;

	while (end < names->n && text_equal(names->at[end].name, names->at[from].name))
		end++;
	return end;
}

void
same_join(const same_names names[2], same_meet *meet, void *context)
{
	size_t from[2] = { 0 };

	while (from[0] < names[0].n && from[1] < names[1].n) {
		size_t end[2] = { namesakes_end(&names[0], from[0]),
			          namesakes_end(&names[1], from[1]) };
		int order = text_compare(names[0].at[from[0]].name, names[1].at[from[1]].name);

		if (order == 0)
			meet(context, names, from, end);
		if (order <= 0)
			from[0] = end[0];
		if (order >= 0)
			from[1] = end[1];
	}
}

/* Of several files of one place in a library the first ones are one, the second ones, ... */
static void
match_namesakes(void *context, const same_names names[2], const size_t from[2],
                const size_t end[2])
{
	struct same_matching *m = context;

	for (size_t i = 0; from[0] + i < end[0] && from[1] + i < end[1]; i++)
		same_match(m, &m->side[0].at[names[0].at[from[0] + i].row],
		           &m->side[1].at[names[1].at[from[1] + i].row]);
}

static void
match_keys(struct same_matching *m)
{
	same_names keys[2] = { 0 };

	for (int side = 0; side < 2; side++) {
		for (uint32_t i = 0; i < m->side[side].n; i++) {
			const struct same_file *file = &m->side[side].at[i];

			if (!file->matched && file->key.n)
				*vec_push(&m->scratch, &keys[side]) =
					(struct same_named){ file->key, i };
		}
		same_sort(&keys[side]);
	}
	same_join(keys, match_namesakes, m);
}

uint32_t *
same_files(struct arena *a, const struct tree *t, const uint8_t *on, size_t n)
{
	struct same_matching m = { .same = arena_array(a, uint32_t, t->strings.n) };

	list_files(&m, 0, t, on, n);
	list_files(&m, 1, t, on, n);
	match_paths(&m);
	match_keys(&m);
	same_roots(&m);
	arena_empty(&m.scratch);
	return m.same;
}
