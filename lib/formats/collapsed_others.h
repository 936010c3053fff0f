/* SPDX-License-Identifier: MIT */
/*
 * formats/collapsed_others.h: what collapsed text of other profilers has beyond ours.
 */
#ifndef FORMATS_COLLAPSED_OTHERS_H
#define FORMATS_COLLAPSED_OTHERS_H

#include "formats/import.h"

enum { OTHERS_NATIVE_MAX = 1 << 22 }; /* the kernel's own ids of threads are below */

/* Whose stack it is. Texts are the line's. */
struct others_who {
	struct stream_process process;
	struct stream_thread thread;
	struct text command; /* of the process, as one text */
	bool places;         /* frames are "file:name:line" */
};

/* What an input is, as its comments tell: bits of import.own. */
enum others_is { OTHERS_AUSTIN = 1, OTHERS_FULL = 2 };

/*
 * Learns from a comment, before any line. NULL, or what is wrong with the file:
 * it has no times.
 */
const char *others_learn(struct import *in, struct text comment);

/* Takes what is behind the time off a line of OTHERS_FULL; the state that it tells. */
uint8_t others_take_rest(struct text *line);

/* Takes the thread off a stack that begins with one; else *who is nobody. */
void others_take_thread(struct text *stack, struct others_who *who);

/* A thread's id, which is the kernel's or Python's: the latter are addresses. */
void others_number_thread(struct stream_thread *h, uint64_t id);

/* Whether a frame's label would be taken for a thread at the beginning of a stack. */
bool others_is_thread(struct text label);

/* The frame that "file:name:line" stands for; of another form, what it is in our text. */
uint32_t others_frame(struct tree *t, struct text label);

#endif
