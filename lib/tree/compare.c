/* SPDX-License-Identifier: MIT */
#include "tree/compare.h"

#include "base/quantity.h"
#include "tree/alike.h"
#include "tree/inside.h"
#include "tree/watched.h"

__extension__ typedef unsigned __int128 wide;

static const char *const scale_words[] = {
	[STREAM_SCALE_TIME] = "time",   [STREAM_SCALE_WALL] = "wall",
	[STREAM_SCALE_SHARE] = "share", [STREAM_SCALE_PER] = "per",
	[STREAM_SCALE_NONE] = "none",
};

struct tree_compare *
tree_compare(const struct tree *t)
{
	return t->compare;
}

const char *
compare_scale_word(uint64_t kind)
{
	return kind <= STREAM_SCALE_NONE ? scale_words[kind] : "unknown";
}

/* "NB,NC" behind "per=". */
static bool
take_per(const char *word, struct compare_scale *to)
{
	char baseline[24];
	const char *comma = strchr(word, ',');
	size_t n = comma ? (size_t)(comma - word) : 0;

	if (n == 0 || n >= sizeof baseline)
		return false;
	memcpy(baseline, word, n);
	baseline[n] = 0;
	to->kind = STREAM_SCALE_PER;
	return quantity_count(baseline, &to->per[0]) &&
	       quantity_count(comma + 1, &to->per[1]) && to->per[0] && to->per[1];
}

bool
compare_scale_of(const char *word, struct compare_scale *to)
{
	to->given = true;
	if (strncmp(word, "per=", 4) == 0)
		return take_per(word + 4, to);
	for (size_t i = 0; i < sizeof scale_words / sizeof *scale_words; i++) {
		to->kind = (enum stream_scale)i;
		if (i != STREAM_SCALE_PER && strcmp(word, scale_words[i]) == 0)
			return true;
	}
	return false;
}

static enum stream_scale
usual_scale(const struct tree *t, const struct watched side[2])
{
	if (view_unit(t) == VIEW_SAMPLES)
		return STREAM_SCALE_SHARE;
	if (side[0].complete && side[1].complete)
		return STREAM_SCALE_TIME;
	return side[0].ns && side[1].ns ? STREAM_SCALE_WALL : STREAM_SCALE_SHARE;
}

/* The baseline is shown times current / baseline. A side that has nothing scales by 1. */
static void
set_scale(struct stream_compare *c, const uint64_t amounts[2])
{
	uint64_t divisor = number_divisor(amounts[0], amounts[1]);
	bool empty = amounts[0] == 0 || amounts[1] == 0;

	c->numerator = empty ? 1 : amounts[1] / divisor;
	c->denominator = empty ? 1 : amounts[0] / divisor;
}

/*
 * What was missed counts on neither side: each amount becomes what was covered of it. They are
 * as exact as a double is, and integers, so that swapping the sides swaps them.
 */
static void
leave_missed_out(uint64_t amounts[2], const struct watched side[2])
{
	uint64_t largest = amounts[0] > amounts[1] ? amounts[0] : amounts[1];
	int shift = 0;

	if (side[0].covered == side[0].weight && side[1].covered == side[1].weight)
		return;
	while (largest << shift < (uint64_t)1 << 52)
		shift++;
	for (int i = 0; i < 2; i++) {
		wide covered = ((wide)amounts[i] << shift) * side[i].covered / side[i].weight;

		amounts[i] = covered ? (uint64_t)covered : 1;
	}
}

static void
choose_scale(struct stream_compare *c, struct compare_scale scale, const struct watched side[2])
{
	uint64_t amounts[2] = { 1, 1 };

	for (int i = 0; i < 2; i++)
		if (c->scale == STREAM_SCALE_TIME)
			amounts[i] = side[i].runs;
		else if (c->scale == STREAM_SCALE_WALL)
			amounts[i] = side[i].ns;
		else if (c->scale == STREAM_SCALE_PER)
			amounts[i] = scale.per[i];
		else if (c->scale == STREAM_SCALE_SHARE)
			amounts[i] = side[i].covered;
	if (side[0].covered == 0 || side[1].covered == 0)
		amounts[0] = amounts[1] = 1;
	else if (c->scale != STREAM_SCALE_SHARE && c->scale != STREAM_SCALE_NONE)
		leave_missed_out(amounts, side);
	set_scale(c, amounts);
}

/* Whether what the scale needs is known. False sets *e. */
static bool
can_scale(struct compare_scale scale, const struct watched side[2], struct err *e)
{
	if (scale.given && scale.kind == STREAM_SCALE_WALL && (!side[0].ns || !side[1].ns)) {
		err_set(e, "--scale wall: it is not known how long a side was watched");
		return err_hint(e, "--scale share needs no time");
	}
	if (scale.given && scale.kind == STREAM_SCALE_TIME &&
	    (side[0].summed || side[1].summed)) {
		err_set(e, "--scale time: runs were summed, and it is not known how many");
		return err_hint(e, "--scale per=N,N with the numbers of runs is the same");
	}
	return true;
}

bool
compare_begin(struct tree *t, struct compare_scale scale, bool force, struct err *e)
{
	struct watched side[2];
	struct err unlike = { 0 };
	bool compares = alike_runs(t, &unlike);
	struct stream_compare *about;

	watched_sides(t, side);
	if (!compares && !force) {
		*e = unlike;
		return false;
	}
	if (!can_scale(scale, side, e))
		return false;
	t->compare = arena_new(t->a, struct tree_compare);
	about = &t->compare->about;
	about->runs[0] = side[0].runs;
	about->runs[1] = side[1].runs;
	about->flags = compares ? 0 : STREAM_FORCED;
	about->scale = scale.given ? scale.kind : usual_scale(t, side);
	choose_scale(about, scale, side);
	return true;
}

double
compare_scaled(const struct tree_compare *c, uint64_t weight)
{
	return (double)weight * (double)c->about.numerator / (double)c->about.denominator;
}
