/* SPDX-License-Identifier: MIT */
#include "tree/alike.h"

#include "tree/inside.h"
#include "tree/name.h"

/* Markers that runs with the flag have, or lack: only one side would have them. */
static const struct {
	uint64_t flag;
	bool lacks;
	enum stream_kind kind; /* STREAM_KIND_PYTHON: what the flag is of is no marker */
	const char *fact, *hint;
} marks[] = {
	{ STREAM_NATIVE, false, STREAM_KIND_NATIVE, "only one side was sampled with --native",
	  "sample both alike, or leave it out of both: tfold --drop '^<native>$'" },
	{ STREAM_NO_GC, true, STREAM_KIND_GC, "only one side was sampled with --no-gc",
	  "sample both alike, or leave it out of both: tfold --drop '^<GC>$'" },
	{ STREAM_NO_IDLE, false, STREAM_KIND_PYTHON,
	  "idle threads were left out of one side only",
	  "choose both alike: tfold --idle drop" },
};

/* Whether runs that have the flag, or lack it, have frames of that kind. */
static bool
has_marker(const struct tree *t, uint64_t flag, bool lacks, enum stream_kind kind)
{
	struct arena scratch = { 0 };
	bool *nodes = arena_array(&scratch, bool, t->nodes.rows.n), found = false;

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		for (size_t k = 0; k < r->cells.n && !(r->about.flags & flag) == lacks; k++)
			nodes[r->cells.at[k].node] = true;
	}
	for (size_t i = t->nodes.rows.n - 1; i > 0 && !found; i--) {
		const struct tree_node *node = &t->nodes.rows.at[i];
		uint32_t function = t->frames.at[node->frame].function;

		found = nodes[i] && t->functions.at[function].kind == kind;
		nodes[node->parent] |= nodes[i];
	}
	arena_empty(&scratch);
	return found;
}

static bool
flags_differ(const struct tree *t, uint64_t flag)
{
	for (size_t i = 1; i < t->runs.n; i++)
		if ((t->runs.at[0]->about.flags ^ t->runs.at[i]->about.flags) & flag)
			return true;
	return false;
}

/* What was left out by hand makes sides alike again. */
static bool
marks_alike(const struct tree *t, struct err *e)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!flags_differ(t, marks[i].flag) ||
		    (marks[i].kind != STREAM_KIND_PYTHON &&
		     !has_marker(t, marks[i].flag, marks[i].lacks, marks[i].kind)))
			continue;
		err_set(e, "%s", marks[i].fact);
		return err_hint(e, "%s", marks[i].hint);
	}
	return true;
}

/* A lane is its thread's. */
static bool
is_main(const struct tree_run *r, uint32_t thread)
{
	const struct stream_thread *h = &r->threads.at[thread];
	uint64_t of = h->lane_of;

	if (!(h->flags & STREAM_LANE))
		return h->flags & STREAM_MAIN_THREAD;
	for (size_t i = 0; i < r->threads.n; i++)
		if (r->threads.at[i].id == of && !(r->threads.at[i].flags & STREAM_LANE))
			return r->threads.at[i].flags & STREAM_MAIN_THREAD;
	return false;
}

/* Threads that have anything, besides the main one. */
static bool
has_other_threads(const struct tree_run *r)
{
	uint32_t known = UINT32_MAX; /* the last that was looked at */

	for (size_t i = 0; i < r->cells.n; i++) {
		uint32_t thread = r->series.at[r->cells.at[i].series].thread;

		if (thread != known && !is_main(r, thread))
			return true;
		known = thread;
	}
	return false;
}

/* A side of main threads alone has nothing to set against what the others of the other side did. */
static bool
threads_alike(const struct tree *t, struct err *e)
{
	bool alone = false, others = false;

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];
		bool all = r->about.flags & STREAM_ALL_THREADS;

		others |= all && has_other_threads(r);
		alone |= !all && r->cells.n && !has_other_threads(r);
	}
	if (!alone || !others)
		return true;
	err_set(e,
	        "only one side was sampled with -a, and has other threads than the main one");
	return err_hint(e, "sample both alike, or choose the main thread of both: "
	                   "tfold --thread main");
}

static bool
measure_alike(const struct stream_run *a, const struct stream_run *b, struct err *e)
{
	if (!a->unit_ns != !b->unit_ns) {
		err_set(e, "one side measured time, the other counted samples");
		return err_hint(e, "--scale share --force compares shares all the same");
	}
	if (a->mode == b->mode)
		return true;
	err_set(e,
	        "the sides are of different modes, whose times do not compare: "
	        "%.*s, %.*s",
	        TEXT_ARG(tree_mode_text(a->mode)), TEXT_ARG(tree_mode_text(b->mode)));
	return err_hint(e, "choose one of both with tfold --mode, or add --force");
}

bool
alike_runs(const struct tree *t, struct err *e)
{
	for (size_t i = 1; i < t->runs.n; i++)
		if (!measure_alike(&t->runs.at[0]->about, &t->runs.at[i]->about, e))
			return false;
	return threads_alike(t, e) && marks_alike(t, e);
}
