/* SPDX-License-Identifier: MIT */
/* Of simulated programs: what is noise is not called change, and what is change is found. */
#include "tree/judge.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FUNCTIONS = 200, RUNS = 24, SIDE = 5, PAIRS = 200, PLANTED = 3 };

static int failed;

static void
need(bool truth, const char *what, double told)
{
	if (truth)
		return;
	printf("%s: %g\n", what, told);
	failed = 1;
}

/* Numbers of chance, the same everywhere and always. */
static uint64_t chance;

static double
uniform(void)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return ((double)(chance >> 11) + 0.5) / 9007199254740992.0;
}

static double
normal(void)
{
	double length = sqrt(-2 * log(uniform()));

	return length * cos(6.283185307179586 * uniform());
}

/*
 * A program that visits its functions by chance, each for a time of its own; in every run a
 * function's visits are longer or shorter by a part of the function's and the run's own.
 */
struct program {
	size_t functions;
	double stay_s, spread; /* the mean of a visit; of a function, between runs */
	double rate_hz, work_s;
	double planted,
		slower; /* how much longer PLANTED, with a tenth of the time, and all are */
};

struct profile {
	double exposure, amount;
	double self[FUNCTIONS], total[FUNCTIONS];
};

/* Of each function how often it is visited, with all before it, and for how long. */
struct plan {
	double visits[FUNCTIONS], stay_s[FUNCTIONS];
};

static void
make_plan(struct plan *to, const struct program *p)
{
	double weight[FUNCTIONS], all = 0;

	chance = 88172645463325252;
	for (size_t f = 0; f < p->functions; f++) {
		to->stay_s[f] = p->stay_s * exp(0.7 * normal());
		weight[f] = exp(1.5 * normal());
		all += f == PLANTED ? 0 : weight[f];
	}
	weight[PLANTED] = all / 9;
	for (size_t f = 0; f < p->functions; f++)
		to->visits[f] = weight[f] / to->stay_s[f] + (f ? to->visits[f - 1] : 0);
}

static size_t
next_function(const struct plan *plan, size_t n)
{
	double at = uniform() * plan->visits[n - 1];
	size_t low = 0, high = n - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (plan->visits[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A run: a sample is taken at every tick. Function f is called by function (f - 1) / 3. */
static void
run(struct profile *to, const struct program *p, uint64_t seed)
{
	struct plan plan;
	double factor[FUNCTIONS], done = 0, at = 0;

	make_plan(&plan, p);
	chance = (seed + 1) * 0x9e3779b97f4a7c15;
	for (size_t f = 0; f < p->functions; f++)
		factor[f] =
			exp(p->spread * normal()) * p->slower * (f == PLANTED ? p->planted : 1);
	memset(to, 0, sizeof *to);
	for (double last = 0; done < p->work_s; last = floor(at)) {
		size_t f = next_function(&plan, p->functions);
		double work = -log(uniform()) * plan.stay_s[f];

		done += work;
		at += work * factor[f] * p->rate_hz;
		to->self[f] += floor(at) - last;
	}
	to->exposure = floor(at);
	to->amount = at / p->rate_hz;
	for (size_t f = p->functions; f-- > 0;) {
		to->total[f] += to->self[f];
		if (f > 0)
			to->total[(f - 1) / 3] += to->total[f];
	}
}

static struct profile pool[2][RUNS];

static void
fill_pool(int side, const struct program *p)
{
	for (uint64_t i = 0; i < RUNS; i++)
		run(&pool[side][i], p, i + 1000 * (uint64_t)side);
}

/* Some of a pool, as a side of a question. */
struct matrix {
	double exposure[SIDE], amount[SIDE], self[FUNCTIONS * SIDE], total[FUNCTIONS * SIDE];
};

static struct matrix sides[2];

static void
ask_side(struct judge_question *q, int side, const struct profile *const *chosen, size_t n)
{
	struct matrix *m = &sides[side];
	double whole = 0;

	for (size_t i = 0; i < n; i++) {
		m->exposure[i] = chosen[i]->exposure;
		m->amount[i] = chosen[i]->amount;
		whole += chosen[i]->amount / (double)n;
		for (size_t f = 0; f < q->functions; f++) {
			m->self[f * n + i] = chosen[i]->self[f];
			m->total[f * n + i] = chosen[i]->total[f];
		}
	}
	q->side[side] = (struct judge_side){ n, m->exposure, m->amount, whole };
	q->self[side] = m->self;
	q->total[side] = m->total;
}

/* The next n of a pool that is drawn without putting back, from its start at 0. */
static void
draw(const struct profile **chosen, const struct profile *from, size_t n, size_t start)
{
	static const struct profile *deck[RUNS];

	for (size_t i = 0; start == 0 && i < RUNS; i++)
		deck[i] = &from[i];
	for (size_t i = start; i < start + n; i++) {
		size_t other = i + (size_t)(uniform() * (double)(RUNS - i));
		const struct profile *drawn = deck[other];

		deck[other] = deck[i];
		deck[i] = chosen[i - start] = drawn;
	}
}

/* Of pairs that were compared: how many show any change, find the planted one, tell a common one. */
struct outcome {
	int any, found, common;
	double factor; /* common, mean */
};

static void
count_answer(struct outcome *o, const struct judge_answer *answer, size_t functions)
{
	int changed = 0;

	for (size_t f = 0; f < functions; f++) {
		changed += answer->self[f].verdict == JUDGE_CHANGED;
		changed += answer->total[f].verdict == JUDGE_CHANGED;
	}
	o->any += changed > 0;
	o->found += answer->self[PLANTED].verdict == JUDGE_CHANGED;
	o->common += answer->common_verdict == JUDGE_CHANGED;
	o->factor += answer->common / PAIRS;
}

/* Compares pairs of sides from two pools, or of disjoint sides from one. */
static struct outcome
compare(size_t functions, size_t n, int other_pool)
{
	struct outcome outcome = { 0 };

	chance = 4711;
	for (int pair = 0; pair < PAIRS; pair++) {
		struct arena a = { 0 };
		const struct profile *base[SIDE], *current[SIDE];
		struct judge_question q = { .basis = JUDGE_RUNS,
			                    .functions = functions,
			                    .fdr = 0.02,
			                    .min_effect = 0.05 };
		struct judge_answer answer;

		draw(base, pool[0], n, 0);
		draw(current, pool[other_pool], n, other_pool ? 0 : n);
		ask_side(&q, 0, base, n);
		ask_side(&q, 1, current, n);
		answer = judge(&a, &q);
		count_answer(&outcome, &answer, functions);
		arena_empty(&a);
	}
	return outcome;
}

/* Equal programs: at most 10 of 200 pairs show anything. */
static void
check_equals(const char *what, const struct program *p)
{
	fill_pool(0, p);
	for (size_t n = 3; n <= SIDE; n += 2) {
		struct outcome o = compare(p->functions, n, 0);

		printf("%s, %zu a side: %d of %d equals show a change\n", what, n, o.any,
		       PAIRS);
		need(o.any <= 10, what, o.any);
	}
}

/* A function of a tenth of the time that changed by a fifth: found in nine of ten pairs. */
static void
check_planted(const char *what, const struct program *p, double planted)
{
	struct program changed = *p;
	struct outcome o;

	changed.planted = planted;
	fill_pool(1, &changed);
	o = compare(p->functions, SIDE, 1);
	printf("%s: found in %d of %d pairs\n", what, o.found, PAIRS);
	need(o.found >= PAIRS * 9 / 10, what, o.found);
}

static void
check_slower(const char *what, const struct program *p)
{
	struct program slower = *p;
	struct outcome o;

	slower.slower = 1.15;
	fill_pool(1, &slower);
	o = compare(p->functions, SIDE, 1);
	printf("%s: %d of %d pairs show a change, %d the common one\n", what, o.any, PAIRS,
	       o.common);
	need(o.any <= 10, what, o.any);
	need(o.common == PAIRS, what, o.common);
	need(fabs(o.factor - 1.15) < 0.01, what, o.factor);
}

int
main(void)
{
	struct program usual = { 200, 0.0003, 0.02, 1000, 10, 1, 1 };
	struct program few = usual, long_stays = usual, fast = usual;

	few.functions = 12;
	long_stays.stay_s = 0.01;
	fast.rate_hz = 10000;
	check_equals("at 10 kHz", &fast);
	check_equals("long stays", &long_stays);
	check_equals("12 functions", &few);
	check_planted("a fifth more of 12 functions", &few, 1.2);
	check_slower("a slower machine, 12 functions", &few);
	check_equals("200 functions", &usual);
	check_planted("a fifth more", &usual, 1.2);
	check_planted("a fifth less", &usual, 0.8);
	check_slower("a slower machine", &usual);
	return failed;
}
