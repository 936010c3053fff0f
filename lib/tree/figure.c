/* SPDX-License-Identifier: MIT */
/* What is said of one function; see tree/judging.h. */
#include "tree/distribution.h"
#include "tree/judging.h"

#include <math.h>

static const double interval_tails = 0.05, missed = 0.2, tenth = 0.1;

/* A difference or logarithm of a ratio has an error from each side. */
struct errors {
	double side[2]; /* squared */
};

/*
 * Of runs both sides' degrees of freedom are one estimate's; each window has its own (Welch).
 */
static double
freedom_of(const struct judging *j, const struct judge_list *l, const struct judge_row *r,
           const struct errors *e)
{
	double prior = l->prior.freedom, sum = e->side[0] + e->side[1], parts = 0;

	if (j->q->basis != JUDGE_EPOCHS)
		return prior + r->freedom[0] + r->freedom[1];
	for (int side = 0; side < 2; side++)
		parts += e->side[side] * e->side[side] / (prior + r->freedom[side]);
	return parts > 0 ? sum * sum / parts : prior;
}

/*
 * How probable the difference is if there is none but the common one. What the function would
 * have then is known best from both sides together, also when one of them has nothing of it.
 */
static double
test(const struct judging *j, const struct judge_list *l, const struct judge_row *r)
{
	double common = exp(j->shares.at), difference = r->share[1] - common * r->share[0];
	double share = (r->sum[0] + r->sum[1]) / (j->exposure[0] + common * j->exposure[1]);
	double factor[2] = { common, 1 }, variance = pow(common * share * j->shares.error, 2);
	struct errors e;

	if (fabs(difference) < 1e-12)
		return 1;
	for (int side = 0; side < 2; side++) {
		double here = fmin(side ? common * share : share, 1);

		e.side[side] = judge_variance(j, &l->prior, r->excess[side], side, here) *
		               pow(factor[side] / j->exposure[side], 2);
		variance += e.side[side];
	}
	return student_tails(difference / sqrt(variance), freedom_of(j, l, r, &e));
}

/*
 * What was not seen at all may have been there for half a visit: half of what makes one, in
 * samples, so that sampling faster does not make it less.
 */
static double
samples_seen(const struct judge_list *l, const struct judge_row *r, int side)
{
	return r->sum[side] > 0 ? r->sum[side] : l->prior.alpha * r->excess[side] / 2;
}

struct interval {
	double low, at, high;
};

static struct interval
interval_of(double at, double error, double t)
{
	return (struct interval){ exp(at - t * error), exp(at), exp(at + t * error) };
}

/* Nothing of it on a side: the ratio is 0, or none, and has one end. */
static void
cut_off(struct interval *i, const struct judge_row *r)
{
	if (r->sum[0] <= 0)
		i->at = i->high = NAN;
	else if (r->sum[1] <= 0)
		i->at = i->low = 0;
}

struct judge_figure
judge_measure(const struct judging *j, const struct judge_list *l, size_t f)
{
	const struct judge_row *r = &l->row[f];
	double ratio = 0, t;
	struct interval scaled, adjusted;
	struct errors e;

	for (int side = 0; side < 2; side++) {
		double seen = samples_seen(l, r, side);
		double share = fmin(seen / j->exposure[side], 1);

		ratio += side ? log(share) : -log(share);
		e.side[side] = judge_variance(j, &l->prior, r->excess[side], side, share) /
		               (seen * seen);
	}
	t = student_quantile(interval_tails, freedom_of(j, l, r, &e));
	scaled = interval_of(ratio + j->amounts.at,
	                     hypot(sqrt(e.side[0] + e.side[1]), j->amounts.error), t);
	adjusted = interval_of(ratio - j->shares.at,
	                       hypot(sqrt(e.side[0] + e.side[1]), j->shares.error), t);
	cut_off(&scaled, r);
	cut_off(&adjusted, r);
	return (struct judge_figure){ .ratio = scaled.at,
		                      .low = scaled.low,
		                      .high = scaled.high,
		                      .adjusted = adjusted.at,
		                      .adjusted_low = adjusted.low,
		                      .adjusted_high = adjusted.high,
		                      .p = test(j, l, r) };
}

double
judge_smallest(const struct judging *j, double level)
{
	const struct judge_prior *p = &j->self.prior;
	double variance = pow(j->shares.error, 2), t, freedom, error;

	freedom = p->freedom + j->replicates[0] + j->replicates[1] - 2;
	for (int side = 0; side < 2; side++)
		variance += judge_variance(j, p, 1, side, tenth) /
		            pow(tenth * j->exposure[side], 2);
	error = sqrt(variance);
	t = fmax(student_quantile(level, freedom) * error, log(1 + j->q->min_effect));
	return exp(t + student_quantile(2 * missed, freedom) * error) - 1;
}
