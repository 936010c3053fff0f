/* SPDX-License-Identifier: MIT */
/*
 * stream/tables.h: what the numbers of a segment stand for, as a reader learns it.
 */
#ifndef STREAM_TABLES_H
#define STREAM_TABLES_H

#include "stream/bytes.h"
#include "stream/stream.h"

struct tables {
	struct arena arena; /* all of it, texts included */
	VEC(struct text) strings;
	VEC(struct stream_function) functions;
	VEC(struct stream_frame) frames;
	VEC(struct stream_stack) stacks;
};

/* Forgets everything; then there is number 0, and <missed>. */
void tables_begin(struct tables *t);

/* Takes a whole list record of definitions. NULL, or what is wrong with it. */
const char *tables_take(struct tables *t, enum stream_record type, struct cursor *c);

#endif
