/* SPDX-License-Identifier: MIT */
/*
 * formats/import.h: one input on its way into a stream.
 *
 * A format tells where the profile comes from, its processes and threads, and
 * what they were seen at, in one of two ways. What has ticks goes, sample by
 * sample, into a raw stream of its own: import_sample(), then import_write().
 * All else is folded into the tree at once: import_cell(). Frames and stacks
 * are the tree's in both cases.
 */
#ifndef FORMATS_IMPORT_H
#define FORMATS_IMPORT_H

#include "base/err.h"
#include "base/index.h"
#include "stream/writer.h"
#include "tree/tree.h"

/* Weights, and times in units, stay below it; samples of a cell below the other. */
#define IMPORT_WEIGHT_MAX (((uint64_t)1 << 63) - 1)
#define IMPORT_SAMPLES_MAX (((uint64_t)1 << 58) - 1)
#define IMPORT_NO_ROW UINT32_MAX

/* A thread at a tick; it is not there at a tick that has no sample of it. */
struct import_sample {
	uint64_t at;           /* units since the run's start */
	uint32_t thread, node; /* the row; the stack, a node of the tree */
	uint8_t state;
};

/* What a thread got in a stack. */
struct import_cell {
	uint64_t at; /* units since the run's start; 0 where nothing is known of the time */
	uint64_t samples, weight; /* weight in units; without them it is the samples */
	uint32_t thread, node;
	uint8_t state;
};

struct import {
	struct tree *tree;
	struct arena arena; /* of this input; given back by import_end() */
	const char *name;   /* for messages */
	uint64_t
		unit_ns; /* what a count of 1 stands for, where the format cannot tell; 0: a sample */
	struct text rest;              /* not read yet */
	uint64_t line, bad;            /* lines read so far, and those that are not kept */
	struct stream_run about;       /* the format's to fill in, before any cell */
	struct stream_outcome outcome; /* the format's to fill in, before it ends */
	unsigned own;                  /* the format's, from call to call of its reader */
	void *reading;                 /* the same, on the arena */
	bool raw;                      /* it has samples, not cells */
	VEC(struct stream_process) processes;
	VEC(struct stream_thread) threads;
	VEC(struct import_sample) samples;
	/* Ours. */
	struct index process_index, thread_index;
	struct tree_run *run;
	VEC(uint32_t) rows; /* in the run, of threads */
	uint64_t given;     /* weight of the run so far */
	uint64_t fraction;  /* of a count, billionths that are not given yet */
};

/* The path as messages have it: "stdin" for "-". */
const char *import_name(const char *path);

/* Begins an input. The run's id is a hash of the bytes and of the name's last part. */
struct import import_begin(struct tree *t, struct text bytes, const char *name,
                           uint64_t unit_ns);

/* Gives back what the input holds; what is in the tree stays there. */
void import_end(struct import *in);

/*
 * The row of a thread, told or new. Processes are told apart by pid and parent, threads of
 * one by their ids, interpreter and name. IMPORT_NO_ROW: there are too many.
 */
uint32_t import_thread(struct import *in, struct stream_process p, struct stream_thread h);

void import_sample(struct import *in, struct import_sample s);

/* What a format knows of a frame; line, column and first line from 1, 0 is unknown. */
struct import_place {
	struct text name, file;
	uint64_t line, column, first_line;
};

/*
 * The frame of that place: of the file <task> an asyncio task, without a file a
 * marker, when that is its name.
 */
uint32_t import_frame(struct tree *t, struct import_place place);

/* A function that is no Python, in the object file, or in none. */
uint32_t import_native_frame(struct tree *t, struct text name, struct text file);

/* The stack: its node, or that of the stack <no python> where it has no frames. */
uint32_t import_stack(struct tree *t, uint32_t node);

/* False, and nothing is done: the run would hold more than a stream can. */
bool import_cell(struct import *in, struct import_cell c);

/* Folds: the run in the tree, without its outcome; made by the first cell at the latest. */
struct tree_run *import_run(struct import *in);

/* Raw: as a stream of its own. Ticks are the times at which there are samples. */
void import_write(struct import *in, struct writer *w);

/* A bad line; of many only the first ones are told. True: it is told. */
bool import_bad_line(struct import *in, const char *fact, struct err *e);

/* The end of all lines. False, once: there were more bad lines than were told. */
bool import_last_line(struct import *in, struct err *e);

/* Takes the next line, without its end and blanks before that, off the rest. */
struct text import_line(struct import *in);

#endif
