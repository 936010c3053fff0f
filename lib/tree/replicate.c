/* SPDX-License-Identifier: MIT */
/*
 * Totals of functions are summed per replicate over all nodes at once, TOGETHER
 * replicates side by side: so each node is touched once for many of them, and
 * each cell for those alone that it may belong to.
 */
#include "tree/replicate.h"

#include "tree/inside.h"
#include "tree/replicates.h"

enum {
	TOGETHER = 8, /* replicates that are summed at once */
	MS_NS = 1000000,
};

/* All scales but none have what was missed left out already. */
static double
whole_of(const struct replicates *p, int side)
{
	const struct watched *w = &p->d->side[side];
	bool as_measured = p->d->compare->about.scale == STREAM_SCALE_NONE;
	uint64_t weight = as_measured ? w->weight : w->covered;

	return side ? (double)weight : compare_scaled(p->d->compare, weight);
}

/*
 * What a replicate's whole is divided by, for the scale: the time it was watched by the wall, or
 * the number of its runs.
 */
static double
divisor_of(const struct replicates *p, const struct source *s)
{
	const struct stream_run *about = &s->run->about;

	if (p->d->compare->about.scale != STREAM_SCALE_WALL)
		return 1;
	return s->slices ? (double)(s->slice_epochs * about->epoch_ms) * MS_NS
	                 : (double)watched_ns(s->run);
}

/* Adds the source's exposures and amounts to those of its replicates, which are undivided yet. */
static void
measure_source(const struct replicates *p, const struct source *s, double *exposure,
               double *amount, double *divisor)
{
	size_t n = replicates_count(s), at;

	for (size_t k = 0; k < s->run->cells.n; k++) {
		const struct tree_cell *c = &s->run->cells.at[k];

		if (!replicates_find(s, c, &at))
			continue;
		exposure[at] += p->missed[c->node] ? 0 : replicates_samples(s, c);
		amount[at] += (double)view_weight(p->d->unit, s->run, c);
	}
	for (at = s->first; at < s->first + n; at++)
		divisor[at] += divisor_of(p, s);
}

/*
 * Amounts are with what was missed: that has passed, and belongs to functions in the shares that
 * the others have.
 */
static struct judge_side
measure_side(const struct replicates *p, int side)
{
	bool share = p->d->compare->about.scale == STREAM_SCALE_SHARE;
	size_t n = p->n[side];
	double *exposure = arena_array(p->a, double, n), *amount = arena_array(p->a, double, n);
	double *divisor = arena_array(p->a, double, n);

	for (size_t i = 0; i < p->sources.n; i++)
		if (p->sources.at[i].side == side)
			measure_source(p, &p->sources.at[i], exposure, amount, divisor);
	for (size_t i = 0; i < n; i++)
		amount[i] = share ? 1 : divisor[i] > 0 ? amount[i] / divisor[i] : 0;
	return (struct judge_side){ .replicates = n,
		                    .exposure = exposure,
		                    .amount = amount,
		                    .whole = whole_of(p, side) };
}

/* Whether any of a source's replicates is among those that are summed from there on. */
static bool
is_among(const struct source *s, size_t from)
{
	return s->first < from + TOGETHER && from < s->first + replicates_count(s);
}

/* Self counts go to their rows; what the nodes got is put side by side, for the totals. */
static void
add_cells(const struct replicates *p, int side, size_t from, const uint32_t *rows, double *self,
          double *nodes)
{
	for (size_t i = 0; i < p->sources.n; i++) {
		const struct source *s = &p->sources.at[i];
		size_t cells = s->side == side && is_among(s, from) ? s->run->cells.n : 0;

		for (size_t k = 0; k < cells; k++) {
			const struct tree_cell *c = &s->run->cells.at[k];
			uint32_t node = p->d->of[c->node];
			uint32_t row = rows[p->d->nodes[node].function];
			size_t at;

			if (p->missed[c->node] || !replicates_find(s, c, &at) || at < from ||
			    at >= from + TOGETHER)
				continue;
			nodes[(size_t)node * TOGETHER + at - from] += replicates_samples(s, c);
			if (row)
				self[(row - 1) * p->n[side] + at] += replicates_samples(s, c);
		}
	}
}

/* From the leaves up; a function's total is that of the nodes with none of its own above. */
static void
add_totals(const struct replicates *p, int side, size_t from, const uint32_t *rows,
           double *total, double *nodes)
{
	size_t n = p->n[side] - from < TOGETHER ? p->n[side] - from : TOGETHER;

	for (uint32_t i = p->d->count; i-- > 1;) {
		const struct diff_node *node = &p->d->nodes[i];
		const double *here = &nodes[(size_t)i * TOGETHER];
		double *parent = &nodes[(size_t)node->parent * TOGETHER];
		uint32_t row = rows[node->function];

		for (size_t k = 0; k < TOGETHER; k++)
			parent[k] += here[k];
		for (size_t k = 0; row && node->topmost && k < n; k++)
			total[(row - 1) * p->n[side] + from + k] += here[k];
	}
}

/* Rows for the functions that may have enough samples on both sides; judge() looks closer. */
static uint32_t *
number_functions(const struct replicates *p, size_t *n)
{
	const struct diff *d = p->d;
	uint32_t *rows = arena_array(p->a, uint32_t, d->function_count);

	for (uint32_t i = 1; i < d->function_count; i++) {
		const struct diff_sum *side = d->functions[i].side;
		uint64_t samples = number_add(side[0].total_samples, side[1].total_samples);
		double ns = (double)side[0].total + (double)side[1].total;

		if (samples >= JUDGE_SAMPLES ||
		    (p->timed_ns > 0 && ns >= JUDGE_SAMPLES * p->timed_ns))
			rows[i] = (uint32_t)++ * n;
	}
	return rows;
}

struct judge_question
replicate_question(struct arena *a, const struct diff *d, uint32_t **rows)
{
	struct arena scratch = { 0 };
	struct replicates p = replicates_of(a, d);
	struct judge_question q = { .basis = p.basis };
	double *nodes = arena_array(&scratch, double, (size_t)d->count *TOGETHER);

	*rows = number_functions(&p, &q.functions);
	for (int side = 0; side < 2; side++) {
		double *self = arena_array(a, double, q.functions *p.n[side]);
		double *total = arena_array(a, double, q.functions *p.n[side]);

		q.side[side] = measure_side(&p, side);
		for (size_t from = 0; from < p.n[side]; from += TOGETHER) {
			memset(nodes, 0, (size_t)d->count * TOGETHER * sizeof *nodes);
			add_cells(&p, side, from, *rows, self, nodes);
			add_totals(&p, side, from, *rows, total, nodes);
		}
		q.self[side] = self;
		q.total[side] = total;
	}
	arena_empty(&scratch);
	return q;
}
