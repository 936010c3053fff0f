/* SPDX-License-Identifier: MIT */
/* From where a function calls others, by its instructions. */
#include "cpython/opcode.h"
#include "cpython/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UNKNOWN = 3 }; /* in place of an enum calling */

static int failures;
static struct arena arena;
static struct python *p;

static void
check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "callsites: 3.%u: %s\n", p->layout.minor, what);
	failures++;
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
		fprintf(stderr, "callsites: there is no %s\n", name);
	failures += !byte;
	m->units[2 * at] = byte;
	m->units[2 * at + 1] = argument;
	m->n += 1u + table[table[byte].base].caches;
	memset(m->units + 2 * (at + 1), 0xff,
	       2 * (m->n - at - 1)); /* caches are no instructions */
	return p->layout.minor < 13 ? m->n - 1 : at;
}

/* What is told of a call from that unit; and which of two arguments are kept. */
static struct callsite
told(struct made *m, uint32_t unit, uint8_t *kept)
{
	struct code c = { .shown = { .id = 3 },
		          .address = (uintptr_t)m->units - p->layout.code_bytes,
		          .units = m->n,
		          .kept = 3 };
	struct python_place place = { .code = &c.shown, .unit = (int32_t)unit };
	struct callsite site = callsite_at(p, &place);

	*kept = c.sites ? c.kept : 0;
	return c.sites ? site : (struct callsite){ .calling = UNKNOWN };
}

static void
test_calls(unsigned minor)
{
	struct made m = { .n = 0 };
	uint32_t call, none, property, end;
	struct callsite site;
	uint8_t kept;

	add(&m, "RESUME", 0);
	property = add(&m, "LOAD_ATTR", 0);
	call = add(&m, "CALL", 1);
	none = add(&m, "CALL", 0);
	add(&m, "STORE_FAST", 2);
	end = add(&m, "RETURN_VALUE", 0);
	site = told(&m, call, &kept);
	check(site.calling == CALLS_HANDING && site.arguments == 1 && kept == 3, "a call");
	check(told(&m, none, &kept).arguments == 0, "one without arguments");
	check(told(&m, property, &kept).calling == CALLS_SOMEHOW, "an attribute");
	check(told(&m, end, &kept).calling == CALLS_NEVER, "the end");
	check(told(&m, minor < 13 ? call - 1 : call + 1, &kept).calling == CALLS_NEVER,
	      "within a call none waits");
	check(told(&m, m.n, &kept).calling == CALLS_SOMEHOW, "beyond the end");
	if (minor < 13) {
		add(&m, "KW_NAMES", 0);
		call = add(&m, "CALL", 1);
		site = told(&m, call, &kept);
		check(site.calling == CALLS_HANDING && site.arguments == 0, "one by names");
	}
}

static void
test_kept(unsigned minor)
{
	struct made m = { .n = 0 };
	uint32_t call = add(&m, "CALL", 1);
	uint8_t kept;

	add(&m, minor < 13 ? "STORE_FAST" : "STORE_FAST_LOAD_FAST", 0);
	told(&m, call, &kept);
	check(kept == 2, "the first local is written");
	if (minor >= 13) {
		m.n -= 1;
		add(&m, "STORE_FAST_STORE_FAST", 0x21);
		told(&m, call, &kept);
		check(kept == 1, "others are");
	}
	add(&m, "DELETE_FAST", 0);
	told(&m, call, &kept);
	check((kept & 1) == 0, "it is deleted");
	if (minor >= 12) {
		add(&m, "INSTRUMENTED_LINE", 0);
		check(told(&m, call, &kept).calling == UNKNOWN, "a debugger hides one");
	}
}

/* A call of what is in local 1, with two arguments, or of the global one. */
static uint32_t
add_call(struct made *m, unsigned minor, const char *function)
{
	if (minor < 13)
		add(m, "PUSH_NULL", 0);
	add(m, function, minor < 13 ? 2 : 1);
	if (minor >= 13 && strcmp(function, "LOAD_GLOBAL") != 0)
		add(m, "PUSH_NULL", 0);
	if (minor >= 13)
		add(m, "LOAD_FAST_LOAD_FAST", 0);
	else
		add(m, "LOAD_FAST", 0);
	if (minor < 13)
		add(m, "LOAD_CONST", 0);
	return add(m, "CALL", 2);
}

static void
test_variable(unsigned minor)
{
	struct made m = { .n = 0 };
	uint32_t local = add_call(&m, minor, "LOAD_FAST"),
		 global = add_call(&m, minor, "LOAD_GLOBAL"),
		 cell = add_call(&m, minor, "LOAD_DEREF");
	uint8_t kept;

	check(told(&m, local, &kept).variable, "a local holds it");
	check(told(&m, local, &kept).constants == (minor < 13 ? 2 : 0),
	      "one argument is constant");
	check(told(&m, cell, &kept).variable, "a cell does");
	check(!told(&m, global, &kept).variable, "it is named");
	add(&m, "LOAD_FAST", 1);
	add(&m, "POP_TOP", 0);
	add(&m, "LOAD_FAST", 1);
	check(!told(&m, add(&m, "CALL", 2), &kept).variable, "what lies deeper is not known");
}

static void
test_always(unsigned minor)
{
	struct made m = { .n = 0 };
	uint32_t first, loop, within;
	uint8_t kept;

	add(&m, "RETURN_GENERATOR", 0);
	add(&m, "RESUME", 0);
	first = add_call(&m, minor, "LOAD_GLOBAL");
	loop = add(&m, "FOR_ITER", 9);
	within = add_call(&m, minor, "LOAD_GLOBAL");
	add(&m, "RETURN_VALUE", 0);
	check(told(&m, first, &kept).always, "it always comes to its first call");
	check(told(&m, loop, &kept).always, "and to a loop");
	check(!told(&m, within, &kept).always, "not into it");
}

int
main(void)
{
	struct err e = { 0 };

	p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->arena = &arena;
	p->remote = remote_open(&arena, getpid(), &e);
	if (!p->remote)
		abort();
	for (unsigned minor = 11; minor <= 15; minor++) {
		if (!layout_of(minor, false, &p->layout))
			abort();
		p->codes.told_kinds = false;
		memset(&p->codes.kinds, 0, sizeof p->codes.kinds);
		test_calls(minor);
		test_kept(minor);
		test_variable(minor);
		test_always(minor);
	}
	remote_close(p->remote);
	arena_empty(&p->codes.arena);
	arena_empty(&arena);
	free(p);
	return failures > 0;
}
