/* SPDX-License-Identifier: MIT */
/*
 * tree/distribution.h: Student's t, and the two functions by which dispersions are compared.
 *
 * Degrees of freedom are > 0 and need not be whole; INFINITY is the normal distribution.
 */
#ifndef TREE_DISTRIBUTION_H
#define TREE_DISTRIBUTION_H

/* How probable it is that |T| is at least |t|. Exact to about 12 digits, also far out. */
double student_tails(double t, double freedom);

/* The t that |T| reaches with that probability, 0 < tails < 1; the inverse of the above. */
double student_quantile(double tails, double freedom);

/* The first and the second derivative of the logarithm of the gamma function, x > 0. */
double digamma(double x);
double trigamma(double x);

/* The x > 0 whose trigamma is y > 0. */
double trigamma_inverse(double y);

#endif
