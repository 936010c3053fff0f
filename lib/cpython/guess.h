/* SPDX-License-Identifier: MIT */
/*
 * cpython/guess.h: which stack it was that the first window did not prove.
 *
 * A sample is of the moment at which the first window began. What moved around
 * that moment is not read again until it stands still: that would draw all
 * samples to where a program stays long, away from its short functions (three
 * times too few of them were seen in a parser of HTML). Of the stack at that
 * moment the state tells the innermost frame and where it ended, and the copies
 * what it was soon after. A frame that is not of that size any more was another
 * one's: the only function that is known to have such frames there. The stack
 * counts when every call and the whole way through its functions is known from
 * windows that prove it, or likely (calls.h), or a function takes it always; else it is
 * kept, and more windows are read to learn from, not to be told instead.
 */
#ifndef CPYTHON_GUESS_H
#define CPYTHON_GUESS_H

#include "base/vec.h"
#include "cpython/claim.h"
#include "cpython/pulse.h"
#include "cpython/window.h"

/* A stack as the first window left it, while it is not proved. */
struct guess {
	VEC(struct seen) seen; /* outermost first */
	VEC(struct python_place) places;
	struct claim claim;                  /* of these */
	const struct python_code *innermost; /* the function that was; NULL: unknown */
	bool made, tried;
	bool told;                         /* w's stack is one */
	bool native;                       /* the innermost place had called C */
	unsigned char state[THREAD_BYTES]; /* as in the window */
	struct pulse pulse;
};

/*
 * Makes a guess of the last window. NONE: the state's innermost frame has gone; KEPT:
 * it is not known; KNOWN: it is, and is w's stack now. *same, as everywhere here, is how
 * many places of the stack told last remain.
 */
enum guessed { GUESS_NONE, GUESS_KEPT, GUESS_KNOWN };

enum guessed guess_make(struct python *p, struct watch *w, size_t *same);

/* Makes one of the outermost frames alone, which were seen before and are still alive. */
void guess_outermost(struct python *p, struct watch *w, size_t *same);

/* Whether the guess is known by now; then it is w's stack. */
bool guess_again(struct python *p, struct watch *w, size_t *same);

/* Whether the last window has the thread's state as the guess has it, so that its stack may be the same. */
bool guess_stands(const struct python *p);

/*
 * Whether so many guesses of the thread are never known that what a later window proves is
 * told instead, w's stack: a program that recurses on and on takes no way twice; or the guess
 * has no frame at all. Only of the same innermost function: else what stands for long would be told instead of what does not.
 */
bool guess_is_vain(const struct python *p, const struct watch *w);

/* Notes whether the thread's last stack was known. */
void guess_note(struct watch *w, bool known);

/* The guess will not be known: w's stack is what is sure of it. */
void guess_give_up(struct python *p, struct watch *w, size_t *same);

#endif
