/* SPDX-License-Identifier: MIT */
/*
 * Who calls whom. Copying takes long enough for a short loop to come round
 * between the parts of one copy, and once more for the other, so that both
 * copies agree on what never was: up to 3 in 1000 samples of two chains of
 * three calls each that alternate. Such a chain joins two frames where one
 * never calls the other. So a call that was never seen before counts only
 * when other windows show it soon again: a true one is there again, in a
 * program that stands still as in one that runs through it all the time.
 */
#include "cpython/python.h"

enum {
	SOON = 8,  /* windows between two that show it */
	OFTEN = 3, /* windows that must show it */
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
	struct index_probe probe = index_probe(&p->by_call, key);

	while (index_next(&p->by_call, &probe))
		if (p->calls.at[probe.row].key == key)
			return &p->calls.at[probe.row];
	if (!learn)
		return NULL;
	index_add(&p->codes, &p->by_call, key, (uint32_t)p->calls.n);
	*vec_push(&p->codes, &p->calls) = (struct call){ .key = key };
	return &p->calls.at[p->calls.n - 1];
}

bool
sighting_add(struct sighting *s, uint64_t window)
{
	if (s->times < OFTEN && s->window != window) {
		s->times = s->times && window - s->window <= SOON ? s->times + 1 : 1;
		s->window = window;
	}
	return s->times >= OFTEN;
}

bool
call_is_known(struct python *p, const struct python_place *outer,
              const struct python_place *inner, bool learn)
{
	uint64_t key = outer->code && inner->code ? key_of(outer, inner) : 0;
	struct call *call;

	if (key == 0 || p->known_calls[key / 2 % KNOWN_CALLS] == key)
		return true;
	call = call_of(p, key, learn);
	if (call && learn)
		sighting_add(&call->sighting, p->window);
	if (!call || call->sighting.times < OFTEN)
		return false;
	p->known_calls[key / 2 % KNOWN_CALLS] = key;
	return true;
}
