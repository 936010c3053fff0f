/* SPDX-License-Identifier: MIT */
/*
 * cpython/pulse.h: interpreters, and the words of theirs that are read with each stack.
 */
#ifndef CPYTHON_PULSE_H
#define CPYTHON_PULSE_H

#include "base/vec.h"
#include "cpython/dict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct python;
struct watch;

enum word {
	WORD_THREADS,
	WORD_HOLDER,
	WORD_LOCKED,
	WORD_SWITCHES,
	WORD_COLLECTING,
	WORD_GC_FRAME,
	WORD_EPOCH,
	WORDS
};

enum {
	WORDS_GAP = 1024, /* between words of an interpreter that are read at once */
	WORDS_BYTES = WORDS * (WORDS_GAP + 8),
};

/* What an interpreter told at one moment; 0 where the version has no such word. */
struct pulse {
	uint64_t words[WORDS];
};

struct interpreter {
	uint64_t address, id;
	uint64_t gil; /* the address of its struct; 0: unknown */
	struct {
		uint64_t from;
		uint32_t at, n;
	} spans[WORDS]; /* of memory, read into that place */
	unsigned n;
	uint32_t places[WORDS], widths[WORDS]; /* where a word is then */
	struct pulse before, now; /* of the tick before the last, and of the last */
	uint64_t ticked;          /* the last tick at which it was read */
	uint64_t first;  /* of its threads, when they were listed; 0: they are to be again */
	bool unnumbered; /* some thread of the last list had no number of its own, */
	unsigned unnumbered_lists; /* as in so many before it, */
	uint64_t unnumbered_first; /* while this was the first */
	struct roster roster;
	struct imported imported;
	uint64_t calm_switches; /* WORD_SWITCHES when nothing was collected */
	uint64_t collector;     /* the thread that has collected since; 0: it is not known */
	bool collector_is_sure;
	uint32_t collector_outside; /* so many places of its stack lie outside of that */
	bool quiet;       /* between these two at most one thread gave the GIL to another */
	bool listed, met; /* in the last whole list; in the one that is read */
};

struct interpreters {
	VEC(struct interpreter *) all;  /* those listed; more while they are */
	VEC(struct interpreter *) idle; /* used again for those that come */
	uint64_t tick;
	size_t asked;       /* threads, whether they want the GIL */
	struct pulse pulse; /* of the interpreter whose thread was read last */
	unsigned char words[WORDS_BYTES];
};

/* The interpreter at that address, made known when it is new; NULL: it cannot be read. */
struct interpreter *interpreter_at(struct python *p, uint64_t address, uint64_t id);

/* The list that was read is whole: the interpreters met in it are those that there are. */
void interpreters_take(struct python *p);

/* Gives back those that are in no list. */
void interpreters_spare(struct python *p);

/* Adds what is to be read of it to the window's pieces, and takes it from the words after that. */
void pulse_add(struct python *p, const struct interpreter *home);
void pulse_take(struct python *p, const struct interpreter *home, struct pulse *pulse);

/* Whether the switches of the GIL tell who can have had it: it is there, and one interpreter's. */
bool gil_counts(const struct python *p);

/*
 * Whether the thread has not held the GIL since its stack was read in the tick
 * before: then it is the same.
 */
bool pulse_is_settled(const struct python *p, const struct watch *w);

#endif
