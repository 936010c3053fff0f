/* SPDX-License-Identifier: MIT */
#include "tree/source.h"

#include "stream/reader.h"

#include <stdlib.h>

/* A piece, and the run that carries it. */
struct piece {
	struct stream_source of;
	uint64_t side, wall_ns;
};

struct tree_sources {
	VEC(struct piece) pieces; /* by file, hash and offset */
};

static int
compare(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;
	int order = text_compare(a->of.file, b->of.file);

	if (order == 0)
		order = memcmp(a->of.hash, b->of.hash, sizeof a->of.hash);
	return order ? order : (a->of.offset > b->of.offset) - (a->of.offset < b->of.offset);
}

struct tree_sources *
tree_sources(struct arena *a, const struct tree *t)
{
	struct tree_sources *s = arena_new(a, struct tree_sources);

	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct tree_run *r = tree_run(t, i);

		for (size_t k = 0; k < r->portables.n; k++) {
			struct stream_portable p = { r->portables.at[k].type,
				                     r->portables.at[k].body };

			if (p.type == STREAM_RECORD_source)
				*vec_push(a, &s->pieces) =
					(struct piece){ stream_source(&p), r->about.side,
					                r->about.wall_ns };
		}
	}
	if (s->pieces.n)
		qsort(s->pieces.at, s->pieces.n, sizeof *s->pieces.at, compare);
	return s;
}

/* The first piece that is not before those of the file. */
static size_t
find(const struct tree_sources *s, struct text file)
{
	size_t low = 0, high = s->pieces.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (text_compare(s->pieces.at[middle].of.file, file) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many of n pieces are of the first one's text. */
static size_t
count_text(const struct piece *pieces, size_t n)
{
	size_t k = 1;

	while (k < n && text_equal(pieces[k].of.file, pieces->of.file) &&
	       memcmp(pieces[k].of.hash, pieces->of.hash, sizeof pieces->of.hash) == 0)
		k++;
	return k;
}

/* What is promised is believed only when it is there: pieces that follow each other. */
static bool
is_whole(const struct piece *pieces, size_t n)
{
	uint64_t end = 0;

	for (size_t i = 0; i < n; i++) {
		const struct stream_source *p = &pieces[i].of;

		if (p->offset > end || p->total != pieces->of.total)
			return false;
		if (p->offset + p->piece.n > end)
			end = p->offset + p->piece.n;
	}
	return end == pieces->of.total;
}

static struct text
join(struct arena *a, const struct piece *pieces, size_t n)
{
	char *at = arena_alloc(a, pieces->of.total + 1);

	for (size_t i = 0; i < n; i++)
		if (pieces[i].of.piece.n)
			memcpy(at + pieces[i].of.offset, pieces[i].of.piece.at,
			       pieces[i].of.piece.n);
	return (struct text){ at, pieces->of.total };
}

/* When the last run of a side began that carries one of n pieces; UINT64_MAX: none does. */
static uint64_t
last_run(const struct piece *pieces, size_t n, uint64_t side)
{
	uint64_t last = UINT64_MAX;

	for (size_t i = 0; i < n; i++)
		if ((side == 0 || pieces[i].side == side) &&
		    (last == UINT64_MAX || pieces[i].wall_ns > last))
			last = pieces[i].wall_ns;
	return last;
}

enum tree_source
tree_source_of(const struct tree_sources *s, struct text file, uint64_t side, struct arena *a,
               struct text *text)
{
	const struct piece *chosen = NULL;
	size_t chosen_n = 0, texts = 0, n;
	uint64_t newest = 0;

	for (size_t i = find(s, file); i < s->pieces.n; i += n) {
		const struct piece *pieces = &s->pieces.at[i];
		uint64_t began;

		if (!text_equal(pieces->of.file, file))
			break;
		n = count_text(pieces, s->pieces.n - i);
		began = last_run(pieces, n, side);
		if (began == UINT64_MAX)
			continue;
		texts++;
		if (!is_whole(pieces, n) || (chosen && began <= newest))
			continue;
		chosen = pieces;
		chosen_n = n;
		newest = began;
	}
	if (!chosen)
		return TREE_SOURCE_NONE;
	*text = join(a, chosen, chosen_n);
	return texts == 1 ? TREE_SOURCE_ONE : TREE_SOURCE_SEVERAL;
}

bool
tree_source_text(const struct tree_sources *s, struct text file, struct arena *a,
                 struct text *text)
{
	return tree_source_of(s, file, 0, a, text) == TREE_SOURCE_ONE;
}
