/* SPDX-License-Identifier: MIT */
/* What comes, into the spool. */
#include "formats/gecko_inside.h"

static struct gecko_run *
run_of(struct gecko *g, struct tree_run *run)
{
	if (g->last < g->runs.n && g->runs.at[g->last].run == run)
		return &g->runs.at[g->last];
	for (g->last = 0; g->last < g->runs.n; g->last++)
		if (g->runs.at[g->last].run == run)
			return &g->runs.at[g->last];
	*vec_push(g->a, &g->runs) = (struct gecko_run){ .run = run };
	return &g->runs.at[g->last];
}

static struct gecko_thread *
thread_of(struct gecko *g, struct gecko_run *r, uint32_t thread)
{
	while (r->threads.n <= thread)
		*vec_push(g->a, &r->threads) = (struct gecko_thread){ 0 };
	return &r->threads.at[thread];
}

/* Where one sample ends before the next one comes, nothing is known in between. */
static void
end_sample(struct gecko *g, struct gecko_thread *h)
{
	gecko_put_row(g, h, &(struct gecko_row){ .at = h->end });
	gecko_mark_end(g, h, h->end);
}

/* Of the lanes of a thread one speaks for it: that which counts. */
static void
mark(struct gecko *g, const struct gecko_run *r, struct gecko_thread *h,
     const struct gecko_row *row, const struct stream_sample *s)
{
	if (s->missed)
		gecko_mark_end(g, h, s->at);
	else if (s->samples)
		gecko_mark(g, r, h, row, s->state);
}

static void
take_sample(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
            const struct stream_sample *s)
{
	struct gecko *g = context;
	struct gecko_run *r = run_of(g, run);
	struct gecko_thread *h = thread_of(g, r, thread);
	struct gecko_row row = { .at = s->at, .weight = s->weight, .node = node };
	bool timed = run->about.unit_ns > 0;

	if (s->at < h->at)
		g->disordered = true;
	if (s->at < h->at || (!timed && s->samples == 0))
		return;
	if (timed && h->seen && s->at > h->end)
		end_sample(g, h);
	if (!h->seen)
		h->first = s->at;
	if (!s->missed)
		row.cpu = (uint8_t)stream_state(s->state, STREAM_CPU);
	if (!timed)
		row.weight = s->samples;
	mark(g, r, h, &row, s);
	gecko_put_row(g, h, &row);
	h->seen = true;
	h->end = s->at + (timed ? s->time : 1);
	r->end = h->end > r->end ? h->end : r->end;
}

static void
take_ran(void *context, struct tree_run *run, uint32_t thread, const struct stream_ran *x)
{
	struct gecko *g = context;

	gecko_put_ran(g, thread_of(g, run_of(g, run), thread), x);
}

static void
take_outcome(void *context, struct tree_run *run, const struct stream_outcome *o)
{
	struct gecko *g = context;
	struct gecko_run *r = run_of(g, run);

	gecko_mark_losses(g, r, o);
	r->end = o->to > r->end ? o->to : r->end;
}

struct gecko *
gecko_new(struct arena *a, struct tree *t)
{
	struct gecko *g = arena_new(a, struct gecko);

	g->a = a;
	g->tree = t;
	g->spool = spool_new(a);
	g->watcher = (struct tree_watcher){ g, false, take_sample, take_ran, take_outcome };
	return g;
}

const struct tree_watcher *
gecko_watcher(struct gecko *g)
{
	return &g->watcher;
}

bool
gecko_check(const struct gecko *g, struct err *e)
{
	if (!g->disordered)
		return true;
	err_set(e, "a part of a run came behind a later one, or twice");
	return err_hint(
		e, "give the parts of a run once, in the order in which they were written");
}
