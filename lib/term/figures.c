/* SPDX-License-Identifier: MIT */
#include "term/figures.h"

struct text
figure_share(struct arena *a, uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return TEXT("-");
	return text_print(a, "%.1f", (double)part * 100 / (double)whole);
}

struct text
figure_number(struct arena *a, uint64_t n, const char *of)
{
	struct text number = text_grouped(a, n);

	return text_print(a, "%.*s %s%s", TEXT_ARG(number), of, n == 1 ? "" : "s");
}
