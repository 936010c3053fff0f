/* SPDX-License-Identifier: MIT */
/* What a waiting frame has handed over, and what cannot be its callee. */
#include "cpython/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTER = OUTSIDE_BYTES, INNER = OUTER + 120, ROOM = INNER + 256, ADDRESS = 1 << 20 };

static int failures;
static struct arena arena;
static struct python *p;
static struct watch *w;
static unsigned char *copy;

/* The caller is at a call, at an instruction that calls none, or at another one. */
static unsigned char calling[] = { CALLS_HANDING, CALLS_NEVER, CALLS_SOMEHOW };
static struct code caller = { .shown = { .id = 1 },
	                      .frame_bytes = 120,
	                      .units = 3,
	                      .calling = calling,
	                      .looked_at = true };
static struct code callee = { .shown = { .id = 2 }, .looked_at = true, .keeps_first = true };

static void
check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "handed: 3.%u: %s\n", p->layout.minor, what);
	failures++;
}

static void
put(uint32_t at, uint64_t word)
{
	memcpy(copy + at, &word, sizeof word);
}

/* The words behind the end of the caller's stack, of which there is one, and what the callee has. */
static void
hands(uint64_t a, uint64_t b, uint64_t c, uint64_t function, uint64_t first)
{
	const struct layout *l = &p->layout;
	uint32_t values = OUTER + l->frame_size - 8;
	uint64_t end = l->frame_stack_width == 8 ? ADDRESS + l->frame_size : 1;

	put(OUTER + l->frame_stack, end);
	put(values + 8, a);
	put(values + 16, b);
	put(values + 24, c);
	put(INNER + l->frame_function, function);
	put(INNER + l->frame_size - 8, first);
}

static bool
agrees(int32_t unit, bool learn)
{
	w->places.at[0].unit = unit;
	p->calls.window++;
	return handed_agrees(p, w, 0, 1, learn);
}

static void
begin(unsigned minor)
{
	memset(copy, 0, ROOM);
	if (!layout_of(minor, false, &p->layout))
		abort();
	memset(&p->calls, 0, sizeof p->calls);
	w->seen.n = w->places.n = 0;
	*vec_push(&arena, &w->seen) = (struct seen){ .address = ADDRESS, .at = OUTER };
	*vec_push(&arena, &w->seen) =
		(struct seen){ .address = ADDRESS + 120, .at = INNER, .previous = ADDRESS };
	*vec_push(&arena, &w->places) = (struct python_place){ .code = &caller.shown };
	*vec_push(&arena, &w->places) = (struct python_place){ .code = &callee.shown };
}

static void
test_function(unsigned minor)
{
	begin(minor);
	hands(0x100, 0, 0, 0x100, 0);
	check(agrees(0, false), "a function");
	hands(0, 0x101, 0, 0x100, 0);
	check(agrees(0, false), "nothing and a function, whatever their tags");
	hands(0x200, 0x300, 0x100, 0x100, 0);
	check(!agrees(0, false), "an argument is not what is called");
	hands(0, 0, 0, 0, 0);
	check(!agrees(0, false), "nothing was called");
	put(OUTER + p->layout.frame_stack, minor < 14 ? UINT32_MAX : 0);
	check(agrees(0, false), "it does not wait any more");
	check(agrees(2, false), "a property is not handed over");
	check(!agrees(1, false), "what calls nothing");
	w->seen.at[1].entry = true;
	check(agrees(0, false), "C may have called it");
	w->seen.at[1].entry = false;
	w->seen.at[1].previous = ADDRESS + 8;
	check(agrees(0, false), "or a class");
}

static void
test_first(unsigned minor)
{
	begin(minor);
	hands(0, 0x100, 0x500, 0x100, 0x600);
	check(agrees(0, true), "an argument may be a tuple of all of them");
	hands(0x100, 0x500, 0, 0x100, 0x500);
	check(agrees(0, true) && agrees(0, true) && agrees(0, true), "a method's object");
	hands(0x100, 0x600, 0, 0x100, 0x500);
	check(!agrees(0, false), "another one's");
	callee.keeps_first = false;
	check(agrees(0, false), "what may have been written to");
	callee.keeps_first = true;
	p->codes.compiled = true;
	check(agrees(0, false), "what registers hand over is not known");
	p->codes.compiled = false;
}

static void
test_hostile(void)
{
	begin(14);
	put(OUTER + p->layout.frame_stack, UINT64_MAX - 8);
	put(INNER + p->layout.frame_function, 0x100);
	check(!agrees(0, false), "a stack that ends nowhere");
	put(OUTER + p->layout.frame_stack, ADDRESS + 120);
	check(!agrees(0, false), "a stack that ends with its frame");
	caller.frame_bytes = UINT32_MAX;
	hands(0x100, 0, 0, 0x100, 0);
	check(!agrees(0, false), "a frame longer than what was read");
	caller.frame_bytes = 120;
}

int
main(void)
{
	p = calloc(1, sizeof *p);
	w = calloc(1, sizeof *w);
	copy = calloc(1, ROOM);
	if (!p || !w || !copy)
		abort();
	p->arena = &arena;
	p->window.copies[0] = p->window.copies[1] = copy;
	p->window.room = ROOM;
	for (unsigned minor = 11; minor <= 15; minor++) {
		test_function(minor);
		test_first(minor);
	}
	test_hostile();
	arena_empty(&p->codes.arena);
	arena_empty(&arena);
	free(copy);
	free(w);
	free(p);
	return failures > 0;
}
