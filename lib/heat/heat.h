/* SPDX-License-Identifier: MIT */
/*
 * heat/heat.h: a profile by the lines of its source.
 *
 * What folders, files, functions, lines and instructions got, of a plain profile
 * or of one side of a comparison. Totals count a sample once, however often the
 * thing is in its stack. What C code and the garbage collector got by themselves
 * belongs to the line that led there. Only functions of Python that have a file
 * are here; all rows are in an order that equal profiles share.
 *
 * Everything lives on the arena of heat_book(), and lends what the tree holds.
 */
#ifndef HEAT_HEAT_H
#define HEAT_HEAT_H

#include "tree/keys.h"

enum heat_group { HEAT_PROJECT, HEAT_LIBRARY, HEAT_PACKAGES, HEAT_OTHER, HEAT_GROUPS };

/* A part of the way to a file. The first rows are the groups, which have no name. */
struct heat_folder {
	uint32_t parent; /* a row that is before; a group's is itself */
	uint32_t depth;  /* 0: a group */
	struct text name;
	struct key_sum sum;
};

struct heat_file {
	uint32_t path;   /* a string of the tree's */
	uint32_t folder; /* a row */
	uint32_t first;  /* the row of its first line, and how many it has */
	uint32_t lines;
	struct key_sum sum;
};

struct heat_function {
	uint32_t function; /* the tree's */
	uint32_t file;     /* a row */
	struct key_sum sum;
};

struct heat_line {
	uint32_t file, line; /* a row; the number, from 1 */
	struct key_sum sum;
};

/* A line of a function; several may be on one line. */
struct heat_spot {
	uint32_t function; /* a row */
	uint32_t line1;    /* a row of lines, plus one; 0: unknown */
};

/* What functions got that were called from a spot. */
struct heat_call {
	uint32_t spot, callee; /* rows */
	struct key_sum sum;
};

/* An instruction, or where these are unknown a piece of a line. */
struct heat_span {
	uint32_t spot;  /* a row */
	uint32_t frame; /* the tree's: with columns and opcode */
	struct key_sum sum;
};

struct heat {
	struct tree *tree;
	enum view_unit unit;
	uint64_t weight, samples; /* of all that was sampled, also what is in no file */
	uint64_t quantum;         /* all weights are multiples of it; at least 1 */
	struct key_sum hottest;   /* the most of each that any line has */
	struct text
		library; /* the folder of Python's library, with its slash; empty: unknown */
	VEC(struct heat_folder) folders;     /* parents first */
	VEC(struct heat_file) files;         /* by path */
	VEC(struct heat_function) functions; /* by file, first line and name */
	VEC(struct heat_line) lines;         /* by file and number */
	VEC(struct heat_spot) spots;         /* by function and number of the line */
	VEC(struct heat_call) calls;         /* by spot, then callee */
	VEC(struct heat_span) spans;         /* by spot, opcode and columns */
};

#endif
