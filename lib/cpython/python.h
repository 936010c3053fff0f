/* SPDX-License-Identifier: MIT */
/*
 * cpython/python.h: what the files of this room share, and nobody else.
 */
#ifndef CPYTHON_PYTHON_H
#define CPYTHON_PYTHON_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/cpython.h"
#include "cpython/find.h"
#include "cpython/layout.h"
#include "cpython/lines.h"

enum {
	IDENTITY_BYTES = 96,    /* at most, of a code object's fields that never change */
	FRAME_BYTES = 256,      /* at most, of a frame without its locals */
	THREAD_BYTES = 512,     /* at most, of a thread's state */
	NAME_CHARS = 4096,      /* of a name; what is longer ends in an ellipsis */
	TABLE_BYTES = 1 << 20,  /* of a line table */
	ENTRY_BYTES = 32,       /* of one of its entries, which covers a code unit at least */
	CODES_BYTES = 64 << 20, /* of all code objects, until they are forgotten */
	UNITS_MAX = 1 << 24,    /* of a function */
	OUTSIDE_MAX = 1024,     /* frames outside of the chunks, of one stack */
	KNOWN_CALLS = 4096,     /* a power of two */
	LINKS = 64, /* remembered ways through the C stack, of one thread; a power of two */
	CHUNKS_MAX = 1024,
	CFRAMES_BYTES = 4096, /* of the C stack, in which CFrames are looked for */
};

/* A code object at an address, for as long as it is seen to be the same. */
struct code {
	struct python_code shown; /* first: a place's code is one of these */
	uint64_t address;
	uint64_t checked; /* the epoch at which it was last seen to be itself */
	uint32_t units;
	int32_t begun;        /* units before it are before the function begins */
	bool dynamic;         /* it comes from no file, so it may go at any time */
	struct text table;    /* its line table, as CPython has it */
	struct lines *lines;  /* decoded when first asked for */
	VEC(uint64_t) copies; /* free-threaded: where the threads' copies of its code begin */
	unsigned char identity[IDENTITY_BYTES];
};

/*
 * A frame as it was last read. at is where it lies in the copies; it is the
 * same in each sample, because each chunk has its own part of a copy.
 */
struct seen {
	uint64_t address, code, previous, instruction;
	uint32_t at;
	bool entry; /* a frame of the C stack lies between it and the next outer one */
};

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
	uint64_t address; /* 0: the slot is free */
	unsigned idle;    /* stacks in a row that it was no part of */
};

/* What one window shows may be an accident; what several show soon after each other is not. */
struct sighting {
	uint64_t window; /* that showed it last, while that is not enough */
	unsigned times;
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

/* That one function, at one instruction, has called another. */
struct call {
	uint64_t key;
	struct sighting sighting;
};

/* A thread that is watched, and what is predicted of its next sample. */
struct watch {
	struct python_thread shown;
	uint64_t serial; /* tells it from a later thread at the same address */
	uint64_t interpreter;
	uint32_t row;     /* in watches */
	uint64_t epoch;   /* of the code objects, when its stack was last checked */
	uint64_t cframes; /* before 3.13: where its current frame has been told; 0: unknown */
	uint32_t cframes_bytes; /* from there on */
	bool listed;
	bool begun; /* its stack was read once */
	VEC(struct chunk) chunks;
	VEC(struct seen) seen;           /* outermost first */
	VEC(struct python_place) places; /* of the same frames */
	VEC(struct outside) outside;
	struct link links[LINKS];
};

struct python {
	struct arena *arena; /* the caller's */
	struct arena codes;  /* everything that python_forget() gives back */
	struct remote *remote;
	struct runtime runtime;
	struct layout layout;
	pid_t inner_pid;

	uint64_t code_type; /* PyCode_Type, once it is known */
	uint64_t window;    /* how many were read */
	struct index by_call;
	VEC(struct call) calls;
	uint64_t known_calls[KNOWN_CALLS]; /* by their keys: those asked for last */
	struct index by_address;
	VEC(struct code *) rows; /* of by_address: the code that is there now */
	uint32_t ids;
	uint32_t
		epoch_field; /* in an interpreter; NONE: nothing tells that code objects went */
	unsigned epoch_bytes;
	uint64_t epoch;  /* read with the last stack; without that field, its number */
	bool suspicious; /* one from a file went as well, so each is looked at each time */
	uint32_t identity_at,
		identity_bytes; /* the fields of a code object that never change */

	uint64_t refused,
		refused_at; /* a code object and an instruction in it, not understood */

	uint32_t thread_bytes;               /* what is read of a thread's state */
	uint32_t slot;                       /* bytes for a frame outside of the chunks */
	VEC(struct watch *) watches;         /* every thread ever seen */
	VEC(struct watch *) spare;           /* those that have ended; they are used again */
	struct index by_thread;              /* row in watches, of the others */
	VEC(struct python_thread *) listed;  /* as shown to the caller */
	VEC(struct python_thread *) listing; /* while the list is read */
	struct python_thread *main;          /* of the list that is read */
	uint64_t main_thread;                /* its pthread_self() */

	/* Scratch of one stack. */
	unsigned char *copies[2]; /* before and after the thread's state was read */
	size_t room;
	uint32_t once_at, once_bytes; /* of the first copy: what was not read for the second */
	bool whole; /* the copies are what was predicted, though the innermost frame may not be told */
	bool twice;  /* nothing may be read only once */
	double pace; /* the fewest nanoseconds that a byte took */
	unsigned char state[THREAD_BYTES];
	unsigned char cframes[CFRAMES_BYTES];
	uint64_t frame_by_cframe; /* 0: not told */
	VEC(struct seen) fresh;   /* innermost first */
	VEC(struct link) noted;   /* on the way */
	VEC(struct remote_piece) pieces;
};

static inline uint64_t
word_at(const unsigned char *p)
{
	uint64_t n;

	memcpy(&n, p, sizeof n);
	return n;
}

static inline uint32_t
half_at(const unsigned char *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof n);
	return n;
}

/* Where in a copy the frame at at lies; what was read once is part of both. */
static inline const unsigned char *
copy_at(const struct python *p, unsigned copy, uint32_t at)
{
	return p->copies[copy && at - p->once_at >= p->once_bytes] + at;
}

/* A reference may carry marks in its low bits (_PyStackRef of 3.14). */
static inline uint64_t
pointer_of(uint64_t reference)
{
	return reference & ~(uint64_t)3;
}

/* objects.c: a str as UTF-8 of at most NAME_CHARS characters. False: it is none. */
bool object_text(struct python *p, struct arena *a, uint64_t address, struct text *text);

/* A bytes object of at most max bytes. */
bool object_bytes(struct python *p, struct arena *a, uint64_t address, size_t max,
                  struct text *);

/* Whether the type object at that address is called name, which is no longer than 15 bytes. */
bool object_type_is(struct python *p, uint64_t type, const char *name);

/* n characters of 1, 2 or 4 bytes as UTF-8; what is no character becomes U+FFFD. */
struct text unicode_utf8(struct arena *a, const unsigned char *chars, size_t n, unsigned width);

/* code.c: the code last seen at that address, or NULL. */
struct code *code_known(struct python *p, uint64_t address);

/* Reads the code object there anew. NULL: there is none. */
struct code *code_read(struct python *p, uint64_t address);

/* Whether bytes, read at the address's identity, are still this code's. */
bool code_is_same(const struct python *p, const struct code *c, const unsigned char *bytes);

/* The unit of an instruction in c's code or in its thread's copy; below -1: it is not in it. */
int32_t code_unit(struct python *p, struct code *c, uint64_t instruction, uint32_t copy);

/*
 * check.c: proves that the codes of w's places were themselves when the stack
 * was read; the outermost same places were proved with the stack before. False:
 * one was not; it and all inside of it are cut off, to be read again.
 */
bool codes_check(struct python *p, struct watch *w, size_t same);

/* calls.c: counts a window that shows it; true once that is no accident. */
bool sighting_add(struct sighting *s, uint64_t window);

/*
 * Whether the place outer is known to call the place inner, so that their being
 * neighbours is no accident. learn: this window is one that shows it.
 */
bool call_is_known(struct python *p, const struct python_place *outer,
                   const struct python_place *inner, bool learn);

/* chunks.c: where in a copy the frame lies; false: it is in no chunk, nor outside but known. */
bool frame_locate(const struct python *p, const struct watch *w, uint64_t frame, uint32_t *at);

/* Makes the copies fit the chunks that the state in p tells; false: they cannot be read. */
bool chunks_follow(struct python *p, struct watch *w);

enum outcome {
	MATCH, /* it is consistent */
	AGAIN, /* the prediction was wrong, and is better now */
	MOVED, /* the copies do not agree */
	ENDED, /* the thread or the process */
};

/* window.c: reads the copies and the state between them. */
enum outcome window_read(struct python *p, struct watch *w);

/* Reads the thread's state alone, to predict from that. */
enum outcome window_begin(struct python *p, struct watch *w);

/*
 * walk.c: the frames inside of the *keep outermost that were seen before and
 * are still the same: p->fresh, as both copies agree on.
 */
enum outcome walk_stack(struct python *p, struct watch *w, size_t *keep);

/* As much of the outermost part as agrees; p->fresh and how many seen frames to keep. */
size_t walk_salvage(struct python *p, struct watch *w);

#endif
