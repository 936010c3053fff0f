/* SPDX-License-Identifier: MIT */
/*
 * term/dump.h: the stacks of one tick, as tracebacks: outermost first.
 *
 * A dump watches how a tree is read (tree/load.h), and keeps the last tick that
 * it saw.
 */
#ifndef TERM_DUMP_H
#define TERM_DUMP_H

#include "term/screen.h"
#include "tree/load.h"

/* Where the text of source files comes from that the streams do not hold. */
struct dump_sources {
	/* On a; empty: it is not to be had. It is asked once for a file of a process. */
	struct text (*text)(void *context, struct arena *a, uint64_t pid, struct text file);
	void *context;
};

struct dump;

/* Of a tree, to be read with dump_choice() next; both live on a. */
struct dump *dump_new(struct arena *a, struct tree *t);
struct tree_choice dump_choice(struct dump *d);

/* False: no tick was seen, of any thread that is wanted. */
bool dump_is_there(const struct dump *d);

/* sources is lent as long as the dump; NULL: there are none. */
void dump_use_sources(struct dump *d, const struct dump_sources *sources);

void dump_write(struct dump *d, struct out *o, struct screen s);
void dump_write_json(struct dump *d, struct out *o);

#endif
