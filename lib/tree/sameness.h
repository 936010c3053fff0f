/* SPDX-License-Identifier: MIT */
/*
 * tree/sameness.h: what same.h is made of. For this room only.
 *
 * Functions of a side are grouped by their keys: kind, name and file. Which keys
 * of the two sides are one is told as matches of functions that have them.
 */
#ifndef TREE_SAMENESS_H
#define TREE_SAMENESS_H

#include "tree/inside.h"
#include "tree/same.h"

/* What makes functions one, once files and names of the baseline are replaced. */
struct same_key {
	enum stream_kind kind;
	uint32_t name, file;
};

struct same_group {
	struct same_key key;
	uint32_t function; /* that stands for all */
};

struct sameness {
	struct arena scratch;
	struct tree *tree;
	uint8_t *functions; /* of each the sides that it is on */
	uint8_t *strings;   /* of each the sides that it is a file of */
	uint32_t *files;    /* see same_files() */
	VEC(struct same_group) groups;
	struct index group_index;
};

static inline bool
same_key_equal(struct same_key a, struct same_key b)
{
	return a.kind == b.kind && a.name == b.name && a.file == b.file;
}

static inline uint64_t
same_key_hash(struct same_key key)
{
	return hash_pair(hash_pair(key.kind, key.name), key.file);
}

/* Adds a match to the comparison. */
static inline void
same_tell(struct sameness *s, uint32_t baseline, uint32_t current)
{
	*vec_push(s->tree->a, &s->tree->compare->matches) =
		(struct stream_match){ baseline, current };
}

/*
 * Tells the matches of bare names, if one side's Python knows no others. s has
 * the groups of the baseline and its files, current those of the current side.
 */
void same_bare_names(struct sameness *s, const struct sameness *current);

#endif
