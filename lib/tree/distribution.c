/* SPDX-License-Identifier: MIT */
#include "tree/distribution.h"

#include <math.h>

enum { ROUNDS = 400 };

static const double tiny = 1e-300, close = 1e-15;

/* One step of Lentz's way to sum a continued fraction, which never divides by 0. */
static double
fraction_step(double term, double *c, double *d)
{
	*d = 1 + term * *d;
	*d = 1 / (fabs(*d) < tiny ? tiny : *d);
	*c = 1 + term / *c;
	if (fabs(*c) < tiny)
		*c = tiny;
	return *c * *d;
}

/* That of the incomplete beta function; it is quick where x < (a + 1) / (a + b + 2). */
static double
beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), value;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	value = d;
	for (int m = 1; m <= ROUNDS; m++) {
		double at = a + 2 * m, step;

		value *= fraction_step(m * (b - m) * x / ((at - 1) * at), &c, &d);
		step = fraction_step(-(a + m) * (a + b + m) * x / (at * (at + 1)), &c, &d);
		value *= step;
		if (fabs(step - 1) < close)
			break;
	}
	return value;
}

/* The regularised incomplete beta function of x; y is 1 - x, told apart for its digits. */
static double
beta_share(double a, double b, double x, double y)
{
	double front;

	if (x <= 0 || y <= 0)
		return x > 0;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, y) / b;
}

/* Above so many degrees of freedom t is normal to all digits that matter. */
static const double normal_freedom = 1e7;

double
student_tails(double t, double freedom)
{
	double square = t * t, whole = freedom + square;

	if (isnan(t) || isnan(freedom))
		return NAN;
	if (freedom > normal_freedom)
		return erfc(fabs(t) / sqrt(2));
	if (isinf(square))
		return 0;
	return beta_share(freedom / 2, 0.5, freedom / whole, square / whole);
}

/* The density of |T| at t. */
static double
density(double t, double freedom)
{
	if (freedom > normal_freedom)
		return 2 * exp(-t * t / 2) / sqrt(2 * M_PI);
	return 2 *
	       exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2) -
	           (freedom + 1) / 2 * log1p(t * t / freedom)) /
	       sqrt(freedom * M_PI);
}

/*
 * Newton's way, with both as logarithms, where far out the one is nearly a line of the other;
 * what is known of where t lies keeps a step from leading astray.
 */
double
student_quantile(double tails, double freedom)
{
	double low = 1e-150, high = 1e150, t = 2;

	for (int i = 0; i < ROUNDS && high / low > 1 + close; i++) {
		double here = student_tails(t, freedom), next;

		if (here > tails)
			low = t;
		else
			high = t;
		next = t * exp(log(here / tails) * here / (t * density(t, freedom)));
		if (!(next > low && next < high))
			next = sqrt(low * high);
		if (fabs(next - t) <= 1e-13 * t)
			return next;
		t = next;
	}
	return t;
}

/* Both series hold to 1e-14 from here on; below, the recurrence leads here. */
static const double far = 15;

double
digamma(double x)
{
	double sum = 0, square;

	for (; x < far; x++)
		sum -= 1 / x;
	square = 1 / (x * x);
	return sum + log(x) - 0.5 / x -
	       square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
}

double
trigamma(double x)
{
	double sum = 0, square;

	for (; x < far; x++)
		sum += 1 / (x * x);
	square = 1 / (x * x);
	return sum + 1 / x + square / 2 +
	       square / x * (1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30)));
}

/* Trigamma falls from infinity to 0, between 1 / x and 1 / x + 1 / x^2. */
double
trigamma_inverse(double y)
{
	double low = 0.5 / y, high = 1 / y + 1 / sqrt(y) + 1;

	low = fmin(low, 0.5 / sqrt(y));
	for (int i = 0; i < 200 && high / low > 1 + 1e-14; i++) {
		double middle = sqrt(low * high);

		if (trigamma(middle) > y)
			low = middle;
		else
			high = middle;
	}
	return sqrt(low * high);
}
