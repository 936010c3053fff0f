/* SPDX-License-Identifier: MIT */
#include "cpython/guess.h"

#include "cpython/python.h"

enum {
	VAIN = 1 << 16,      /* all guesses */
	VAIN_MAX = VAIN / 3, /* so many of them */
	VAIN_SAMPLES = 64,   /* over so many samples */
	LOOKED_AT = 16,      /* frames, for whether they stand still */
};

/*
 * The unit at which the frame s called the function inner. The frame may have
 * been there in one of the copies; else it is where that was called last. -1: unknown yet.
 */
static int32_t
calling_unit(struct python *p, const struct seen *s, unsigned copy, struct code *c,
             const struct code *inner)
{
	struct python_place within = { .code = &inner->shown };

	for (unsigned i = 0; !p->heap.used && i < 2; i++) {
		struct python_place place = { .code = &c->shown };

		if (frame_words(p, copy ^ i, s->at).code != s->code)
			continue;
		place.unit = frame_unit(p, copy ^ i, s->at, c);
		if (place.unit >= 0 && call_is_known(p, &place, &within, LEARN_NOT))
			return place.unit;
	}
	return call_unit(p, &c->shown, &inner->shown);
}

/* Adds the frames of a walk. A caller is where it called the next inner one. */
static void
add_fresh(struct python *p, struct watch *w)
{
	for (size_t i = p->fresh.n; i-- > 0;) {
		struct seen *s = &p->fresh.at[i];
		int32_t unit;
		struct code *c = frame_code(p, s, &unit, NULL);

		if (i == 0 && !frame_is_begun(p, s, c, unit))
			break;
		place_add(p, w, s, c, unit);
	}
}

/*
 * Finds where the frame i called the next one, and whether its words confirm that; a
 * fresh frame may have been elsewhere then. False: it cannot have called it.
 */
static bool
settle_call(struct python *p, struct watch *w, size_t i, unsigned copy, bool fresh)
{
	struct seen *outer = &w->seen.at[i];
	struct python_place *place = &w->places.at[i];
	enum told told = handed_tells(p, w, i, copy);
	int32_t called = -1;

	outer[1].told = told;
	if (told == AGREES ? call_is_likely(p, place, place + 1)
	                   : told >= CONFIRMS && frame_words(p, copy, outer[1].at).previous ==
	                                                 outer->address)
		call_note_unit(p, place, place + 1);
	if (told < CONFIRMS && fresh && place->code && place[1].code)
		called = calling_unit(p, outer, copy, code_behind(place->code),
		                      code_behind(place[1].code));
	if (called < 0 || called == place->unit)
		return told != DENIES;
	place->unit = called;
	outer->instruction = NOWHERE;
	return true;
}

static bool
settle_calls(struct python *p, struct watch *w, size_t keep, size_t frozen, unsigned copy)
{
	size_t from = handed_from(keep);

	for (size_t i = frozen && frozen < from ? frozen : from; i < w->places.n; i++)
		if (!settle_call(p, w, i - 1, copy, i > keep))
			return false;
	return true;
}

/* Before 3.11 the copies hold what was predicted; what was not is read after them. */
static bool
find(struct python *p, struct watch *w, unsigned copy, size_t *keep)
{
	uint64_t frame;

	if (!p->heap.used)
		return (top_fits(p, w, copy, &frame) && walk_stack(p, w, copy, frame, keep)) ||
		       gone_find(p, w, copy, frame, keep);
	if (copy == 0 || !heap_recall(p, w, keep))
		return false;
	p->doubtful = p->fresh.n;
	return true;
}

/* Whether the frame has the same values in both copies, as one that waits has. */
static bool
is_frozen(const struct python *p, const struct watch *w, size_t i)
{
	const struct seen *s = &w->seen.at[i];
	const struct code *c = code_behind(w->places.at[i].code);
	uint64_t bytes = c ? frame_bytes_read(p, w, s, c) : 0;

	return bytes && memcmp(copy_at(p, 0, s->at), copy_at(p, 1, s->at), bytes) == 0;
}

/*
 * How many of the outermost frames, of which both copies agree on so many. Those far
 * from the innermost of these are not looked at: they stand still if it does.
 */
static size_t
count_frozen(const struct python *p, const struct watch *w, size_t sure)
{
	size_t first = sure > LOOKED_AT ? sure - LOOKED_AT : 0, i = first;

	while (!p->heap.used && i < sure && is_frozen(p, w, i))
		i++;
	return i > first ? i : 0;
}

/*
 * Makes w's stack what that copy has; *sure: of the outermost, which the other has as well,
 * and *frozen: with the same values.
 */
static bool
propose(struct python *p, struct watch *w, unsigned copy, size_t *same, size_t *from,
        size_t *sure, size_t *frozen)
{
	size_t keep;

	if (!find(p, w, copy, &keep))
		return false;
	*sure = keep + p->fresh.n - p->doubtful;
	if (keep > 0 && p->doubtful && p->doubtful == p->fresh.n) /* it may be elsewhere */
		*vec_push(p->arena, &p->fresh) = w->seen.at[--keep];
	w->seen.n = w->places.n = *from = keep;
	lower_same(same, keep);
	add_fresh(p, w);
	lower_same(sure, w->places.n);
	*frozen = count_frozen(p, w, *sure);
	if (!settle_calls(p, w, keep, *frozen, copy)) {
		w->seen.n = w->places.n = keep;
		return false;
	}
	return true;
}

/* A stack that is asked about. */
struct claim {
	struct seen *seen;
	struct python_place *places;
	size_t n, from, frozen; /* as in struct guess */
	bool prompt;
};

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
 * where it does, mentions it, and is not known to call another one from there.
 */
static bool
always_calls(struct python *p, const struct claim *c, size_t i)
{
	const struct python_place *outer = &c->places[i];
	struct callsite site;

	if (!outer->code || !outer[1].code || c->seen[i + 1].told == DENIES)
		return false;
	site = callsite_at(p, outer);
	return site.always && site.calling != CALLS_NEVER && !site.variable &&
	       call_is_likely(p, outer, outer + 1);
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
	if (may_call(p, outer, inner, told))
		return true;
	outer->unit = call_unit(p, outer->code, inner->code);
	if (may_call(p, outer, inner, told)) {
		seen[i].instruction = NOWHERE;
		return true;
	}
	outer->unit = unit;
	return false;
}

/*
 * Whether what the function i does cannot depend on who called it: there is one way to it
 * only, or ever new ones.
 */
static bool
is_free(struct python *p, const struct claim *c, size_t i)
{
	return (way_is_known(p, c->seen[i].way) && way_is_single(c->places[i].code)) ||
	       ways_vary(c->places[i].code);
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
	size_t from = c->frozen < c->from ? c->frozen : c->from;

	for (size_t i = from ? from : 1; proved && i < c->n; i++) {
		enum told told = c->seen[i].told;

		proved = told == PROVES || (told == CONFIRMS && i <= c->frozen) ||
		         (told == SILENT && i < c->frozen &&
		          c->seen[i - 1].instruction != NOWHERE);
	}
	return proved;
}

/* Whether a way is known to the last function, or to one that always calls on to it. */
static bool
way_is_sure(struct python *p, const struct claim *c)
{
	size_t i = c->n - 1;

	while (!way_is_known(p, c->seen[i].way)) {
		if (i == 0 || !always_calls(p, c, i - 1))
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

/*
 * Whether all calls from that place on are known, and the way to the innermost. A
 * function that is soon over is proved seldom, or never: what calls it may do so from
 * there, if it does not depend on who called that, and is known to call it or likely to.
 */
static bool
is_known(struct python *p, const struct claim *c)
{
	const struct python_place *last;
	bool known = true;

	if (c->n == 0)
		return !p->heap.used; /* the state says so */
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

/* Whether nothing held up the window, as far as is known. */
static bool
is_prompt(const struct python *p)
{
	return !p->window.held_up && !p->window.strayed;
}

static void
keep_guess(struct python *p, const struct watch *w, size_t from, size_t sure, size_t frozen)
{
	struct guess *g = &p->guess;

	g->seen.n = g->places.n = 0;
	for (size_t i = 0; i < w->places.n; i++) {
		*vec_push(p->arena, &g->seen) = w->seen.at[i];
		*vec_push(p->arena, &g->places) = w->places.at[i];
	}
	g->from = from;
	g->sure = sure;
	g->frozen = frozen;
	g->prompt = is_prompt(p);
	g->made = true;
	g->native = bytecode_is_native(p, w);
	memcpy(g->state, p->window.state, p->window.state_bytes);
	g->pulse = p->interpreters.pulse;
}

enum guessed
guess_make(struct python *p, struct watch *w, size_t *same)
{
	p->guess.tried = true;
	for (unsigned copy = 0; copy < 2; copy++) {
		struct claim c;
		size_t from, sure, frozen;

		if (!propose(p, w, copy, same, &from, &sure, &frozen))
			continue;
		lower_same(same,
		           from > 0 ? from - 1 : 0); /* what it calls may tell where it is */
		c = (struct claim){ w->seen.at, w->places.at, w->places.n,
			            from,       frozen,       is_prompt(p) };
		if (is_known(p, &c) && codes_check(p, w, *same)) {
			p->guess.made = false;
			p->guess.told = true;
			p->guess.native = bytecode_is_native(p, w);
			return GUESS_KNOWN;
		}
		if (!p->guess.made)
			keep_guess(p, w, from, sure, frozen);
		w->seen.n = w->places.n = from; /* what may be wrong is not seen again */
	}
	return p->guess.made ? GUESS_KEPT : GUESS_NONE;
}

void
guess_outermost(struct python *p, struct watch *w, size_t *same)
{
	if (p->heap.used)
		return;
	w->seen.n = w->places.n = walk_alive(p, w);
	lower_same(same, w->places.n);
	keep_guess(p, w, w->places.n, w->places.n, 0);
}

/* Makes w's stack the outermost n of the guess. */
static void
take(struct python *p, struct watch *w, size_t n, size_t *same)
{
	struct guess *g = &p->guess;

	w->seen.n = w->places.n = 0;
	for (size_t i = 0; i < n; i++) {
		*vec_push(p->arena, &w->seen) = g->seen.at[i];
		*vec_push(p->arena, &w->places) = g->places.at[i];
	}
	if (!p->heap.used)
		frames_relocate(p, w);
	lower_same(same, n);
	memcpy(p->window.state, g->state, p->window.state_bytes);
	p->interpreters.pulse = g->pulse;
	p->window.whole = false; /* the copies are of later */
	g->made = false;
	g->told = true;
}

bool
guess_again(struct python *p, struct watch *w, size_t *same)
{
	struct guess *g = &p->guess;
	struct claim c = {
		g->seen.at, g->places.at, g->places.n, g->from, g->frozen, g->prompt
	};

	if (g->sure == g->places.n && g->from == g->sure)
		return false;
	if (!is_known(p, &c))
		return false;
	take(p, w, g->places.n, same);
	lower_same(same, g->from > 0 ? g->from - 1 : 0);
	return codes_check(p, w, *same);
}

bool
guess_is_vain(const struct watch *w)
{
	return w->vain > VAIN_MAX;
}

void
guess_note(struct watch *w, bool known)
{
	w->vain += ((known ? 0 : VAIN) - w->vain) / VAIN_SAMPLES;
}

bool
guess_stands(const struct python *p)
{
	return memcmp(p->guess.state, p->window.state, p->window.state_bytes) == 0;
}

void
guess_give_up(struct python *p, struct watch *w, size_t *same)
{
	take(p, w, p->guess.sure, same);
}
