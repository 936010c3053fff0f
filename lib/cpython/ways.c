/* SPDX-License-Identifier: MIT */
/*
 * The ways. A chain may join what two callers do though every call in it is a
 * true one: a calls s, s calls z, but not when a called it. Before 3.11, where
 * reading takes longer and each function has one frame that all its callers
 * share, the whole way to a call must have been seen twice for a stack to count:
 * 1 in 100,000 samples of such chains was wrong without. From 3.11 on a known
 * way makes a guess right. Windows that are read one after another may agree by
 * accident for the same reason, in a loop that comes round just as they do: only
 * those that are far apart count.
 */
#include "cpython/python.h"

enum {
	OFTEN = 2,      /* windows that must show a way */
	SOON = 256,     /* windows between two of them, before 3.11 */
	LATE = 1 << 16, /* the same from 3.11 on, where a way is not what proves a stack; */
	APART = 32,     /* and so many at least, more than a thread on the move takes */
	LATELY = 128,   /* ways to a function; of its first ones all may be new */
	FEW = 8,        /* one of so many */
	/* The only way to a function. With 8, one in a million guesses was wrong. */
	SINGLE_OFTEN = 24,
};

uint64_t
way_to(uint64_t way, const struct python_code *inner)
{
	return hash_number(hash_number(way) + code_id(inner)) & ~(uint64_t)1;
}

/* Where the way is kept; or where it may be, in place of another. */
static struct way *
way_slot(struct python *p, uint64_t key)
{
	struct way *slot = &p->ways.known[(key / 2 % KNOWN_WAYS) & ~(uint64_t)1];

	if (slot[0].key == key || slot[1].key == key)
		return &slot[slot[1].key == key];
	return &slot[slot[1].seen < slot[0].seen];
}

bool
way_is_known(struct python *p, uint64_t key)
{
	struct way *way = way_slot(p, key);

	if (way->key != key)
		return false;
	way->seen = p->calls.window;
	return way->sighting.times >= OFTEN;
}

/* Counts a proof of a way to the function. */
static void
count(struct code *c, bool anew)
{
	c->proved++;
	c->proved_anew += anew;
	if (anew && c->ways < UINT16_MAX)
		c->ways++;
	if (c->proved < LATELY)
		return;
	c->proved = c->proved_long ? c->proved / 2 : 0;
	c->proved_anew = c->proved_long ? c->proved_anew / 2 : 0;
	c->proved_long = true;
}

void
way_learn(struct python *p, uint64_t key, const struct python_code *innermost)
{
	struct way *way = way_slot(p, key);
	struct sighting *s = &way->sighting;
	bool anew = way->key != key;

	if (anew)
		*way = (struct way){ .key = key };
	way->seen = p->calls.window;
	if (innermost)
		count(code_behind(innermost), anew);
	if (p->heap.used) {
		sighting_add(s, p->calls.window, OFTEN, SOON);
		return;
	}
	if (s->times == 0 || p->calls.window - s->window > APART)
		sighting_add(s, p->calls.window, OFTEN, LATE);
}

bool
way_is_single(const struct python_code *innermost)
{
	const struct code *c = code_behind(innermost);

	return c && c->ways == 1 && (c->proved_long || c->proved >= SINGLE_OFTEN);
}

/* As many as were new, as likely is the next one to be (Good and Turing). */
bool
ways_vary(const struct python_code *innermost)
{
	const struct code *c = code_behind(innermost);

	return c && c->proved_long && c->proved >= LATELY / 2 &&
	       c->proved_anew * FEW >= c->proved;
}
