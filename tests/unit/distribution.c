/* SPDX-License-Identifier: MIT */
/* Student's t and the functions of gamma are those of the printed tables. */
#include "tree/distribution.h"

#include <math.h>
#include <stdio.h>

static const struct {
	double tails, freedom, t;
} students[] = {
	{ 0.5, 1, 1 },
	{ 0.05, 1, 12.706204736 },
	{ 0.05, 2, 4.302652730 },
	{ 0.05, 5, 2.570581836 },
	{ 0.05, 10, 2.228138852 },
	{ 0.05, 30, 2.042272456 },
	{ 0.01, 10, 3.169272673 },
	{ 0.001, 20, 3.849516275 },
	{ 0.0002, 4, 13.033671720 },
	{ 0.05, 1e9, 1.959963985 },
	{ 0.05, INFINITY, 1.959963985 },
	{ 0.01, INFINITY, 2.575829304 },
};

static const struct {
	double x, digamma, trigamma;
} gammas[] = {
	{ 0.5, -1.963510026021, 4.934802200545 }, { 1, -0.577215664902, 1.644934066848 },
	{ 2, 0.422784335098, 0.644934066848 },    { 3, 0.922784335098, 0.394934066848 },
	{ 10, 2.251752589067, 0.105166335681 },   { 100, 4.600161852738, 0.010050166663 },
};

static int failed;

static void
check(const char *what, double x, double y, double got, double want)
{
	if (fabs(got - want) <= 1e-9 * fmax(fabs(want), 1))
		return;
	printf("%s(%g, %g) is %.12g, not %.12g\n", what, x, y, got, want);
	failed = 1;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof students / sizeof *students; i++) {
		double tails = students[i].tails, freedom = students[i].freedom,
		       t = students[i].t;

		check("student_quantile", tails, freedom, student_quantile(tails, freedom), t);
		check("student_tails", t, freedom, student_tails(t, freedom), tails);
		check("student_tails", -t, freedom, student_tails(-t, freedom), tails);
	}
	for (double freedom = 0.7; freedom < 1e8; freedom *= 3) {
		for (double tails = 0.99; tails > 1e-30; tails *= tails) {
			double again = student_tails(student_quantile(tails, freedom), freedom);

			check("log student_tails(quantile)", tails, freedom, log(again),
			      log(tails));
		}
	}
	check("student_tails", 0, 7, student_tails(0, 7), 1);
	check("student_tails", INFINITY, 7, student_tails(INFINITY, 7), 0);
	/* Far out, where 1 minus the rest would be nothing but rounding: (1 + t^2 / 2)^-1/2. */
	check("log student_tails", 1e6, 2, log(student_tails(1e6, 2)), log(1.0) - 2 * log(1e6));
	for (size_t i = 0; i < sizeof gammas / sizeof *gammas; i++) {
		double x = gammas[i].x;

		check("digamma", x, 0, digamma(x), gammas[i].digamma);
		check("trigamma", x, 0, trigamma(x), gammas[i].trigamma);
		check("trigamma_inverse", x, 0, trigamma_inverse(gammas[i].trigamma), x);
	}
	check("trigamma_inverse", 1e-6, 0, 1e-6 * trigamma_inverse(1e-6), 1 + 0.5e-6);
	return failed;
}
