/* SPDX-License-Identifier: MIT */
/*
 * tree/reading.h: what is known of the segment that is being read. For this room.
 *
 * The numbers of a segment are looked up once, in arrays that a restart
 * forgets; a sample whose stack was seen before in the same series and epoch
 * costs an addition.
 */
#ifndef TREE_READING_H
#define TREE_READING_H

#include "tree/choice.h"

/* A stack of the segment. */
struct stack_memo {
	uint32_t node; /* in the tree */
	uint32_t cell; /* the row that it was last counted in; only a guess */
	uint8_t marks;
};

enum stack_mark {
	STACK_KNOWN = 1,  /* the other fields are set */
	STACK_KEPT = 2,   /* one of its frames matches --keep */
	STACK_INSIDE = 4, /* --under is one of its frames */
	STACK_WANTED = STACK_KNOWN | STACK_KEPT | STACK_INSIDE,
};

struct frame_memo {
	uint32_t frame; /* in the tree, as coarse as was asked; 0: not known yet */
	uint8_t marks;
};

/* A thread of the segment, as the current run has it. */
struct thread_memo {
	uint32_t row;
	uint32_t series1; /* that of the state it was last seen in, plus one */
	uint8_t state;
	enum thread_is { THREAD_NEW, THREAD_WANTED, THREAD_UNWANTED } is;
};

struct reading {
	struct arena arena; /* of the segment */
	VEC(struct stack_memo) stacks;
	VEC(struct frame_memo) frames;
	VEC(uint32_t) functions;
	VEC(uint32_t) strings;
	VEC(struct thread_memo) threads;
	VEC(uint32_t) path;

	struct tree *tree;
	struct stream *stream;
	const struct tree_choice *choice;
	struct tree_run *run;
	bool raw, refused; /* the segment is */
	bool refusal_told, run_refused;
	bool compares, told; /* it is a diff stream, and taken; its compare record was there */
	uint64_t unknown;    /* of this stream, counted already */
	uint64_t epoch_ms;   /* of the segment's run; the tree may have longer ones */
	struct choice_window window;   /* in nanoseconds */
	uint64_t first, end;           /* the same in units */
	uint32_t epoch;                /* of the last sample */
	uint64_t epoch_from, epoch_to; /* its units: up to, but not including, to */
	bool has_last;                 /* the next three hold */
	struct stream_sample last;
	uint32_t last_cell; /* the row that it was counted in */
};

/* Element i of *memos, which grows by zeroes up to it. */
#define memo_at(a, memos, i) (vec_reserve((a), (memos), (size_t)(i) + 1), &(memos)->at[i])

/* A restart: all numbers are void. */
void reading_forget(struct reading *r);

/* The tree's number of a function of the segment. */
uint32_t reading_learn_function(struct reading *r, uint32_t function);

/* Looks a stack up for the first time, after those that it continues. */
void reading_learn_stack(struct reading *r, uint32_t stack);

/* Whether a thread of the current run is wanted; then it is in the tree, and memo->row is its row. */
enum thread_is reading_learn_thread(struct reading *r, struct thread_memo *memo,
                                    uint32_t thread);

/*
 * Whether the segment's content is taken, beside what the tree has. What is not is
 * refused: false, once for a stream, sets *e.
 */
bool reading_takes_content(struct reading *r);
bool reading_refuse(struct reading *r, const char *name, struct err *e);

/* A compare, match or verdict record. False sets *e: the comparison was told before. */
bool reading_take_diff(struct reading *r, enum stream_event event,
                       const struct stream_item *item, const char *name, struct err *e);

/* Names may have changed since a thread was met: at the end of a part they are asked for again. */
void reading_learn_names(struct reading *r);

#endif
