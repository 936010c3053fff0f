/* SPDX-License-Identifier: MIT */
/*
 * heat/inside.h: how a heat is made. For this room only.
 */
#ifndef HEAT_INSIDE_H
#define HEAT_INSIDE_H

#include "heat/heat.h"

/* What is known while a heat is made: of each frame of the tree's its rows, or KEYS_NONE. */
struct heating {
	struct arena *a;      /* of the heat */
	struct arena scratch; /* of the making */
	struct heat *heat;
	const struct view *view;
	uint32_t frames; /* how many frames the tree has */
	uint32_t *spot_of, *function_of, *file_of, *line_of;
};

/* Numbers files, functions, spots and lines. */
void heat_number(struct heating *h);

/*
 * Puts files into folders, each as if it were at its path in paths, of which those of the
 * project do not show the folder common.
 */
void heat_place(struct heating *h, const struct text *paths, struct text common);

/* Finds calls and spans, with what they got. */
void heat_find_calls(struct heating *h);
void heat_find_spans(struct heating *h);

/* Begins a heat, which has no folders yet. side: as in heat/book.h; h: all zero. */
void heat_begin(struct heating *h, struct arena *a, struct tree *t, uint64_t side);

/* Puts the files into folders; see heat_place(). The heat is whole then. */
void heat_end(struct heating *h, const struct text *paths, struct text common);

/* Of each node of the view the key that map has for its frame. Lives on a. */
uint32_t *heat_keys(struct arena *a, const struct view *v, const uint32_t *map);

#endif
