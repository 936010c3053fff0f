/* SPDX-License-Identifier: MIT */
/* What functions and calls got is what a walk of every path says, however they recur. */
#include "tree/functions.h"

#include <stdio.h>

enum { NAMES = 6, NODES = 400, CELLS = 900 };

static uint64_t seed = 11;

static uint64_t
chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

/* A tree of few functions on two lines each, so that nearly every path recurs. */
static struct tree *
random_tree(struct arena *a)
{
	struct tree *t = tree_new(a);
	struct stream_run about = { .unit_ns = 1000 };
	struct tree_run *r = tree_add_run(t, &about);
	struct stream_process p = { .pid = 1 };
	struct stream_thread h = { .process = tree_add_process(t, r, &p) };
	uint32_t series = tree_add_series(t, r, tree_add_thread(t, r, &h), 0);
	uint32_t nodes[NODES] = { 0 };

	for (size_t i = 1; i < NODES; i++) {
		char name = (char)('a' + chance(NAMES));
		struct stream_function f = { .name = tree_intern_string(
						     t, (struct text){ &name, 1 }) };
		struct stream_frame frame = { .function = tree_intern_function(t, &f),
			                      .line = (uint32_t)chance(2) };

		nodes[i] = tree_intern_node(t, nodes[chance(i)], tree_intern_frame(t, &frame));
	}
	for (size_t i = 0; i < CELLS; i++)
		tree_add_cell(t, r,
		              (struct tree_cell){ .series = series,
		                                  .node = nodes[1 + chance(NODES - 1)],
		                                  .weight = 1 + chance(100),
		                                  .samples = (1 + chance(3)) & 7 });
	return t;
}

static void
add_node(struct key_sum *to, const struct view_node *n, bool is_self)
{
	to->total += n->self;
	to->total_samples += n->self_samples;
	if (is_self) {
		to->self += n->self;
		to->self_samples += n->self_samples;
	}
}

/* The row of the function of node n, or of the call that it is; NONE for a call from nowhere. */
static size_t
key(const struct view *v, const struct functions *f, uint32_t n, bool calls)
{
	if (!calls)
		return f->of[n];
	return v->nodes[n].parent ? f->of[v->nodes[n].parent] * f->count + f->of[n] : SIZE_MAX;
}

/* By a walk from each node up to the root. */
static struct key_sum *
walked(struct arena *a, const struct view *v, const struct functions *f, bool calls)
{
	size_t keys = calls ? f->count * f->count : f->count;
	struct key_sum *sums = arena_array(a, struct key_sum, keys);

	for (uint32_t i = 1; i < v->count; i++) {
		bool *met = arena_array(a, bool, keys);

		for (uint32_t n = i; n; n = v->nodes[n].parent) {
			size_t k = key(v, f, n, calls);

			if (k != SIZE_MAX && !met[k])
				add_node(&sums[k], &v->nodes[i], k == key(v, f, i, calls));
			if (k != SIZE_MAX)
				met[k] = true;
		}
	}
	return sums;
}

static bool
is_same(const struct key_sum *a, const struct key_sum *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static int
check_functions(struct arena *a, const struct view *v, const struct functions *f)
{
	struct key_sum *wanted = walked(a, v, f, false);
	int failed = 0;

	for (uint32_t i = 0; i < f->count; i++)
		if (!is_same(&f->sums[i], &wanted[i])) {
			printf("function %u: total %zu is not %zu\n", i,
			       (size_t)f->sums[i].total, (size_t)wanted[i].total);
			failed = 1;
		}
	return failed;
}

static int
check_calls(struct arena *a, const struct view *v, const struct functions *f)
{
	struct key_sum *wanted = walked(a, v, f, true), none = { 0 };
	struct function_calls calls = functions_calls(a, v, f);
	size_t last = 0;
	int failed = 0;

	for (size_t i = 0; i < calls.count; i++) {
		const struct function_call *c = &calls.rows[i];
		size_t k = c->caller * f->count + c->callee;
		size_t place = c->callee * f->count + c->caller;

		if (!is_same(&c->sum, &wanted[k]) || (i && place <= last)) {
			printf("call %u of %u: total %zu is not %zu, or not in order\n",
			       c->callee, c->caller, (size_t)c->sum.total,
			       (size_t)wanted[k].total);
			failed = 1;
		}
		wanted[k] = none;
		last = place;
	}
	for (size_t k = 0; k < f->count * f->count; k++)
		if (!is_same(&wanted[k], &none)) {
			printf("a call is not there\n");
			failed = 1;
		}
	return failed;
}

int
main(void)
{
	int failed = 0;

	for (size_t i = 0; i < 20; i++) {
		struct arena a = { 0 };
		struct tree *t = random_tree(&a);
		enum tree_grain grain = i % 2 ? TREE_FUNCTION : TREE_LINE;
		const struct view *v = view_new(&a, t, (struct view_choice){ .grain = grain });
		struct functions f = functions_of(&a, v);

		if (f.count != (grain == TREE_LINE ? 2 * NAMES : NAMES)) {
			printf("%u functions\n", f.count);
			failed = 1;
		}
		failed |= check_functions(&a, v, &f) | check_calls(&a, v, &f);
		arena_empty(&a);
	}
	return failed;
}
