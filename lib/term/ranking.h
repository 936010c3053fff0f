/* SPDX-License-Identifier: MIT */
/*
 * term/ranking.h: what functions, lines, files, modules, threads or processes
 * got, to be ranked and printed.
 */
#ifndef TERM_RANKING_H
#define TERM_RANKING_H

#include "base/vec.h"
#include "term/screen.h"
#include "term/states.h"
#include "tree/functions.h"

enum ranking_by {
	RANKING_FUNCTION,
	RANKING_LINE,
	RANKING_FILE,
	RANKING_MODULE,
	RANKING_THREAD,
	RANKING_PROCESS,
};

enum ranking_key {
	RANKING_SELF,
	RANKING_TOTAL,
	RANKING_SELF_SAMPLES,
	RANKING_TOTAL_SAMPLES,
	RANKING_NAME,
};

/* Of threads and processes: the weight of which a state is known, and in which it holds. */
struct ranking_share {
	uint64_t known, is;
};

/* Of a thread or process self and total are the same. There can be millions. */
struct ranking_row {
	uint32_t frame;
	uint32_t person; /* its row, of threads and processes */
	struct key_sum sum;
};

/* A thread or process. */
struct ranking_person {
	struct text name; /* raw */
	bool tells_wants; /* one of its samples' processes; see states_tells_wants() */
	struct ranking_share states[STATES_END];
};

struct ranking {
	struct arena *a;
	struct tree *tree;
	enum ranking_by by;
	enum view_unit unit;
	struct key_sum whole; /* self is none */
	size_t n;
	struct ranking_row *rows; /* by name, until they are sorted */
	VEC(struct ranking_person) people;
	struct text *files; /* see tree_short_file() */
};

#define RANKING_KEYS "self|total|self-samples|total-samples|name"

/* The key of that word; the words of CPython's own profiler are known too. False: of none. */
bool ranking_key(const char *word, enum ranking_key *key);

/* Lives on a. For threads and processes each stack of the tree gets them as its root. */
struct ranking *ranking_new(struct arena *a, struct tree *t, enum ranking_by by);

/* "encoder.py:182(iterencode)", "worker"; raw, on a. */
struct text ranking_place(struct arena *a, const struct ranking *r,
                          const struct ranking_row *row);

/* The largest first; what is equal stays by name. */
void ranking_sort(struct ranking *r, enum ranking_key key);

struct ranking_how {
	uint64_t limit;  /* rows; 0: all */
	bool bare;       /* the table alone */
	bool incomplete; /* a part of the input is not in it */
};

/* What profile it is of, the first rows as a table, what its words mean, and who stands out. */
void ranking_write(const struct ranking *r, struct ranking_how how, struct out *o,
                   struct screen s);

/* Of that the last two: of all functions, whatever the table shows. */
void ranking_write_summary(const struct ranking *r, struct out *o, struct screen s);

/* The first rows as JSON, and what they are of. */
void ranking_write_json(const struct ranking *r, struct ranking_how how, struct out *o);

#endif
