/* SPDX-License-Identifier: MIT */
/*
 * How long a thread was on a CPU from one sample to the next.
 *
 * The scheduler's account tells how long in a span of time, the states of the
 * samples tell when: the account is shared over the time in which the thread was
 * on a CPU, as far as that goes, then over time of which nobody knows, then over
 * the rest. Where there is no account the state alone tells; where there is none
 * either, nobody knows.
 *
 * An account stands behind the samples that it is shared over, so three readings
 * of the rows follow each other: one finds the next account, one sums what the
 * states say of its span, and one goes from sample to sample.
 */
#include "formats/gecko_inside.h"

enum { UNKNOWN, ON, OFF, CLASSES }; /* of time, as stream_state() has it */

__extension__ typedef unsigned __int128 wide;

/* From the sample before to the next one, in the state of that before. */
struct stretch {
	uint64_t from, to;
	uint8_t is;
};

struct stretches {
	struct gecko_rows rows;
	struct stretch now;
	bool begun;
};

struct account {
	uint64_t from, to; /* units; to 0: there is none any more */
	struct {
		uint64_t units, ns; /* of the span; what of the account is theirs */
		uint64_t done;      /* units that are shared out already */
	} by[CLASSES];
};

struct sharing {
	struct gecko_rows accounts;
	struct stretches sums, samples;
	struct account account;
	uint64_t unit_ns;
};

/* The next stretch; false: there is none. The time before the first sample is none. */
static bool
next_stretch(struct stretches *s)
{
	enum gecko_is is;

	while ((is = gecko_take_row(&s->rows)) == GECKO_RAN)
		;
	if (is == GECKO_END)
		return false;
	s->now.from = s->begun ? s->now.to : s->rows.row.at;
	s->now.to = s->rows.row.at;
	return s->begun = true;
}

static uint64_t
overlap(const struct stretch *s, uint64_t from, uint64_t to)
{
	from = s->from > from ? s->from : from;
	to = s->to < to ? s->to : to;
	return from < to ? to - from : 0;
}

/* Sums what the states say of the account's span. */
static void
sum_states(struct stretches *s, struct account *x)
{
	for (;;) {
		x->by[s->now.is].units += overlap(&s->now, x->from, x->to);
		if (s->now.to >= x->to)
			return;
		s->now.is = s->rows.row.cpu % CLASSES;
		if (!next_stretch(s))
			return;
	}
}

/* Shares the nanoseconds of an account over what its span consists of. */
static void
share_out(struct account *x, uint64_t ran_ns, uint64_t unit_ns)
{
	static const int order[] = { ON, UNKNOWN, OFF };
	uint64_t rest = ran_ns, room;

	for (int i = 0; i < CLASSES; i++) {
		room = x->by[order[i]].units * unit_ns;
		x->by[order[i]].ns = rest < room ? rest : room;
		rest -= x->by[order[i]].ns;
	}
	for (int i = 0; rest && i < CLASSES; i++) {
		if (x->by[order[i]].units == 0)
			continue;
		x->by[order[i]].ns += rest;
		rest = 0;
	}
}

/* The next account, in x->account. */
static void
next_account(struct sharing *x)
{
	enum gecko_is is;

	x->account = (struct account){ 0 };
	while ((is = gecko_take_row(&x->accounts)) == GECKO_ROW)
		;
	if (is == GECKO_END)
		return;
	x->account.from = x->accounts.ran.from;
	x->account.to = x->accounts.ran.to;
	sum_states(&x->sums, &x->account);
	share_out(&x->account, x->accounts.ran.ran_ns, x->unit_ns);
}

/* What the account gives to so many of its units in that state. */
static uint64_t
take_share(struct account *x, uint8_t is, uint64_t units)
{
	uint64_t all = x->by[is].units, done = x->by[is].done, ns = x->by[is].ns;

	x->by[is].done += units;
	if (all == 0)
		return 0;
	return (uint64_t)((wide)(done + units) * ns / all - (wide)done * ns / all);
}

/* The nanoseconds of a stretch; false: nobody knows. */
static bool
measure(struct sharing *x, const struct stretch *s, uint64_t *ns)
{
	uint64_t bare = s->to - s->from, units;
	bool known = s->is != UNKNOWN || bare == 0;

	*ns = 0;
	while (x->account.to) {
		units = overlap(s, x->account.from, x->account.to);
		*ns += take_share(&x->account, s->is, units);
		bare -= units < bare ? units : bare;
		known |= units > 0;
		if (x->account.to > s->to)
			break;
		next_account(x);
	}
	if (s->is == ON)
		*ns += bare * x->unit_ns;
	return known;
}

void
gecko_write_cpu(struct json *j, const struct gecko *g, const struct gecko_run *r,
                const struct gecko_thread *h)
{
	struct arena scratch = { 0 };
	struct sharing *x = arena_new(&scratch, struct sharing);
	uint64_t ns;

	x->unit_ns = gecko_ns(r, 1);
	gecko_read_rows(&x->accounts, g, h);
	gecko_read_rows(&x->sums.rows, g, h);
	gecko_read_rows(&x->samples.rows, g, h);
	next_stretch(&x->sums);
	next_account(x);
	json_open(j, "threadCPUDelta", '[');
	while (next_stretch(&x->samples)) {
		if (measure(x, &x->samples.now, &ns))
			json_number(j, NULL, ns);
		else
			json_null(j, NULL);
		x->samples.now.is = x->samples.rows.row.cpu % CLASSES;
	}
	json_close(j, ']');
	arena_empty(&scratch);
}
