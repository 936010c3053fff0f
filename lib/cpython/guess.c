/* SPDX-License-Identifier: MIT */
#include "cpython/guess.h"

#include "cpython/python.h"

enum {
	VAIN_MAX = SHARE_ALL / 3, /* of all guesses */
	LOOKED_AT = 16,           /* frames, for whether they stand still */
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

/* Whether the words of the frame i tell that it called the next one from where it is. */
static bool
shows_call(struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct seen *outer = &w->seen.at[i], *inner = outer + 1;

	if (inner->told == AGREES)
		return call_is_likely(p, &w->places.at[i], &w->places.at[i + 1]);
	return inner->told >= CONFIRMS && !p->heap.used &&
	       frame_words(p, copy, inner->at).previous == outer->address;
}

/* Whether the next frame tells that one as its caller, and both are of generators. */
static bool
is_linked(const struct python *p, const struct seen *outer, unsigned copy)
{
	return !p->heap.used && !frame_is_nowhere(outer) && outer->at < OUTSIDE_BYTES &&
	       outer[1].at < OUTSIDE_BYTES &&
	       frame_words(p, copy, outer[1].at).previous == outer->address;
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
	outer[1].linked = is_linked(p, outer, copy);
	if (shows_call(p, w, i, copy))
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
	uint64_t bytes = c && !frame_is_nowhere(s) ? frame_bytes_read(p, w, s, c) : 0;

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

/* Whether nothing held up the window, as far as is known. */
static bool
is_prompt(const struct python *p)
{
	return !p->window.held_up && !p->window.strayed;
}

/* Makes w's stack what that copy has, and claims it. False: it has none that can be. */
static bool
propose(struct python *p, struct watch *w, unsigned copy, size_t *same, struct claim *c)
{
	size_t keep;

	if (!find(p, w, copy, &keep))
		return false;
	*c = (struct claim){ .sure = keep + p->fresh.n - p->doubtful, .prompt = is_prompt(p) };
	if (keep > 0 && p->doubtful && p->doubtful == p->fresh.n) /* it may be elsewhere */
		*vec_push(p->arena, &p->fresh) = w->seen.at[--keep];
	w->seen.n = w->places.n = c->from = keep;
	lower_same(same,
	           keep > 0 ? keep - 1 : 0); /* what that one calls may tell where it is */
	add_fresh(p, w);
	callers_add(p, w, copy);
	c->seen = w->seen.at;
	c->places = w->places.at;
	c->n = w->places.n;
	lower_same(&c->sure, c->n);
	c->frozen = count_frozen(p, w, c->sure);
	if (!settle_calls(p, w, keep, c->frozen, copy)) {
		w->seen.n = w->places.n = keep;
		return false;
	}
	return true;
}

static void
keep_guess(struct python *p, const struct watch *w, const struct claim *c)
{
	struct guess *g = &p->guess;

	g->seen.n = g->places.n = 0;
	for (size_t i = 0; i < c->n; i++) {
		*vec_push(p->arena, &g->seen) = c->seen[i];
		*vec_push(p->arena, &g->places) = c->places[i];
	}
	g->claim = *c;
	g->claim.seen = g->seen.at;
	g->claim.places = g->places.at;
	g->innermost = c->n ? c->places[c->n - 1].code : NULL;
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
		bool known;

		if (!propose(p, w, copy, same, &c))
			continue;
		known = claim_is_known(p, &c);
		if (known && codes_check(p, w, *same)) {
			p->guess.made = false;
			p->guess.told = true;
			p->guess.native = bytecode_is_native(p, w);
			return GUESS_KNOWN;
		}
		if (!known && !p->guess.made)
			keep_guess(p, w, &c);
		lower_same(&c.from, w->places.n); /* some codes may have been others */
		w->seen.n = w->places.n = c.from; /* what may be wrong is not seen again */
	}
	return p->guess.made ? GUESS_KEPT : GUESS_NONE;
}

void
guess_outermost(struct python *p, struct watch *w, size_t *same)
{
	w->seen.n = w->places.n = p->heap.used ? 0 : walk_alive(p, w);
	lower_same(same, w->places.n);
	keep_guess(p, w,
	           &(struct claim){ .seen = w->seen.at,
	                            .places = w->places.at,
	                            .n = w->places.n,
	                            .from = w->places.n,
	                            .sure = w->places.n,
	                            .prompt = is_prompt(p) });
	p->guess.innermost = p->heap.used ? heap_innermost(p) : NULL;
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
	if (!p->heap.used) {
		outside_take_late(p, w);
		frames_relocate(p, w);
	}
	lower_same(same, n);
	memcpy(p->window.state, g->state, p->window.state_bytes);
	p->interpreters.pulse = g->pulse;
	p->window.whole = false; /* the copies are of later */
	g->made = false;
	g->told = true;
}

/* Whether the last window proved the frames of the guess, and the thread stood still. */
static bool
has_stood(const struct python *p, const struct watch *w)
{
	const struct guess *g = &p->guess;

	if (p->heap.used || w->seen.n != g->seen.n || !guess_stands(p))
		return false;
	for (size_t i = 0; i < w->seen.n; i++)
		if (w->seen.at[i].address != g->seen.at[i].address ||
		    w->seen.at[i].code != g->seen.at[i].code)
			return false;
	return true;
}

bool
guess_again(struct python *p, struct watch *w, size_t *same)
{
	struct guess *g = &p->guess;
	struct claim *c = &g->claim;

	c->stood |= has_stood(p, w);

	if (c->sure == c->n && c->from == c->sure)
		return false;
	if (!claim_is_known(p, c))
		return false;
	take(p, w, c->n, same);
	lower_same(same, c->from > 0 ? c->from - 1 : 0);
	g->told = codes_check(p, w, *same);
	return g->told;
}

bool
guess_is_vain(const struct python *p, const struct watch *w)
{
	const struct guess *g = &p->guess;
	size_t n = w->places.n;

	return g->made && (w->vain > VAIN_MAX || g->claim.n == 0) && n && g->innermost &&
	       w->places.at[n - 1].code == g->innermost;
}

void
guess_note(struct watch *w, bool known)
{
	share_count(&w->vain, !known);
}

bool
guess_stands(const struct python *p)
{
	return memcmp(p->guess.state, p->window.state, p->window.state_bytes) == 0;
}

void
guess_give_up(struct python *p, struct watch *w, size_t *same)
{
	take(p, w, p->guess.claim.sure, same);
}
