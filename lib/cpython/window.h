/* SPDX-License-Identifier: MIT */
/*
 * cpython/window.h: what is read of a thread at once, and how its frames are
 * found in that.
 */
#ifndef CPYTHON_WINDOW_H
#define CPYTHON_WINDOW_H

#include "base/vec.h"
#include "cpython/frames.h"
#include "remote/remote.h"

enum {
	THREAD_BYTES = 2048,  /* at most, of a thread's state, with the word behind it */
	TASK_BYTES = 8,       /* of the word that tells the running task, which is kept there */
	CFRAMES_BYTES = 4096, /* of the C stack, in which CFrames are looked for */
	COPIES = 3,
};

/* When the CFrames are read: before the copies' state, after it, and as the window begins. */
enum moment { BEFORE, AFTER, BEGUN, MOMENTS };

/* The copies lie in the python's arena, and grow as they must. */
struct window {
	VEC(struct remote_piece) pieces; /* that are read */
	unsigned char *copies
		[COPIES]; /* before and after the thread's state was read, and once more */
	size_t room;
	uint32_t once_at, once_bytes; /* of the first copy: what was not read for the second */
	unsigned char begun[THREAD_BYTES]; /* the state before anything else was read */
	unsigned char state[THREAD_BYTES];
	unsigned char moment[THREAD_BYTES]; /* the state as the sample's first window began */
	bool keeps_moment;    /* that one was not as predicted, and tells no more */
	uint32_t state_bytes; /* what is read of it */
	uint32_t task_at;     /* in it; 0: which task runs is not asked for */
	unsigned char cframes[MOMENTS][CFRAMES_BYTES];
	uint64_t frame_by_cframe[MOMENTS]; /* 0: not told */
	bool begun_cframe;                 /* the one that the state began with was read */
	bool exchanged;                    /* state is that of the begin */
	uint64_t top; /* of the chunks, at the moment when a walk's innermost frame was told */
	bool whole; /* the copies are what was predicted, though the innermost frame may not be told */
	bool missed;    /* it began long after the sample's moment */
	bool stalled;   /* it took so long that the copies may agree by accident */
	bool held_up;   /* and so long that others ran on our CPU */
	bool twice;     /* nothing may be read only once */
	bool strayed;   /* several calls began or returned from the state to the CFrame */
	uint64_t since; /* the time that the next window begins; 0: when it does */
	/* generators.c: objects that were looked at after the window, and delegates that were asked for. */
	unsigned probes, delegates;
	VEC(struct late)
	late; /* frames outside that were read after the window, one after another */
	uint64_t lingered; /* times */
	double pace;       /* the fewest nanoseconds that a byte took, or the like of a byte */
};

enum { TASK_UNSURE = 1 }; /* one is ending or beginning */

enum outcome {
	MATCH, /* it is consistent */
	AGAIN, /* the prediction was wrong, and is better now */
	MOVED, /* the copies do not agree */
	ENDED, /* the thread or the process */
};

/* Reads the thread's state alone, to predict from that. */
enum outcome window_begin(struct python *p, struct watch *w);

/* Reads the copies and the state between them. */
enum outcome window_read(struct python *p, struct watch *w);

/* Whether the innermost frame did not change from the begin to the state, as far as its place and end tell. */
bool window_stands(const struct python *p);

/*
 * Keeps the state that the last window began with, which was not as predicted. Whether the
 * window after it began with another one: the stack of the sample's moment has gone then, and to
 * tell the new one would favour what stands for long. Makes the begin that of the moment.
 */
void window_keep_moment(struct python *p);
bool window_misses(const struct python *p);
void window_recall_moment(struct python *p, const struct watch *w);

/* Whether what was read at the begin tells its innermost frame, in the chunks that were read. */
bool window_tells_begin(const struct python *p);

/*
 * Makes the state that of the window's begin, or what it was again. A sample is of
 * the begin, because reading frames holds up the target where it writes to them, in
 * calls, so that callers are seen too often after it.
 */
void window_exchange(struct python *p);

/*
 * From now on it is read with the state which task of asyncio's runs, as the state has it
 * there. The word is read before the state too, to its end: if both are the same, they are
 * of the moment of its innermost frame.
 */
void window_add_task(struct python *p, uint32_t at);

/* The address of that task at the moment of the state, or TASK_UNSURE; 0: there is none. */
uint64_t window_task(const struct python *p);

/* Waits up to 2 us, another time each window, so that no loop comes round in step with them. */
void window_linger(struct python *p);

/* Reads the pieces, most of them in one system call; false: not all of them can be read. */
bool window_pieces(struct python *p);

/* The same; *stalled tells that it took longer than so many times what reading takes, and slack_ns. */
bool window_in_time(struct python *p, double times, double slack_ns, bool *stalled);

/* Whether the state that was read is still that of w's thread. */
bool thread_is_same(const struct python *p, const struct watch *w);

/* chunks.c: makes the copies hold that many bytes each; false: that is too much. */
bool copies_fit(struct python *p, size_t bytes);

/*
 * top.c: the innermost frame at the moment of the state; before 3.13 as the CFrame had it
 * when that copy was read. 0: there is none.
 */
uint64_t top_frame(const struct python *p, unsigned copy);

/*
 * The innermost frame of a thread that stands where C has just begun to call into Python: up
 * to 3.12 a CFrame is in place then that tells nothing yet, and the one before it still does.
 * 0: there is none, or it did not end where the chunks do, but for what is called.
 */
uint64_t top_before_call(struct python *p, const struct watch *w);

/* Where the frame at that address ends, by the code that the copy has there; 0: there is none. */
uint64_t frame_end(struct python *p, const struct watch *w, unsigned copy, uint64_t frame);

/*
 * The frame in the chunks that ends, in that copy, where another one begins in the copies, or
 * at their top (UINT32_MAX); 0: it cannot be told.
 */
uint64_t frame_below(struct python *p, const struct watch *w, unsigned copy, uint32_t end);

/*
 * Whether the innermost frame, which goes to *frame, ends at the top of the chunks, or one
 * that it calls does, or it lies outside. What was called before it, or since, may have had
 * its place, but seldom its size. False, and 0: it cannot be told.
 */
bool top_fits(struct python *p, const struct watch *w, unsigned copy, uint64_t *frame);

/*
 * walk.c: the frames from that one on outwards, up to the *keep outermost that were seen
 * before and are still the same: p->fresh, as that copy has them. The innermost
 * p->doubtful of these are not what both copies agree on. False: that copy has no stack.
 */
bool walk_stack(struct python *p, struct watch *w, unsigned copy, uint64_t frame, size_t *keep);

/*
 * The same where that copy has given the frame's place in the chunks to another one: it
 * comes first in p->fresh, with NOBODY's code, then what ends where it began, and on from
 * there.
 */
bool walk_callers(struct python *p, struct watch *w, unsigned copy, uint64_t frame,
                  size_t *keep);

/*
 * gone.c: the same where that copy has nothing of the innermost frame any more, which began
 * there: it is told as if it had just begun, if by its size it was of one function only.
 */
bool gone_find(struct python *p, struct watch *w, unsigned copy, uint64_t frame, size_t *keep);

/* How many of the outermost seen frames are the same again, and not left over. */
size_t walk_alive(struct python *p, const struct watch *w);

/* Whether the frame at at in the copies has called, and waits for that. */
bool frame_is_waiting(const struct python *p, uint32_t at);

#endif
