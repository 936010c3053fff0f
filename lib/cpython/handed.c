/* SPDX-License-Identifier: MIT */
/*
 * What a call hands over. The function and its arguments are taken off the caller's stack
 * of values, but the words stay there while it waits: above the stack's end there is the
 * function, or nothing and the function, then the arguments. A frame of another function,
 * or one that has another first argument, was read at another moment than its caller.
 * (Where reading was slowed down, up to 1 in 10 samples of two chains that take turns
 * joined them, and agreed in both copies.) Properties and operators hand over no function.
 */
#include "cpython/opcode.h"
#include "cpython/python.h"

#include <string.h>

enum {
	HANDED = 3,           /* words that are looked at */
	UNITS_MAX = 64 << 10, /* of a function's code, which is looked at */
	COMPILED_SINCE = 13,  /* minor version */
	ASK_AGAIN = 64,       /* windows after that it may have become compiled */
};

/*
 * The words above the end of the stack of values; what lies beyond the frame is 0. False:
 * it does not wait, so that they are other ones by now.
 */
static bool
read_words(const struct python *p, unsigned copy, const struct seen *s, uint64_t bytes,
           uint64_t words[HANDED])
{
	const struct layout *l = &p->layout;
	const unsigned char *frame = copy_at(p, copy, s->at), *end = frame + l->frame_stack;
	bool by_address = l->frame_stack_width == 8;
	uint64_t at = by_address ? word_at(end) - s->address
	                         : l->frame_size - 8 + 8 * (uint64_t)half_at(end);

	if (by_address ? word_at(end) == 0 : half_at(end) >> 31)
		return false;
	for (unsigned i = 0; i < HANDED; i++, at += 8)
		words[i] = at < bytes && bytes - at >= 8 && s->at + bytes <= p->window.room
		                   ? pointer_of(word_at(frame + at))
		                   : 0;
	return true;
}

static bool
begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* How the instruction of that name, a base one, may call a function of Python. */
static unsigned char
way_of_calling(const char *name)
{
	static const char *const never[] = { "LOAD_FAST",  "LOAD_CONST", "LOAD_SMALL_INT",
		                             "STORE_FAST", "RESUME",     "RETURN_",
		                             "POP_",       "JUMP_",      "PUSH_",
		                             "COPY",       "SWAP",       "NOP" };

	if (begins(name, "CALL"))
		return begins(name, "CALL_INTRINSIC") ? CALLS_NEVER : CALLS_HANDING;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (begins(name, never[i]))
			return CALLS_NEVER;
	return CALLS_SOMEHOW;
}

/* Whether another instruction was there before a debugger or the JIT put this one in its place. */
static bool
stands_in(const char *name)
{
	return strcmp(name, "INSTRUMENTED_LINE") == 0 ||
	       strcmp(name, "INSTRUMENTED_INSTRUCTION") == 0 ||
	       strcmp(name, "ENTER_EXECUTOR") == 0;
}

/* Whether that instruction may put something else into the first of the function's locals. */
static bool
writes_first(const struct python *p, const char *name, uint8_t argument)
{
	const char *local = strstr(name, "_FAST");
	bool two = p->layout.minor >= 13 && local && strstr(local + 1, "_FAST");

	if (!strstr(name, "STORE_FAST") && !strstr(name, "DELETE_FAST") &&
	    !strstr(name, "FAST_AND_CLEAR") && strcmp(name, "MAKE_CELL") != 0)
		return false;
	return two ? argument >> 4 == 0 || (argument & 15) == 0 : argument == 0;
}

/* Its instructions, of 2 bytes each and with their caches; NULL: they cannot be read. */
static unsigned char *
read_code(struct python *p, struct arena *a, const struct code *c)
{
	size_t bytes = 2 * (size_t)c->units;
	unsigned char *code;

	if (c->units > UNITS_MAX)
		return NULL;
	code = arena_alloc(a, bytes);
	return remote_read(p->remote, code_start(p, c, 0), code, bytes) ? code : NULL;
}

/* The unit of the instruction behind that one. */
static size_t
next_unit(const struct opcode *table, const unsigned char *code, size_t unit)
{
	return unit + 1 + table[table[code[2 * unit]].base].caches;
}

/*
 * Notes what the function's instructions are. False: one is unknown, or stands in place of
 * another, so that it is not known either how many caches it has.
 */
static bool
note_units(struct python *p, struct code *c, const struct opcode *table,
           const unsigned char *code)
{
	bool at_last =
		p->layout.minor <= 12; /* of the call's caches a caller waits, or at the call */

	c->keeps_first = true;
	for (size_t unit = 0, end; unit < c->units; unit = end) {
		const struct opcode *o = &table[code[2 * unit]];
		unsigned char way;

		if (!o->name || stands_in(o->name))
			return false;
		way = way_of_calling(table[o->base].name);
		c->keeps_first &= !writes_first(p, o->name, code[2 * unit + 1]);
		end = next_unit(table, code, unit);
		for (size_t i = unit; i < end && i < c->units; i++)
			c->calling[i] = way != CALLS_HANDING || i == (at_last ? end - 1 : unit)
			                        ? way
			                        : CALLS_NEVER;
	}
	return true;
}

/* Looks at the function's code once. */
static void
look(struct python *p, struct code *c)
{
	const struct opcode *table = opcode_table(p->layout.minor);
	struct arena scratch = { 0 };
	const unsigned char *code = NULL;

	if (c->looked_at)
		return;
	c->looked_at = true;
	if (table && arena_bytes(&p->codes.arena) < CODES_BYTES)
		code = read_code(p, &scratch, c);
	if (code)
		c->calling = arena_alloc(&p->codes.arena, c->units);
	if (code && !note_units(p, c, table, code)) {
		c->calling = NULL;
		c->keeps_first = false;
	}
	arena_empty(&scratch);
}

/* Whether it goes on in machine code from one of its instructions on. */
static bool
has_executor(struct python *p, const struct code *c, const struct opcode *table)
{
	uint8_t executor = opcode_named(table, "ENTER_EXECUTOR");
	struct arena scratch = { 0 };
	const unsigned char *code = read_code(p, &scratch, c);
	bool found = false;

	for (size_t unit = 0; code && !found && unit < c->units;
	     unit = next_unit(table, code, unit))
		found = executor && code[2 * unit] == executor;
	arena_empty(&scratch);
	return found;
}

/*
 * Whether a function of the stack was compiled to machine code (3.13 and later, if asked
 * for), which keeps in registers what it hands over, in it and in what it calls. It may be
 * any time, so where words tell otherwise it is looked for, but not each time.
 */
static bool
is_compiled(struct python *p, const struct watch *w)
{
	const struct opcode *table = opcode_table(p->layout.minor);

	if (p->codes.compiled || p->layout.minor < COMPILED_SINCE ||
	    p->calls.window - p->codes.compiled_asked < ASK_AGAIN)
		return p->codes.compiled;
	p->codes.compiled_asked = p->calls.window;
	for (size_t i = 0; i < w->places.n && !p->codes.compiled; i++)
		p->codes.compiled = w->places.at[i].code &&
		                    has_executor(p, code_behind(w->places.at[i].code), table);
	return p->codes.compiled;
}

/* How the function calls from that unit. */
static unsigned char
calling_at(struct python *p, struct code *c, int32_t unit)
{
	look(p, c);
	return c->calling && unit >= 0 && (uint32_t)unit < c->units ? c->calling[unit]
	                                                            : CALLS_SOMEHOW;
}

/* Whether the words agree that the function at from called the one of the frame inner. */
static bool
agree(struct python *p, const struct seen *outer, const struct python_place *from,
      unsigned copy, bool learn)
{
	const struct seen *inner = outer + 1;
	struct code *caller = code_behind(from->code), *callee = code_behind(from[1].code);
	const unsigned char *frame = copy_at(p, copy, inner->at);
	uint64_t function = pointer_of(word_at(frame + p->layout.frame_function));
	uint64_t first = pointer_of(word_at(frame + p->layout.frame_size - 8));
	uint64_t words[HANDED];
	unsigned char way = calling_at(p, caller, from->unit);
	bool has;

	if (way != CALLS_HANDING)
		return way == CALLS_SOMEHOW;
	if (!read_words(p, copy, outer, caller->frame_bytes, words))
		return true;
	if (function == 0 || (function != words[0] && function != words[1]))
		return false;
	look(p, callee);
	has = first && (first == words[1] || first == words[2]);
	return !callee->keeps_first || (has && !learn) ||
	       site_allows(p, from, HANDS_FIRST, from[1].code, has);
}

bool
handed_agrees(struct python *p, const struct watch *w, size_t i, unsigned copy, bool learn)
{
	const struct seen *outer = &w->seen.at[i], *inner = outer + 1;
	const struct python_place *from = &w->places.at[i];

	if (p->layout.frame_function == NONE || p->codes.compiled || inner->entry ||
	    inner->previous != outer->address || outer->at < OUTSIDE_BYTES ||
	    inner->at < OUTSIDE_BYTES || !from->code || !from[1].code)
		return true;
	return agree(p, outer, from, copy, learn) || is_compiled(p, w);
}
