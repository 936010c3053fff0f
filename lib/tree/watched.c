/* SPDX-License-Identifier: MIT */
#include "tree/watched.h"

#include "tree/inside.h"

enum { MS_NS = 1000000 };

static bool
knows_missed(const struct tree *t)
{
	for (size_t i = 1; i < t->functions.n; i++)
		if (t->functions.at[i].kind == STREAM_KIND_MISSED)
			return true;
	return false;
}

bool *
missed_nodes(struct arena *a, const struct tree *t)
{
	bool *missed = arena_array(a, bool, t->nodes.rows.n);

	if (!knows_missed(t))
		return missed;
	for (size_t i = 1; i < t->nodes.rows.n; i++) {
		const struct tree_node *node = &t->nodes.rows.at[i];
		uint32_t function = t->frames.at[node->frame].function;

		missed[i] = missed[node->parent] ||
		            t->functions.at[function].kind == STREAM_KIND_MISSED;
	}
	return missed;
}

uint64_t
watched_ns(const struct tree_run *r)
{
	uint64_t ns = 0, last = 0;

	for (size_t i = 0; i < r->outcomes.n; i++)
		ns = number_add(ns,
		                number_multiply(r->outcomes.at[i].to - r->outcomes.at[i].from,
		                                r->about.unit_ns));
	if (ns || r->about.epoch_ms == 0)
		return ns;
	for (size_t i = 0; i < r->cells.n; i++)
		last = r->cells.at[i].epoch + 1u > last ? r->cells.at[i].epoch + 1u : last;
	return number_multiply(last, number_multiply(r->about.epoch_ms, MS_NS));
}

/* Of a sum it is not known how many there were. */
static bool
is_launched(const struct tree_run *r)
{
	return r->about.flags & STREAM_LAUNCHED && !(r->about.flags & STREAM_SUMMED);
}

static bool
is_complete(const struct tree_run *r)
{
	return is_launched(r) && r->outcomes.n &&
	       r->outcomes.at[r->outcomes.n - 1].reason == STREAM_TARGET_ENDED;
}

static void
add_ticks(struct watched *w, const struct tree_run *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct stream_outcome *o = &r->outcomes.at[i];

		w->ticks = number_add(w->ticks, o->ticks);
		for (int loss = STREAM_LOSS_LATE; loss <= STREAM_LOSS_FULL; loss++)
			w->missed_ticks = number_add(w->missed_ticks, o->losses[loss]);
	}
}

static void
add_run(struct watched *w, const struct tree_run *r, enum view_unit unit, const bool *missed)
{
	w->runs++;
	for (size_t i = 0; i < r->cells.n; i++) {
		uint64_t weight = view_weight(unit, r, &r->cells.at[i]);

		w->weight = number_add(w->weight, weight);
		w->covered = number_add(w->covered, missed[r->cells.at[i].node] ? 0 : weight);
	}
	w->ns = number_add(w->ns, watched_ns(r));
	w->launched &= is_launched(r);
	w->complete &= is_complete(r);
	w->summed |= (r->about.flags & STREAM_SUMMED) != 0;
	add_ticks(w, r);
}

void
watched_sides(const struct tree *t, struct watched side[2])
{
	struct arena scratch = { 0 };
	const bool *missed = missed_nodes(&scratch, t);
	enum view_unit unit = view_unit(t);

	side[0] = side[1] = (struct watched){ .launched = true, .complete = true };
	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		add_run(&side[r->about.side == STREAM_CURRENT], r, unit, missed);
	}
	arena_empty(&scratch);
}
