/* SPDX-License-Identifier: MIT */
/*
 * Before 3.11 code objects know "render" where later ones know "Page.render". A
 * bare name is the qualified one of its file that ends so, if there is only one
 * and nothing has the bare name itself.
 */
#include "tree/sameness.h"

enum { PYTHON_QUALNAMES = 0x030b0000 }; /* from 3.11 on code objects know them */

/* "render" of "FrontPage.render". */
static struct text
last_part(struct text name)
{
	const char *dot = name.n ? memrchr(name.at, '.', name.n) : NULL;

	return dot ? (struct text){ dot + 1, (size_t)(name.at + name.n - dot - 1) } : name;
}

/* A function whose side knows no qualified names, and what on the other side may be it. */
struct bare {
	struct same_key key;
	uint32_t function, found, count;
	bool exact; /* the other side has that very name */
};

struct bares {
	VEC(struct bare) rows;
	struct index index;
};

/* The key of a group as the current side would have it. */
static struct same_key
current_key(const struct sameness *s, struct same_key key, bool of_baseline)
{
	if (of_baseline && key.file)
		key.file = s->files[key.file];
	return key;
}

static void
list_bares(struct sameness *s, const struct sameness *old, bool of_baseline,
           struct bares *bares)
{
	for (uint32_t i = 0; i < old->groups.n; i++) {
		struct same_key key = current_key(s, old->groups.at[i].key, of_baseline);

		if (key.kind != STREAM_KIND_PYTHON || key.file == 0)
			continue;
		index_add(&s->scratch, &bares->index, same_key_hash(key),
		          (uint32_t)bares->rows.n);
		*vec_push(&s->scratch, &bares->rows) =
			(struct bare){ key, old->groups.at[i].function, 0, 0, false };
	}
}

/* Notes a function of the side that knows qualified names. */
static void
meet_bares(struct sameness *s, struct bares *bares, struct same_key key, uint32_t function)
{
	struct text name = s->tree->strings.at[key.name];
	struct index_probe probe;
	bool exact = last_part(name).n == name.n;

	key.name = tree_intern_string(s->tree, last_part(name));
	probe = index_probe(&bares->index, same_key_hash(key));
	while (index_next(&bares->index, &probe)) {
		struct bare *bare = &bares->rows.at[probe.row];

		if (!same_key_equal(bare->key, key))
			continue;
		bare->exact |= exact;
		bare->found = function;
		bare->count++;
	}
}

/* Whether any Python of the side is old; *known: whether all their versions are known. */
static bool
has_old(const struct tree *t, enum stream_side side, bool *known)
{
	bool old = false;

	*known = true;
	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		for (size_t k = 0; r->about.side == side && k < r->processes.n; k++) {
			*known &= r->processes.at[k].python != 0;
			old |= r->processes.at[k].python &&
			       r->processes.at[k].python < PYTHON_QUALNAMES;
		}
	}
	return old;
}

static bool
has_qualified(const struct sameness *s)
{
	for (size_t i = 0; i < s->groups.n; i++) {
		struct text name = s->tree->strings.at[s->groups.at[i].key.name];

		if (s->groups.at[i].key.kind == STREAM_KIND_PYTHON &&
		    last_part(name).n < name.n)
			return true;
	}
	return false;
}

/* What was imported, or began before its version could be read, is known by its names alone. */
static bool
is_bare(const struct sameness *s, enum stream_side side)
{
	bool known, old = has_old(s->tree, side, &known);

	return old || (!known && !has_qualified(s));
}

/* Where one side knows no qualified names: of several that end alike nothing is said. */
void
same_bare_names(struct sameness *s, const struct sameness *current)
{
	bool old_baseline = is_bare(s, STREAM_BASELINE);
	const struct sameness *old = old_baseline ? s : current;
	const struct sameness *new = old_baseline ? current : s;
	struct bares bares = { 0 };

	if (old_baseline == is_bare(current, STREAM_CURRENT))
		return;
	list_bares(s, old, old_baseline, &bares);
	for (uint32_t i = 0; i < new->groups.n; i++) {
		struct same_group group = new->groups.at[i];

		if (group.key.kind == STREAM_KIND_PYTHON)
			meet_bares(s, &bares, current_key(s, group.key, !old_baseline),
			           group.function);
	}
	for (size_t i = 0; i < bares.rows.n; i++) {
		const struct bare *bare = &bares.rows.at[i];

		if (bare->count == 1 && !bare->exact)
			same_tell(s, old_baseline ? bare->function : bare->found,
			          old_baseline ? bare->found : bare->function);
	}
}
