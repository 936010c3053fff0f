/* SPDX-License-Identifier: MIT */
#include "tree/write.h"

#include "tree/inside.h"
#include "tree/order.h"

#include <stdlib.h>

/* The numbers that things have in the writer; those of nodes only in its present generation. */
struct writing {
	const struct tree *tree;
	struct writer *writer;
	struct arena *arena;
	uint32_t generation;
	uint32_t *stacks;    /* of each node; 0: not told yet */
	uint32_t *frames;    /* of each frame */
	uint32_t *functions; /* of each function */
	uint32_t *places;    /* of each node, in preorder */
	VEC(uint32_t) path;
};

static uint32_t
function_number(struct writing *w, uint32_t function)
{
	const struct tree *t = w->tree;
	struct stream_function f = t->functions.at[function];

	if (w->functions[function])
		return w->functions[function];
	f.name = writer_string(w->writer, t->strings.at[f.name]);
	f.file = writer_string(w->writer, t->strings.at[f.file]);
	return w->functions[function] = writer_function(w->writer, &f);
}

static uint32_t
frame_number(struct writing *w, uint32_t frame)
{
	const struct tree *t = w->tree;
	struct stream_frame f = t->frames.at[frame];

	if (w->frames[frame])
		return w->frames[frame];
	f.function = function_number(w, f.function);
	f.opcode = writer_string(w->writer, t->strings.at[f.opcode]);
	return w->frames[frame] = writer_new_frame(w->writer, &f);
}

/* Numbers of an older generation are void. */
static void
renew(struct writing *w)
{
	writer_room(w->writer);
	if (w->generation == writer_generation(w->writer))
		return;
	w->generation = writer_generation(w->writer);
	memset(w->stacks, 0, w->tree->nodes.rows.n * sizeof *w->stacks);
	memset(w->frames, 0, w->tree->frames.n * sizeof *w->frames);
	memset(w->functions, 0, w->tree->functions.n * sizeof *w->functions);
}

static uint32_t
stack_number(struct writing *w, uint32_t node)
{
	const struct tree_node *nodes = w->tree->nodes.rows.at;
	uint32_t stack;

	renew(w);
	for (w->path.n = 0; node && !w->stacks[node]; node = nodes[node].parent)
		*vec_push(w->arena, &w->path) = node;
	stack = node ? w->stacks[node] : 0;
	while (w->path.n) {
		node = w->path.at[--w->path.n];
		stack = writer_new_stack(w->writer, stack, frame_number(w, nodes[node].frame));
		w->stacks[node] = stack;
	}
	return stack;
}

/* What is written of a run: who has cells or exits. */
struct people {
	uint32_t *processes, *threads; /* rows, by id */
	size_t process_count, thread_count;
};

/* The rows of threads that have cells, or were accounted for, by id. */
static void
find_threads(struct people *people, struct arena *a, const struct tree_run *r)
{
	uint32_t *keys = arena_array(a, uint32_t, r->threads.n);
	bool *seen = arena_array(a, bool, r->threads.n);

	people->threads = arena_array(a, uint32_t, r->threads.n);
	for (size_t i = 0; i < r->cells.n; i++)
		seen[r->series.at[r->cells.at[i].series].thread] = true;
	for (size_t i = 0; i < r->rans.n; i++)
		seen[r->rans.at[i].thread] = true;
	for (uint32_t i = 0; i < r->threads.n; i++) {
		keys[i] = (uint32_t)r->threads.at[i].id;
		if (seen[i])
			people->threads[people->thread_count++] = i;
	}
	order_rows(a, people->threads, people->thread_count, keys, STREAM_ID_MAX);
}

/* The rows of processes that have such threads, or an exit, by id. */
static void
find_processes(struct people *people, struct arena *a, const struct tree_run *r)
{
	uint32_t *keys = arena_array(a, uint32_t, r->processes.n);
	bool *seen = arena_array(a, bool, STREAM_ID_MAX);

	people->processes = arena_array(a, uint32_t, r->processes.n);
	for (size_t i = 0; i < people->thread_count; i++)
		seen[r->threads.at[people->threads[i]].process] = true;
	for (size_t i = 0; i < r->exits.n; i++)
		seen[r->exits.at[i].process] = true;
	for (uint32_t i = 0; i < r->processes.n; i++) {
		keys[i] = (uint32_t)r->processes.at[i].id;
		if (seen[keys[i]])
			people->processes[people->process_count++] = i;
	}
	order_rows(a, people->processes, people->process_count, keys, STREAM_ID_MAX);
}

static void
write_people(const struct writing *w, struct arena *a, const struct tree_run *r)
{
	struct people people = { 0 };

	find_threads(&people, a, r);
	find_processes(&people, a, r);
	for (size_t i = 0; i < people.process_count; i++)
		writer_process(w->writer, &r->processes.at[people.processes[i]]);
	for (size_t i = 0; i < people.thread_count; i++)
		writer_thread(w->writer, &r->threads.at[people.threads[i]]);
}

static int
compare_portables(const void *a, const void *b)
{
	const struct tree_portable *x = a, *y = b;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return text_compare(x->body, y->body);
}

static int
compare_exits(const void *a, const void *b)
{
	const struct stream_exit *x = a, *y = b;

	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->known != y->known)
		return x->known < y->known ? -1 : 1;
	return (x->status > y->status) - (x->status < y->status);
}

/* A sorted copy of n rows. */
static void *
sorted(struct arena *a, const void *rows, size_t n, size_t size,
       int (*compare)(const void *, const void *))
{
	void *copy = arena_alloc(a, n * size);

	if (n) {
		memcpy(copy, rows, n * size);
		qsort(copy, n, size, compare);
	}
	return copy;
}

static int
compare_rans(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b; /* all that it has are numbers */

	for (size_t i = 0; i < sizeof(struct stream_ran) / sizeof *x; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static uint64_t
at_most(uint64_t n, uint64_t most)
{
	return n < most ? n : most;
}

static void
write_rans(const struct writing *w, struct arena *a, const struct tree_run *r)
{
	struct stream_ran *rans = arena_array(a, struct stream_ran, r->rans.n);

	for (size_t i = 0; i < r->rans.n; i++) {
		const struct tree_ran *x = &r->rans.at[i];
		uint64_t from = tree_epoch_start(r, x->epoch);

		rans[i] = (struct stream_ran){ .thread = r->threads.at[x->thread].id,
			                       .from = at_most(from, INT64_MAX),
			                       .to = at_most(number_add(from, x->units),
			                                     INT64_MAX),
			                       .ran_ns = at_most(x->ran_ns, INT64_MAX),
			                       .waited_ns = at_most(x->waited_ns, INT64_MAX) };
	}
	if (r->rans.n)
		qsort(rans, r->rans.n, sizeof *rans, compare_rans);
	for (size_t i = 0; i < r->rans.n; i++)
		writer_ran(w->writer, &rans[i]);
}

static void
write_facts(const struct writing *w, struct arena *a, const struct tree_run *r)
{
	const struct tree_portable *portables = sorted(a, r->portables.at, r->portables.n,
	                                               sizeof *portables, compare_portables);
	const struct stream_exit *exits =
		sorted(a, r->exits.at, r->exits.n, sizeof *exits, compare_exits);

	for (size_t i = 0; i < r->portables.n; i++)
		writer_portable(w->writer, portables[i].type, portables[i].body);
	for (size_t i = 0; i < r->outcomes.n; i++)
		writer_outcome(w->writer, &r->outcomes.at[i]);
	for (size_t i = 0; i < r->exits.n; i++)
		writer_exit(w->writer, &exits[i]);
	write_rans(w, a, r);
}

static void
write_cells(struct writing *w, struct arena *a, const struct tree_run *r)
{
	const uint32_t *rows = tree_cells_in_order(a, w->tree, r, w->places);

	for (size_t i = 0; i < r->cells.n; i++) {
		const struct tree_cell *c = &r->cells.at[rows[i]];
		const struct tree_series *series = &r->series.at[c->series];
		struct stream_cell cell = {
			.thread = (uint32_t)r->threads.at[series->thread].id,
			.state = series->state,
			.epoch = c->epoch,
			.samples = c->samples,
			.weight = c->weight,
		};

		cell.stack = stack_number(w, c->node);
		writer_cell(w->writer, &cell);
	}
}

static void
write_run(struct writing *w, const struct tree_run *r, bool first)
{
	struct arena scratch = { 0 };

	writer_run(w->writer, &r->about);
	if (first && w->tree->compare)
		writer_compare(w->writer, &w->tree->compare->about);
	write_people(w, &scratch, r);
	write_facts(w, &scratch, r);
	write_cells(w, &scratch, r);
	arena_empty(&scratch);
}

/* What belongs to functions, after all runs. */
static void
write_comparison(struct writing *w)
{
	const struct tree_compare *c = w->tree->compare;

	for (size_t i = 0; i < c->matches.n; i++) {
		struct stream_match m;

		renew(w);
		m.baseline = function_number(w, c->matches.at[i].baseline);
		m.current = function_number(w, c->matches.at[i].current);
		writer_match(w->writer, &m);
	}
	for (size_t i = 0; i < c->verdicts.n; i++) {
		struct stream_verdict v = c->verdicts.at[i];

		renew(w);
		v.function = function_number(w, (uint32_t)v.function);
		writer_verdict(w->writer, &v);
	}
}

void
tree_write(const struct tree *t, struct writer *writer)
{
	struct arena scratch = { 0 };
	struct writing w = { .tree = t, .writer = writer, .arena = &scratch };

	w.places = tree_node_places(&scratch, t);
	w.stacks = arena_array(&scratch, uint32_t, t->nodes.rows.n);
	w.frames = arena_array(&scratch, uint32_t, t->frames.n);
	w.functions = arena_array(&scratch, uint32_t, t->functions.n);
	for (size_t i = 0; i < t->runs.n; i++)
		write_run(&w, t->runs.at[i], i == 0);
	if (t->compare)
		write_comparison(&w);
	arena_empty(&scratch);
}
