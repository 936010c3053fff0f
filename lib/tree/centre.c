/* SPDX-License-Identifier: MIT */
/* The factor that most functions have in common; see tree/judging.h. */
#include "tree/judging.h"

#include <math.h>
#include <stdlib.h>

/* Functions with so many samples on each side have a say; below three there is no centre. */
static const double centre_samples = 20;
enum { CENTRE_FUNCTIONS = 3, CENTRE_ROUNDS = 50 };

/*
 * No function counts as better known than to 2 %, so that a large one that changed cannot be
 * the centre; and what lies further off than so many errors has no say (Tukey's biweight).
 */
static const double centre_floor = 0.02, centre_reach = 4.685;

/* A function's ratio of shares, as a logarithm. */
struct point {
	size_t function;
	double ratio, error;
	double weight;
};

static int
by_ratio(const void *left, const void *right)
{
	const struct point *l = left, *r = right;

	if (l->ratio != r->ratio)
		return l->ratio < r->ratio ? -1 : 1;
	return l->function < r->function ? -1 : l->function > r->function;
}

static size_t
list_points(const struct judging *j, struct point *points)
{
	size_t n = 0;

	for (size_t f = 0; f < j->q->functions; f++) {
		const struct judge_row *r = &j->self.row[f];
		double variance = 0;

		if (r->sum[0] < centre_samples || r->sum[1] < centre_samples)
			continue;
		for (int side = 0; side < 2; side++)
			variance += judge_variance(j, &j->self.prior, r->excess[side], side,
			                           r->share[side]) /
			            (r->sum[side] * r->sum[side]);
		points[n++] = (struct point){ .function = f,
			                      .ratio = log(r->share[1] / r->share[0]),
			                      .error = sqrt(variance) };
	}
	qsort(points, n, sizeof *points, by_ratio);
	return n;
}

static double
width(const struct point *p)
{
	return p->error * p->error + centre_floor * centre_floor;
}

/*
 * A function that is known better than all others together would be the centre by itself, and
 * they would have changed, not it; so it weighs less than they do.
 */
static double
weighted_median(const struct point *points, size_t n)
{
	double all = 0, largest = 0, most, sum = 0;
	size_t i = 0;

	for (size_t k = 0; k < n; k++) {
		all += 1 / width(&points[k]);
		largest = fmax(largest, 1 / width(&points[k]));
	}
	most = 0.9 * (all - largest);
	all += fmin(most - largest, 0);
	for (; i + 1 < n && sum + fmin(1 / width(&points[i]), most) <= all / 2; i++)
		sum += fmin(1 / width(&points[i]), most);
	return points[i].ratio;
}

/* From the median on, towards the mean of those that lie near. The weights add up to 1. */
static double
find_middle(struct point *points, size_t n)
{
	double middle = weighted_median(points, n);

	for (int round = 0; round < CENTRE_ROUNDS; round++) {
		double all = 0, sum = 0;

		for (size_t i = 0; i < n; i++) {
			struct point *p = &points[i];
			double away = (p->ratio - middle) / centre_reach;
			double near = fmax(1 - away * away / width(p), 0);

			p->weight = near * near / width(p);
			all += p->weight;
			sum += p->weight * p->ratio;
		}
		middle = sum / all;
		for (size_t i = 0; i < n; i++)
			points[i].weight /= all;
	}
	return middle;
}

/* By how much a replicate draws the centre of its side up. */
static double
pull(const struct judging *j, const struct point *points, size_t n, int side, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < n; k++) {
		size_t f = points[k].function;
		double mean = j->self.row[f].share[side] * judge_exposure(j, side, i);

		sum += points[k].weight * (judge_count(j, &j->self, side, f, i) / mean - 1);
	}
	return sum;
}

/* Adds up numbers, one by replicate, to the variance of their mean. */
struct spread {
	double n, sum, squares;
};

static void
spread_add(struct spread *s, double x)
{
	s->n++;
	s->sum += x;
	s->squares += x * x;
}

static double
spread_of_mean(const struct spread *s)
{
	return s->n < 2 ? NAN
	                : fmax(s->squares - s->sum * s->sum / s->n, 0) / (s->n - 1) / s->n;
}

/* A logarithm that the sides' replicates are spread around, each by itself (Welch). */
static struct judge_centre
centre_of(double at, const struct spread side[2])
{
	double v[2] = { spread_of_mean(&side[0]), spread_of_mean(&side[1]) };
	double sum = v[0] + v[1];
	double parts = v[0] * v[0] / (side[0].n - 1) + v[1] * v[1] / (side[1].n - 1);

	return (struct judge_centre){ at, sqrt(sum), parts > 0 ? sum * sum / parts : 1 };
}

/*
 * The spread of the pulls holds what functions have in common, but of few replicates it may be
 * small by chance; so it is drawn to what it would be if functions were independent.
 */
static void
find_error(struct judging *j, const struct point *points, size_t n)
{
	double independent = 0, prior = j->self.prior.freedom;
	double freedom = j->replicates[0] + j->replicates[1] - 2;

	for (size_t k = 0; k < n; k++)
		independent += pow(points[k].weight * points[k].error, 2);
	j->shares.freedom = prior + freedom;
	j->shares.error = sqrt((prior * independent +
	                        freedom * j->self.prior.stretch * pow(j->shares.error, 2)) /
	                       (prior + freedom));
}

void
judge_find_centre(struct judging *j)
{
	struct point *points = arena_array(j->a, struct point, j->q->functions);
	size_t n = list_points(j, points);
	struct spread pulls[2] = { 0 }, amounts[2] = { 0 }, both[2] = { 0 };
	double whole = log(j->q->side[1].whole / j->q->side[0].whole), middle = 0;

	if (n < CENTRE_FUNCTIONS)
		n = 0;
	else
		middle = find_middle(points, n);
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < j->q->side[side].replicates; i++) {
			double by, amount;

			if (judge_exposure(j, side, i) <= 0 || j->q->side[side].amount[i] <= 0)
				continue;
			by = pull(j, points, n, side, i);
			amount = log(j->q->side[side].amount[i]);
			spread_add(&pulls[side], by);
			spread_add(&amounts[side], amount);
			spread_add(&both[side], by + amount);
		}
	}
	j->shares = centre_of(middle, pulls);
	j->amounts = centre_of(whole, amounts);
	j->common = centre_of(middle + whole, both);
	j->common.error = hypot(j->common.error, judge_unseen(j) * sqrt(2));
	if (n > 0 && j->q->basis != JUDGE_NONE)
		find_error(j, points, n);
}
