/* SPDX-License-Identifier: MIT */
/* Comparisons worked by hand, and those at the edge: nothing there, nothing known. */
#include "tree/judge.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { FUNCTIONS = 16, REPLICATES = 16 };

static int failed;

static void
near(const char *what, double got, double want)
{
	if (isnan(want) ? isnan(got) : fabs(got - want) <= 1e-4 * fmax(fabs(want), 1e-2))
		return;
	printf("%s is %.9g, not %.9g\n", what, got, want);
	failed = 1;
}

static void
need(bool truth, const char *what)
{
	if (truth)
		return;
	printf("%s\n", what);
	failed = 1;
}

/* A question of functions whose total is their self, every replicate's whole being their sum. */
struct ask {
	size_t functions, replicates;
	enum judge_basis basis;
	double factor; /* of all counts */
	double counts[2][FUNCTIONS][REPLICATES];
};

static struct judge_answer
judged(struct arena *a, const struct ask *ask)
{
	size_t n = ask->replicates;
	struct judge_question q = { .basis = ask->basis,
		                    .functions = ask->functions,
		                    .fdr = 0.05,
		                    .min_effect = 0.05 };

	for (int side = 0; side < 2; side++) {
		double *counts = arena_array(a, double, n *FUNCTIONS);
		double *exposure = arena_array(a, double, n),
		       *amount = arena_array(a, double, n);
		double factor = ask->factor > 0 ? ask->factor : 1;

		q.side[side] = (struct judge_side){ n, exposure, amount, 0 };
		for (size_t i = 0; i < n; i++) {
			for (size_t f = 0; f < ask->functions; f++) {
				counts[f * n + i] = factor * ask->counts[side][f][i];
				exposure[i] += counts[f * n + i];
			}
			amount[i] = exposure[i] / 1000;
			q.side[side].whole += amount[i] / (double)n;
		}
		q.self[side] = q.total[side] = counts;
	}
	return judge(a, &q);
}

/*
 * Two functions share 200 samples: of 600, 300 and 360 are the first's. Too few for a centre,
 * or for more than one number of the prior, which weighs 4 degrees of freedom.
 *
 *	u       200 * 0.5 * 0.5 = 50, and 200 * 0.6 * 0.4 = 48
 *	squares 100 + 100 + 0 on both sides: 400 / 4 degrees of freedom = 100
 *	alpha   100 / 49 = 2.040816
 *	excess  (4 + 200 / (alpha 50) + 200 / (alpha 48)) / (4 + 4) = 1.000208
 *
 * Without a change both would have 0.55; what is off then has a variance on each side of
 * excess alpha 0.55 * 0.45 / 600 = 0.000842; so t is 0.1 / sqrt(0.001684) = 2.43683, of 8 degrees.
 *
 * The logarithm of the ratio has the variance excess alpha (0.5 / 300 + 0.4 / 360), its square
 * root is 0.075300, and 95 % of t lie within 2.306004.
 */
static void
check_by_hand(void)
{
	struct arena a = { 0 };
	const struct ask ask = { .functions = 2,
		                 .replicates = 3,
		                 .basis = JUDGE_RUNS,
		                 .counts = { { { 90, 110, 100 }, { 110, 90, 100 } },
		                             { { 110, 130, 120 }, { 90, 70, 80 } } } };
	struct judge_answer answer = judged(&a, &ask);
	const struct judge_figure *first = &answer.self[0];

	near("ratio", first->ratio, 1.2);
	near("adjusted", first->adjusted, 1.2);
	near("p", first->p, 0.040765);
	near("adjusted low", first->adjusted_low, 1.2 * exp(-2.306004 * 0.075300));
	near("adjusted high", first->adjusted_high, 1.2 * exp(2.306004 * 0.075300));
	near("low", first->low, first->adjusted_low);
	near("ratio of the second", answer.self[1].ratio, 0.8);
	near("p of the second", answer.self[1].p, first->p);
	near("common", answer.common, 1);
	need(first->verdict == JUDGE_CHANGED,
	     "all four of the family have the same p, so it stands");
	arena_empty(&a);
}

static void
check_no_basis(void)
{
	struct arena a = { 0 };
	const struct ask ask = { .functions = 3,
		                 .replicates = 1,
		                 .counts = { { { 500 }, { 400 }, { 4 } },
		                             { { 250 }, { 800 }, { 5 } } } };
	struct judge_answer answer = judged(&a, &ask);

	near("ratio without a basis", answer.self[0].ratio, 0.5);
	near("its low end", answer.self[0].low, NAN);
	near("its adjusted high end", answer.self[0].adjusted_high, NAN);
	near("its p", answer.self[0].p, NAN);
	near("the smallest", answer.smallest, NAN);
	near("the common low end", answer.common_low, NAN);
	need(answer.self[0].verdict == JUDGE_INCONCLUSIVE,
	     "without a basis all is inconclusive");
	need(answer.common_verdict == JUDGE_INCONCLUSIVE, "and so is the common factor");
	need(answer.self[2].verdict == JUDGE_TOO_FEW, "or too few");
	arena_empty(&a);
}

/* Ten functions of a hundred samples that wobble, and the one that is put in front of them. */
static struct ask
wobbling(size_t replicates, const double first[2], double width)
{
	struct ask ask = { .functions = 11, .replicates = replicates, .basis = JUDGE_RUNS };

	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < replicates; i++) {
			ask.counts[side][0][i] = first[side];
			for (size_t f = 1; f < 11; f++)
				ask.counts[side][f][i] =
					100 + width * sin((double)(7 * f + 3 * i * i +
				                                   31 * (size_t)side));
		}
	}
	return ask;
}

static void
check_new_and_gone(void)
{
	struct arena a = { 0 };
	struct ask ask = wobbling(3, (const double[]){ 0, 100 }, 10);
	struct judge_figure f = judged(&a, &ask).self[0];

	need(f.verdict == JUDGE_CHANGED, "what is new in each run is a change");
	near("the ratio from 0", f.ratio, NAN);
	need(f.adjusted_low > 10 && f.low > 10, "and is known to be many times what it was");
	near("the high end from 0", f.high, NAN);
	ask = wobbling(3, (const double[]){ 100, 0 }, 10);
	f = judged(&a, &ask).self[0];
	need(f.verdict == JUDGE_CHANGED, "what is gone is a change");
	near("the ratio to 0", f.ratio, 0);
	near("the low end to 0", f.low, 0);
	need(f.adjusted_high < 0.1 && f.high < 0.1, "and there is little of it at most");
	ask = wobbling(3, (const double[]){ 0, 3 }, 10);
	f = judged(&a, &ask).self[0];
	need(f.verdict == JUDGE_TOO_FEW, "nine samples are too few");
	near("their p", f.p, NAN);
	ask = wobbling(3, (const double[]){ 0, 0 }, 10);
	f = judged(&a, &ask).self[0];
	need(f.verdict == JUDGE_TOO_FEW, "and so is none");
	arena_empty(&a);
}

/* Shares of one function are all 1: it is the common factor that changed, or nothing. */
static void
check_one_function(void)
{
	struct arena a = { 0 };
	struct ask ask = { .functions = 1,
		           .replicates = 3,
		           .basis = JUDGE_RUNS,
		           .counts = { { { 1000, 1010, 990 } }, { { 1200, 1210, 1190 } } } };
	struct judge_answer answer = judged(&a, &ask);

	near("the ratio of all", answer.self[0].ratio, 1.2);
	near("which is the common one", answer.common, 1.2);
	near("and adjusted", answer.self[0].adjusted, 1);
	near("with p", answer.self[0].p, 1);
	need(answer.self[0].low > 1.15 && answer.self[0].high < 1.25, "known from the amounts");
	need(answer.common_verdict == JUDGE_CHANGED, "so the common factor changed");
	need(answer.self[0].verdict == JUDGE_NO_CHANGE, "and the function did not");
	arena_empty(&a);
}

/* Ten times as many samples of the same runs prove nothing more. */
static void
check_rate(enum judge_basis basis, size_t replicates)
{
	struct arena a = { 0 };
	struct ask ask = wobbling(replicates, (const double[]){ 100, 150 }, 10);
	struct judge_answer slow, fast;

	ask.basis = basis;
	ask.factor = 20;
	slow = judged(&a, &ask);
	ask.factor = 200;
	fast = judged(&a, &ask);
	for (size_t f = 0; f < ask.functions; f++)
		near("p at ten times the rate", fast.self[f].p, slow.self[f].p);
	near("the smallest at ten times the rate", fast.smallest, slow.smallest);
	need(slow.self[0].verdict == JUDGE_CHANGED, "one and a half times is a change");
	need(basis == JUDGE_RUNS || slow.common_high > 1.08 * slow.common,
	     "one window does not tell what the machine did in another");
	need(slow.smallest > 0.05 && slow.smallest < 0.4, "such changes are seen");
	arena_empty(&a);
}

/* The same slices, where each is like the next three, and where each is like none beside it. */
static void
check_neighbours(void)
{
	struct arena a = { 0 };
	struct ask runs = wobbling(4, (const double[]){ 100, 150 }, 40), lasting, mixed;
	double lasts, alone;

	lasting = mixed = runs;
	lasting.replicates = mixed.replicates = 16;
	lasting.factor = mixed.factor = 20;
	lasting.basis = mixed.basis = JUDGE_EPOCHS;
	for (int side = 0; side < 2; side++) {
		for (size_t f = 0; f < runs.functions; f++) {
			for (size_t i = 0; i < 16; i++) {
				lasting.counts[side][f][i] = runs.counts[side][f][i / 4];
				mixed.counts[side][f][i] = runs.counts[side][f][i % 4];
			}
		}
	}
	lasts = judged(&a, &lasting).self[0].p;
	alone = judged(&a, &mixed).self[0].p;
	need(lasts > 10 * alone, "what lasts is not as many witnesses as there are slices");
	arena_empty(&a);
}

static void
check_nothing(void)
{
	struct arena a = { 0 };
	struct ask ask = { .replicates = 3, .basis = JUDGE_RUNS };
	struct judge_answer answer = judged(&a, &ask);

	need(answer.common_verdict == JUDGE_INCONCLUSIVE, "nothing is said of nothing");
	ask = wobbling(3, (const double[]){ 100, 100 }, 10);
	for (size_t f = 0; f < 11; f++)
		for (size_t i = 0; i < 3; i++)
			ask.counts[0][f][i] = 0;
	answer = judged(&a, &ask);
	near("a common factor from nothing", answer.common, NAN);
	for (size_t f = 0; f < 11; f++)
		need(answer.self[f].verdict == JUDGE_INCONCLUSIVE, "or against nothing");
	/* A replicate in which nothing was sampled is none. */
	ask = wobbling(4, (const double[]){ 100, 200 }, 10);
	for (size_t f = 0; f < 11; f++)
		ask.counts[0][f][3] = 0;
	answer = judged(&a, &ask);
	need(answer.self[0].verdict == JUDGE_CHANGED, "the other replicates tell");
	for (size_t f = 0; f < 11; f++)
		need(isfinite(answer.self[f].p) && isfinite(answer.self[f].high),
		     "all is known");
	arena_empty(&a);
}

int
main(void)
{
	check_by_hand();
	check_no_basis();
	check_new_and_gone();
	check_one_function();
	check_rate(JUDGE_RUNS, 5);
	check_rate(JUDGE_EPOCHS, 16);
	check_neighbours();
	check_nothing();
	return failed;
}
