/* SPDX-License-Identifier: MIT */
#include "tree/about.h"

#include "tree/inside.h"
#include "tree/name.h"
#include "tree/process.h"

/* A fact that all have alike stays; others become none. */
static void
agree(bool first, struct text *fact, struct text other)
{
	if (first)
		*fact = other;
	else if (!text_equal(*fact, other))
		*fact = (struct text){ "", 0 };
}

static void
agree_run(bool first, struct tree_about *to, const struct stream_run *run)
{
	agree(first, &to->host, run->host);
	agree(first, &to->tool, run->tool);
	agree(first, &to->options, run->options);
	agree(first, &to->mode, tree_mode_text(run->mode));
	if (first)
		to->asked_ns = run->interval_ns;
	else if (to->asked_ns != run->interval_ns)
		to->asked_ns = 0;
	if (run->wall_ns && (to->wall_ns == 0 || run->wall_ns < to->wall_ns))
		to->wall_ns = run->wall_ns;
}

static void
add_processes(struct tree_about *to, const struct tree_run *r, struct arena *a)
{
	for (size_t i = 0; i < r->processes.n; i++) {
		const struct stream_process *p = &r->processes.at[i];
		bool first = to->processes++ == 0;

		agree(first, &to->script, tree_script_text(a, r, p));
		agree(first, &to->python, tree_python_text(a, p->python));
	}
	to->threads += r->threads.n;
}

/* Whether a run was watched to its end, or as long as was asked for. */
static bool
is_whole(const struct tree_run *r)
{
	uint64_t reason =
		r->outcomes.n ? r->outcomes.at[r->outcomes.n - 1].reason : STREAM_GOES_ON;

	return reason == STREAM_TARGET_ENDED || reason == STREAM_REACHED;
}

static void
add_outcomes(struct tree_about *to, const struct tree_run *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct stream_outcome *o = &r->outcomes.at[i];

		to->watched_ns = number_add(to->watched_ns,
		                            number_multiply(o->to - o->from, r->about.unit_ns));
		to->ticks = number_add(to->ticks, o->ticks);
		if (o->ticks)
			to->observed = number_add(to->observed, o->samples);
		for (size_t loss = 0; loss < STREAM_LOSS_END; loss++)
			to->losses[loss] = number_add(to->losses[loss], o->losses[loss]);
	}
	to->whole &= is_whole(r);
}

static void
add_rans(struct tree_about *to, const struct tree_run *r)
{
	for (size_t i = 0; i < r->rans.n; i++) {
		const struct tree_ran *x = &r->rans.at[i];

		to->accounted_ns = number_add(to->accounted_ns,
		                              number_multiply(x->units, r->about.unit_ns));
		to->ran_ns = number_add(to->ran_ns, x->ran_ns);
		to->waited_ns = number_add(to->waited_ns, x->waited_ns);
	}
}

static void
add_cells(struct tree_about *to, enum view_unit unit, const struct tree_run *r)
{
	for (size_t i = 0; i < r->cells.n; i++) {
		to->weight = number_add(to->weight, view_weight(unit, r, &r->cells.at[i]));
		to->samples = number_add(to->samples, r->cells.at[i].samples);
	}
}

struct tree_about
tree_about_side(const struct tree *t, uint64_t side, struct arena *a)
{
	enum view_unit unit = view_unit(t);
	struct tree_about about = { .time = unit == VIEW_NS, .whole = true };

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		if (side && r->about.side != side)
			continue;
		agree_run(about.runs++ == 0, &about, &r->about);
		add_processes(&about, r, a);
		add_outcomes(&about, r);
		add_rans(&about, r);
		add_cells(&about, unit, r);
	}
	about.whole &= about.runs > 0;
	if (about.watched_ns)
		about.rate_hz = (double)about.ticks * 1e9 / (double)about.watched_ns;
	return about;
}

struct tree_about
tree_about(const struct tree *t, struct arena *a)
{
	return tree_about_side(t, 0, a);
}
