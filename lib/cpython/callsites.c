/* SPDX-License-Identifier: MIT */
/*
 * From where a function calls others, and how, as its instructions tell. They are read once.
 */
#include "cpython/opcode.h"
#include "cpython/python.h"

#include <string.h>

enum {
	LOOKED_AT_MAX = 1 << 16, /* units of a function */
};

/* How the instruction of that name, a base one, may call a function of Python. */
static enum calling
calling_of(const char *name)
{
	static const char *const never[] = { "LOAD_FAST",  "LOAD_CONST", "LOAD_SMALL_INT",
		                             "STORE_FAST", "RESUME",     "RETURN_",
		                             "POP_",       "JUMP_",      "PUSH_",
		                             "COPY",       "SWAP",       "NOP" };

	if (text_starts(text_of(name), TEXT("CALL_INTRINSIC")))
		return CALLS_NEVER;
	if (text_starts(text_of(name), TEXT("CALL")))
		return CALLS_HANDING;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (text_starts(text_of(name), text_of(never[i])))
			return CALLS_NEVER;
	return CALLS_SOMEHOW;
}

static enum effect
effect_of(const char *base)
{
	struct text name = text_of(base);

	if (strcmp(base, "PRECALL") == 0 || strcmp(base, "KW_NAMES") == 0 ||
	    strcmp(base, "NOP") == 0)
		return PUSHES_NONE;
	if (strcmp(base, "LOAD_GLOBAL") == 0)
		return PUSHES_GLOBAL;
	if (strcmp(base, "PUSH_NULL") == 0 || strcmp(base, "LOAD_CONST") == 0 ||
	    strcmp(base, "LOAD_SMALL_INT") == 0)
		return PUSHES_OTHER;
	if (strcmp(base, "LOAD_DEREF") == 0)
		return PUSHES_VARIABLE;
	if (!text_starts(name, TEXT("LOAD_FAST")) || strstr(base, "AND_CLEAR"))
		return MOVES;
	return strstr(base + 1, "LOAD_FAST") ? PUSHES_VARIABLES : PUSHES_VARIABLE;
}

static bool
iterates(const char *name)
{
	return strcmp(name, "FOR_ITER") == 0 || strcmp(name, "SEND") == 0;
}

/* Whether the instruction of that name, a base one, may not go on behind it. */
static bool
parts(const char *name)
{
	return strstr(name, "JUMP") || iterates(name) ||
	       text_starts(text_of(name), TEXT("RAISE")) || strcmp(name, "RERAISE") == 0 ||
	       (text_starts(text_of(name), TEXT("RETURN_")) &&
	        strcmp(name, "RETURN_GENERATOR") != 0);
}

/* How many locals the instruction of that name writes. */
static unsigned char
writes_of(unsigned minor, const char *name)
{
	const char *local = strstr(name, "_FAST");

	if (strcmp(name, "MAKE_CELL") == 0)
		return 1;
	if (!strstr(name, "STORE_FAST") && !strstr(name, "DELETE_FAST") &&
	    !strstr(name, "FAST_AND_CLEAR"))
		return 0;
	return minor >= 13 && strstr(local + 1, "_FAST") ? 2 : 1;
}

/*
 * What the version's instructions are. One that a debugger or the JIT put in the place of
 * another is none: it does not tell what it does, nor how many caches it has.
 */
static void
tell_kinds(struct python *p, const struct opcode *table)
{
	if (p->codes.told_kinds)
		return;
	for (unsigned i = 0; i < OPCODES; i++) {
		const char *name = table[i].name;
		const struct opcode *base = &table[table[i].base];

		if (!name || strcmp(name, "INSTRUMENTED_LINE") == 0 ||
		    strcmp(name, "INSTRUMENTED_INSTRUCTION") == 0 ||
		    strcmp(name, "ENTER_EXECUTOR") == 0)
			continue;
		p->codes.kinds[i] = (struct kind){
			.units = (unsigned char)(1 + base->caches),
			.writes = writes_of(p->layout.minor, name),
			.calling = (unsigned char)calling_of(base->name),
			.effect = (unsigned char)effect_of(base->name),
			.counts = strcmp(base->name, "CALL") == 0,
			.names = strcmp(name, "KW_NAMES") == 0,
			.parts = parts(base->name),
			.iterates = iterates(base->name),
		};
	}
	p->codes.told_kinds = true;
}

unsigned char *
code_bytes(struct python *p, struct arena *a, const struct code *c)
{
	size_t bytes = 2 * (size_t)c->units;
	unsigned char *code;

	if (c->units > LOOKED_AT_MAX)
		return NULL;
	code = arena_alloc(a, bytes);
	return remote_read(p->remote, code_start(p, c, 0), code, bytes) ? code : NULL;
}

/* Which of the first locals an instruction may write, a bit each: two of them are in 4 bits each. */
static uint8_t
written(const struct kind *k, uint8_t argument)
{
	unsigned one = 1u << (argument & 15), other = 1u << (argument >> 4);

	if (k->writes == 2)
		return (uint8_t)(one | other);
	return k->writes == 1 && argument < KEPT_MAX ? (uint8_t)one : 0;
}

/* The last values of the stack: 2 bits each, the newest in the lowest; 0: unknown. */
enum { VALUE_VARIABLE = 1, VALUE_OTHER = 2, VALUE_BITS = 2, VALUES_MOST = 32 };

static uint64_t
push(uint64_t values, const struct kind *k, uint8_t argument)
{
	switch ((enum effect)k->effect) {
	case PUSHES_NONE:
		return values;
	case PUSHES_VARIABLES:
		values = values << VALUE_BITS | VALUE_VARIABLE; /* fall through */
	case PUSHES_VARIABLE:
		return values << VALUE_BITS | VALUE_VARIABLE;
	case PUSHES_GLOBAL:
		if (argument & 1)
			values = values << VALUE_BITS | VALUE_OTHER; /* fall through */
	case PUSHES_OTHER:
		return values << VALUE_BITS | VALUE_OTHER;
	default:
		return 0;
	}
}

/* The value at that depth, 0 being the newest; 0: unknown. */
static unsigned
value_at(uint64_t values, unsigned depth)
{
	return depth < VALUES_MOST ? values >> VALUE_BITS * depth & 3 : 0;
}

/* What a call of so many arguments is of. */
static unsigned
called_value(const struct python *p, uint64_t values, unsigned arguments)
{
	bool nothing = p->layout.minor >= 13; /* is pushed after it, and before it until then */

	return value_at(values, arguments + nothing);
}

/* Which of so many arguments are constants or global, a bit each, from the first on. */
static unsigned char
constants_among(uint64_t values, unsigned arguments)
{
	unsigned constants = 0;

	for (unsigned i = 0; i < 8 && i < arguments; i++)
		if (value_at(values, arguments - 1 - i) == VALUE_OTHER)
			constants |= 1u << i;
	return (unsigned char)constants;
}

/*
 * Notes from which units the function calls: up to 3.12 a caller waits at the last of the
 * call's caches, then at the call. False: it cannot be told.
 */
static bool
note_sites(const struct python *p, struct code *c, const unsigned char *code)
{
	bool waits_at_end = p->layout.minor < 13, named = false, always = true;
	uint64_t values = 0;

	for (size_t unit = 0, end; unit < c->units; unit = end) {
		const struct kind *k = &p->codes.kinds[code[2 * unit]];
		uint8_t argument = code[2 * unit + 1];
		struct callsite site = { .calling = k->calling,
			                 .always = always,
			                 .iterates = k->iterates };

		end = unit + k->units;
		if (k->units == 0 || end > c->units)
			return false;
		c->kept &= (uint8_t)~written(k, argument);
		if (k->counts) {
			unsigned called = called_value(p, values, argument);

			site.variable = called == VALUE_VARIABLE;
			site.global = called == VALUE_OTHER;
		}
		if (k->counts && !named) {
			site.arguments = argument;
			site.constants = constants_among(values, argument);
		}
		named = k->names || (named && site.calling < CALLS_HANDING);
		always &= !k->parts;
		values = push(values, k, argument);
		for (size_t i = unit; i < end; i++)
			if (site.calling == CALLS_SOMEHOW ||
			    i == (waits_at_end ? end - 1 : unit))
				c->sites[i] = site;
	}
	return true;
}

void
callsites_look(struct python *p, struct code *c)
{
	const struct opcode *table = opcode_table(p->layout.minor);
	struct arena scratch = { 0 };
	const unsigned char *code = NULL;

	if (c->looked_at)
		return;
	c->looked_at = true;
	if (table && arena_bytes(&p->codes.arena) < CODES_BYTES)
		code = code_bytes(p, &scratch, c);
	if (code) {
		tell_kinds(p, table);
		c->sites = arena_array(&p->codes.arena, struct callsite, c->units);
	}
	if (!code || !note_sites(p, c, code)) {
		c->sites = NULL;
		c->kept = 0;
	}
	arena_empty(&scratch);
}

struct callsite
callsite_at(struct python *p, const struct python_place *from)
{
	struct code *c = code_behind(from->code);
	int32_t unit = p->layout.minor < 10 ? from->unit / 2 : from->unit;

	callsites_look(p, c);
	return c->sites && from->unit >= 0 && (uint32_t)unit < c->units
	               ? c->sites[unit]
	               : (struct callsite){ .calling = CALLS_SOMEHOW };
}
