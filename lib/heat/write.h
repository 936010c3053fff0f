/* SPDX-License-Identifier: MIT */
/*
 * heat/write.h: the parts of a page's data. For this room only; heat/page.h tells what they are.
 */
#ifndef HEAT_WRITE_H
#define HEAT_WRITE_H

#include "heat/page.h"
#include "heat/pick.h"
#include "render/column.h"
#include "render/facts.h"

/* What a page has of the files of a side, by the files' rows. */
struct heat_shown {
	uint8_t *state;
	uint32_t *source1; /* number in sources, plus one */
	uint32_t *page;    /* the number of a file's page; 0: it is on this one */
};

/* A page while it is written; it is used for one after another. */
struct heat_sheet {
	struct arena *a;
	const struct heat_book *book;
	struct facts facts;
	struct heat_pick pick[2];
	struct heat_shown shown[2];
	struct text *codes;  /* of each line of side 0 its text; n is 0 where none is wanted */
	uint8_t *wants_code; /* NULL: none does */
	struct heat_rows compared; /* of the comparison's functions */
	/* Of each of the tree's strings its number on the page; 0: none yet. */
	uint32_t *string_of;
	VEC(uint32_t) strings; /* of each number but 0 the tree's */
	struct column *column;
};

/* A column: of a row of a side its value. */
struct heat_column {
	const char *name;
	uint64_t (*value)(const struct heat_sheet *s, size_t side, uint32_t row);
};

/* A table of picked rows; sums lie size bytes apart; size 0: there are none. */
struct heat_table {
	size_t side;
	const struct heat_rows *rows;
	const struct heat_column *columns; /* to one without a name */
	const struct key_sum *sums;
	size_t size;
	bool totals_only;
};

#define HEAT_SUMS(all) (all).n ? &(all).at[0].sum : NULL, sizeof *(all).at

void heat_write_columns(struct json *j, const struct heat_sheet *s, const struct heat_table *t);
void heat_write_table(struct json *j, const struct heat_sheet *s, const char *name,
                      const struct heat_table *t);

/* Numbers all strings that the picked rows name. */
void heat_number_strings(struct heat_sheet *s);

void heat_write_strings(struct json *j, const struct heat_sheet *s);

/* Picks and writes what tells of a comparison; of a plain profile nothing. */
void heat_write_compared(struct json *j, struct heat_sheet *s);

void heat_write_sides(struct json *j, const struct heat_sheet *s);
void heat_write_lines(struct json *j, const struct heat_sheet *s, size_t side);

/*
 * Finds and writes the texts of files: of all that are picked; or, where only1 is
 * given, of one file of each side, its row plus one, or of none for 0.
 */
void heat_write_sources(struct json *j, struct heat_sheet *s, const uint32_t *only1);

/* The lines that are picked of side 0 get their text when the sources of their file are written. */
void heat_want_codes(struct heat_sheet *s);
void heat_write_codes(struct json *j, const struct heat_sheet *s);

#endif
