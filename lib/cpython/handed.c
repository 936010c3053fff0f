/* SPDX-License-Identifier: MIT */
/*
 * What a call hands over. The function and its arguments are taken off the caller's stack
 * of values, but the words stay there while it waits. Above the stack's end there are: of
 * a method the function and its object; of another one nothing and the function, or from
 * 3.13 on the function and nothing; then the arguments. A frame of another function, or
 * one with other arguments, was read at another moment than its caller. (Where reading was
 * slowed down, up to 1 in 10 samples of two chains that take turns joined them, and agreed
 * in both copies.) Properties and operators hand over no function; C is given the one that
 * it calls, if any, or what it hands over; and a generator lies on the stack of what
 * iterates over it.
 */
#include "cpython/opcode.h"
#include "cpython/python.h"

enum {
	ARGUMENTS = 4,          /* that are looked at */
	STATIC_BYTES = 2 << 20, /* from None to another object of CPython's own */
	HANDED = 2 + ARGUMENTS,
	ASK_AGAIN = 64,     /* windows until it is asked again whether something was compiled */
	ASK_FUNCTIONS = 32, /* of the stack, and as many others */
};

/* Whether it goes on in machine code from one of its instructions on. */
static bool
has_executor(struct python *p, const struct code *c, uint8_t executor)
{
	struct arena scratch = { 0 };
	const unsigned char *code = code_bytes(p, &scratch, c);
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

	if (p->codes.compiled ||
	    (p->codes.compiled_asked && p->calls.window - p->codes.compiled_asked < ASK_AGAIN))
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

/* The words above the end of the frame's stack of values; what lies beyond its bytes is 0. */
static void
read_words(const struct python *p, const unsigned char *frame, uint64_t address, uint64_t bytes,
           uint64_t words[HANDED])
{
	uint64_t at = frame_stack_end(p, frame, address);

	for (unsigned i = 0; i < HANDED; i++, at += 8)
		words[i] = at < bytes && bytes - at >= 8 ? pointer_of(word_at(frame + at)) : 0;
}

/* The argument that a frame's function was called with, at that place among its locals; 0: unknown. */
static uint64_t
argument(const struct python *p, const unsigned char *frame, const struct code *c,
         unsigned local)
{
	return local < KEPT_MAX && (c->kept >> local & 1)
	               ? pointer_of(word_at(frame + frame_least(&p->layout) + 8 * local))
	               : 0;
}

/* Whether the object is one of those that CPython has for any program: None, True, small numbers. */
static bool
is_static(const struct python *p, uint64_t object)
{
	return p->none == 0 || object - (p->none - STATIC_BYTES) < 2 * (uint64_t)STATIC_BYTES;
}

/*
 * Compares the object that a method was called of, if it was one, and the arguments with
 * what the called frame has of them.
 */
static enum told
compare(const struct python *p, const unsigned char *called, const struct code *callee,
        const uint64_t *words, uint64_t object, struct callsite site)
{
	uint64_t self = object ? argument(p, called, callee, 0) : 0;
	enum told told = CONFIRMS;

	if (self && self != object)
		return DENIES;
	for (unsigned i = 0; i < site.arguments && i < ARGUMENTS; i++) {
		uint64_t has = argument(p, called, callee, i + (object != 0));

		if (has && has != words[i])
			return DENIES;
		if (has && !(site.constants >> i & 1) && !is_static(p, has))
			told = PROVES;
	}
	return told;
}

/*
 * What the words of the frame outer tell of the next one, which it called from there, if it
 * did; by_class: as an __init__, of which they are the object and the function.
 */
static enum told
ask(struct python *p, const struct watch *w, const struct seen *outer,
    const struct python_place *from, unsigned copy, bool by_class)
{
	struct code *caller = code_behind(from->code), *callee = code_behind(from[1].code);
	const unsigned char *waits = copy_at(p, copy, outer->at),
			    *called = copy_at(p, copy, outer[1].at);
	uint64_t function = pointer_of(word_at(called + p->layout.frame_function));
	uint64_t bytes = frame_bytes_read(p, w, outer, caller), words[HANDED], object;
	struct callsite site = callsite_at(p, from);

	if (site.calling < CALLS_HANDING)
		return site.calling == CALLS_SOMEHOW ? SILENT : DENIES;
	if (!frame_waits(p, waits) || bytes < caller->frame_bytes)
		return SILENT;
	read_words(p, waits, outer->address, bytes, words);
	if (function == 0 || (function != words[0] && function != words[1]))
		return DENIES;
	callsites_look(p, callee);
	object = function == words[0] ? words[1] : by_class ? words[0] : 0;
	return compare(p, called, callee, words + 2, object, site);
}

/* Whether the next frame is that of an __init__, and a class stands between it and outer. */
static bool
is_by_class(const struct python *p, const struct watch *w, const struct seen *outer,
            unsigned copy)
{
	struct frame_words between;
	uint32_t at;

	if (!p->codes.trampoline || outer[1].entry ||
	    !frame_locate(p, w, outer[1].previous, &at))
		return false;
	between = frame_words(p, copy, at);
	return pointer_of(between.code) == p->codes.trampoline &&
	       between.previous == outer->address;
}

/*
 * What the values of w's frame i tell of the next one, which C called: it was given the
 * function, or one of its arguments. An object that the caller is a method of is anywhere.
 * The function is noted, for the name that it may have besides its code's.
 */
static enum told
ask_for_c(struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct seen *outer = &w->seen.at[i];
	struct code *caller = code_behind(w->places.at[i].code),
		    *callee = code_behind(w->places.at[i + 1].code);
	const unsigned char *waits = copy_at(p, copy, outer->at),
			    *called = copy_at(p, copy, outer[1].at);
	uint64_t bytes = frame_bytes_read(p, w, outer, caller), self;
	uint64_t function = pointer_of(word_at(called + p->layout.frame_function));

	if (function == 0)
		return SILENT;
	if (!callee->function)
		call_ask_again(p, &caller->shown, &callee->shown);
	callee->function = function;
	if (frame_refers(waits, caller, bytes, function))
		return CONFIRMS;
	callsites_look(p, caller);
	callsites_look(p, callee);
	self = argument(p, waits, caller, 0);
	for (unsigned k = 0; k < ARGUMENTS; k++) {
		uint64_t has = argument(p, called, callee, k);

		if (has && has != self && !is_static(p, has) &&
		    frame_refers(waits, caller, bytes, has))
			return AGREES;
	}
	return SILENT;
}

enum told
handed_tells(struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct seen *outer = &w->seen.at[i], *inner = outer + 1;
	const struct python_place *from = &w->places.at[i];
	const unsigned char *called;
	uint64_t code;
	enum told told;
	bool generator;

	if (p->heap.used)
		return inner->told;
	if (p->layout.frame_function == NONE || p->codes.compiled || !from->code ||
	    !from[1].code || frame_is_nowhere(outer) || frame_is_nowhere(inner))
		return SILENT;
	called = copy_at(p, copy, inner->at);
	code = word_at(called + p->layout.frame_code);
	generator = called[p->layout.frame_owner] == OWNER_GENERATOR;
	if (code != inner->code && (code || !generator))
		return SILENT; /* it is another one's, or has ended */
	if (generator)
		return frame_refers_next(p, w, i, copy) ? PROVES : SILENT;
	if (inner->entry && inner->at >= OUTSIDE_BYTES)
		return ask_for_c(p, w, i, copy);
	if (outer->instruction == NOWHERE || inner->at < OUTSIDE_BYTES)
		return SILENT;
	if (inner->previous != outer->address) {
		/* Up to 3.12 the words are of the class. */
		told = is_by_class(p, w, outer, copy) ? ask(p, w, outer, from, copy, true)
		                                      : SILENT;
		return told == DENIES ? SILENT : told;
	}
	told = ask(p, w, outer, from, copy, false);
	return told == DENIES && is_compiled(p, w) ? SILENT : told;
}

bool
handed_agrees(struct python *p, struct watch *w, size_t from)
{
	for (size_t i = handed_from(from); i < w->seen.n; i++) {
		enum told before = handed_tells(p, w, i - 1, 0), after;

		if (before == DENIES)
			return false;
		after = handed_tells(p, w, i - 1, 1);
		if (after == DENIES)
			return false;
		w->seen.at[i].told = before < after ? before : after;
	}
	return true;
}
