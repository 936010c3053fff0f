/* SPDX-License-Identifier: MIT */
#include "base/quantity.h"

#include <stdlib.h>
#include <strings.h>

struct unit {
	const char *name;
	double factor;
};

static const struct unit durations[] = {
	{ "", 1e9 },   { "s", 1e9 },    { "ms", 1e6 },   { "us", 1e3 }, { "ns", 1 },
	{ "m", 60e9 }, { "min", 60e9 }, { "h", 3600e9 }, { NULL, 0 },
};

static const struct unit rates[] = {
	{ "", 1 }, { "hz", 1 }, { "k", 1e3 }, { "khz", 1e3 }, { "mhz", 1e6 }, { NULL, 0 },
};

static const struct unit shares[] = { { "", 1 }, { "%", 0.01 }, { NULL, 0 } };

/* strtod alone would take signs, spaces, "inf", hexadecimal and the locale's comma. */
static bool
parse(const char *s, const struct unit *units, double *to)
{
	size_t n = strspn(s, "0123456789.");
	const char *dot = memchr(s, '.', n);

	if (n == 0 || n > 32 ||
	    (dot && (n == 1 || memchr(dot + 1, '.', n - (size_t)(dot + 1 - s)))))
		return false;
	for (; units->name; units++)
		if (strcasecmp(s + n, units->name) == 0) {
			*to = atof(s) * units->factor;
			return true;
		}
	return false;
}

bool
quantity_count(const char *s, uint64_t *to)
{
	uint64_t n = 0;

	if (!*s)
		return false;
	for (; *s; s++)
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n))
			return false;
	*to = n;
	return true;
}

bool
quantity_ns(const char *s, uint64_t *to)
{
	double ns;

	if (!parse(s, durations, &ns) || ns > 9e18)
		return false;
	*to = (uint64_t)(ns + 0.5);
	return true;
}

bool
quantity_hz(const char *s, double *to)
{
	return parse(s, rates, to);
}

bool
quantity_share(const char *s, double *to)
{
	return parse(s, shares, to);
}

struct text
quantity_print_ns(struct arena *a, uint64_t ns)
{
	static const struct unit steps[] = {
		{ "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 }
	};
	const struct unit *u = steps;
	double n;

	while (u->factor > 1 && (double)ns < u->factor)
		u++;
	n = (double)ns / u->factor;
	return text_print(a, "%.*f %s",
	                  u->factor == 1 || n >= 100 ? 0
	                  : n >= 10                  ? 1
	                                             : 2,
	                  n, u->name);
}

/* Millionths, with about two digits that count, and more near to 1. */
static struct text
factor(struct arena *a, uint64_t millionths)
{
	double n = (double)millionths / 1e6;

	return text_print(a, "%.*f", n >= 9.95 ? 0 : n >= 1.5 ? 1 : n >= 0.1 ? 2 : 3, n);
}

struct text
quantity_print_ratio(struct arena *a, uint64_t ratio, uint64_t low, uint64_t high)
{
	struct text x = factor(a, ratio), from = factor(a, low), to = factor(a, high);

	if (ratio == 0)
		return TEXT("-");
	if (low == 0 && high == 0)
		return text_print(a, "x%.*s", TEXT_ARG(x));
	return text_print(a, "x%.*s (%.*s to %.*s)", TEXT_ARG(x), TEXT_ARG(from), TEXT_ARG(to));
}
