/* SPDX-License-Identifier: MIT */
#include "stream/sums.h"

#include <string.h>
#include <zlib.h>

enum {
	STEP = 256,
	DROP = 4096, /* sums that are of no use any more are given up, so many at a time */
};

static uint32_t
sum(uint32_t before, const unsigned char *bytes, size_t n)
{
	return (uint32_t)crc32_z(before, bytes, n);
}

/* That of a and b joined, where b has n bytes; or, as it is its own inverse, of b from both. */
static uint32_t
join(uint32_t a, uint32_t b, size_t n)
{
	return (uint32_t)crc32_combine(a, b, (z_off_t)n);
}

/* Where the sums end. */
static uint64_t
end_of(const struct sums *s)
{
	return s->from + (s->at.n - 1) * STEP;
}

/* Begins anew where nothing of the piece is known, and forgets what is before it. */
static void
move_to(struct arena *a, struct sums *s, uint64_t place)
{
	if (s->at.n == 0 || end_of(s) < place) {
		s->at.n = 0;
		*vec_push(a, &s->at) = 0;
		s->from = place;
	}
	while (place - s->from >= DROP * STEP) {
		s->at.n -= DROP;
		s->from += DROP * STEP;
		memmove(s->at.at, s->at.at + DROP, s->at.n * sizeof *s->at.at);
	}
}

static void
extend(struct arena *a, struct sums *s, const unsigned char *bytes, uint64_t place, size_t n)
{
	uint32_t last = s->at.at[s->at.n - 1];

	for (uint64_t end = end_of(s); end + STEP <= place + n; end += STEP) {
		last = sum(last, bytes + (end - place), STEP);
		*vec_push(a, &s->at) = last;
	}
}

uint32_t
sums_check(struct arena *a, struct sums *s, const unsigned char *bytes, uint64_t place,
           size_t n)
{
	size_t first, last, head, middle;

	move_to(a, s, place);
	extend(a, s, bytes, place, n);
	first = (size_t)(place - s->from + STEP - 1) / STEP;
	last = (size_t)(place + n - s->from) / STEP;
	if (first >= last)
		return sum(0, bytes, n);
	head = (size_t)(s->from + first * STEP - place);
	middle = (last - first) * STEP;
	return sum(join(sum(0, bytes, head), join(s->at.at[first], s->at.at[last], middle),
	                middle),
	           bytes + head + middle, n - head - middle);
}
