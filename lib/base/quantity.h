/* SPDX-License-Identifier: MIT */
/*
 * base/quantity.h: numbers with units, as people type and read them.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Each is false, and *to untouched, for what is no such quantity or does not fit. */

/* "1200": decimal digits and nothing else. */
bool quantity_count(const char *s, uint64_t *to);

/* "10", "1.5s", "500ms", "20us", "2m", "1h": nanoseconds; seconds where no unit is given. */
bool quantity_ns(const char *s, uint64_t *to);

/* "5%" or "0.05": a share of the whole. */
bool quantity_share(const char *s, double *to);

/* "100", "99hz", "10khz", "1mhz" (a megahertz): hertz. */
bool quantity_hz(const char *s, double *to);

/* Nanoseconds for people, with three digits that count: "1.25 s", "310 us". */
struct text quantity_print_ns(struct arena *a, uint64_t ns);

/*
 * A ratio in millionths, and the limits between which it is: "x2.0 (1.6 to 2.5)";
 * "x2.0" where the limits are both 0, "-" where the ratio is 0: unknown.
 */
struct text quantity_print_ratio(struct arena *a, uint64_t ratio, uint64_t low, uint64_t high);

#endif
