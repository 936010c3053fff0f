/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom. Copying takes long enough for a short loop to come round
 * between the parts of one copy, and once more for the other, so that both
 * copies agree on what never was: up to 3 in 1000 samples of two chains of
 * three calls each that alternate. Such a chain joins two frames where one
 * never calls the other. So a call that was never seen before counts only
 * when other windows show it soon again: a true one is there again, in a
 * program that stands still as in one that runs through it all the time.
 *
 * Before 3.11 reading takes longer, and each function has one frame that all
 * its callers share, so a chain may join what two callers do, of which every
 * call is a true one: a calls s, s calls z, but not when a called it. There
 * the whole way to a call must have been seen twice: 1 in 100,000 samples of
 * such chains was wrong without. From 3.11 on a known way makes a guess right:
 * see guess.h.
 */
#include "cpython/python.h"

#include <limits.h>

enum {
	SOON = 8,  /* windows between two that show it */
	OFTEN = 3, /* windows that must show it */
	/* The same of two frames that lie apart, where the outer one has changed lately. */
	APART_SOON = 2,
	APART_OFTEN = 6,
	KNOWN = INT_MAX, /* times */
	WAY_SOON = 256,
	WAY_LATE = 1 << 16, /* from 3.11 on, where a way is not what proves a stack */
	WAY_OFTEN = 2,      /* the same of ways */
};

static uint64_t
key_of(const struct python_place *outer, const struct python_place *inner)
{
	uint64_t place = (uint64_t)outer->code->id << 32 | (uint32_t)outer->unit;

	return hash_number(hash_number(place) + inner->code->id) | 1;
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

static bool
see(struct sighting *s, uint64_t window, unsigned soon, unsigned often)
{
	if (s->times < often && s->window != window) {
		s->times = s->times && window - s->window <= soon ? s->times + 1 : 1;
		s->window = window;
	}
	return s->times >= often;
}

bool
sighting_add(struct sighting *s, uint64_t window)
{
	return see(s, window, SOON, OFTEN);
}

static uint64_t
id_of(const struct python_code *code)
{
	return code ? code->id : UINT32_MAX;
}

static uint64_t
pair_of(const struct python_code *outer, const struct python_code *inner)
{
	return hash_number(id_of(outer) << 32 | id_of(inner)) | 1;
}

static void
note_site(struct python *p, const struct python_place *outer, const struct python_place *inner)
{
	uint64_t key = pair_of(outer->code, inner->code);

	p->calls.sites[key / 2 % KNOWN_CALLS] = (struct site){ key, outer->unit };
}

bool
call_is_known(struct python *p, const struct python_place *outer,
              const struct python_place *inner, enum learn learn)
{
	unsigned soon = learn == LEARN_APART ? APART_SOON : SOON;
	unsigned often = learn == LEARN_APART ? APART_OFTEN : OFTEN;
	uint64_t key = outer->code && inner->code ? key_of(outer, inner) : 0;
	struct call *call;

	if (key == 0)
		return true;
	if (p->calls.known[key / 2 % KNOWN_CALLS] == key) {
		if (learn != LEARN_NOT)
			note_site(p, outer, inner);
		return true;
	}
	call = call_of(p, key, learn != LEARN_NOT);
	if (call && learn != LEARN_NOT && see(&call->sighting, p->calls.window, soon, often))
		call->sighting.times = KNOWN;
	if (!call || call->sighting.times != KNOWN)
		return false;
	p->calls.known[key / 2 % KNOWN_CALLS] = key;
	if (learn != LEARN_NOT)
		note_site(p, outer, inner);
	return true;
}

int32_t
call_unit(const struct python *p, const struct python_code *outer,
          const struct python_code *inner)
{
	uint64_t key = pair_of(outer, inner);
	const struct site *site = &p->calls.sites[key / 2 % KNOWN_CALLS];

	return site->key == key ? site->unit : -1;
}

uint64_t
way_to(uint64_t way, const struct python_code *inner)
{
	return hash_number(hash_number(way) + id_of(inner)) & ~(uint64_t)1;
}

/* Where the way is kept; or where it may be, in place of another. */
static struct way *
way_slot(struct python *p, uint64_t key)
{
	struct way *slot = &p->calls.ways[(key / 2 % KNOWN_WAYS) & ~(uint64_t)1];

	if (slot[0].key == key || slot[1].key == key)
		return &slot[slot[1].key == key];
	return &slot[slot[1].seen < slot[0].seen];
}

bool
way_is_known(struct python *p, uint64_t key, bool learn)
{
	struct way *way = way_slot(p, key);

	if (way->key != key && learn)
		*way = (struct way){ .key = key };
	if (way->key != key)
		return false;
	way->seen = p->calls.window;
	if (learn)
		see(&way->sighting, p->calls.window, p->heap.used ? WAY_SOON : WAY_LATE,
		    WAY_OFTEN);
	return way->sighting.times >= WAY_OFTEN;
}

bool
site_allows(struct python *p, const struct python_place *site, bool referred)
{
	uint64_t place = (uint64_t)site->code->id << 32 | (uint32_t)site->unit;
	uint64_t key = hash_number(~hash_number(place)) | 1;
	struct call *call;

	if (p->calls.known[key / 2 % KNOWN_CALLS] == key)
		return referred;
	call = call_of(p, key, referred);
	if (call && referred)
		see(&call->sighting, p->calls.window, UINT_MAX, OFTEN);
	if (!call || call->sighting.times < OFTEN)
		return true;
	p->calls.known[key / 2 % KNOWN_CALLS] = key;
	return referred;
}
