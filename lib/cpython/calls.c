/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom. Copying takes long enough for a short loop to come round
 * between the parts of one copy, and once more for the other, so that both
 * copies agree on what never was: up to 3 in 1000 samples of two chains of
 * three calls each that alternate. Such a chain joins two frames where one
 * never calls the other. So a call that was never seen before counts only
 * when other windows show it soon again: a true one is there again, in a
 * program that stands still as in one that runs through it all the time. Where
 * nothing else is known to be called from that place, it may be later as well.
 * Two generators that take turns lie apart, and agree by accident more often.
 */
#include "cpython/python.h"

#include <limits.h>

enum {
	KNOWN = INT_MAX, /* times */
	CALLEES_MAX = 64,
	REFERRED_OFTEN = 3,
};

/* How many windows must show a call, and how many there may be between two of them. */
static const struct {
	unsigned often, soon;
} need[] = {
	[LEARN_NOT] = { 3, 0 },     [LEARN_LATER] = { 3, 8 }, [LEARN_SOON] = { 3, 8 },
	[LEARN_OUTSIDE] = { 5, 4 }, [LEARN_APART] = { 6, 2 },
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
sighting_add(struct sighting *s, uint64_t window, unsigned soon, unsigned often)
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

static struct site *
site_of(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	uint64_t key = pair_of(outer, inner);
	struct site *site = &p->calls.sites[key / 2 % KNOWN_CALLS];

	if (site->key != key)
		*site = (struct site){ .key = key, .unit = -1 };
	return site;
}

static struct callee *
callee_of(struct python *p, const struct python_place *outer)
{
	uint64_t key = hash_number(~place_of(outer)) | 1;
	struct callee *callee = &p->calls.callees[key / 2 % KNOWN_CALLS];

	if (callee->key != key)
		*callee = (struct callee){ .key = key, .id = UINT32_MAX };
	return callee;
}

static void
note_call(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	struct code *o = code_behind(outer->code), *i = code_behind(inner->code);
	struct callee *callee = callee_of(p, outer);
	size_t n = 0;

	site_of(p, outer->code, inner->code)->unit = outer->unit;
	callee->several |= callee->id != UINT32_MAX && callee->id != inner->code->id;
	callee->id = inner->code->id;
	while (n < o->callees.n && o->callees.at[n] != i)
		n++;
	if (n == o->callees.n && n < CALLEES_MAX)
		*vec_push(&p->codes.arena, &o->callees) = i;
}

/* Whether the place outer is not known to call another function than inner. */
static bool
may_call(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	const struct callee *callee = callee_of(p, outer);

	return callee->id == UINT32_MAX || (callee->id == inner->code->id && !callee->several);
}

bool
call_is_known(struct python *p, const struct python_place *outer,
              const struct python_place *inner, enum learn learn)
{
	unsigned often = need[learn].often, soon = need[learn].soon;
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
	if (call && learn != LEARN_NOT && call->sighting.times != KNOWN &&
	    (sighting_add(&call->sighting, p->calls.window, soon, often) ||
	     (learn == LEARN_LATER && call->sighting.all >= often &&
	      may_call(p, outer, inner))))
		call->sighting.times = KNOWN;
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
	struct site *site = site_of(p, outer->code, inner->code);

	if (outer->unit < 0 || !may_call(p, outer, inner))
		return false;
	if (site->mentioned == NOT_ASKED)
		site->mentioned =
			code_mentions(p, code_behind(outer->code), code_behind(inner->code))
				? MENTIONED
				: NOT_MENTIONED;
	return site->mentioned == MENTIONED;
}

struct code *
call_by_size(const struct code *outer, uint64_t bytes)
{
	struct code *found = NULL;

	for (size_t i = 0; i < outer->callees.n; i++) {
		if (outer->callees.at[i]->frame_bytes != bytes)
			continue;
		if (found)
			return NULL;
		found = outer->callees.at[i];
	}
	return outer->callees.n < CALLEES_MAX ? found : NULL;
}

int32_t
call_unit(struct python *p, const struct python_code *outer, const struct python_code *inner)
{
	return site_of(p, outer, inner)->unit;
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
		sighting_add(&call->sighting, p->calls.window, UINT_MAX, REFERRED_OFTEN);
	if (!call || call->sighting.times < REFERRED_OFTEN)
		return true;
	p->calls.known[key / 2 % KNOWN_CALLS] = key;
	return referred;
}
