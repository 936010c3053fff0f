/* SPDX-License-Identifier: MIT */
/* What a waiting frame has handed over, and what cannot be its callee. */
#include "cpython/opcode.h"
#include "cpython/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUTER = OUTSIDE_BYTES, INNER = OUTER + 120, ROOM = INNER + 256, ADDRESS = 1 << 20 };

static int failures;
static struct arena arena;
static struct python *p;
static struct watch *w;
static unsigned char *copy;

/* Where the caller may be. */
enum { CALL, NONE_AT_ALL, PROPERTY, CALL_OF_NONE };

static unsigned char ways[] = { CALLS_HANDING_FIRST, CALLS_NEVER, CALLS_SOMEHOW,
	                        CALLS_HANDING };
static struct code caller = {
	.shown = { .id = 1 }, .frame_bytes = 120, .units = 4, .calling = ways, .looked_at = true
};
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
	return handed_agrees(p, w, 0, 1);
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
	callee.keeps_first = false;
	check(agrees(CALL), "what may have been written to");
	callee.keeps_first = true;
	p->codes.compiled = true;
	check(agrees(CALL), "what registers hand over is not known");
	p->codes.compiled = false;
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
	check(!agrees(CALL), "a frame longer than what was read");
	caller.frame_bytes = 120;
}

/* A function of instructions, each with its argument and its caches, in memory of ours. */
struct made {
	unsigned char head[256], units[2 * 64];
	uint32_t n;
};

static uint32_t
add(struct made *m, const char *name, unsigned char argument)
{
	const struct opcode *table = opcode_table(p->layout.minor);
	uint8_t byte = opcode_named(table, name);
	uint32_t at = m->n;

	if (!byte)
		fprintf(stderr, "handed: there is no %s\n", name);
	failures += !byte;
	m->units[2 * at] = byte;
	m->units[2 * at + 1] = argument;
	m->n += 1u + table[table[byte].base].caches;
	memset(m->units + 2 * (at + 1), 0xff,
	       2 * (m->n - at - 1)); /* caches are no instructions */
	return p->layout.minor < 13 ? m->n - 1 : at;
}

/* What is told of a call from that unit, as the enum calling; and of the first local. */
static int
told(struct made *m, uint32_t unit, bool *keeps_first)
{
	struct code c = { .shown = { .id = 3 },
		          .address = (uintptr_t)m->units - p->layout.code_bytes,
		          .units = m->n,
		          .frame_bytes = 120,
		          .keeps_first = true };
	int calling;

	w->places.at[0].code = &c.shown;
	hands(0x300, 0, 0, 0x100, 0);
	agrees((int32_t)unit);
	calling = c.calling ? c.calling[unit] : -1;
	*keeps_first = c.keeps_first;
	w->places.at[0].code = &caller.shown;
	return calling;
}

static void
test_look(unsigned minor)
{
	struct made m = { .n = 0 };
	uint32_t call, none, property, end;
	bool keeps;

	begin(minor);
	memset(&p->codes.kinds, 0, sizeof p->codes.kinds);
	p->codes.told_kinds = false;
	add(&m, "RESUME", 0);
	property = add(&m, "LOAD_ATTR", 0);
	call = add(&m, "CALL", 1);
	none = add(&m, "CALL", 0);
	add(&m, "STORE_FAST", 1);
	end = add(&m, "RETURN_VALUE", 0);
	check(told(&m, call, &keeps) == CALLS_HANDING_FIRST && keeps, "a call");
	check(told(&m, none, &keeps) == CALLS_HANDING, "one without arguments");
	check(told(&m, property, &keeps) == CALLS_SOMEHOW, "an attribute");
	check(told(&m, end, &keeps) == CALLS_NEVER, "the end");
	check(told(&m, minor < 13 ? call - 1 : call + 1, &keeps) == CALLS_NEVER,
	      "within a call none waits");
	if (minor < 13) {
		add(&m, "KW_NAMES", 0);
		call = add(&m, "CALL", 1);
		check(told(&m, call, &keeps) == CALLS_HANDING, "one by names");
	}
	add(&m, minor < 13 ? "STORE_FAST" : "STORE_FAST_LOAD_FAST", 0);
	told(&m, call, &keeps);
	check(!keeps, "the first local is written");
	m.n -= 1;
	if (minor >= 13) {
		add(&m, "STORE_FAST_STORE_FAST", 0x21);
		check(told(&m, call, &keeps) >= CALLS_HANDING && keeps, "others are");
		m.n -= 1;
	}
	if (minor >= 12) {
		add(&m, "INSTRUMENTED_LINE", 0);
		check(told(&m, call, &keeps) == -1 && !keeps, "a debugger hides one");
	}
}

int
main(void)
{
	struct err e = { 0 };

	p = calloc(1, sizeof *p);
	w = calloc(1, sizeof *w);
	copy = calloc(1, ROOM);
	if (!p || !w || !copy)
		abort();
	p->arena = &arena;
	p->remote = remote_open(&arena, getpid(), &e);
	if (!p->remote)
		abort();
	p->window.copies[0] = p->window.copies[1] = copy;
	p->window.room = ROOM;
	for (unsigned minor = 11; minor <= 15; minor++) {
		test_function(minor);
		test_first(minor);
		test_look(minor);
	}
	test_hostile();
	remote_close(p->remote);
	arena_empty(&p->codes.arena);
	arena_empty(&arena);
	free(copy);
	free(w);
	free(p);
	return failures > 0;
}
