/* SPDX-License-Identifier: MIT */
/*
 * cpython/frames.h: frames as they lie in the copies of a window, from 3.11 on.
 *
 * Most lie in the thread's data stack chunks, and some outside: of generators, on
 * the heap, and of calls from C, on the C stack.
 */
#ifndef CPYTHON_FRAMES_H
#define CPYTHON_FRAMES_H

#include "base/vec.h"
#include "cpython/calls.h"

struct code;
struct watch;

enum {
	FRAME_BYTES = 256,         /* at most, of a frame without its locals */
	OUTSIDE_MAX = 1024,        /* frames outside of the chunks, of one stack */
	OUTSIDE_BYTES = 640 << 10, /* of a copy, which they and what lies between them fit in */
	NOBODY = 1,                /* no code object is there */
	NOWHERE = 1,               /* no frame is at that instruction */
	LATE_MAX = 128,            /* frames that are read after a window */
	LATE_BYTES = 1024 + 64,
	LATE_AT = OUTSIDE_BYTES - LATE_MAX * LATE_BYTES, /* where the first is in a copy */
	VALUES_BYTES = 4096, /* of a frame's locals and stack, which are looked at */
	TENANTS = 16,
	LINKS = 64, /* remembered ways through the C stack, of one thread; a power of two */
	OWNER_THREAD = 0,    /* of a frame: it lies in the chunks */
	OWNER_GENERATOR = 1, /* of a frame: it lies in a generator object */
	OWNER_C_STACK = 3,   /* or above: it is no frame of a function */
	CHUNKS_MAX = 1024,
};

/*
 * handed.c: what the words of a frame tell of another one's being called by it; from AGREES on
 * the later, the surer.
 */
enum told {
	SILENT,
	DENIES,
	AGREES,   /* C was given an argument that it has */
	CONFIRMS, /* its function was called, or C was given it */
	PROVES,   /* with the arguments that it has, which are not those of any call */
};

/*
 * A frame as it was last read. at is where it lies in the copies. Each chunk has
 * its own part of a copy, so it is the same while the chunks are; a frame outside
 * of them moves with each other one that comes or goes: frames_relocate().
 */
struct seen {
	uint64_t address, code, previous, instruction;
	uint32_t at;
	uint64_t way;   /* stands for all functions that lead to it */
	bool entry;     /* a frame of the C stack lies between it and the next outer one */
	enum told told; /* by that one's words: whether it called this one */
	bool linked;    /* a copy tells that, of two generators */
};

/* Whether it is in no copy: that its function was called then is known from others alone. */
static inline bool
frame_is_nowhere(const struct seen *s)
{
	return s->address == 0;
}

/*
 * A data stack chunk: frames are pushed into it like onto a C stack. The
 * oldest is first. [address, address + used) is read.
 */
struct chunk {
	uint64_t address;
	uint32_t size, used, at;
};

/* A frame on the heap (of a generator) or on the C stack, read with the rest. */
struct outside {
	uint64_t address;
	uint64_t back;  /* the next outer frame when it was last part of a stack; 0: unknown */
	uint32_t at;    /* where it is in a copy */
	uint32_t bytes; /* of it that are to be read: a generator's locals and stack as well */
	bool c_stack;   /* it is one of these, which are always read */
	bool planned;   /* it is read with the window */
	bool valued;    /* and all of its bytes */
	bool met;       /* in the last window, while not all are planned */
	unsigned idle;  /* stacks in a row that it was no part of */
};

/* A frame outside that was read after the window. */
struct late {
	uint64_t address;
	uint32_t at, bytes;
};

/* Memory that is read as one piece, and where it goes in a copy. */
struct stretch {
	uint64_t from;
	uint32_t at, n;
};

/* Whose frame was at an address in the chunks, in how many windows in a row. */
struct tenant {
	uint64_t address, code;
	unsigned windows;
};

/*
 * That the frame inner was entered from the frame outer through the C stack's
 * frame via. It held once; it holds again when both ends are the same again.
 */
struct link {
	uint64_t via, inner, inner_code, outer, outer_code, outer_instruction;
	struct sighting sighting;
	bool known;
};

/* locate.c: where in a copy the frame lies; false: it is in no chunk, nor outside but known. */
bool frame_locate(const struct python *p, const struct watch *w, uint64_t frame, uint32_t *at);

/* The frames seen last get their places in a copy; what has none is no more the same as any. */
void frames_relocate(struct python *p, struct watch *w);

/*
 * How many of those outside lie below that address; the one that lies there, and the one that
 * was read late; NULL: there is none.
 */
size_t outside_below(const struct watch *w, uint64_t address);
struct outside *outside_at(const struct watch *w, uint64_t frame);
const struct late *outside_late(const struct python *p, uint64_t frame);

/* Where in a copy the frame is that lies in no chunk; false: it is not known. */
bool outside_find(const struct watch *w, uint64_t frame, uint32_t *at);

/* The frame that the one at that address was last inside of; 0: unknown. */
uint64_t outside_back(const struct watch *w, uint64_t frame);

/* How many bytes of a frame of the code c are in the copies: of some only those before its values. */
uint64_t frame_bytes_read(const struct python *p, const struct watch *w, const struct seen *s,
                          const struct code *c);

/* Where in a copy the frame is that lies in no chunk, if it was read with the window or late. */
bool outside_was_read(const struct python *p, const struct watch *w, uint64_t frame,
                      uint32_t *at);

/* chunks.c: makes the copies fit the chunks that the state in p tells; false: they cannot be read. */
bool chunks_follow(struct python *p, struct watch *w);

/*
 * outside.c: notes which code's frames lie where a call went outside lately;
 * after each window. Whether that of the frame s has been the same for a while:
 * where two functions take turns, what lies apart may be of the other one.
 */
void outside_note(struct python *p, struct watch *w);
bool outside_is_steady(struct watch *w, const struct seen *s);

/* frames.c: the code of that frame, if it is a generator's; NULL: it is not, or not known. */
struct code *generator_code(struct python *p, const unsigned char *frame);

/* Whether one of the values on the stack of a frame of the code c is that object, or was last. */
bool frame_refers(const unsigned char *frame, const struct code *c, uint64_t bytes,
                  uint64_t object);

/* Whether w's frame i has the next one, a generator's, among its values in that copy. */
bool frame_refers_next(const struct python *p, const struct watch *w, size_t i, unsigned copy);

/*
 * generators.c: the generator's frame that has the generator of that frame on its stack, in
 * that copy; 0: none that was read with the window.
 */
uint64_t generator_caller(struct python *p, const struct watch *w, uint64_t frame,
                          unsigned copy);

/*
 * The same among those that the frame outer, in the chunks, refers to, and those that they
 * do, which are read now. If there is none, it has gone: the innermost of those that the
 * window has, or outer.
 */
uint64_t generator_caller_within(struct python *p, const struct watch *w, uint64_t outer,
                                 uint64_t frame, unsigned copy);

/*
 * The generator that C had called for the frame outer, and which it has on its stack; or the
 * innermost of those that this one delegates to. 0: none that is known to be called from there.
 */
uint64_t generator_driven(struct python *p, const struct watch *w, uint64_t outer,
                          unsigned copy);

/*
 * outside.c: reads a frame that is in no copy into all of them, after the window: it may be
 * another one by now. False: it cannot be read, or there are too many.
 */
bool outside_read_late(struct python *p, uint64_t frame, uint32_t *at);

/* Whether what lies there in the copies was read late. */
static inline bool
outside_is_late(uint32_t at)
{
	return at >= LATE_AT && at < OUTSIDE_BYTES;
}

/*
 * What was read late is read with the rest from the next window on. The copies of the last
 * one are not to be asked any more.
 */
void outside_take_late(struct python *p, struct watch *w);

/* Whether most of them do not come again, as coroutines of a thousand tasks that take turns. */
bool outside_are_passing(const struct watch *w);

/* A stack was told: forgets those that have been no part of the last few. */
void outside_age(struct python *p, struct watch *w);

/*
 * Whether the chunks, read once more after all, still hold the frames of w's
 * stack next to those outside. The two lie apart and are read in turn, so a
 * short loop may come round just so that both copies of each agree on what
 * never was; it would have to do so once more.
 */
bool outside_agrees(struct python *p, const struct watch *w);

/* Adds their spans to the window's pieces, for that copy. */
void outside_read(struct python *p, const struct watch *w, unsigned copy);

/* handed.c: what the words of w's frame i in that copy tell of the next one. */
enum told handed_tells(struct python *p, const struct watch *w, size_t i, unsigned copy);

/*
 * Whether no copy denies what w's frames from that one on were called by; the less that
 * they tell of each is noted.
 */
bool handed_agrees(struct python *p, struct watch *w, size_t from);

/*
 * The first frame whose caller is to be asked where the outermost n are as they were seen:
 * a function that many call may be there again with another argument.
 */
static inline size_t
handed_from(size_t n)
{
	return n > 2 ? n - 1 : 1;
}

/*
 * links.c: what lies outside of the frame of the C stack at *frame, which the
 * frame inner was called through, without reading it; false: it is not known.
 */
bool link_follow(const struct python *p, struct watch *w, const struct seen *inner,
                 uint64_t *frame);

/* That via leads from the frame inner to the frame outer, which is at at; 0: to the end. */
void link_note(struct python *p, uint64_t via, const struct seen *inner, uint64_t outer,
               uint32_t at);

/* Remembers what was noted on a walk that has arrived. */
void links_keep(struct python *p, struct watch *w);

#endif
