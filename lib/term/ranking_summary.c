/* SPDX-License-Identifier: MIT */
/*
 * What the words of a ranking mean, and the functions that stand out by what
 * they do themselves or let others do.
 */
#include "base/quantity.h"
#include "term/figures.h"
#include "term/ranking.h"
#include "term/table.h"
#include "tree/name.h"

enum {
	SHOWN = 3,        /* functions of a block */
	LEAST_PART = 100, /* a function of less than a hundredth stands out by chance */
};

struct standing {
	double value; /* by which it stands out; 0: it does not */
	uint64_t weight;
	const struct ranking_row *row;
};

/* The larger value first, then the heavier. */
static bool
is_before(const struct standing *a, const struct standing *b)
{
	return a->value != b->value ? a->value > b->value : a->weight > b->weight;
}

static double
own_part(const struct key_sum *s)
{
	return s->total ? (double)s->self / (double)s->total : 0;
}

static double
others_work(const struct key_sum *s)
{
	return (double)(s->total - s->self);
}

static double
magnification(const struct key_sum *s)
{
	return s->self && s->total > s->self ? (double)s->total / (double)s->self : 0;
}

static struct text
weight_text(struct arena *a, const struct ranking *r, uint64_t weight)
{
	return r->unit == VIEW_NS ? quantity_print_ns(a, weight) : text_grouped(a, weight);
}

static struct text
say_own_part(struct arena *a, const struct ranking *r, const struct key_sum *s)
{
	struct text part = figure_share(a, s->self, s->total),
		    weight = weight_text(a, r, s->total);

	return text_print(a, "%.*s %% of its %.*s", TEXT_ARG(part), TEXT_ARG(weight));
}

static struct text
say_others_work(struct arena *a, const struct ranking *r, const struct key_sum *s)
{
	struct text weight = weight_text(a, r, s->total - s->self);
	struct text share = figure_share(a, s->total - s->self, r->whole.total);

	return text_print(a, "%.*s, %.*s %% of all", TEXT_ARG(weight), TEXT_ARG(share));
}

static struct text
say_magnification(struct arena *a, const struct ranking *r, const struct key_sum *s)
{
	double times = magnification(s) + 0.5;
	struct text n = text_grouped(a, times < 1e18 ? (uint64_t)times : (uint64_t)1e18);
	struct text self = weight_text(a, r, s->self);

	return text_print(a, "x%.*s, itself %.*s", TEXT_ARG(n), TEXT_ARG(self));
}

struct block {
	const char *title;
	double (*value)(const struct key_sum *);
	struct text (*say)(struct arena *, const struct ranking *, const struct key_sum *);
	bool by_total; /* which must be large enough: the total, or self */
};

static const struct block blocks[] = {
	{ "Work of their own: most of their total is self", own_part, say_own_part, false },
	{ "Work of others: most time in what they call", others_work, say_others_work, true },
	{ "Magnification: total is many times self", magnification, say_magnification, true },
};

/* One more among the first ones, where it is; of equals who came first stays before. */
static size_t
insert(struct standing *first, size_t n, struct standing s)
{
	size_t at = n < SHOWN ? n : SHOWN - 1;

	if (n == SHOWN && !is_before(&s, &first[at]))
		return n;
	for (; at && is_before(&s, &first[at - 1]); at--)
		first[at] = first[at - 1];
	first[at] = s;
	return n < SHOWN ? n + 1 : n;
}

/* The functions that stand out most. */
static size_t
stand_out(struct standing *first, const struct ranking *r, const struct block *b)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct ranking_row *row = &r->rows[i];
		uint64_t weight = b->by_total ? row->sum.total : row->sum.self;
		double value = b->value(&row->sum);

		if (value > 0 && weight >= r->whole.total / LEAST_PART &&
		    tree_frame_kind(r->tree, row->frame) == STREAM_KIND_PYTHON)
			n = insert(first, n, (struct standing){ value, weight, row });
	}
	return n;
}

static void
write_title(struct out *o, struct screen s, const char *title)
{
	out_byte(o, '\n');
	screen_text(o, s, ROLE_TITLE, text_of(title));
	out_byte(o, '\n');
}

static void
write_block(const struct ranking *r, const struct block *b, struct out *o, struct screen s)
{
	static const struct column columns[] = { { .title = NULL },
		                                 { .flexible = 32, .keeps_end = true } };
	struct arena scratch = { 0 };
	struct table *t = table_new(&scratch, columns, 2);
	struct standing first[SHOWN];
	size_t n = stand_out(first, r, b);

	for (size_t i = 0; i < n; i++) {
		struct text figures = b->say(&scratch, r, &first[i].row->sum);

		table_text(t, ROLE_PLAIN, text_print(&scratch, "  %.*s", TEXT_ARG(figures)));
		table_text(t, ROLE_PLAIN, ranking_place(&scratch, r, first[i].row));
	}
	if (n) {
		write_title(o, s, b->title);
		table_write(t, o, s);
	}
	arena_empty(&scratch);
}

/* Of the default columns. */
static void
write_legend(const struct ranking *r, struct out *o, struct screen s)
{
	struct arena scratch = { 0 };
	struct text all = weight_text(&scratch, r, r->whole.total);
	bool time = r->unit == VIEW_NS;

	write_title(o, s, "Words");
	out_print(o, "  self   the stacks that end there: what it did itself\n");
	out_print(o, "  total  the stacks that it is in, once each however deep it recurs\n");
	out_print(o, "  %%      of all, which is %.*s%s\n", TEXT_ARG(all),
	          time ? " of thread-time" : " samples");
	if (time)
		out_print(o, "  time   thread-time: until the next tick after each sample\n");
	out_print(o, "  n      samples\n");
	out_print(o, "  place  the file's name, %s, and the function\n",
	          r->by == RANKING_LINE ? "the line" : "the function's first line");
	arena_empty(&scratch);
}

static void
write_legend_of_people(struct out *o, struct screen s)
{
	write_title(o, s, "Words");
	out_print(o, "  share %%      of all the thread-time, or samples\n");
	out_print(o, "  n            samples\n");
	out_print(o,
	          "  CPU %%        of the time of which that is known, on a CPU or runnable\n");
	out_print(o, "  GIL %%        the same, holding the GIL\n");
	out_print(o, "  wants GIL %%  the same, waiting for the GIL\n");
	out_print(o, "  exception %%  the same, handling an exception\n");
	out_print(o, "  GC %%         the same, collecting garbage\n");
}

void
ranking_write_summary(const struct ranking *r, struct out *o, struct screen s)
{
	struct arena scratch = { 0 };
	const struct ranking *functions = r;

	if (r->by == RANKING_THREAD || r->by == RANKING_PROCESS)
		write_legend_of_people(o, s);
	else
		write_legend(r, o, s);
	if (r->by != RANKING_FUNCTION)
		functions = ranking_new(&scratch, r->tree, RANKING_FUNCTION);
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		write_block(functions, &blocks[i], o, s);
	arena_empty(&scratch);
}
