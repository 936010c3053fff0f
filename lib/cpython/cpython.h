/* SPDX-License-Identifier: MIT */
/*
 * cpython/cpython.h: a CPython process, seen from outside by its memory alone.
 *
 * Nothing is written to the target and nothing stops it. What is read may
 * change while it is read: that is no error but a sight. Everything from the
 * target is bounded and checked before it is used.
 */
#ifndef CPYTHON_CPYTHON_H
#define CPYTHON_CPYTHON_H

#include "base/err.h"
#include "base/text.h"
#include "remote/remote.h"

/* SEEN: consistent. TORN: it moved while we read. GONE: the process or the object is no more. */
enum sight { SEEN, TORN, GONE };

struct python;

/* A function of the target. Lives as long as the python; a reused address is another code. */
struct python_code {
	uint32_t id; /* dense, from 0; grows only, never given again before python_forget() */
	bool unreadable;  /* its texts could not be decoded */
	struct text file; /* co_filename, as UTF-8 */
	struct text name; /* co_qualname; co_name before 3.11 */
	uint32_t line;    /* co_firstlineno */
};

/* Where in a function; every number 0 when unknown, columns plus one. */
struct python_position {
	uint32_t line, end_line, column1, end_column1;
};

/* One Python frame of a stack. */
struct python_place {
	const struct python_code *code; /* NULL: the frame could not be decoded */
	int32_t unit; /* instruction in the code: code units (bytes before 3.10); -1: not begun */
	bool entry;   /* C called into Python here: a native call lies outside of it */
	uint8_t base; /* the byte of what the instruction does, whatever form of it runs */
	uint16_t
		opcode1; /* the byte of the instruction, plus one; 0: not asked for, or unknown */
};

/* What a thread does with the GIL of its interpreter; in a build without, HOLDS is being attached. */
enum python_gil { PYTHON_GIL_UNKNOWN, PYTHON_GIL_HOLDS, PYTHON_GIL_WANTS, PYTHON_GIL_NEITHER };

/* Whether something is so. */
enum python_fact { PYTHON_UNKNOWN, PYTHON_YES, PYTHON_NO };

struct python_stack {
	const struct python_place
		*places; /* outermost first; lent until the thread's next stack */
	uint32_t n;
	uint32_t same; /* as many outermost places equal those of this thread's last stack */
	bool torn; /* only the outer places were seen to agree; the inner ones are left out */
	bool truncated;   /* deeper than the limit: the innermost are left out */
	uint32_t retries; /* reads that were repeated because the stack moved */
	enum python_gil
		gil; /* WANTS is told from 3.15 on; before, NEITHER may be waiting for it */
	enum python_fact exception;  /* one is being raised or handled */
	enum python_fact collecting; /* garbage, in this thread */
	uint32_t
		collects_at; /* while it collects: inside of that many places, and the rest inside of it */
	bool native; /* the innermost place has called into C and waits for it, as far as is known */
};

/* A thread that has run Python. */
struct python_thread {
	uint64_t address;     /* of its PyThreadState */
	uint64_t python_id;   /* pthread_self(), threading.get_ident() */
	uint64_t native_id;   /* as the target's pid namespace numbers it; 0: unknown */
	uint64_t interpreter; /* 0 is the main one */
	bool main;            /* the main interpreter's main thread */
	bool stands;          /* the caller's word: it is stopped until its stack was read */
	void *own;            /* of the cpython room */
};

/* The kinds of an err: it is CPython, of a version without a table; or that tells no tasks. */
enum { PYTHON_UNKNOWN_VERSION = 1, PYTHON_WITHOUT_TASKS };

/* A table of offsets for one version, which goes before ours, if there is one. */
struct python_offsets;

/* The table that the file holds, see layout.h; from the arena. NULL sets *e. */
struct python_offsets *python_offsets(struct arena *a, const char *file, struct err *e);

/*
 * Finds CPython in r, which is lent for as long as the python lives. offsets
 * is a table for its version or for another one, or NULL. NULL sets *e: no
 * CPython (naming what it is), PyPy, a version without a table (listing those
 * that have one), or a refusal.
 */
struct python *python_attach(struct arena *a, struct remote *r,
                             const struct python_offsets *offsets, struct err *e);

/*
 * What does not change from process to process of the same program; from the
 * arena. It makes attaching cheap (20 us, where finding takes 200 us and more).
 */
struct python_program;

struct python_program *python_program(struct arena *a, const struct python *p);

/* Whether the program's own file holds CPython, rather than a library that lies anywhere. */
bool python_program_is_whole(const struct python_program *program);

/*
 * The same as python_attach() for a process that was forked from one of the
 * program, with bias 0, or that executes the same file, which is whole, and
 * lies bias bytes further on. NULL: it does not look like it.
 */
struct python *python_attach_again(struct arena *a, struct remote *r,
                                   const struct python_program *program, uint64_t bias);

/* Gives back what is kept of code objects, which is apart from the arena; the last call. */
void python_detach(struct python *p);

/* What is dear, and read only when it is asked for. */
enum python_want { PYTHON_WANT_OPCODES = 1, PYTHON_WANT_NATIVE = 2 };

void python_want(struct python *p, unsigned wants);

/*
 * The instruction of a place: "NAME", or "NAME BASE" of one that is a form of
 * BASE, specialised or instrumented; empty: not asked for, or unknown. On a.
 */
struct text python_opcode(const struct python *p, struct arena *a,
                          const struct python_place *place);

uint32_t python_version(
	const struct python *p); /* PY_VERSION_HEX; 0 where only the minor is known */
unsigned python_minor(const struct python *p); /* of version 3 */
bool python_free_threaded(const struct python *p);
bool python_debug(const struct python *p);

/*
 * Whether an interpreter has come up; polled after a start. With framed its
 * main thread must have a frame, else any thread will do: a program that
 * embeds CPython, or one that waits at a prompt, may have none for long.
 */
enum sight python_ready(struct python *p, bool framed);

/*
 * Reads the list of threads again. *threads is lent until the next call;
 * a thread that stays keeps its pointer. TORN leaves the old list.
 */
enum sight python_threads(struct python *p, struct python_thread ***threads, uint32_t *n);

/*
 * A tick begins, in which several threads are looked at: a stack that cannot
 * have changed since the tick before is not read again. True: there are other
 * threads than were listed. Without it each stack is read.
 */
bool python_tick(struct python *p);

/* The same, of threads alone, and no tick begins. */
bool python_threads_differ(struct python *p);

/*
 * What threading calls the thread now, as UTF-8 on a. GONE: threading does not
 * know it, or not yet. TORN: it was changed meanwhile. It costs some ten system
 * calls, more where there are many threads, so it is not for every sample.
 */
enum sight python_thread_name(struct python *p, struct python_thread *t, struct arena *a,
                              struct text *name);

/*
 * The thread's stack. SEEN with n 0: it runs no Python. GONE: the thread or
 * the process. It is never TORN: a stack that stays in motion is given with
 * its agreeing outer places and torn set. limit bounds n.
 */
enum sight python_stack(struct python *p, struct python_thread *t, uint32_t limit,
                        struct python_stack *stack);

/* Where in the source the place is. */
struct python_position python_position(struct python *p, const struct python_place *place);

/* Gives back everything kept of code objects when it exceeds the bytes given; true if it did. */
bool python_forget(struct python *p, size_t bytes);

#endif
