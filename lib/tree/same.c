/* SPDX-License-Identifier: MIT */
#include "tree/same.h"

#include "tree/same_files.h"
#include "tree/sameness.h"

#include <stdlib.h>

enum tree_grain
same_grain(const struct tree_compare *c)
{
	static const enum tree_grain grains[] = {
		[STREAM_SAME_FUNCTION] = TREE_FUNCTION,
		[STREAM_SAME_LINE] = TREE_LINE,
		[STREAM_SAME_FILE] = TREE_FILE,
		[STREAM_SAME_MODULE] = TREE_MODULE,
	};

	return c->about.match <= STREAM_SAME_MODULE ? grains[c->about.match] : TREE_FUNCTION;
}

bool
same_add_map(struct arena *a, same_maps *maps, const char *word)
{
	const char *sign = strchr(word, '=');

	if (!sign || sign == word)
		return false;
	*vec_push(a, maps) =
		(struct same_map){ { word, (size_t)(sign - word) }, text_of(sign + 1) };
	return true;
}

static struct same_key
key_of(const struct tree *t, uint32_t function)
{
	const struct stream_function *f = &t->functions.at[function];

	return (struct same_key){ f->kind, f->name, f->file };
}

/* The nodes that a side has cells in or below. */
static void
mark_nodes(const struct tree *t, uint8_t *nodes)
{
	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];
		uint8_t side = r->about.side == STREAM_CURRENT ? ON_CURRENT : ON_BASELINE;

		for (size_t k = 0; k < r->cells.n; k++)
			nodes[r->cells.at[k].node] |= side;
	}
	for (size_t i = t->nodes.rows.n - 1; i > 0; i--)
		nodes[t->nodes.rows.at[i].parent] |= nodes[i];
}

/* The function of a frame as the grain sees it, without a frame of that grain where none is needed. */
static uint32_t
coarse_function(struct tree *t, uint32_t frame, enum tree_grain grain)
{
	if (tree_grain_joins(grain))
		frame = tree_coarse_frame(t, frame, grain);
	return t->frames.at[frame].function;
}

/* On which sides functions, as coarse as the comparison is, and files are. */
static void
mark_functions(struct sameness *s, enum tree_grain grain)
{
	struct tree *t = s->tree;
	size_t frames = t->frames.n;
	uint8_t *nodes = arena_array(&s->scratch, uint8_t, t->nodes.rows.n);
	uint8_t *on = arena_array(&s->scratch, uint8_t, frames);
	uint32_t *functions = arena_array(&s->scratch, uint32_t, frames);

	mark_nodes(t, nodes);
	for (size_t i = 1; i < t->nodes.rows.n; i++)
		on[t->nodes.rows.at[i].frame] |= nodes[i];
	for (uint32_t i = 1; i < frames; i++)
		functions[i] = on[i] ? coarse_function(t, i, grain) : 0;
	s->functions = arena_array(&s->scratch, uint8_t, t->functions.n);
	s->strings = arena_array(&s->scratch, uint8_t, t->strings.n);
	for (uint32_t i = 1; i < frames; i++)
		s->functions[functions[i]] |= on[i];
	s->functions[0] = 0;
	for (uint32_t i = 1; i < t->functions.n; i++)
		s->strings[t->functions.at[i].file] |= s->functions[i];
	s->strings[0] = 0;
}

/* The row of the group of that key; UINT32_MAX: there is none. */
static uint32_t
find_group(const struct sameness *s, struct same_key key)
{
	struct index_probe probe = index_probe(&s->group_index, same_key_hash(key));

	while (index_next(&s->group_index, &probe))
		if (same_key_equal(s->groups.at[probe.row].key, key))
			return probe.row;
	return UINT32_MAX;
}

static void
add_group(struct sameness *s, struct same_key key, uint32_t function)
{
	index_add(&s->scratch, &s->group_index, same_key_hash(key), (uint32_t)s->groups.n);
	*vec_push(&s->scratch, &s->groups) = (struct same_group){ key, function };
}

/* The functions of a side by their keys; of several the one that begins first in its file. */
static void
group_side(struct sameness *s, uint8_t side)
{
	for (uint32_t i = 1; i < s->tree->functions.n; i++) {
		uint32_t group;

		if (!(s->functions[i] & side))
			continue;
		group = find_group(s, key_of(s->tree, i));
		if (group == UINT32_MAX)
			add_group(s, key_of(s->tree, i), i);
		else if (s->tree->functions.at[i].line <
		         s->tree->functions.at[s->groups.at[group].function].line)
			s->groups.at[group].function = i;
	}
}

/* The key that a function of the baseline would have on the current side. */
static struct same_key
key_there(const struct sameness *s, uint32_t function)
{
	struct same_key key = key_of(s->tree, function);

	key.file = key.file ? s->files[key.file] : 0;
	return key;
}

static bool
is_first(const struct sameness *s, uint32_t function)
{
	uint32_t group = find_group(s, key_of(s->tree, function));

	return s->groups.at[group].function == function;
}

/* One match for each pair of keys that differ. The others of a key go with it. */
static void
match_keys(struct sameness *s, const struct sameness *current)
{
	for (uint32_t i = 1; i < s->tree->functions.n; i++) {
		struct same_key here = key_of(s->tree, i), there = key_there(s, i);
		uint32_t group;

		if (!(s->functions[i] & ON_BASELINE) || (here.file && !there.file) ||
		    same_key_equal(here, there) || !is_first(s, i))
			continue;
		group = find_group(current, there);
		if (group != UINT32_MAX)
			same_tell(s, i, current->groups.at[group].function);
	}
}

/* By what functions are, never by when they came. */
static int
compare_functions(const struct tree *t, uint32_t a, uint32_t b)
{
	const struct stream_function *x = &t->functions.at[a], *y = &t->functions.at[b];
	int names = text_compare(t->strings.at[x->name], t->strings.at[y->name]);
	int files = text_compare(t->strings.at[x->file], t->strings.at[y->file]);

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (names || files)
		return names ? names : files;
	return (x->line > y->line) - (x->line < y->line);
}

static int
compare_matches(const void *a, const void *b, void *tree)
{
	const struct stream_match *x = a, *y = b;
	int baselines = compare_functions(tree, x->baseline, y->baseline);

	return baselines ? baselines : compare_functions(tree, x->current, y->current);
}

static void
sort_matches(struct tree *t)
{
	struct tree_compare *c = t->compare;

	if (c->matches.n)
		qsort_r(c->matches.at, c->matches.n, sizeof *c->matches.at, compare_matches, t);
}

void
same_find(struct tree *t, enum stream_same by, const same_maps *maps)
{
	struct sameness s = { .tree = t }, current;

	t->compare->about.match = by;
	same_use_maps(t, maps);
	same_runs(t, STREAM_BASELINE);
	same_runs(t, STREAM_CURRENT);
	mark_functions(&s, same_grain(t->compare));
	s.files = same_files(&s.scratch, t, s.strings, t->strings.n);
	current = (struct sameness){ .tree = t, .functions = s.functions };
	group_side(&s, ON_BASELINE);
	group_side(&current, ON_CURRENT);
	match_keys(&s, &current);
	same_bare_names(&s, &current);
	sort_matches(t);
	arena_empty(&current.scratch);
	arena_empty(&s.scratch);
}

/* Of keys of the baseline, what they are on the current side. */
struct redirect {
	struct same_key from, to;
};

struct redirects {
	VEC(struct redirect) rows;
	struct index index;
};

static void
take_matches(struct sameness *s, struct redirects *redirects)
{
	const struct tree_compare *c = s->tree->compare;

	for (uint32_t i = 0; i < c->matches.n; i++) {
		struct same_key from = key_of(s->tree, c->matches.at[i].baseline);

		index_add(&s->scratch, &redirects->index, same_key_hash(from), i);
		*vec_push(&s->scratch, &redirects->rows) =
			(struct redirect){ from, key_of(s->tree, c->matches.at[i].current) };
	}
}

static struct same_key
redirected(const struct redirects *redirects, struct same_key key)
{
	struct index_probe probe = index_probe(&redirects->index, same_key_hash(key));

	while (index_next(&redirects->index, &probe))
		if (same_key_equal(redirects->rows.at[probe.row].from, key))
			return redirects->rows.at[probe.row].to;
	return key;
}

/* Whether function a is the better one to stand for both. */
static bool
stands_for(const struct sameness *s, uint32_t a, uint32_t b)
{
	bool a_there = s->functions[a] & ON_CURRENT, b_there = s->functions[b] & ON_CURRENT;

	if (a_there != b_there)
		return a_there;
	return s->tree->functions.at[a].line < s->tree->functions.at[b].line;
}

/* Of each function that which stands for it. */
static uint32_t *
same_functions(struct sameness *s)
{
	uint32_t n = (uint32_t)s->tree->functions.n;
	uint32_t *groups = arena_array(&s->scratch, uint32_t, n);
	struct redirects redirects = { 0 };

	take_matches(s, &redirects);
	for (uint32_t i = 1; i < n; i++) {
		struct same_key key = redirected(&redirects, key_of(s->tree, i));

		if (!s->functions[i])
			continue;
		groups[i] = find_group(s, key);
		if (groups[i] == UINT32_MAX) {
			groups[i] = (uint32_t)s->groups.n;
			add_group(s, key, i);
		} else if (stands_for(s, i, s->groups.at[groups[i]].function)) {
			s->groups.at[groups[i]].function = i;
		}
	}
	for (uint32_t i = 1; i < n; i++)
		groups[i] = s->functions[i] ? s->groups.at[groups[i]].function : i;
	return groups;
}

uint32_t *
same_frames(struct arena *a, struct tree *t)
{
	struct sameness s = { .tree = t };
	enum tree_grain grain = same_grain(t->compare);
	uint32_t n = (uint32_t)t->frames.n;
	uint32_t *map = arena_array(a, uint32_t, n), *functions, *frames, known;

	mark_functions(&s, grain);
	functions = same_functions(&s);
	known = (uint32_t)t->functions.n;
	frames = arena_array(&s.scratch, uint32_t, known);
	for (uint32_t i = 1; i < n; i++) {
		struct stream_frame f = { .function = coarse_function(t, i, grain) };
		bool is_known = f.function < known;

		if (is_known)
			f.function = functions[f.function];
		f.line = grain == TREE_LINE ? t->frames.at[i].line : 0;
		if (f.line || !is_known)
			map[i] = tree_intern_frame(t, &f);
		else if (frames[f.function])
			map[i] = frames[f.function];
		else
			map[i] = frames[f.function] = tree_intern_frame(t, &f);
	}
	arena_empty(&s.scratch);
	return map;
}
