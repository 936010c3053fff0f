/* SPDX-License-Identifier: MIT */
/*
 * What a call hands over. The function and its arguments are taken off the caller's stack
 * of values, but the words stay there while it waits. Above the stack's end there are: of
 * a method the function and its object; of another one nothing and the function, or from
 * 3.13 on the function and nothing; then the arguments. A frame of another function, or
 * one whose first argument is another, was read at another moment than its caller.
 * (Where reading was slowed down, up to 1 in 10 samples of two chains that take turns
 * joined them, and agreed in both copies.) Properties and operators hand over no function.
 */
#include "cpython/opcode.h"
#include "cpython/python.h"

#include <string.h>

enum {
	HANDED = 3,              /* words that are looked at */
	LOOKED_AT_MAX = 1 << 16, /* units of a function */
	ASK_AGAIN = 64,          /* windows until it is asked again whether something was */
	ASK_FUNCTIONS = 32,      /* of the stack, and as many others */
};

/* How the instruction of that name, a base one, may call a function of Python. */
static enum calling
calling_of(const char *name)
{
	static const char *const never[] = { "LOAD_FAST",  "LOAD_CONST", "LOAD_SMALL_INT",
		                             "STORE_FAST", "RESUME",     "RETURN_",
		                             "POP_",       "JUMP_",      "PUSH_",
		                             "COPY",       "SWAP",       "NOP" };

	if (strcmp(name, "CALL") == 0)
		return CALLS_HANDING_FIRST;
	if (text_starts(text_of(name), TEXT("CALL_INTRINSIC")))
		return CALLS_NEVER;
	if (text_starts(text_of(name), TEXT("CALL")))
		return CALLS_HANDING;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (text_starts(text_of(name), text_of(never[i])))
			return CALLS_NEVER;
	return CALLS_SOMEHOW;
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
			.names = strcmp(name, "KW_NAMES") == 0,
		};
	}
	p->codes.told_kinds = true;
}

/* Its instructions, of 2 bytes each and with their caches; NULL: they cannot be read. */
static unsigned char *
read_code(struct python *p, struct arena *a, const struct code *c)
{
	size_t bytes = 2 * (size_t)c->units;
	unsigned char *code;

	if (c->units > LOOKED_AT_MAX)
		return NULL;
	code = arena_alloc(a, bytes);
	return remote_read(p->remote, code_start(p, c, 0), code, bytes) ? code : NULL;
}

/* Whether an instruction may write the first of the locals: two of them are in 4 bits each. */
static bool
writes_first(const struct kind *k, uint8_t argument)
{
	return k->writes == 2 ? argument >> 4 == 0 || (argument & 15) == 0
	                      : k->writes == 1 && argument == 0;
}

/*
 * Notes from which units the function calls: up to 3.12 a caller waits at the last of the
 * call's caches, then at the call. False: it cannot be told.
 */
static bool
note_units(const struct python *p, struct code *c, const unsigned char *code)
{
	bool waits_at_end = p->layout.minor < 13, named = false;

	memset(c->calling, CALLS_NEVER, c->units);
	for (size_t unit = 0, end; unit < c->units; unit = end) {
		const struct kind *k = &p->codes.kinds[code[2 * unit]];
		unsigned char calling = k->calling, argument = code[2 * unit + 1];

		end = unit + k->units;
		if (k->units == 0 || end > c->units)
			return false;
		c->keeps_first &= !writes_first(k, argument);
		if (calling == CALLS_HANDING_FIRST && (argument == 0 || named))
			calling = CALLS_HANDING;
		named = k->names || (named && calling < CALLS_HANDING);
		if (calling == CALLS_SOMEHOW)
			memset(c->calling + unit, calling, k->units);
		else
			c->calling[waits_at_end ? end - 1 : unit] = calling;
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
	if (code) {
		tell_kinds(p, table);
		c->calling = arena_alloc(&p->codes.arena, c->units);
	}
	if (!code || !note_units(p, c, code)) {
		c->calling = NULL;
		c->keeps_first = false;
	}
	arena_empty(&scratch);
}

/* Whether it goes on in machine code from one of its instructions on. */
static bool
has_executor(struct python *p, const struct code *c, uint8_t executor)
{
	struct arena scratch = { 0 };
	const unsigned char *code = read_code(p, &scratch, c);
	size_t unit = 0;

	while (code && unit < c->units && p->codes.kinds[code[2 * unit]].units)
		unit += p->codes.kinds[code[2 * unit]].units;
	if (code && unit < c->units && code[2 * unit] == executor)
		p->codes.compiled = true;
	arena_empty(&scratch);
	return p->codes.compiled;
}

/*
 * Whether a function of the stack, or another one that is known, was compiled to machine
 * code (3.13 and later, if asked for), which keeps in registers what it hands over, in it
 * and in what it calls. It may be any time, so where words tell otherwise it is looked
 * for, but not each time.
 */
static bool
is_compiled(struct python *p, const struct watch *w)
{
	const struct opcode *table = opcode_table(p->layout.minor);
	size_t from = w->places.n > ASK_FUNCTIONS ? w->places.n - ASK_FUNCTIONS : 0;
	uint8_t executor;

	if (p->codes.compiled || p->calls.window - p->codes.compiled_asked < ASK_AGAIN)
		return p->codes.compiled;
	p->codes.compiled_asked = p->calls.window;
	executor = table ? opcode_named(table, "ENTER_EXECUTOR") : 0;
	if (!executor)
		return false;
	for (size_t i = from; i < w->places.n; i++)
		if (w->places.at[i].code &&
		    has_executor(p, code_behind(w->places.at[i].code), executor))
			return true;
	for (size_t i = 0; i < ASK_FUNCTIONS && i < p->codes.rows.n; i++)
		if (has_executor(p, p->codes.rows.at[p->codes.compiled_row++ % p->codes.rows.n],
		                 executor))
			return true;
	return false;
}

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
	uint64_t at = l->frame_stack_width == 8
	                      ? word_at(end) - s->address
	                      : l->frame_size - 8 + 8 * (uint64_t)half_at(end);

	if (!frame_waits(p, frame))
		return false;
	if (s->at + bytes > p->window.room)
		bytes = 0;
	for (unsigned i = 0; i < HANDED; i++, at += 8)
		words[i] = at < bytes && bytes - at >= 8 ? pointer_of(word_at(frame + at)) : 0;
	return true;
}

/* How the function calls from that unit. */
static enum calling
calling_at(struct python *p, struct code *c, int32_t unit)
{
	look(p, c);
	return c->calling && unit >= 0 && (uint32_t)unit < c->units ? c->calling[unit]
	                                                            : CALLS_SOMEHOW;
}

/* Whether the words agree that the function at from called the one of the frame inner. */
static bool
agree(struct python *p, const struct seen *outer, const struct python_place *from,
      unsigned copy)
{
	struct code *caller = code_behind(from->code), *callee = code_behind(from[1].code);
	const unsigned char *frame = copy_at(p, copy, outer[1].at);
	uint64_t function = pointer_of(word_at(frame + p->layout.frame_function));
	uint64_t first = pointer_of(word_at(frame + p->layout.frame_size - 8));
	uint64_t words[HANDED], object;
	enum calling calling = calling_at(p, caller, from->unit);

	if (calling < CALLS_HANDING)
		return calling == CALLS_SOMEHOW;
	if (!read_words(p, copy, outer, caller->frame_bytes, words))
		return true;
	if (function == 0 || (function != words[0] && function != words[1]))
		return false;
	look(p, callee);
	object = function == words[0] ? words[1] : 0;
	if (!callee->keeps_first || (!object && calling != CALLS_HANDING_FIRST))
		return true;
	return first == (object ? object : words[2]);
}

/* Whether the frame i may have called the next one. */
static bool
may_have_called(struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct seen *outer = &w->seen.at[i], *inner = outer + 1;
	const struct python_place *from = &w->places.at[i];

	if (outer->instruction == NOWHERE || inner->entry ||
	    inner->previous != outer->address || outer->at < OUTSIDE_BYTES ||
	    inner->at < OUTSIDE_BYTES || !from->code || !from[1].code)
		return true;
	return agree(p, outer, from, copy) || is_compiled(p, w);
}

bool
handed_agrees(struct python *p, const struct watch *w, size_t from, unsigned copy)
{
	if (p->layout.frame_function == NONE)
		return true;
	for (size_t i = from ? from : 1; i < w->seen.n && !p->codes.compiled; i++)
		if (!may_have_called(p, w, i - 1, copy))
			return false;
	return true;
}
