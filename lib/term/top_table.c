/* SPDX-License-Identifier: MIT */
/* What is seen, in words: the lines above, and the rows as a table. */
#include "base/quantity.h"
#include "term/figures.h"
#include "term/top_inside.h"
#include "tree/name.h"

#include <math.h>

/* A share of at least so much more than it was tells of a trend, with so much of all. */
#define TREND_FACTOR 1.25
#define TREND_SHARE 0.005

/* clang-format off */
static const struct column of_functions[] = {
	{ .title = NULL },
	{ .title = "self %", .right = true },
	{ .title = "total %", .right = true },
	{ .title = "self time", .right = true, .spare = 2 },
	{ .title = "total time", .right = true, .spare = 1 },
	{ .title = "place", .flexible = 24, .keeps_end = true },
};

static const struct column of_people[] = {
	{ .title = NULL },
	{ .title = "share %", .right = true },
	{ .title = "time", .right = true },
	{ .title = "CPU %", .right = true, .spare = 1 },
	{ .title = "GIL %", .right = true, .spare = 2 },
	{ .title = "wants GIL %", .right = true, .spare = 3 },
	{ .title = "exception %", .right = true, .spare = 5 },
	{ .title = "GC %", .right = true, .spare = 4 },
	{ .title = "who", .flexible = 24, .keeps_end = true },
};
/* clang-format on */

static struct text
share(struct arena *a, double part, double whole)
{
	return whole > 0 ? text_print(a, "%.1f", part * 100 / whole) : TEXT("-");
}

/* Whether it gets more of the time of late than it did in all, or less. */
static struct text
trend(const struct top *t, const struct live_weight *weight)
{
	const struct live_weight *whole = &t->shown.look.whole;
	double recent, all;

	if (whole->recent <= 0 || whole->all == 0)
		return TEXT(" ");
	recent = weight->recent / whole->recent;
	all = (double)weight->all / (double)whole->all;
	if (fabs(recent - all) < TREND_SHARE)
		return TEXT(" ");
	return recent > all * TREND_FACTOR   ? TEXT("+")
	       : recent < all / TREND_FACTOR ? TEXT("-")
	                                     : TEXT(" ");
}

static enum role
role_of_trend(struct text sign)
{
	return sign.at[0] == '+' ? ROLE_MORE : sign.at[0] == '-' ? ROLE_LESS : ROLE_PLAIN;
}

static void
put_function(struct arena *a, const struct top *t, struct table *to, const struct top_row *row)
{
	const struct live_weight *whole = &t->shown.look.whole, *self = &row->sum.self,
				 *total = &row->sum.total;
	struct text sign = trend(t, t->sort == TOP_TOTAL ? total : self);
	bool hot = whole->recent > 0 && self->recent >= whole->recent / 10;
	bool is_python = tree_function(t->tree, row->number)->kind == STREAM_KIND_PYTHON;

	table_text(to, role_of_trend(sign), sign);
	table_text(to, hot ? ROLE_HOT : ROLE_PLAIN, share(a, self->recent, whole->recent));
	table_text(to, ROLE_PLAIN, share(a, total->recent, whole->recent));
	table_text(to, ROLE_PLAIN, quantity_print_ns(a, self->all));
	table_text(to, ROLE_PLAIN, quantity_print_ns(a, total->all));
	table_text(to, is_python ? ROLE_PLAIN : ROLE_FAINT, row->place);
}

static void
put_person(struct arena *a, const struct top *t, struct table *to, const struct top_row *row)
{
	struct text sign = trend(t, &row->sum.total);

	table_text(to, role_of_trend(sign), sign);
	table_text(to, ROLE_PLAIN, share(a, row->sum.total.recent, t->shown.look.whole.recent));
	table_text(to, ROLE_PLAIN, quantity_print_ns(a, row->sum.total.all));
	for (size_t i = 0; i < STATES_END; i++)
		table_text(to, ROLE_PLAIN,
		           share(a, row->states[i].is.recent, row->states[i].known.recent));
	table_text(to, ROLE_PLAIN, row->place);
}

struct table *
top_table(struct arena *a, const struct top *t, size_t first, size_t n)
{
	bool functions = t->view == TOP_FUNCTIONS;
	struct table *to =
		functions
			? table_new(a, of_functions, sizeof of_functions / sizeof *of_functions)
			: table_new(a, of_people, sizeof of_people / sizeof *of_people);

	for (size_t i = first; i < t->shown.n && i - first < n; i++) {
		if (functions)
			put_function(a, t, to, &t->shown.rows[i]);
		else
			put_person(a, t, to, &t->shown.rows[i]);
	}
	return to;
}

/* The program, or who of it is looked at. */
static struct text
whom(struct arena *a, const struct top *t)
{
	const struct top_shown *s = &t->shown;
	enum top_view view = s->scope.of == LIVE_THREAD ? TOP_VIEWS : TOP_PROCESSES;

	for (uint32_t i = 0; i < s->people_n; i++)
		if (live_is_in(&s->scope, &s->people[i]))
			return top_person(a, t, i, view);
	return TEXT("nothing yet");
}

static const char *
goes_on(const struct top *t)
{
	if (t->frozen)
		return t->ended ? ": frozen; ended meanwhile" : ": frozen";
	return t->ended ? ": ended" : "";
}

static struct text
head_of_program(struct arena *a, const struct top *t)
{
	const struct tree_run *run = t->shown.run;
	struct text who = text_visible(a, whom(a, t)), python = TEXT("");
	struct text threads = figure_number(a, t->shown.seen, "thread");
	struct text time = quantity_print_ns(a, t->shown.clock_ns);
	bool failed;
	struct text ending = top_ending(a, t, &failed);

	if (run && run->processes.n)
		python = tree_python_text(a, run->processes.at[0].python);
	return text_print(a, "%.*s%s%.*s, %.*s, %.*s%s%.*s", TEXT_ARG(who),
	                  python.n ? ", Python " : "", TEXT_ARG(python), TEXT_ARG(threads),
	                  TEXT_ARG(time), goes_on(t), TEXT_ARG(ending));
}

/* Whole ones, but of a rate of a few. */
static struct text
hertz(struct arena *a, double hz)
{
	return hz > 0 && hz < 9.5 ? text_print(a, "%.2g", hz)
	                          : text_grouped(a, (uint64_t)(hz + 0.5));
}

static struct text
head_of_sampling(struct arena *a, const struct top *t)
{
	const struct top_shown *s = &t->shown;
	double wall = s->wall.recent + s->missed.recent;
	double rate = wall > 0 ? s->ticks.recent * 1e9 / wall : 0;
	uint64_t interval = s->run ? s->run->about.interval_ns : 0;
	struct text of = hertz(a, interval ? 1e9 / (double)interval : 0);
	struct text missed = share(a, s->missed.recent, wall);
	struct text torn = text_grouped(a, s->outcome.losses[STREAM_LOSS_TORN]);
	struct text unreadable = text_grouped(a, s->outcome.losses[STREAM_LOSS_UNREADABLE]);

	return text_print(a, "%.*s Hz of %.*s, missed %.*s %%, torn %.*s, unreadable %.*s",
	                  TEXT_ARG(hertz(a, rate)), TEXT_ARG(of), TEXT_ARG(missed),
	                  TEXT_ARG(torn), TEXT_ARG(unreadable));
}

/* Of thread-time; the GIL, and who waits for it, of the wall time of an interpreter. */
static struct text
head_of_states(struct arena *a, const struct top *t)
{
	const struct live_state *s = t->shown.states;
	double wall = t->shown.wall.recent * (double)t->shown.interpreters;
	struct text cpu = share(a, s[STATES_ON_CPU].is.recent, s[STATES_ON_CPU].known.recent);
	struct text gil = s[STATES_HOLDS_GIL].known.recent > 0
	                          ? share(a, s[STATES_HOLDS_GIL].is.recent, wall)
	                          : TEXT("-");
	struct text wants = TEXT("-");
	struct text exception =
		share(a, s[STATES_IN_EXCEPTION].is.recent, s[STATES_IN_EXCEPTION].known.recent);
	struct text gc = s[STATES_IN_GC].known.recent > 0
	                         ? share(a, s[STATES_IN_GC].is.recent, wall)
	                         : TEXT("-");

	if (s[STATES_WANTS_GIL].known.recent > 0 && wall > 0)
		wants = text_print(a, "%.2f", s[STATES_WANTS_GIL].is.recent / wall);
	return text_print(a,
	                  "on CPU %.*s %%, GIL held %.*s %%, wanted by %.*s threads, "
	                  "exception %.*s %%, GC %.*s %%",
	                  TEXT_ARG(cpu), TEXT_ARG(gil), TEXT_ARG(wants), TEXT_ARG(exception),
	                  TEXT_ARG(gc));
}

struct text
top_head(struct arena *a, const struct top *t, int line)
{
	switch (line) {
	case 0:
		return head_of_program(a, t);
	case 1:
		return head_of_sampling(a, t);
	default:
		return head_of_states(a, t);
	}
}

struct text
top_ending(struct arena *a, const struct top *t, bool *failed)
{
	const struct tree_run *run = t->shown.run;
	uint64_t first = run && run->processes.n ? run->processes.at[0].id : 0;

	*failed = false;
	for (size_t i = 0; run && i < run->exits.n; i++) {
		const struct stream_exit *x = &run->exits.at[i];

		if (x->process != first)
			continue;
		*failed = x->known && x->status;
		if (!x->known)
			return TEXT(", the program has ended");
		return text_print(a, ", the program has ended with status %llu",
		                  (unsigned long long)x->status);
	}
	return TEXT("");
}
