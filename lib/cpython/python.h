/* SPDX-License-Identifier: MIT */
/*
 * cpython/python.h: a CPython as the files of this room hold it, and nobody else.
 */
#ifndef CPYTHON_PYTHON_H
#define CPYTHON_PYTHON_H

#include "cpython/callers.h"
#include "cpython/calls.h"
#include "cpython/code.h"
#include "cpython/cpython.h"
#include "cpython/dict.h"
#include "cpython/find.h"
#include "cpython/frames.h"
#include "cpython/guess.h"
#include "cpython/heap.h"
#include "cpython/layout.h"
#include "cpython/objects.h"
#include "cpython/pulse.h"
#include "cpython/thread.h"
#include "cpython/ways.h"
#include "cpython/window.h"
#include "cpython/words.h"

enum {
	HANDLED_BYTES = 32, /* of an item of the chain of handled exceptions */
	LEAD_MAX = 64,      /* bytes before a generator's frame that are read with it */
};

struct python {
	struct arena *arena; /* the caller's */
	struct remote *remote;
	struct runtime runtime;
	struct layout layout;
	pid_t inner_pid;
	uint64_t none; /* None, once it is known */
	uint32_t
		lead; /* bytes before a frame outside of the chunks: what its generator handles */
	unsigned char executing; /* gi_frame_state of a generator that is */
	uint32_t limit;          /* of stacks, as the last one was asked for; 0: none was yet */
	struct threads threads;
	struct interpreters interpreters;
	struct codes codes;
	struct instructions instructions;
	struct calls calls;
	struct ways ways;
	struct window window;
	struct heap heap;
	struct asyncio *asyncio; /* NULL: tasks are not asked for */
	struct trail trail;      /* of what is being read */
	VEC(struct seen) fresh;  /* the frames of a walk, innermost first */
	size_t doubtful;         /* of the innermost of these */
	struct guess guess;      /* of the stack that is to be told */
	struct lodger *lodgers;  /* by address; NULL before 3.11 */
	VEC(struct link) noted;  /* on the way */
};

/* Where in a copy the frame at at lies; what was read once is part of both. */
static inline const unsigned char *
copy_at(const struct python *p, unsigned copy, uint32_t at)
{
	const struct window *w = &p->window;

	return w->copies[copy && at - w->once_at >= w->once_bytes] + at;
}

/* Bytes of the shortest frame: frame_size has one local, or a value, and some functions have none. */
static inline uint32_t
frame_least(const struct layout *l)
{
	return l->frame_size - 8;
}

/* What one copy has at the place of a frame. */
struct frame_words {
	uint64_t code, previous, instruction;
	unsigned char owner;
};

static inline struct frame_words
frame_words(const struct python *p, unsigned copy, uint32_t at)
{
	const unsigned char *frame = copy_at(p, copy, at);

	return (struct frame_words){
		.code = word_at(frame + p->layout.frame_code),
		.previous = word_at(frame + p->layout.frame_previous),
		.instruction = word_at(frame + p->layout.frame_instruction),
		.owner = frame[p->layout.frame_owner],
	};
}

/* Whether the frame there waits for one that it called: only then the end of its values is told. */
static inline bool
frame_waits(const struct python *p, const unsigned char *frame)
{
	const unsigned char *end = frame + p->layout.frame_stack;

	return p->layout.frame_stack_width == 8 ? word_at(end) != 0 : !(half_at(end) >> 31);
}

/* Where the stack of values ends of the frame there, which was at that address, and waits: bytes from it on. */
static inline uint64_t
frame_stack_end(const struct python *p, const unsigned char *frame, uint64_t address)
{
	const unsigned char *end = frame + p->layout.frame_stack;

	return p->layout.frame_stack_width == 8
	               ? word_at(end) - address
	               : frame_least(&p->layout) + 8 * (uint64_t)half_at(end);
}

/* Whether the frame there was entered by C, as up to 3.11 it tells itself. */
static inline bool
frame_is_entry(const struct python *p, const unsigned char *frame)
{
	return p->layout.frame_entry != NONE && frame[p->layout.frame_entry] == 1;
}

/* No more than n of the outermost places are the same as told last. */
static inline void
lower_same(size_t *same, size_t n)
{
	if (*same > n)
		*same = n;
}

/* Which of its threads' copies of the code a frame runs; 0: its own, as on most builds. */
static inline uint32_t
frame_bytecode(const struct python *p, unsigned copy, uint32_t at)
{
	return p->layout.frame_copy != NONE
	               ? half_at(copy_at(p, copy, at) + p->layout.frame_copy)
	               : 0;
}

/* The chunk that frames are pushed into; NULL: none is known. */
static inline const struct chunk *
newest_chunk(const struct watch *w)
{
	return w->chunks.n ? &w->chunks.at[w->chunks.n - 1] : NULL;
}

/* Where a thread's own bytes end in what is read of its state: see window_add_task(). */
static inline uint32_t
state_end(const struct python *p)
{
	return p->window.state_bytes - (p->window.task_at ? TASK_BYTES : 0);
}

/* A word of a thread's state; 0 where the version has none. */
static inline uint64_t
word_of(const unsigned char *state, uint32_t at)
{
	return at != NONE ? word_at(state + at) : 0;
}

/* The same of the state that was read last. */
static inline uint64_t
state_word(const struct python *p, uint32_t at)
{
	return word_of(p->window.state, at);
}

static inline uint32_t
state_half(const struct python *p, uint32_t at)
{
	return at != NONE ? half_at(p->window.state + at) : 0;
}

/* Where the frames in the newest chunk ended at the moment of the state. */
static inline uint64_t
top_of_chunks(const struct python *p)
{
	return state_word(p, p->layout.thread_chunk_top);
}

/* frames.c: the code of a frame; what was not known is read now, and *settled, if any, becomes false. */
struct code *frame_code(struct python *p, const struct seen *s, int32_t *unit, bool *settled);

/* The unit at which that copy has the frame of the code c; below 0: unknown. */
int32_t frame_unit(struct python *p, unsigned copy, uint32_t at, struct code *c);

/* Whether the call of the frame has come to its RESUME. */
bool frame_is_begun(const struct python *p, const struct seen *s, const struct code *c,
                    int32_t unit);

/* Adds a frame and its place inside of those of w. */
void place_add(struct python *p, struct watch *w, const struct seen *s, struct code *c,
               int32_t unit);

/* The stacks that were told stand for no later ones. */
void stacks_forget(struct python *p);

/*
 * stack.c: reads the stack of w now, which will be asked for in this tick; then
 * its interpreter's pulse is from the same system call. False: the thread has
 * ended, or it is not known yet how much will be asked for.
 */
bool stack_ahead(struct python *p, struct watch *w);

/* facts.c: what the last window tells of the thread beside its places. */
void facts_tell(struct python *p, const struct watch *w, struct python_stack *stack);

/* The state of the generator whose frame is there in that copy; NONE: it was not read. */
static inline uint32_t
generator_state(const struct python *p, unsigned copy, uint32_t at)
{
	uint32_t back = p->layout.generator_frame - p->layout.generator_state;

	return p->lead == 0 || p->layout.generator_state == NONE || back > p->lead
	               ? NONE
	               : *(copy_at(p, copy, at) - back);
}

#endif
