/* SPDX-License-Identifier: MIT */
/* What a live view counted of a stream is what the stream holds. */
#include "term/live.h"
#include "stream/reader.h"
#include "tests/unit/profile.h"
#include "tree/functions.h"

#include <math.h>
#include <stdlib.h>

static struct tree *
read_file(struct arena *a, struct tree *t, const char *path, const struct tree_choice *choice)
{
	struct err e = { 0 };
	struct stream *s = stream_open(a, path, &e);

	if (!s || !tree_read(t, s, path, choice, &e)) {
		printf("%s\n", e.fact);
		abort();
	}
	stream_close(s);
	return t;
}

static int failed;

static void
expect(bool holds, const char *what, uint32_t of)
{
	if (!holds)
		printf("%s: not so of %u\n", what, of);
	failed |= !holds;
}

/* The function of the other tree with the same name, file and line. */
static uint32_t
same_function(const struct tree *t, uint32_t function, const struct tree *other)
{
	struct stream_function f = *tree_function(t, function);

	for (uint32_t i = 1; i < tree_function_count(other); i++) {
		const struct stream_function *g = tree_function(other, i);

		if (f.kind == g->kind && f.line == g->line &&
		    text_equal(tree_string(t, f.name), tree_string(other, g->name)) &&
		    text_equal(tree_string(t, f.file), tree_string(other, g->file)))
			return i;
	}
	return 0;
}

static void
compare_functions(struct arena *a, const struct live *l, const struct live_look *look,
                  struct tree *whole)
{
	const struct view *v =
		view_new(a, whole, (struct view_choice){ .grain = TREE_FUNCTION });
	struct functions f = functions_of(a, v);
	uint64_t self = 0;

	for (uint32_t i = 0; i < f.count; i++) {
		uint32_t there = tree_frame(whole, f.frames[i])->function;
		uint32_t here = same_function(whole, there, l->tree);
		const struct live_sum *sum = &look->functions[here];

		expect(here && sum->self.all == f.sums[i].self &&
		               sum->total.all == f.sums[i].total,
		       "self and total", there);
		expect(sum->self.recent >= 0 && sum->total.recent >= sum->self.recent - 1e-3,
		       "what is recent", there);
		self += sum->self.all;
	}
	expect(self == look->whole.all && look->whole.all == v->nodes[0].total, "the whole", 0);
}

/* Callers get what the function got in all; callees, with its self outermost, too. */
static void
compare_parts(struct arena *a, const struct live *l, const struct live_look *look)
{
	for (uint32_t i = 1; i < look->function_count; i++) {
		live_parts callers = live_callers(a, l, look, i);
		live_parts callees = live_callees(a, l, look, i);
		uint64_t called = 0, calls = 0, outermost = 0, itself = 0;

		for (uint32_t n = 1; n < look->node_count; n++) {
			if (l->nodes.at[n].function != i || !l->nodes.at[n].topmost)
				continue;
			itself += look->nodes[n].self.all;
			if (tree_node(l->tree, n)->parent == 0)
				outermost += look->nodes[n].total.all;
		}
		for (size_t k = 0; k < callers.n; k++)
			called += callers.at[k].weight.all;
		for (size_t k = 0; k < callees.n; k++)
			calls += callees.at[k].weight.all;
		expect(called + outermost == look->functions[i].total.all, "callers", i);
		expect(calls + itself == look->functions[i].total.all, "callees", i);
	}
}

/* The threads one by one are all of them. */
static void
compare_scopes(struct arena *a, struct live *l, const struct live_look *all)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < l->people.n; i++) {
		struct live_scope scope = { LIVE_THREAD, l->people.at[i].run,
			                    l->people.at[i].thread };

		sum += live_look(a, l, &scope).whole.all;
	}
	expect(sum == all->whole.all, "threads", (uint32_t)l->people.n);
}

/* Half of what is recent is gone after each half-life of the stream. */
static void
check_aging(struct arena *a, struct live *l)
{
	struct live_scope all = { .of = LIVE_ALL };
	double before = live_look(a, l, &all).whole.recent, after;

	l->clock_ns += (uint64_t)LIVE_HALF_NS;
	after = live_look(a, l, &all).whole.recent;
	expect(fabs(after * 2 - before) <= before * 1e-9, "aging", 0);
	live_reset(l);
	expect(live_look(a, l, &all).whole.all == 0 && l->people.n == 0, "a reset", 0);
}

int
main(void)
{
	for (int i = 0; i < 6; i++) {
		struct arena a = { 0 };
		struct profile p =
			profile_new((uint8_t)(i + 1), 40 + chance(400), 1 + chance(60));
		struct file f = write_raw(&p, 0, p.ticks);
		struct tree_choice as_it_is = { .grain = TREE_OPCODE }, watched;
		struct tree *t = tree_new(&a), *whole;
		struct live *l = live_new(&a, t);
		struct live_scope all = { .of = LIVE_ALL };
		struct live_look look;

		watched = live_choice(l);
		read_file(&a, t, f.path, &watched);
		whole = read_file(&a, tree_new(&a), f.path, &as_it_is);
		look = live_look(&a, l, &all);
		compare_functions(&a, l, &look, whole);
		compare_parts(&a, l, &look);
		compare_scopes(&a, l, &look);
		compare_functions(&a, l, &look, t); /* the cells that it can write */
		check_aging(&a, l);
		arena_empty(&a);
	}
	return failed;
}
