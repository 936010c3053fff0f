/* SPDX-License-Identifier: MIT */
#include "tree/replicates.h"

#include "tree/inside.h"

enum {
	REPLICATES = 64, /* of a side, at most: more tell nothing new of the spread */
	SLICES_OF_A_WINDOW = 16,
	SLICE_TICKS = 20,      /* fewer tell too little */
	RUNS_MIN = 3,          /* of each side, to be replicates */
	TIMED_SAMPLES = 10000, /* that a run of times alone counts for, the mean of such runs */
	MS_NS = 1000000,
};

/* A sum of runs is no replicate, and neither is what has nothing. */
static bool
is_source(const struct tree_run *r)
{
	return r->cells.n > 0 && !(r->about.flags & STREAM_SUMMED);
}

/* Times alone, which somebody else took: nobody knows of how many samples, if of any. */
static bool
is_timed(const struct replicates *p, const struct tree_run *r)
{
	uint64_t samples = 0;

	for (size_t i = 0; i < r->cells.n; i++)
		samples |= r->cells.at[i].samples;
	return p->d->unit == VIEW_NS && r->about.interval_ns == 0 && samples == 0;
}

/* So that a run of times alone counts for no more than one of a sampler's that takes a while. */
static double
find_timed_ns(const struct replicates *p)
{
	const struct tree *t = p->d->tree;
	double ns = 0, runs = 0;

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		if (!is_source(r) || !is_timed(p, r))
			continue;
		runs++;
		for (size_t k = 0; k < r->cells.n; k++)
			ns += (double)view_weight(VIEW_NS, r, &r->cells.at[k]);
	}
	return runs > 0 ? ns / runs / TIMED_SAMPLES : 0;
}

/* The weight of a sample of a run. */
static double
sample_of(const struct replicates *p, const struct tree_run *r)
{
	const struct stream_run *about = &r->about;

	if (about->unit_ns == 0)
		return 0;
	if (about->interval_ns)
		return (double)about->interval_ns / (double)about->unit_ns;
	return is_timed(p, r) ? p->timed_ns / (double)about->unit_ns : 0;
}

double
replicates_samples(const struct source *s, const struct tree_cell *c)
{
	return s->sample > 0 ? (double)c->weight / s->sample : (double)c->samples;
}

static void
add_source(struct replicates *p, struct source s)
{
	s.sample = sample_of(p, s.run);
	*vec_push(p->a, &p->sources) = s;
}

/* Cuts a window into slices of whole epochs. None: it is no window, or too short. */
static void
cut(struct source *s, size_t most)
{
	const struct stream_run *about = &s->run->about;
	uint64_t epoch_ns = number_multiply(about->epoch_ms, MS_NS), epochs, least;

	if (epoch_ns == 0 || about->interval_ns == 0 || s->run->outcomes.n == 0 ||
	    about->flags & STREAM_LAUNCHED)
		return;
	epochs = watched_ns(s->run) / epoch_ns;
	epochs = epochs < TREE_EPOCHS ? epochs : TREE_EPOCHS;
	least = (number_multiply(about->interval_ns, SLICE_TICKS) + epoch_ns - 1) / epoch_ns;
	s->slice_epochs = (epochs + most - 1) / most;
	s->slice_epochs = s->slice_epochs > least ? s->slice_epochs : least;
	s->slices = s->slice_epochs ? epochs / s->slice_epochs : 0;
}

static size_t
count_runs(const struct tree *t, int side)
{
	size_t n = 0;

	for (size_t i = 0; i < t->runs.n; i++)
		n += is_source(t->runs.at[i]) &&
		     (t->runs.at[i]->about.side == STREAM_CURRENT) == side;
	return n;
}

/*
 * The runs of a side are the replicates. Of more than there may be each stands for as many runs,
 * which are dealt out in turn: they come in the order of their ids, which is none.
 */
static void
list_runs(struct replicates *p)
{
	const struct tree *t = p->d->tree;
	size_t dealt[2] = { 0 };

	for (int side = 0; side < 2; side++) {
		size_t runs = count_runs(t, side), of = (runs + REPLICATES - 1) / REPLICATES;

		p->n[side] = of ? runs / of : 0;
	}
	for (size_t i = 0; i < t->runs.n; i++) {
		struct source s = { .run = t->runs.at[i] };

		s.side = s.run->about.side == STREAM_CURRENT;
		if (!is_source(s.run))
			continue;
		s.first = dealt[s.side]++ % p->n[s.side];
		add_source(p, s);
	}
}

/* The slices of a side's windows are. */
static void
list_slices(struct replicates *p)
{
	const struct tree *t = p->d->tree;
	size_t most[2] = { REPLICATES, REPLICATES };

	for (int side = 0; side < 2; side++) {
		most[side] /= count_runs(t, side) ? count_runs(t, side) : 1;
		most[side] = most[side] < SLICES_OF_A_WINDOW ? most[side] : SLICES_OF_A_WINDOW;
	}
	for (size_t i = 0; i < t->runs.n; i++) {
		struct source s = { .run = t->runs.at[i] };

		s.side = s.run->about.side == STREAM_CURRENT;
		s.first = p->n[s.side];
		if (is_source(s.run) && most[s.side])
			cut(&s, most[s.side]);
		if (s.slices == 0)
			continue;
		p->n[s.side] += s.slices;
		add_source(p, s);
	}
}

struct replicates
replicates_of(struct arena *a, const struct diff *d)
{
	struct replicates none = { .a = a, .d = d, .missed = missed_nodes(a, d->tree) }, p;

	none.timed_ns = find_timed_ns(&none);
	p = none;
	if (count_runs(d->tree, 0) < RUNS_MIN || count_runs(d->tree, 1) < RUNS_MIN) {
		p.basis = JUDGE_EPOCHS;
		list_slices(&p);
		if (p.n[0] >= JUDGE_EPOCHS_MIN && p.n[1] >= JUDGE_EPOCHS_MIN)
			return p;
		p = none;
	} else {
		p.basis = JUDGE_RUNS;
	}
	list_runs(&p);
	return p;
}

bool
replicates_find(const struct source *s, const struct tree_cell *c, size_t *replicate)
{
	size_t slice = s->slices ? c->epoch / s->slice_epochs : 0;

	*replicate = s->first + slice;
	return s->slices == 0 || slice < s->slices;
}
