/* SPDX-License-Identifier: MIT */
/*
 * A pair of roots is what remains of two paths when the parts that they end in
 * alike are taken off; the pair that explains most files comes first. Files
 * that moved inside of one checkout are not the same: a root below which other
 * files kept their path has not moved.
 *
 * Nothing here prefers a side, so that swapped sides have the same matches.
 */
#include "tree/same_files.h"

#include <stdlib.h>

enum {
	NAMESAKES = 16, /* more files of one name on a side tell little of the roots */
	EXTENDED = 64,  /* pairs of roots that also explain files which had no vote */
};

/* A pair of files that are alike in name. */
struct vote {
	uint32_t baseline, current; /* rows of the sides */
	uint32_t next1;             /* of the same roots, plus one */
};

struct roots {
	struct text baseline, current;
	uint32_t votes, first1;
};

struct rooting {
	struct same_matching *m;
	same_names named[2];       /* of each side what is to be matched, by name */
	same_names paths, folders; /* of files that kept their path; by themselves */
	bool kept_relative;        /* one of them is relative */
	VEC(struct vote) votes;
	VEC(struct roots) roots;
	struct index root_index;
	size_t extended;
};

static struct text
folder_of(struct text path)
{
	return (struct text){ path.at, path.n - text_basename(path).n };
}

static void
add_file(struct rooting *r, int side, uint32_t row)
{
	const struct same_file *file = &r->m->side[side].at[row];
	struct arena *a = &r->m->scratch;

	if (!same_is_own(file->path))
		return;
	if (!file->matched) {
		*vec_push(a, &r->named[side]) =
			(struct same_named){ text_basename(file->path), row };
	} else if (file->kept && side == 0) {
		*vec_push(a, &r->paths) = (struct same_named){ file->path, row };
		*vec_push(a, &r->folders) = (struct same_named){ folder_of(file->path), row };
		r->kept_relative |= file->path.n && file->path.at[0] != '/';
	}
}

static void
list_files(struct rooting *r)
{
	for (int side = 0; side < 2; side++) {
		for (uint32_t i = 0; i < r->m->side[side].n; i++)
			add_file(r, side, i);
		same_sort(&r->named[side]);
	}
	same_sort(&r->paths);
	same_sort(&r->folders);
}

/* Bytes of the whole parts in which both paths end alike. */
static size_t
common_tail(struct text a, struct text b)
{
	size_t n = 0, whole = 0;

	while (n < a.n && n < b.n && a.at[a.n - 1 - n] == b.at[b.n - 1 - n]) {
		n++;
		if (a.at[a.n - n] == '/')
			whole = n - 1;
	}
	if ((n == a.n || a.at[a.n - n - 1] == '/') && (n == b.n || b.at[b.n - n - 1] == '/'))
		whole = n;
	return whole;
}

/* The row of the pair of roots, perhaps a new one without votes. */
static uint32_t
number_roots(struct rooting *r, struct text baseline, struct text current)
{
	uint64_t hash = hash_pair(hash_text(baseline), hash_text(current));
	struct index_probe probe = index_probe(&r->root_index, hash);

	while (index_next(&r->root_index, &probe)) {
		const struct roots *known = &r->roots.at[probe.row];

		if (text_equal(known->baseline, baseline) &&
		    text_equal(known->current, current))
			return probe.row;
	}
	index_add(&r->m->scratch, &r->root_index, hash, (uint32_t)r->roots.n);
	*vec_push(&r->m->scratch, &r->roots) = (struct roots){ baseline, current, 0, 0 };
	return (uint32_t)r->roots.n - 1;
}

static void
vote(struct rooting *r, uint32_t baseline, uint32_t current)
{
	struct text a = r->m->side[0].at[baseline].path, b = r->m->side[1].at[current].path;
	size_t tail = common_tail(a, b);
	uint32_t row = number_roots(r, (struct text){ a.at, a.n - tail },
	                            (struct text){ b.at, b.n - tail });
	struct roots *roots = &r->roots.at[row];

	*vec_push(&r->m->scratch, &r->votes) =
		(struct vote){ baseline, current, roots->first1 };
	roots->first1 = (uint32_t)r->votes.n;
	roots->votes++;
}

/* Both sides' files of one name. */
static void
vote_namesakes(void *context, const same_names names[2], const size_t from[2],
               const size_t end[2])
{
	if (end[0] - from[0] > NAMESAKES || end[1] - from[1] > NAMESAKES)
		return;
	for (size_t i = from[0]; i < end[0]; i++)
		for (size_t k = from[1]; k < end[1]; k++)
			vote(context, names[0].at[i].row, names[1].at[k].row);
}

/* Of two pairs of roots the one with more votes; or by their texts, whichever side they are on. */
static int
compare_roots(const void *a, const void *b)
{
	const struct roots *x = a, *y = b;
	bool x_swapped = text_compare(x->baseline, x->current) > 0;
	bool y_swapped = text_compare(y->baseline, y->current) > 0;
	int lesser = text_compare(x_swapped ? x->current : x->baseline,
	                          y_swapped ? y->current : y->baseline);
	int greater = text_compare(x_swapped ? x->baseline : x->current,
	                           y_swapped ? y->baseline : y->current);

	if (x->votes != y->votes)
		return x->votes > y->votes ? -1 : 1;
	if (lesser || greater)
		return lesser ? lesser : greater;
	return x_swapped - y_swapped;
}

/* The first that is not before the text. */
static size_t
place_of(const same_names *list, struct text text)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (text_compare(list->at[middle].name, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether a file that kept its path lies below a folder, "" being that of relative paths. */
static bool
is_kept_below(const struct rooting *r, struct text folder)
{
	size_t place = place_of(&r->paths, folder);

	if (folder.n == 0)
		return r->kept_relative;
	return place < r->paths.n && text_starts(r->paths.at[place].name, folder);
}

static bool
is_kept_in(const struct rooting *r, struct text folder)
{
	size_t place = place_of(&r->folders, folder);

	return place < r->folders.n && text_equal(r->folders.at[place].name, folder);
}

/* The folder that both lie in, to its slash. */
static struct text
common_folder(struct text a, struct text b)
{
	size_t end = 0;

	for (size_t i = 0; i < a.n && i < b.n && a.at[i] == b.at[i]; i++)
		end = a.at[i] == '/' ? i + 1 : end;
	return (struct text){ a.at, end };
}

/* Unless a file that kept its path shows that the checkout did not move. */
static bool
have_moved(const struct rooting *r, const struct roots *roots)
{
	return !is_kept_below(r, roots->baseline) && !is_kept_below(r, roots->current) &&
	       !is_kept_in(r, common_folder(roots->baseline, roots->current));
}

static bool
match_votes(struct rooting *r, const struct roots *roots)
{
	struct same_matching *m = r->m;
	bool any = false;

	for (uint32_t next1 = roots->first1; next1; next1 = r->votes.at[next1 - 1].next1) {
		const struct vote *v = &r->votes.at[next1 - 1];
		struct same_file *baseline = &m->side[0].at[v->baseline];

		any |= !baseline->matched &&
		       same_match(m, baseline, &m->side[1].at[v->current]);
	}
	return any;
}

static bool
is_below(struct text path, struct text folder)
{
	if (folder.n == 0)
		return path.n && path.at[0] != '/';
	return text_starts(path, folder);
}

/* Files with too many namesakes to vote. */
static void
extend(struct rooting *r, const struct roots *roots)
{
	struct same_matching *m = r->m;

	for (size_t i = 0; i < r->named[0].n; i++) {
		struct same_file *file = &m->side[0].at[r->named[0].at[i].row];
		size_t from = roots->baseline.n;
		struct text path;

		if (file->matched || !is_below(file->path, roots->baseline))
			continue;
		path = text_print(&m->scratch, "%.*s%.*s", TEXT_ARG(roots->current),
		                  (int)(file->path.n - from), file->path.at + from);
		same_match(m, file, same_find_path(&m->side[1], path));
	}
}

void
same_roots(struct same_matching *m)
{
	struct rooting r = { .m = m };

	list_files(&r);
	same_join(r.named, vote_namesakes, &r);
	if (r.roots.n)
		qsort(r.roots.at, r.roots.n, sizeof *r.roots.at, compare_roots);
	for (size_t i = 0; i < r.roots.n; i++) {
		const struct roots *roots = &r.roots.at[i];

		if (have_moved(&r, roots) && match_votes(&r, roots) && r.extended++ < EXTENDED)
			extend(&r, roots);
	}
}
