/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom. Copying takes long enough for a short loop to come round
 * between the parts of one copy, and once more for the other, so that both
 * copies agree on what never was: up to 3 in 1000 samples of two chains of
 * three calls each that alternate. Such a chain joins two frames where one
 * never calls the other. So a call that was never seen before counts only
 * when other windows show it soon again: a true one is there again, in a
 * program that stands still as in one that runs through it all the time. They may
 * lie any time apart where the caller mentions the function by its name, and nothing
 * else is known to be called from that place: without the name, what never was came
 * first in 2 of 18 runs of such chains.
 * Two generators that take turns lie apart, and agree by accident more often. Where a
 * function is called by its name, which the caller mentions, another one hardly is: two
 * chains of three calls came round in step with reading for some ten milliseconds in a
 * million samples, and then every twentieth window joined them.
 */
#include "cpython/python.h"

#include <limits.h>

enum {
	KNOWN = INT_MAX, /* times */
	REFERRED_OFTEN = 3,
};

/* How many windows must show a call, and how many there may be between two of them. */
static const struct {
	unsigned often, soon;
} need[] = {
	[LEARN_EVER] = { 3, 8 },
	[LEARN_OUTSIDE] = { 5, 4 },
	[LEARN_APART] = { 6, 2 },
	[LEARN_STRANGE] = { 8, 2 },
};

static uint64_t
place_of(const struct python_place *place)
{
	return hash_number((uint64_t)place->code->id << 32 | (uint32_t)place->unit);
}

static uint64_t
key_of(const struct python_place *outer, const struct python_place *inner)
{
	return hash_number(place_of(outer) + inner->code->id) | 1;
}

/* The row of a key; NULL: there is none, and learning is not asked for. */
static struct call *
call_of(struct python *p, uint64_t key, bool learn)
{
	struct index_probe probe = index_probe(&p->calls.by_key, key);

	while (index_next(&p->calls.by_key, &probe))
		if (p->calls.rows.at[probe.row].key == key)
			return &p->calls.rows.at[probe.row];
	if (!learn)
		return NULL;
	index_add(&p->codes.arena, &p->calls.by_key, key, (uint32_t)p->calls.rows.n);
	*vec_push(&p->codes.arena, &p->calls.rows) = (struct call){ .key = key };
	return &p->calls.rows.at[p->calls.rows.n - 1];
}

bool
sighting_add(struct sighting *s, uint64_t window, unsigned often, unsigned soon)
{
	if (s->times < often && s->window != window) {
		s->all++;
		s->times = s->times && window - s->window <= soon ? s->times + 1 : 1;
		s->window = window;
	}
	return s->times >= often;
}

static uint64_t
pair_of(const struct python_code *outer, const struct python_code *inner)
{
	return hash_number(code_id(outer) << 32 | code_id(inner)) | 1;
}

/* Where a pair is kept; another one may be there. */
static struct site *
site_slot(struct python *p, uint64_t pair)
{
	return &p->calls.sites[pair / 2 % KNOWN_CALLS];
}

static struct site *
site_of(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	uint64_t pair = pair_of(outer, inner);
	struct site *site = site_slot(p, pair);

	if (site->key != pair)
		*site = (struct site){ .key = pair, .unit = -1 };
	return site;
}

/* The row of a place; NULL: nothing is known to be called from there. */
static struct callee *
callee_of(struct python *p, uint64_t place)
{
	struct index_probe probe = index_probe(&p->calls.by_place, place);

	while (index_next(&p->calls.by_place, &probe))
		if (p->calls.callees.at[probe.row].place == place)
			return &p->calls.callees.at[probe.row];
	return NULL;
}

/* How the function outer mentions the function inner. */
static enum mention
mention_of(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	struct site *site = site_of(p, outer, inner);

	if (site->mention == NOT_ASKED)
		site->mention = code_mentions(p, code_behind(outer), code_behind(inner));
	return site->mention;
}

static bool
mentions(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	return mention_of(p, outer, inner) != NOT_MENTIONED;
}

static void
note_call(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	uint64_t place = place_of(outer);
	struct callee *callee = callee_of(p, place);
	bool mentioned;

	site_of(p, outer->code, inner->code)->unit = outer->unit;
	if (callee && callee->id == inner->code->id)
		return;
	mentioned = mentions(p, outer->code, inner->code);
	if (!callee) {
		index_add(&p->codes.arena, &p->calls.by_place, place,
		          (uint32_t)p->calls.callees.n);
		callee = vec_push(&p->codes.arena, &p->calls.callees);
		*callee = (struct callee){ .place = place, .id = inner->code->id };
	}
	callee->several |= callee->id != inner->code->id;
	callee->mentioned |= mentioned;
	callee->unmentioned |= !mentioned;
}

/* Whether the place outer is not known to call another function than inner. */
static bool
may_call(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	const struct callee *callee = callee_of(p, place_of(outer));

	return !callee || (callee->id == inner->code->id && !callee->several);
}

/* Whether what is known to be called from there is all mentioned by outer, and inner is not. */
static bool
is_strange(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	const struct callee *callee = callee_of(p, place_of(outer));

	return callee && callee->mentioned && !callee->unmentioned &&
	       !mentions(p, outer->code, inner->code) && !callsite_at(p, outer).variable;
}

/* Counts a window that shows it. */
static void
sight(struct python *p, struct sighting *s, const struct python_place *outer,
      const struct python_place *inner, enum learn learn)
{
	unsigned often, soon;

	if (is_strange(p, outer, inner))
		learn = LEARN_STRANGE;
	often = need[learn].often, soon = need[learn].soon;
	if (sighting_add(s, p->calls.window, often, soon) ||
	    (learn == LEARN_EVER && s->all >= often && call_is_likely(p, outer, inner)))
		s->times = KNOWN;
	p->calls.doubted |= s->times != KNOWN;
}

bool
call_is_known(struct python *p, const struct python_place *outer,
              const struct python_place *inner, enum learn learn)
{
	uint64_t key = outer->code && inner->code ? key_of(outer, inner) : 0;
	struct call *call;

	if (key == 0)
		return true;
	if (p->calls.known[key / 2 % KNOWN_CALLS] == key) {
		if (learn != LEARN_NOT)
			note_call(p, outer, inner);
		return true;
	}
	call = call_of(p, key, learn != LEARN_NOT);
	if (call && learn != LEARN_NOT && call->sighting.times != KNOWN)
		sight(p, &call->sighting, outer, inner, learn);
	if (!call || call->sighting.times != KNOWN)
		return false;
	p->calls.known[key / 2 % KNOWN_CALLS] = key;
	if (learn != LEARN_NOT)
		note_call(p, outer, inner);
	return true;
}

bool
call_is_likely(struct python *p, const struct python_place *outer,
               const struct python_place *inner)
{
	if (outer->unit < 0 || !may_call(p, outer, inner))
		return false;
	return mentions(p, outer->code, inner->code);
}

bool
call_is_named(struct python *p, const struct python_place *outer,
              const struct python_place *inner)
{
	return call_is_likely(p, outer, inner) &&
	       mention_of(p, outer->code, inner->code) == BY_NAME;
}

void
call_ask_again(struct python *p, const struct python_code *outer,
               const struct python_code *inner)
{
	site_of(p, outer, inner)->mention = NOT_ASKED;
}

bool
call_is_possible(struct python *p, const struct python_code *outer,
                 const struct python_code *inner)
{
	return call_unit(p, outer, inner) >= 0 || mentions(p, outer, inner);
}

void
call_note_unit(struct python *p, const struct python_place *outer,
               const struct python_place *inner)
{
	struct site *site = site_of(p, outer->code, inner->code);

	if (site->unit < 0)
		site->unit = outer->unit;
}

int32_t
call_unit(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	uint64_t pair = pair_of(outer, inner);
	const struct site *site = site_slot(p, pair);

	return site->key == pair ? site->unit : -1;
}

bool
site_allows(struct python *p, const struct python_place *site, bool referred)
{
	uint64_t key = hash_number(~place_of(site)) | 1;
	struct call *call;

	if (p->calls.known[key / 2 % KNOWN_CALLS] == key)
		return referred;
	call = call_of(p, key, referred);
	if (call && referred)
		sighting_add(&call->sighting, p->calls.window, REFERRED_OFTEN, UINT_MAX);
	if (!call || call->sighting.times < REFERRED_OFTEN)
		return true;
	p->calls.known[key / 2 % KNOWN_CALLS] = key;
	return referred;
}
