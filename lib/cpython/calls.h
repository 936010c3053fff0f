/* SPDX-License-Identifier: MIT */
/*
 * cpython/calls.h: who is known to call whom, so that two frames are no
 * neighbours by accident.
 *
 * What is learnt lies with the code objects, and is forgotten with them.
 */
#ifndef CPYTHON_CALLS_H
#define CPYTHON_CALLS_H

#include "base/index.h"
#include "base/vec.h"
#include "cpython/cpython.h"

enum { KNOWN_CALLS = 4096 }; /* a power of two */

/* What one window shows may be an accident; what several show soon after each other is not. */
struct sighting {
	uint64_t window;     /* that showed it last, while that is not enough */
	unsigned times, all; /* soon after each other; at any time */
};

/* That one function, at one instruction, has called another. */
struct call {
	uint64_t key;
	struct sighting sighting;
};

/* How a function mentions another one: BY_NAME as a global, an attribute, or one that it makes. */
enum mention { NOT_ASKED, NOT_MENTIONED, BY_VARIABLE, BY_NAME };

/* Of two functions: where the one last called the other, and whether it mentions it. */
struct site {
	uint64_t key;
	int32_t unit; /* -1: unknown */
	enum mention mention;
};

/*
 * Which function is known to be called from a place, and whether others are as well.
 * Some may be mentioned by the place's function, others not.
 */
struct callee {
	uint64_t place;
	uint32_t id;
	bool several, mentioned, unmentioned;
};

struct calls {
	uint64_t window; /* how many were read */
	uint64_t stack;  /* of how many stacks */
	bool doubted;    /* the last one showed a call that is not known */
	struct index by_key;
	VEC(struct call) rows;
	uint64_t known[KNOWN_CALLS]; /* by their keys: those asked for last */
	struct site sites[KNOWN_CALLS];
	struct index by_place;
	VEC(struct callee) callees;
};

/* Counts a window that shows it; true once often of them have, each at most soon windows after the last. */
bool sighting_add(struct sighting *s, uint64_t window, unsigned often, unsigned soon);

/* What a window that shows a call proves of it. */
enum learn {
	LEARN_NOT,
	LEARN_EVER, /* something, if some do soon after each other; or ever, if it is likely */
	LEARN_OUTSIDE, /* more of them must: one of the frames lies outside of the chunks */
	LEARN_APART,   /* and most: the outer one of the two has changed lately */
	LEARN_STRANGE, /* least: not mentioned, or referred to, where what is called otherwise is */
};

/* Whether the place outer is known to call the place inner. */
bool call_is_known(struct python *p, const struct python_place *outer,
                   const struct python_place *inner, enum learn learn);

/*
 * Whether the place outer is likely to call the place inner, though no windows have
 * proved it: it mentions that function, and is not known to call another from there.
 */
bool call_is_likely(struct python *p, const struct python_place *outer,
                    const struct python_place *inner);

/* The same, if its name is not only that of a variable. */
bool call_is_named(struct python *p, const struct python_place *outer,
                   const struct python_place *inner);

/* Forgets how outer mentions inner, which turned out to have another name as well. */
void call_ask_again(struct python *p, const struct python_code *outer,
                    const struct python_code *inner);

/* Whether the function outer is known to call inner from somewhere, or mentions it. */
bool call_is_possible(struct python *p, const struct python_code *outer,
                      const struct python_code *inner);

/* Notes that unit, where none is known: some window showed it. */
void call_note_unit(struct python *p, const struct python_place *outer,
                    const struct python_place *inner);

/* The unit at which the function outer called inner when that was last learnt; -1: never. */
int32_t call_unit(struct python *p, const struct python_code *outer,
                  const struct python_code *inner);

/*
 * Whether what C called, or a generator, from that place may be one that its frame's
 * stack does not refer to; referred: it does. It may not where others were referred
 * to: a loop over a generator always is one.
 */
bool site_allows(struct python *p, const struct python_place *site, bool referred);

#endif
