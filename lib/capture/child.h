/* SPDX-License-Identifier: MIT */
/*
 * capture/child.h: a command that is started to be sampled.
 */
#ifndef CAPTURE_CHILD_H
#define CAPTURE_CHILD_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* As env(1) has them. */
enum child_status { CHILD_FAILED = 125, CHILD_CANNOT_EXECUTE = 126, CHILD_NOT_FOUND = 127 };

struct child {
	pid_t pid;
	bool ended;
	int status; /* 128 + n for signal n; of the command, or why it could not be started */
};

/*
 * Starts command. Its standard input is ours. Its standard output is ours, or
 * standard error when stream_on_stdout; output, when not NULL, is a file that
 * takes both of its outputs. False sets *e and c->status.
 */
bool child_start(struct child *c, char *const command[], const char *output,
                 bool stream_on_stdout, struct err *e);

/* A status as wait(2) tells it, as a shell does: 128 + n for signal n. */
int child_status(int status);

/* Whether a child of ours ended since this was asked last. */
bool child_has_news(void);

/* Whether what waitid(2) filled in is an end: of what is traced, it tells stops too. */
bool child_is_end(const siginfo_t *info);

/* Looks whether it has ended; wait: until it has. */
bool child_ended(struct child *c, bool wait);

#endif
