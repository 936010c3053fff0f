/* SPDX-License-Identifier: MIT */
/*
 * Outcomes are kept by time. Those whose spans touch or overlap are one: what
 * they counted is added, and the reason is that of the one that ended last.
 */
#include "tree/inside.h"

static bool
touches(const struct stream_outcome *a, const struct stream_outcome *b)
{
	return a->from <= b->to && b->from <= a->to;
}

/* Samples without a time overlap as well. */
static bool
overlaps(const struct stream_outcome *a, const struct stream_outcome *b)
{
	bool timeless = a->from == a->to && b->from == b->to && a->from == b->from;

	return (a->from < b->to && b->from < a->to) || (timeless && a->samples && b->samples);
}

static void
outcome_join(struct stream_outcome *to, const struct stream_outcome *from)
{
	bool later = from->to > to->to || (from->to == to->to && from->reason > to->reason);

	to->reason = later ? from->reason : to->reason;
	to->from = to->from < from->from ? to->from : from->from;
	to->to = to->to > from->to ? to->to : from->to;
	to->ticks = number_add(to->ticks, from->ticks);
	to->samples = number_add(to->samples, from->samples);
	for (size_t i = 0; i < STREAM_LOSS_END; i++)
		to->losses[i] = number_add(to->losses[i], from->losses[i]);
}

/* The first outcome that does not end before at; in a run that is read it is the last. */
static size_t
outcome_place(const struct tree_run *r, uint64_t at)
{
	size_t i = r->outcomes.n;

	while (i && r->outcomes.at[i - 1].to >= at)
		i--;
	return i;
}

bool
tree_add_outcome(struct tree *t, struct tree_run *r, const struct stream_outcome *o)
{
	struct stream_outcome sum = *o;
	size_t first = outcome_place(r, o->from), end = first;
	bool once = true;

	for (; end < r->outcomes.n && touches(&r->outcomes.at[end], o); end++) {
		once &= !overlaps(&r->outcomes.at[end], o);
		outcome_join(&sum, &r->outcomes.at[end]);
	}
	if (end == first)
		vec_push(t->a, &r->outcomes);
	memmove(&r->outcomes.at[first + 1], &r->outcomes.at[end],
	        (r->outcomes.n - first - (end == first) - (end - first)) * sizeof sum);
	r->outcomes.n -= end > first ? end - first - 1 : 0;
	r->outcomes.at[first] = sum;
	t->doubled += !once;
	return once;
}
