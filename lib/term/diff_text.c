/* SPDX-License-Identifier: MIT */
#include "term/diff_text.h"

#include "base/quantity.h"
#include "term/table.h"
#include "tree/name.h"
#include "tree/order.h"
#include "tree/words.h"

#include <math.h>
#include <stdlib.h>

struct report {
	struct arena *a;
	const struct diff *d;
	struct diff_text how;
	struct out *out;
	struct screen screen;
	uint32_t *ranks; /* of frames, in the order of names; NULL: by the difference */
	uint64_t
		few; /* functions that are not listed: they have too few samples to say anything */
};

/* A function with the figures that it is listed by. */
struct entry {
	uint32_t function;
	uint32_t rank; /* in the order of names, where that is asked for */
	enum stream_category category;
	struct diff_figure figure;
};

static const struct {
	enum stream_category category;
	const char *title;
	enum role role;
} tables[] = {
	{ STREAM_REGRESSION, "regressions", ROLE_MORE },
	{ STREAM_IMPROVEMENT, "improvements", ROLE_LESS },
	{ STREAM_NEW, "new", ROLE_NEW },
	{ STREAM_GONE, "gone", ROLE_GONE },
};

/* How many runs share the weights that are shown: of the scale time those of one are. */
static uint64_t
sharers(const struct report *r)
{
	const struct stream_compare *c = &r->d->compare->about;

	return c->scale == STREAM_SCALE_TIME && c->runs[1] ? c->runs[1] : 1;
}

static struct text
amount(const struct report *r, double weight)
{
	double shown = weight / (double)sharers(r);
	uint64_t n = shown > 0 ? (uint64_t)llround(shown) : 0;

	return r->d->unit == VIEW_NS ? quantity_print_ns(r->a, n) : text_grouped(r->a, n);
}

static struct text
change(const struct report *r, double difference)
{
	struct text magnitude = amount(r, fabs(difference));

	return text_print(r->a, "%s%.*s",
	                  difference > 0   ? "+"
	                  : difference < 0 ? "-"
	                                   : "",
	                  TEXT_ARG(magnitude));
}

/* Of the ticks that were due, in percent. */
static struct text
missed_text(const struct report *r, const struct watched *w)
{
	double due = (double)w->ticks + (double)w->missed_ticks;

	if (due <= 0)
		return TEXT("-");
	return words_percent(r->a, (uint64_t)llround((double)w->missed_ticks / due * 1e6));
}

static void
write_sides(const struct report *r)
{
	static const struct column columns[] = {
		{ .title = "" },
		{ .title = "runs", .right = true },
		{ .title = "samples", .right = true },
		{ .title = "thread-time", .right = true },
		{ .title = "watched", .right = true },
		{ .title = "missed", .right = true },
	};
	struct table *t = table_new(r->a, columns, sizeof columns / sizeof *columns);

	for (int side = 0; side < 2; side++) {
		const struct watched *w = &r->d->side[side];

		table_text(t, ROLE_PLAIN, side ? TEXT("current") : TEXT("baseline"));
		table_count(t, ROLE_PLAIN, r->d->compare->about.runs[side]);
		table_count(t, ROLE_PLAIN, r->d->nodes[0].side[side].total_samples);
		table_text(t, ROLE_PLAIN,
		           r->d->unit == VIEW_NS ? quantity_print_ns(r->a, w->weight)
		                                 : TEXT("-"));
		table_text(t, ROLE_PLAIN, w->ns ? quantity_print_ns(r->a, w->ns) : TEXT("-"));
		table_text(t, ROLE_PLAIN, missed_text(r, w));
	}
	table_write(t, r->out, r->screen);
}

static void
write_scale(const struct report *r)
{
	static const char *const sentences[] = {
		[STREAM_SCALE_TIME] = "time: as long as a run takes, the mean of the runs",
		[STREAM_SCALE_WALL] = "wall: in the same time by the wall",
		[STREAM_SCALE_SHARE] = "share: as if both had the same total",
		[STREAM_SCALE_PER] = "per: for the same units of work",
		[STREAM_SCALE_NONE] = "none: as it was measured",
	};
	const struct stream_compare *c = &r->d->compare->about;
	const struct watched *side = r->d->side;
	bool missed = side[0].covered < side[0].weight || side[1].covered < side[1].weight;
	bool cut =
		side[0].launched && side[1].launched && !(side[0].complete && side[1].complete);

	out_print(r->out, "\nscale %s; the baseline times %.4g%s%s\n",
	          c->scale <= STREAM_SCALE_NONE ? sentences[c->scale] : "unknown",
	          (double)c->numerator / (double)c->denominator,
	          missed && c->scale != STREAM_SCALE_NONE ? ", for what was not missed" : "",
	          cut ? "; not all runs were seen to their end" : "");
}

/* What was found, and what could have been. */
static void
write_sentence(const struct report *r)
{
	const struct stream_compare *c = &r->d->compare->about;
	struct text smallest = words_percent(r->a, c->smallest);
	struct text words = text_visible(r->a, c->words);

	out_print(r->out, "%.*s\n", TEXT_ARG(words));
	if (c->smallest)
		out_print(r->out,
		          "a change of %.*s of a function of a tenth of the whole would have "
		          "been seen\n",
		          TEXT_ARG(smallest));
	if (c->flags & STREAM_FORCED)
		out_text(r->out, TEXT("forced: the sides do not compare\n"));
	if (c->flags & STREAM_INCOMPLETE)
		out_text(r->out, TEXT("incomplete: a part of the input was damaged\n"));
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	double of_x = fabs(x->figure.difference), of_y = fabs(y->figure.difference);

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (of_x != of_y)
		return of_x > of_y ? -1 : 1;
	return x->function < y->function ? -1 : 1;
}

/* Where chance is told, what has too few samples to say anything is not listed. */
static bool
says_nothing(const struct report *r, const struct diff_function *f)
{
	const struct stream_verdict *v = f->verdict;

	return r->d->compare->about.basis && v &&
	       (r->how.total ? v->total_verdict : v->self_verdict) == STREAM_TOO_FEW;
}

static struct entry
entry_of(const struct report *r, uint32_t function)
{
	const struct diff_function *f = &r->d->functions[function];
	struct diff_sum sums[2] = { f->side[0], f->side[1] };

	/* By total as diff_category() does it for what has no self time. */
	if (r->how.total)
		sums[0].self = sums[1].self = 0;
	return (struct entry){
		.function = function,
		.rank = r->ranks ? r->ranks[f->frame] : 0,
		.category = diff_category(r->d->compare, sums),
		.figure =
			diff_figure(r->d->compare, r->how.total ? sums[0].total : sums[0].self,
		                    r->how.total ? sums[1].total : sums[1].self),
	};
}

/* What was missed is told once, of the sides; it is no function that got slower or faster. */
static bool
is_listed(const struct report *r, const struct diff_function *f)
{
	bool has_self = f->side[0].self || f->side[1].self;

	if (!r->how.all && tree_frame_kind(r->d->tree, f->frame) == STREAM_KIND_MISSED)
		return false;
	return r->how.total || has_self;
}

/* The functions of that category, or all, the largest difference first. */
static struct entry *
list(struct report *r, enum stream_category category, size_t *n)
{
	VEC(struct entry) entries = { 0 };

	for (uint32_t i = 1; i < r->d->function_count; i++) {
		const struct diff_function *f = &r->d->functions[i];
		struct entry e = entry_of(r, i);

		if (!is_listed(r, f))
			continue;
		if (r->how.all || (e.category == category && !says_nothing(r, f)))
			*vec_push(r->a, &entries) = e;
		else
			r->few += e.category == category;
	}
	*n = entries.n;
	if (entries.n)
		qsort(entries.at, entries.n, sizeof *entries.at, compare_entries);
	return entries.at;
}

static enum role
role_of(enum stream_category category)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (tables[i].category == category)
			return tables[i].role;
	return ROLE_PLAIN;
}

static void
put_row(const struct report *r, struct table *t, const struct entry *e)
{
	enum role role = role_of(e->category);
	const struct diff_function *f = &r->d->functions[e->function];
	uint64_t verdict = STREAM_INCONCLUSIVE;
	struct text ratio = words_of_ratio(r->a, r->d, f, r->how.total);

	if (f->verdict)
		verdict = r->how.total ? f->verdict->total_verdict : f->verdict->self_verdict;
	table_text(t, ROLE_PLAIN, amount(r, e->figure.baseline));
	table_text(t, ROLE_PLAIN, amount(r, e->figure.current));
	table_text(t, role, change(r, e->figure.difference));
	table_text(t, ROLE_PLAIN, ratio);
	table_text(t, verdict == STREAM_CHANGED ? role : ROLE_FAINT,
	           text_of(diff_verdict_word(verdict)));
	table_text(t, ROLE_PLAIN, tree_frame_text(r->a, r->d->tree, f->frame, false));
}

static void
write_entries(const struct report *r, const struct entry *entries, size_t n)
{
	const struct column columns[] = {
		{ .title = "before", .right = true },
		{ .title = "after", .right = true },
		{ .title = "change", .right = true },
		{ .title = r->d->compare->about.basis ? "adjusted" : "ratio", .spare = 1 },
		{ .title = "verdict" },
		{ .title = "function", .flexible = 32 },
	};
	struct table *t = table_new(r->a, columns, sizeof columns / sizeof *columns);

	for (size_t i = 0; i < n; i++)
		put_row(r, t, &entries[i]);
	table_write(t, r->out, r->screen);
}

static size_t
shown_of(const struct report *r, size_t n)
{
	return r->how.most && r->how.most < n ? (size_t)r->how.most : n;
}

static void
write_table(struct report *r, enum stream_category category, const char *title)
{
	size_t n;
	struct entry *entries = list(r, category, &n);

	if (n == 0)
		return;
	out_byte(r->out, '\n');
	screen_text(r->out, r->screen, ROLE_TITLE, text_of(title));
	out_print(r->out, ", by %s%s", r->how.total ? "total" : "self",
	          sharers(r) > 1 ? ", of a run" : "");
	if (shown_of(r, n) < n)
		out_print(r->out, ", %zu of %zu", shown_of(r, n), n);
	out_byte(r->out, '\n');
	write_entries(r, entries, shown_of(r, n));
}

static void
write_tables(struct report *r)
{
	struct text few;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		write_table(r, tables[i].category, tables[i].title);
	few = text_grouped(r->a, r->few);
	if (r->few)
		out_print(r->out, "\n%.*s more %s too few samples to tell of\n", TEXT_ARG(few),
		          r->few == 1 ? "differs and has" : "differ and have");
}

static void
write_all(struct report *r)
{
	size_t n, shown;
	struct entry *entries;
	struct text more;

	if (r->how.by_name)
		r->ranks = tree_frame_ranks(r->a, r->d->tree);
	entries = list(r, STREAM_UNCHANGED, &n);
	shown = shown_of(r, n);
	more = text_grouped(r->a, n - shown);
	if (!r->how.bare)
		out_byte(r->out, '\n');
	write_entries(r, entries, shown);
	if (shown < n)
		out_print(r->out, "and %.*s more: -n %zu shows them\n", TEXT_ARG(more), n);
}

void
diff_text_write(const struct diff *d, struct diff_text how, struct out *o, struct screen screen)
{
	struct arena scratch = { 0 };
	struct report r = { .a = &scratch, .d = d, .how = how, .out = o, .screen = screen };

	if (!how.bare) {
		write_sides(&r);
		write_scale(&r);
		write_sentence(&r);
	}
	if (how.all)
		write_all(&r);
	else
		write_tables(&r);
	arena_empty(&scratch);
}
