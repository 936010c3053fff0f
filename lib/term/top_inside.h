/* SPDX-License-Identifier: MIT */
/* term/top_inside.h: what the files of the live view share, and nobody else. */
#ifndef TERM_TOP_INSIDE_H
#define TERM_TOP_INSIDE_H

#include "term/live.h"
#include "term/table.h"
#include "term/top.h"

#include <pthread.h>

enum top_view { TOP_FUNCTIONS, TOP_THREADS, TOP_PROCESSES, TOP_VIEWS };

enum top_sort {
	TOP_SELF,
	TOP_TOTAL,
	TOP_SELF_ALL,
	TOP_TOTAL_ALL,
	TOP_NAME,
	TOP_SORTS,
};

enum top_panel { TOP_NO_PANEL, TOP_CALLS, TOP_OPCODES };

/* What is typed in the last line. */
enum top_prompt { TOP_NO_PROMPT, TOP_FILTER, TOP_WRITE };

/* A function, a thread or a process. */
struct top_row {
	uint32_t
		number; /* a function of the tree's; of the others a person, the first of its process */
	struct text place;
	struct live_sum sum; /* of people, total is theirs */
	struct live_state states[STATES_END];
};

/* What is shown: all of it was seen at one moment. */
struct top_shown {
	struct arena arena, look_arena; /* of the rows; of the look */
	struct live_look look;
	struct live_scope scope; /* of the look */
	struct top_row *rows;    /* in order, those that the filter lets through */
	size_t n, all;           /* rows; before the filter */
	struct live_weight wall, missed, ticks;
	struct live_state states[STATES_END];
	struct live_person *people; /* those of the live data at that moment, by number */
	size_t people_n, seen, interpreters; /* all; those that are in the scope */
	bool several;                        /* processes */
	uint64_t clock_ns;
	struct stream_outcome outcome; /* sums of the current run */
	const struct tree_run *run;    /* or NULL */
};

enum { TOP_TEXT_MAX = 256 };

struct top {
	struct tool *tool;
	const struct top_how *how;
	struct arena *a;
	struct tree *tree;
	struct live *live;

	/* The reader's, under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t turn;
	_Atomic bool wants; /* whoever draws waits for the lock */
	int tee;            /* -1: none */
	bool ended;
	VEC(struct err) faults;      /* of the stream, as they came */
	struct tree_watcher watcher; /* of batches */
	uint64_t due_ns,
		printed; /* of them: the stream's time of the next one; how many were */
	struct out *out;

	/* The view's. */
	enum top_view view;
	enum top_sort sort;
	enum top_panel panel;
	enum top_prompt prompt;
	struct live_scope scope;
	char filter[TOP_TEXT_MAX], typed[TOP_TEXT_MAX];
	uint64_t interval_ns;
	bool frozen, help, quit;
	size_t selected, first; /* rows */
	size_t first_help;      /* a line of it */
	struct text message;    /* until a key is pressed */
	struct top_shown shown;

	/* Files, as short as they can be; see tree_short_files(). */
	struct arena names;
	struct text *files;
	uint32_t files_n, named;      /* strings, and functions, when they were named */
	uint64_t named_ns, naming_ns; /* when, and how long it took */
};

/* top_rows.c: looks again; where it is frozen, at the same moment once more, unless the scope changed. */
void top_look(struct top *t);

/* "encoder.py:182(iterencode)" of a function; lent by a. */
struct text top_place(struct arena *a, struct top *t, uint32_t function);

/* "app.py 4242", "worker", or for TOP_VIEWS "app.py 4242 / worker". */
struct text top_person(struct arena *a, const struct top *t, uint32_t person,
                       enum top_view view);

/* top_tell.c: what was wrong with the stream, and how the program ended when it failed. */
void top_tell(struct top *t);

/* top_table.c: rows from first on as a table, no more than n. */
struct table *top_table(struct arena *a, const struct top *t, size_t first, size_t n);

/* Lines that tell of the process, the sampling and its threads. */
enum { TOP_HEAD_LINES = 3 };
struct text top_head(struct arena *a, const struct top *t, int line);

/* How a process of the stream ended; empty while it goes on, or when nothing is known. */
struct text top_ending(struct arena *a, const struct top *t, bool *failed);

/* top_draw.c: all of the screen. */
void top_draw(struct top *t);
unsigned top_page(const struct top *t); /* rows of the table that the screen has */

/* top_keys.c: minds a key, as curses calls it. */
void top_key(struct top *t, int key);

struct top_help {
	const char *keys, *what;
};
const struct top_help *top_help(size_t *n);

/* top_write.c: what was seen as a folded stream; what came of it is t->message. */
void top_write(struct top *t, const char *path);

/* top_batch.c: prints tables while it reads; the status for main. */
int top_batch(struct top *t);

/* top_read.c: reads the stream, with the lock but while it waits. */
void top_read(struct top *t, const char *path);

#endif
