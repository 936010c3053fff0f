/* SPDX-License-Identifier: MIT */
/* tests/unit/window.h: a python, and a thread of it, whose window holds what a test puts there. */
#ifndef UNIT_WINDOW_H
#define UNIT_WINDOW_H

#include "cpython/python.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;
static struct arena arena;
static struct python *p;
static struct watch *w;
static unsigned char *copy; /* all copies are this one */

static void
check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: 3.%u: %s\n", program_invocation_short_name, p->layout.minor, what);
	failures++;
}

static void
put(uint64_t at, uint64_t word)
{
	memcpy(copy + at, &word, sizeof word);
}

/* Makes them, of this process; the copy has so many bytes. */
static void
window_open(size_t room)
{
	struct err e = { 0 };

	p = calloc(1, sizeof *p);
	w = calloc(1, sizeof *w);
	copy = calloc(1, room);
	if (!p || !w || !copy)
		abort();
	p->arena = &arena;
	p->remote = remote_open(&arena, getpid(), &e);
	if (!p->remote)
		abort();
	for (unsigned i = 0; i < COPIES; i++)
		p->window.copies[i] = copy;
	p->window.room = room;
}

static void
window_close(void)
{
	remote_close(p->remote);
	arena_empty(&p->codes.arena);
	arena_empty(&arena);
	free(copy);
	free(w);
	free(p);
}

#endif
