/* SPDX-License-Identifier: MIT */
#include "cpython/claim.h"

#include "cpython/python.h"

/*
 * Whether the place outer is known to call the place inner; or its words tell that it
 * does, and it mentions that function, or calls whatever a variable holds.
 */
static bool
may_call(struct python *p, const struct python_place *outer, const struct python_place *inner,
         enum told told)
{
	return outer->unit >= 0 && (call_is_known(p, outer, inner, LEARN_NOT) ||
	                            (told >= AGREES && call_is_likely(p, outer, inner)) ||
	                            (told >= CONFIRMS && callsite_at(p, outer).variable));
}

/*
 * Whether the function i calls the next one whatever way leads to it: it always comes to
 * where it does, names it, and is not known to call another one from there. What it calls
 * by an attribute's name depends on the object, so that its words must tell it; a generator
 * that it iterates over may have gone from these.
 */
static bool
always_calls(struct python *p, const struct claim *c, size_t i)
{
	const struct python_place *outer = &c->places[i];
	bool outside = c->seen[i + 1].at < OUTSIDE_BYTES;
	enum told told = c->seen[i + 1].told;
	struct callsite site;

	if (!outer->code || !outer[1].code || told == DENIES)
		return false;
	site = callsite_at(p, outer);
	return site.always && !site.variable &&
	       (told >= CONFIRMS || (outside ? site.iterates : site.global)) &&
	       call_is_named(p, outer, outer + 1);
}

/* Whether nothing but the function i calls the next one, a generator. */
static bool
only_calls(const struct claim *c, size_t i)
{
	const struct python_code *outer = c->places[i].code, *inner = c->places[i + 1].code;

	return outer && inner && caller_is_only(code_behind(inner), code_behind(outer));
}

/* Whether the next frame tells that the i-th had called it, which is of no other function since. */
static bool
is_surely_linked(const struct claim *c, size_t i)
{
	return c->seen[i + 1].linked && c->places[i].code &&
	       code_stays(code_behind(c->places[i].code));
}

/*
 * Whether the i-th function may call the next one, from where it is or where it did last; or
 * did so, as it stood still and tells with which arguments.
 */
static bool
calls(struct python *p, const struct claim *c, size_t i)
{
	struct seen *seen = c->seen;
	struct python_place *outer = &c->places[i], *inner = outer + 1;
	int32_t unit = outer->unit;
	enum told told = seen[i + 1].told;

	if (told == PROVES && i < c->frozen && seen[i + 1].at >= OUTSIDE_BYTES)
		return true;
	if (i + 2 == c->n && seen[i + 1].at < OUTSIDE_BYTES && always_calls(p, c, i))
		return true;
	if (only_calls(c, i))
		return true;
	if (may_call(p, outer, inner, told))
		return true;
	outer->unit = call_unit(p, outer->code, inner->code);
	if (may_call(p, outer, inner, told) ||
	    (is_surely_linked(c, i) && call_is_possible(p, outer->code, inner->code))) {
		seen[i].instruction = NOWHERE;
		return true;
	}
	outer->unit = unit;
	return false;
}

/*
 * Whether what the function i does cannot depend on who called it: there is one way to it
 * only, or ever new ones. (To a coroutine that a thousand others await, all that was proved
 * may be of one that was waited for longest.)
 */
static bool
is_free(struct python *p, const struct claim *c, size_t i)
{
	return (!p->heap.used && c->seen[i].at >= OUTSIDE_BYTES &&
	        way_is_known(p, c->seen[i].way) && way_is_single(c->places[i].code)) ||
	       ways_vary(c->places[i].code);
}

/* Whether another function's frame may have been where the i-th lies, when others were read. */
static bool
may_be_others(const struct claim *c, size_t i)
{
	const struct python_code *code = c->places[i].code;

	return c->seen[i].at < OUTSIDE_BYTES && !frame_is_nowhere(&c->seen[i]) && code &&
	       !code_stays(code_behind(code));
}

/* The same of one that was read after the window. */
static bool
late_may_be_others(const struct claim *c)
{
	for (size_t i = c->from; i < c->n; i++)
		if (outside_is_late(c->seen[i].at) && may_be_others(c, i))
			return true;
	return false;
}

/*
 * Whether the words of one copy prove all calls inside of what stood still: if one of two
 * frames were of another moment, its arguments would be others. (What stood still may be
 * left over from calls that have returned; then the words deny it.)
 */
static bool
is_proved(const struct claim *c)
{
	bool proved = c->prompt && c->frozen > 0 && c->seen[c->n - 1].told >= CONFIRMS;
	bool anchored = false; /* an outer one is linked to what stood still */
	size_t from = c->frozen < c->from ? c->frozen : c->from;

	for (size_t i = from ? from : 1; proved && i < c->n; i++) {
		enum told told = c->seen[i].told;
		bool linked = is_surely_linked(c, i - 1);

		anchored |= linked && i >= c->frozen;
		proved =
			!may_be_others(c, i - 1) &&
			(told == PROVES || (told == CONFIRMS && (i <= c->frozen || anchored)) ||
		         linked || only_calls(c, i - 1) ||
		         ((told == SILENT || told == AGREES) && i < c->frozen &&
		          c->seen[i - 1].instruction != NOWHERE));
	}
	return proved;
}

/*
 * Whether a way is known to the last function, or to one that always calls on to it; or
 * that alone does.
 */
static bool
way_is_sure(struct python *p, const struct claim *c)
{
	size_t i = c->n - 1;

	while (!way_is_known(p, c->seen[i].way)) {
		if (i == 0 || (!always_calls(p, c, i - 1) && !only_calls(c, i - 1)))
			return false;
		i--;
	}
	return true;
}

/* Whether some frame's words tell that another one was called: it has gone on, or was cut. */
static bool
is_denied(const struct claim *c)
{
	for (size_t i = c->from ? c->from : 1; i < c->n; i++)
		if (c->seen[i].told == DENIES)
			return true;
	return false;
}

bool
claim_is_known(struct python *p, const struct claim *c)
{
	const struct python_place *last;
	bool known = true;

	if (c->n == 0)
		return !p->heap.used; /* the state says so */
	if (!p->heap.used && !c->stood && late_may_be_others(c))
		return false;
	last = c->places + c->n - 1;
	for (size_t i = c->from; i < c->n; i++) {
		if (!known || !c->places[i].code || (i > 0 && !c->places[i - 1].code))
			return false;
		if (i > 0)
			known = calls(p, c, i - 1);
		else if (!way_is_known(p, c->seen[0].way))
			return false; /* a stack may be seen without its outer part */
	}
	if (known && (way_is_sure(p, c) || is_proved(c)))
		return true;
	if (is_denied(c))
		return false;
	if (known && ways_vary(last->code))
		return true;
	return c->n > 1 && last[-1].code && is_free(p, c, c->n - 2) &&
	       (known || call_is_likely(p, last - 1, last));
}
