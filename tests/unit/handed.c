/* SPDX-License-Identifier: MIT */
/* What a waiting frame has handed over, and what cannot be its callee. */
#include "cpython/opcode.h"
#include "tests/unit/window.h"

enum { OUTER = OUTSIDE_BYTES, INNER = OUTER + 120, ROOM = INNER + 256, ADDRESS = 1 << 20 };

/* Where the caller may be. */
enum { CALL, NONE_AT_ALL, PROPERTY, CALL_OF_NONE };

static struct callsite sites[] = { { .calling = CALLS_HANDING, .arguments = 1 },
	                           { .calling = CALLS_NEVER },
	                           { .calling = CALLS_SOMEHOW },
	                           { .calling = CALLS_HANDING } };
static struct code caller = {
	.shown = { .id = 1 }, .frame_bytes = 120, .units = 4, .sites = sites, .looked_at = true
};
static struct code callee = { .shown = { .id = 2 }, .looked_at = true, .kept = 1 };

/* What is above the end of the caller's stack, which holds one word, and what the callee has. */
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
agrees(int32_t unit)
{
	w->places.at[0].unit = unit;
	return handed_tells(p, w, 0, 1) != DENIES;
}

static enum told
tells(int32_t unit)
{
	w->places.at[0].unit = unit;
	return handed_tells(p, w, 0, 1);
}

static void
begin(unsigned minor)
{
	memset(copy, 0, ROOM);
	if (!layout_of(minor, false, &p->layout))
		abort();
	memset(&p->calls, 0, sizeof p->calls);
	caller.stack_at = p->layout.frame_size - 8;
	p->none = 1 << 30;
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
	check(agrees(CALL), "a function");
	hands(0, 0x101, 0, 0x100, 0);
	check(agrees(CALL), "nothing and a function, whatever their tags");
	hands(0x200, 0x300, 0x100, 0x100, 0);
	check(!agrees(CALL), "an argument is not what is called");
	hands(0, 0, 0, 0, 0);
	check(!agrees(CALL), "nothing was called");
	put(OUTER + p->layout.frame_stack, minor < 14 ? UINT32_MAX : 0);
	check(agrees(CALL), "it does not wait any more");
	check(agrees(PROPERTY), "a property is not handed over");
	check(!agrees(NONE_AT_ALL), "what calls nothing");
	w->seen.at[1].entry = true;
	check(agrees(NONE_AT_ALL), "C may have called it");
	w->seen.at[1].entry = false;
	w->seen.at[1].previous = ADDRESS + 8;
	check(agrees(NONE_AT_ALL), "or a class");
}

static void
test_first(unsigned minor)
{
	begin(minor);
	hands(0x100, 0x500, 0x700, 0x100, 0x500);
	check(agrees(CALL) && agrees(CALL_OF_NONE), "a method's object");
	hands(0x100, 0x600, 0x500, 0x100, 0x500);
	check(!agrees(CALL) && !agrees(CALL_OF_NONE), "another one's");
	hands(minor < 13 ? 0 : 0x100, minor < 13 ? 0x100 : 0, 0x500, 0x100, 0x500);
	check(agrees(CALL) && agrees(CALL_OF_NONE), "an argument");
	hands(minor < 13 ? 0 : 0x100, minor < 13 ? 0x100 : 0, 0x600, 0x100, 0x500);
	check(!agrees(CALL), "another one");
	check(agrees(CALL_OF_NONE), "what lay there before");
	callee.kept = 0;
	check(tells(CALL) == CONFIRMS, "what may have been written to");
	callee.kept = 1;
	p->codes.compiled = true;
	check(agrees(CALL), "what registers hand over is not known");
	p->codes.compiled = false;
}

/* How much the words tell, which do not deny it. */
static void
test_told(unsigned minor)
{
	uint64_t a = minor < 13 ? 0 : 0x100, b = minor < 13 ? 0x100 : 0;

	begin(minor);
	hands(a, b, 0x500, 0x100, 0x500);
	check(tells(CALL) == PROVES, "the same argument");
	check(tells(CALL_OF_NONE) == CONFIRMS, "no argument");
	p->none = 0x600;
	check(tells(CALL) == CONFIRMS, "one that any call may have");
	p->none = 1 << 30;
	sites[CALL].constants = 1;
	check(tells(CALL) == CONFIRMS, "one that each call from there has");
	sites[CALL].constants = 0;
	hands(0x100, 0x500, 0x700, 0x100, 0x500);
	check(tells(CALL_OF_NONE) == CONFIRMS, "an object has many calls");
	w->seen.at[1].code = 0x900;
	check(tells(CALL) == SILENT, "of another function's frame");
	begin(minor);
	w->seen.at[1].entry = true;
	hands(0, 0, 0x100, 0x100, 0);
	check(tells(CALL) == CONFIRMS, "C was given the function");
	hands(0, 0, 0x200, 0x100, 0);
	check(tells(CALL) == SILENT, "or was not");
	hands(0, 0, 0x500, 0x100, 0x500);
	check(tells(CALL) == AGREES, "but an argument of it");
	caller.kept = 1;
	put(OUTER + p->layout.frame_size - 8, 0x500);
	check(tells(CALL) == SILENT, "which is not the caller's object");
	caller.kept = 0;
}

/* What has no such words. */
static void
test_before(void)
{
	begin(10);
	check(tells(CALL) == SILENT, "frames before 3.11 tell nothing");
}

static void
test_hostile(void)
{
	begin(14);
	put(OUTER + p->layout.frame_stack, UINT64_MAX - 8);
	put(INNER + p->layout.frame_function, 0x100);
	check(!agrees(CALL), "a stack that ends nowhere");
	put(OUTER + p->layout.frame_stack, ADDRESS + 120);
	check(!agrees(CALL), "a stack that ends with its frame");
	caller.frame_bytes = UINT32_MAX;
	hands(0x100, 0, 0, 0x100, 0);
	check(tells(CALL) == SILENT, "a frame longer than what was read");
	caller.frame_bytes = 120;
}

int
main(void)
{
	window_open(ROOM);
	for (unsigned minor = 11; minor <= 15; minor++) {
		test_function(minor);
		test_first(minor);
		test_told(minor);
	}
	test_before();
	test_hostile();
	window_close();
	return failures > 0;
}
