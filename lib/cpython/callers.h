/* SPDX-License-Identifier: MIT */
/*
 * cpython/callers.h: who alone calls a generator, as far as its frames have told, and
 * whether these are what they were.
 */
#ifndef CPYTHON_CALLERS_H
#define CPYTHON_CALLERS_H

#include "cpython/code.h"
#include "cpython/frames.h"

enum {
	LODGERS = 4096,
	OFTEN_ALIKE = 12, /* stacks in a row that show the same, to believe it */
	LONG_ALIKE = 512, /* the same where another thing was shown before */
};

static inline bool
is_often(unsigned times, bool several)
{
	return times >= (several ? LONG_ALIKE : OFTEN_ALIKE);
}

/* Whose frame lay at an address outside of the chunks. */
struct lodger {
	uint64_t frame, stack; /* 0: none; the last one that it was met in */
	const struct code *code;
};

/*
 * Notes which functions the generators of the last walk tell as their callers, and where
 * their frames were met. The walk ended at the outermost keep frames seen before; 0: it is
 * not known where it ends.
 */
void callers_note(struct python *p, const struct watch *w, size_t keep);

/* Notes that the function code was seen to be the caller in that stack; by way of C: entry. */
void caller_note(struct caller *c, const struct code *code, bool entry, uint64_t stack);

/* Notes that one read showed another one: it is believed when a second one does. */
void caller_note_other(struct caller *c);

/* Whether so many told the same one that it is known to be the only one. */
bool caller_is_sure(const struct caller *c);

/* Whether the function inner is a generator's, of which outer always was the caller. */
bool caller_is_only(const struct code *inner, const struct code *outer);

/*
 * If w's innermost frame is a generator's that is suspended in that copy, and the next outer
 * one is not known to call it, puts the functions between the two that lead to it, if they
 * always are the same. Their frames are nowhere: see frame_is_nowhere().
 */
void callers_add(struct python *p, struct watch *w, unsigned copy);

/*
 * turns.c: if the guess of w's stack lacks the only caller of a generator, that function may
 * be learnt from another one of its frames, which executes now.
 */
void turns_ask(struct python *p, const struct watch *w);

/* lodgers.c: the frame s of a generator was met, at any moment. */
void lodger_note(struct python *p, const struct seen *s);

/*
 * Whether where one of c's frames was, there still is one of c's soon after: when a generator
 * has ended, another function's may be made in its place.
 */
bool code_stays(const struct code *c);

/* Forgets what lay there; all, with their codes. */
void lodger_forget(struct python *p, uint64_t frame);
void lodgers_forget(struct python *p);

#endif
