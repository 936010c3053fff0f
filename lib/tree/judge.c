/* SPDX-License-Identifier: MIT */
#include "tree/judge.h"

#include "tree/distribution.h"
#include "tree/judging.h"

#include <math.h>
#include <stdlib.h>

static void
begin(struct judging *j)
{
	for (int side = 0; side < 2; side++) {
		j->self.count[side] = j->q->self[side];
		j->total.count[side] = j->q->total[side];
		for (size_t i = 0; i < j->q->side[side].replicates; i++) {
			double exposure = judge_exposure(j, side, i);

			j->replicates[side] += exposure > 0;
			j->exposure[side] += exposure;
			j->squares[side] += exposure * exposure;
		}
	}
	judge_disperse(j, &j->self);
	judge_disperse(j, &j->total);
	judge_find_centre(j);
}

/* Whether there is noise to be known, and both sides are there at all. */
static bool
can_tell(const struct judging *j)
{
	return j->q->basis != JUDGE_NONE && j->replicates[0] >= 2 && j->replicates[1] >= 2;
}

/* Takes back what cannot be known when nothing tells of the noise. */
static void
forget_intervals(struct judge_figure *f)
{
	f->low = f->high = f->adjusted_low = f->adjusted_high = f->p = NAN;
}

static void
measure_list(const struct judging *j, const struct judge_list *l, struct judge_figure *figures)
{
	for (size_t f = 0; f < j->q->functions; f++) {
		const struct judge_row *r = &l->row[f];

		figures[f] = judge_measure(j, l, f);
		if (r->sum[0] + r->sum[1] < JUDGE_SAMPLES)
			figures[f].verdict = JUDGE_TOO_FEW;
		if (!can_tell(j) || figures[f].verdict == JUDGE_TOO_FEW)
			forget_intervals(&figures[f]);
	}
}

static int
by_p(const void *left, const void *right)
{
	const double *l = left, *r = right;

	return (*l > *r) - (*l < *r);
}

/*
 * The p below which the rate of false discoveries among all that were tested is held, by
 * Benjamini and Hochberg.
 */
struct family {
	double *p;
	size_t tested, found;
	double level;
};

static void
family_add(struct family *family, const struct judge_figure *figures, size_t n)
{
	for (size_t f = 0; f < n; f++)
		if (!isnan(figures[f].p))
			family->p[family->tested++] = figures[f].p;
}

static void
family_close(struct family *family, double rate)
{
	double tests = (double)family->tested;

	qsort(family->p, family->tested, sizeof *family->p, by_p);
	for (size_t i = 0; i < family->tested; i++)
		if (family->p[i] <= rate * (double)(i + 1) / tests)
			family->found = i + 1;
	family->level = rate * fmax((double)family->found, 1) / fmax(tests, 1);
}

static bool
within(double low, double high, double effect)
{
	return low >= 1 / (1 + effect) && high <= 1 + effect;
}

/* The ratio that is far enough from 1 to count; one from 0 is. */
static bool
counts(double ratio, double effect)
{
	return !(fabs(ratio - 1) < effect);
}

static void
decide(struct judge_figure *figures, size_t n, double level, double effect)
{
	for (size_t f = 0; f < n; f++) {
		struct judge_figure *x = &figures[f];

		if (x->verdict == JUDGE_TOO_FEW || isnan(x->p))
			continue;
		if (x->p <= level && counts(x->adjusted, effect))
			x->verdict = JUDGE_CHANGED;
		else if (within(x->adjusted_low, x->adjusted_high, effect))
			x->verdict = JUDGE_NO_CHANGE;
	}
}

static void
tell_common(const struct judging *j, struct judge_answer *answer)
{
	double effect = j->q->min_effect, t;

	answer->common = isfinite(j->common.at) ? exp(j->common.at) : NAN;
	answer->common_low = answer->common_high = NAN;
	if (!can_tell(j))
		return;
	t = student_quantile(0.05, j->common.freedom) * j->common.error;
	answer->common_low = exp(j->common.at - t);
	answer->common_high = exp(j->common.at + t);
	if (within(answer->common_low, answer->common_high, effect))
		answer->common_verdict = JUDGE_NO_CHANGE;
	else if (counts(answer->common, effect) && fabs(j->common.at) > t)
		answer->common_verdict = JUDGE_CHANGED;
}

struct judge_answer
judge(struct arena *a, const struct judge_question *q)
{
	struct arena scratch = { 0 };
	struct judging j = { .q = q, .a = &scratch };
	struct family family = { .p = arena_array(&scratch, double, 2 * q->functions) };
	struct judge_answer answer = {
		.smallest = NAN,
		.self = arena_array(a, struct judge_figure, q->functions),
		.total = arena_array(a, struct judge_figure, q->functions)
	};

	begin(&j);
	measure_list(&j, &j.self, answer.self);
	measure_list(&j, &j.total, answer.total);
	family_add(&family, answer.self, q->functions);
	family_add(&family, answer.total, q->functions);
	family_close(&family, q->fdr);
	decide(answer.self, q->functions, family.level, q->min_effect);
	decide(answer.total, q->functions, family.level, q->min_effect);
	tell_common(&j, &answer);
	if (can_tell(&j))
		answer.smallest = judge_smallest(&j, family.level);
	arena_empty(&scratch);
	return answer;
}
