/* SPDX-License-Identifier: MIT */
/*
 * render/facts.h: where a tree comes from, as the pages say it.
 *
 * facts are the fields of struct tree_about under their names, with started_ms
 * for wall_ns, and
 *
 *	cut     runs of which the end is not there
 *	losses  [text, unit, number] of each that is not 0
 *	torn    whether any stack that is there ends in <torn>
 *	missed  whether any time that is there is <missed>
 *	sides   of a comparison the fields of struct tree_about of the baseline, and
 *	        of the current side; else none
 *
 * Notes are the tree's.
 */
#ifndef RENDER_FACTS_H
#define RENDER_FACTS_H

#include "base/json.h"
#include "tree/about.h"

struct facts {
	struct tree_about about, side[2];
	size_t sides;
	bool torn, missed;
	uint64_t cut;
	tree_notes notes;
};

/* Found once, for any number of pages. Lives on a, and lends what the tree holds. */
struct facts facts_of(struct arena *a, const struct tree *t);

void facts_write(struct json *j, const struct facts *f);

/* As texts of an array that the caller has opened. */
void facts_write_notes(struct json *j, const struct facts *f);

#endif
