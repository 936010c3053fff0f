/* SPDX-License-Identifier: MIT */
/*
 * cpython/heap.h: frames before 3.11, which are objects on the heap.
 */
#ifndef CPYTHON_HEAP_H
#define CPYTHON_HEAP_H

#include "base/vec.h"
#include "cpython/layout.h"
#include "cpython/window.h"

enum { BACKS = 1 << 15, BACKS_ROW = 4 };

/* A frame of a chain, and the part that it is read in. */
struct heap_frame {
	uint64_t address;
	uint32_t part;
	uint32_t bytes; /* of it that are read */
};

/* What a frame was when it was read. */
struct heap_view {
	uint64_t code, back;
	int32_t instruction;
	signed char running;
};

/* Memory with such frames, of which first is the innermost: [from, end) is read, to at. */
struct part {
	uint64_t from, end;
	uint32_t at;
	size_t first;
};

/* The frames outside and inside of one, as they were last, and its code when that was outside. */
struct back {
	uint64_t frame, back, inner, code;
};

struct heap {
	bool used;              /* frames are there */
	signed char live[2];    /* what a frame is marked with that runs */
	struct back *backs;     /* BACKS of them, by their frames */
	VEC(struct part) parts; /* of the chain that is read */
	size_t lost;            /* of its innermost frames: those that were no stack */
	bool at_once;           /* its innermost FAR frames, at least, were read in one step */
	bool salvaging;         /* what is outside of a frame that has gone is read on */
};

/* What window.h and walk.c promise of the same names, of these frames. */
enum outcome heap_begin(struct python *p, struct watch *w);
enum outcome heap_read(struct python *p, struct watch *w);

/*
 * Whether the chain that was read is one stack's, as far as can be told: else two may have
 * been joined where a frame of the one was left, and called again by the other.
 */
bool heap_proves_ways(const struct python *p, const struct watch *w);

/* The frames that were read: p->fresh, inside of so many that were seen before. */
size_t heap_walk(struct python *p, const struct watch *w);
size_t heap_salvage(struct python *p, struct watch *w);

/* Of a frame of which layout.frame_size bytes are there. */
struct heap_view heap_view(const struct layout *l, const unsigned char *frame);

/* A frame that runs, or is about to begin, while a trace function is called of that. */
bool heap_is_live(const struct python *p, struct heap_view v);

/*
 * Where what is known of the frame is kept, if that is of this one; else where it may be, in
 * place of another one, which is not the same each time: of two frames of one chain both stay.
 */
struct back *heap_back(struct python *p, uint64_t frame);

/*
 * recall.c: the stack of the frame that the state told, read after it: p->fresh, inside of
 * the *keep outermost that were seen before. False: it leads nowhere.
 */
bool heap_recall(struct python *p, const struct watch *w, size_t *keep);

/* The function of that frame, by what its object has still; NULL: it is not known. */
const struct python_code *heap_innermost(struct python *p);

#endif
