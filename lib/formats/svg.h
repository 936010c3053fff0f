/* SPDX-License-Identifier: MIT */
/*
 * formats/svg.h: a flame graph as one picture, for documents. For svg*.c.
 *
 * It has no script, and asks for no font and no network. Each frame says what it
 * is in its <title>, which viewers show where the pointer rests.
 */
#ifndef FORMATS_SVG_H
#define FORMATS_SVG_H

#include "formats/export.h"

/* A frame of the picture; in preorder, the first one is all. */
struct svg_box {
	double weight; /* of it with what is inside: how wide it is */
	uint32_t end;  /* one behind the last of those inside of it */
	uint32_t depth, frame;
	uint32_t of; /* what it shows: a node of a view or of a diff */
};

struct svg_key {
	const char *class, *text;
};

struct svg {
	struct out *out;
	struct arena *a;
	struct tree *tree;
	const struct svg_box *boxes;
	uint32_t count;
	struct text title;
	VEC(struct text) lines; /* below the title */
	const char *style;      /* the colours of the classes */
	const struct svg_key *keys;
	const void *source; /* the view or the diff */

	/* The class of a box; what follows its name on it; and all that is known of it. */
	const char *(*class)(const struct svg *s, const struct svg_box *b);
	struct text (*label)(const struct svg *s, struct arena *a, const struct svg_box *b);
	struct text (*describe)(const struct svg *s, struct arena *a, const struct svg_box *b);
};

void svg_draw(struct svg *s);

/* The lines below the title that all pictures have: where the profile comes from. */
void svg_tell_origin(struct svg *s, const struct export *x);

/* "1.25 s" or "1,234 samples"; a part of the whole in percent. Lent by a. */
struct text svg_weight(struct arena *a, enum view_unit unit, uint64_t weight);
struct text svg_share(struct arena *a, double part, double whole);

#endif
