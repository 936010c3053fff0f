/* SPDX-License-Identifier: MIT */
/*
 * formats/jsonl.h: everything of a profile as lines of JSON. For jsonl*.c.
 *
 * A line is an object with a "type", as share/schema/texport-jsonl.json has them.
 * What a line refers to by its number is told in a line before it. Samples of raw
 * streams are written as they come; cells of folded ones when all is read.
 */
#ifndef FORMATS_JSONL_H
#define FORMATS_JSONL_H

#include "base/json.h"
#include "formats/export.h"
#include "formats/numbers.h"

enum { JSONL_SCHEMA = 1 };

/* What is told of a run so far. */
struct jsonl_run {
	struct tree_run *run;
	struct numbers processes, threads; /* rows */
	VEC(struct text) names;            /* of the threads, as they were told */
};

struct jsonl {
	struct export *x;
	struct json json;
	VEC(struct jsonl_run) runs;
	size_t last;                  /* the run that was found last */
	struct numbers frames, nodes; /* of the tree, told so far; the root is told as 0 */
	uint64_t samples;             /* written so far */
};

/* Opens a line of that type, to be filled; and ends it. */
struct json *jsonl_open(struct jsonl *l, const char *type);
void jsonl_close(struct jsonl *l);

/* A time of the run in nanoseconds; nothing where it has none. */
void jsonl_time(struct json *j, const char *key, const struct tree_run *r, uint64_t units);

/* The numbers of these in the lines; told first, when they are not yet. */
size_t jsonl_run(struct jsonl *l, struct tree_run *r);
uint32_t jsonl_thread(struct jsonl *l, size_t run, uint32_t thread);
uint32_t jsonl_process(struct jsonl *l, size_t run, uint32_t process);
uint32_t jsonl_stack(struct jsonl *l, uint32_t node);

/* The facts of a run that are known when all is read. */
void jsonl_facts(struct jsonl *l, size_t run);
void jsonl_outcome(struct jsonl *l, size_t run, const struct stream_outcome *o);

/* The texts of source files. */
void jsonl_sources(struct jsonl *l);

/* Threads whose names were learned after they were told, again. */
void jsonl_names(struct jsonl *l, size_t run);

#endif
