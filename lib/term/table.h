/* SPDX-License-Identifier: MIT */
/*
 * term/table.h: rows under titles, as wide as what is in them.
 *
 * On a terminal that is too narrow the columns that can be spared go first,
 * then the flexible one is cut; elsewhere everything is printed as it is.
 *
 *	static const struct column columns[] = {
 *		{ .title = "samples", .right = true },
 *		{ .title = "function", .flexible = 32 },
 *	};
 *	struct table *t = table_new(a, columns, 2);
 *
 *	table_count(t, ROLE_PLAIN, 1234);
 *	table_text(t, ROLE_PLAIN, name);
 *	table_write(t, out, screen_of(output));
 */
#ifndef TERM_TABLE_H
#define TERM_TABLE_H

#include "term/screen.h"

struct column {
	const char *title;      /* NULL: none */
	bool right;             /* numbers end at one edge */
	bool keeps_end;         /* of what is cut the end stays, not the start */
	unsigned char flexible; /* it may be cut, to no less than that; of one column at most */
	unsigned char spare;    /* what can be spared, the largest first; 0: never */
};

struct table;

/* The columns are lent as long as the table, which lives on a. */
struct table *table_new(struct arena *a, const struct column *columns, size_t n);

/* The next cell, row by row. A text may hold any byte, and is copied and made visible. */
void table_text(struct table *t, enum role role, struct text text);
void table_count(struct table *t, enum role role, uint64_t n);

/* Who draws the lines of a table, of which the first are its titles, if there is one. */
struct table_pen {
	void *context;
	void (*text)(void *context, enum role role, struct text visible);
	void (*blank)(void *context, size_t columns);
	void (*end)(void *context); /* of a line */
};

/* Titles and rows in so many columns, 0: as wide as they are. No line ends in blanks. */
void table_draw(const struct table *t, unsigned width, const struct table_pen *pen);

void table_write(const struct table *t, struct out *o, struct screen s);

#endif
