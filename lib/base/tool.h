/* SPDX-License-Identifier: MIT */
/*
 * base/tool.h: the manners that all tools share.
 *
 * Standard input by default and "-" by name; data on standard output, talk on
 * standard error; status 0 done, 1 refused, failed or damaged, 2 wrong usage
 * with nothing done. In a pipeline Ctrl-C is meant for the sampler: a filter
 * that reads a pipe finishes what it has, and ends at the second one.
 */
#ifndef BASE_TOOL_H
#define BASE_TOOL_H

#include "base/err.h"
#include "base/opt.h"

struct about {
	const char *name;
	const char *synopsis; /* what follows the name, "[-t] [stream ...]" */
	const char *sentence; /* as in the man page's NAME */
	const char *operands; /* whole lines of what they may be; or NULL */
	const char *words;    /* of which the first operand is one, "a|b|c"; or NULL */
	const char *examples; /* whole lines */
	const struct opt *options;
	bool runs_command; /* operands are a command: its own options are left alone */
};

struct tool {
	const struct about *about;
	struct arena *arena; /* lives as long as the program */
	char **operands;     /* ends in NULL; a filter without any has "-" */
	struct err err;
	int status;
};

/* Reads the command line. --help, --version and wrong usage end the process here. */
struct tool tool_begin(const struct about *about, int argc, char **argv);

/* A filter's manners towards Ctrl-C, when standard input is a pipe and is to be read. */
void tool_reads_stdin(struct tool *t);

/* Ends the process: wrong usage, status 2. */
_Noreturn void tool_usage(const struct tool *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints t->err, when it is set, as "name: fact" and its hint; clears it; status is 1. */
void tool_fail(struct tool *t);

/* As tool_fail(), and ends the process. */
_Noreturn void tool_die(struct tool *t);

/* One line to standard error, "name: ...". Nothing of a profile reaches a terminal raw. */
void tool_say(const struct tool *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The status to return from main. */
int tool_end(struct tool *t);

#endif
