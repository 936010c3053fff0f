/* SPDX-License-Identifier: MIT */
/*
 * The sum of runs. Its unit is the nanosecond, it has no epochs, and its
 * threads are those of equal name in processes of equal command line: so the
 * sum of sums is the sum. Its id is the sum of the ids that are in it, mixed.
 */
#include "tree/inside.h"

#include <stdlib.h>

/* A 128-bit number, low half first. */
struct sum_id {
	uint64_t half[2];
};

static uint64_t
mix_pair(uint64_t a, uint64_t b)
{
	return mix_number(a * 0x9e3779b97f4a7c15u + b);
}

static struct sum_id
id_of(const struct stream_run *run)
{
	struct sum_id id;

	memcpy(&id, run->id, sizeof id);
	if (run->flags & STREAM_SUMMED)
		return id;
	return (struct sum_id){ { mix_pair(id.half[0], id.half[1]),
		                  mix_pair(id.half[1] + 1, id.half[0]) } };
}

/* Whether the run is in the sum already, with another part of it; then its id counts no more. */
static bool
is_known(struct tree *t, const struct stream_run *run)
{
	struct run_id id;
	uint64_t hash = hash_bytes(run->id, sizeof run->id);
	struct index_probe probe = index_probe(&t->summed_index, hash);

	memcpy(id.bytes, run->id, sizeof id.bytes);
	id.keeps = run_keeps(run);
	while (index_next(&t->summed_index, &probe))
		if (memcmp(&t->summed_ids.at[probe.row], &id, sizeof id) == 0)
			return true;
	index_add(t->a, &t->summed_index, hash, (uint32_t)t->summed_ids.n);
	*vec_push(t->a, &t->summed_ids) = id;
	return false;
}

static void
sum_ids(struct tree *t, struct stream_run *to, const struct stream_run *from)
{
	struct sum_id sum, id = id_of(from);

	if (!(from->flags & STREAM_SUMMED) && is_known(t, from))
		return;
	memcpy(&sum, to->id, sizeof sum);
	sum.half[1] +=
		id.half[1] + __builtin_add_overflow(sum.half[0], id.half[0], &sum.half[0]);
	memcpy(to->id, &sum, sizeof sum);
}

static void
same_number(uint64_t *to, uint64_t from)
{
	*to = *to == from ? from : 0;
}

static void
same_text(struct text *to, struct text from)
{
	*to = text_equal(*to, from) ? from : (struct text){ 0 };
}

/* Facts in which the runs differ are none of the sum's. */
static void
sum_facts(struct tree *t, struct stream_run *to, const struct stream_run *from, bool first)
{
	if (first) {
		*to = *from;
		memset(to->id, 0, sizeof to->id);
		to->unit_ns = from->unit_ns ? 1 : 0;
		to->epoch_ms = to->monotonic_ns = to->seed = 0;
		to->boot = (struct text){ 0 };
	}
	sum_ids(t, to, from);
	same_number(&to->interval_ns, from->interval_ns);
	same_text(&to->tool, from->tool);
	same_text(&to->version, from->version);
	same_text(&to->host, from->host);
	same_text(&to->options, from->options);
	to->wall_ns = to->wall_ns < from->wall_ns ? to->wall_ns : from->wall_ns;
	to->flags = (to->flags & from->flags) | STREAM_SUMMED;
}

/*
 * While a sum is made, the id of a process or thread is a hash of what makes
 * it one in the sum; texts are told apart by their places in the tree.
 */
static uint64_t
text_key(struct text text)
{
	return (uint64_t)(uintptr_t)text.at;
}

static uint64_t
sum_process(struct tree *t, struct tree_run *to, struct stream_process p)
{
	p.parent = p.started = 0;
	p.pid = hash_pair(p.python, p.build);
	p.id = hash_pair(text_key(p.executable), text_key(p.command));
	return tree_add_process(t, to, &p);
}

static uint32_t
sum_thread(struct tree *t, struct tree_run *to, struct stream_thread h, uint64_t process)
{
	h.process = process;
	h.python_id = 0;
	h.native_id = hash_pair(h.flags, h.interpreter);
	h.id = hash_pair(process, text_key(h.name));
	return tree_add_thread(t, to, &h);
}

/* Their threads are those rows of the sum's. */
static void
sum_rans(struct tree *t, struct tree_run *to, const struct tree_run *from,
         const uint32_t *threads)
{
	for (size_t i = 0; i < from->rans.n; i++) {
		struct tree_ran ran = from->rans.at[i];

		ran.thread = threads[ran.thread];
		ran.epoch = 0;
		ran.units = number_multiply(ran.units, from->about.unit_ns);
		tree_add_ran(t, to, ran);
	}
}

static void
sum_cells(struct tree *t, struct tree_run *to, const struct tree_run *from)
{
	struct arena scratch = { 0 };
	uint32_t *threads = arena_array(&scratch, uint32_t, from->threads.n);
	uint32_t *processes = tree_process_rows(&scratch, from);
	uint64_t unit_ns = from->about.unit_ns ? from->about.unit_ns : 1, process;

	for (size_t i = 0; i < from->threads.n; i++) {
		process = sum_process(t, to, from->processes.at[processes[i]]);
		threads[i] = sum_thread(t, to, from->threads.at[i], process);
	}
	for (size_t i = 0; i < from->cells.n; i++) {
		struct tree_cell cell = from->cells.at[i];
		const struct tree_series *series = &from->series.at[cell.series];

		cell.series = tree_add_series(t, to, threads[series->thread], series->state);
		cell.weight = number_multiply(cell.weight, unit_ns);
		cell.epoch = 0;
		tree_add_cell(t, to, cell);
	}
	sum_rans(t, to, from, threads);
	arena_empty(&scratch);
}

/* A sum has one outcome: as long as theirs are together. */
static void
sum_outcomes(struct tree *t, struct tree_run *to, const struct tree_run *from)
{
	struct stream_outcome *sum;
	uint64_t unit_ns = from->about.unit_ns ? from->about.unit_ns : 1;

	if (from->outcomes.n && to->outcomes.n == 0)
		*vec_push(t->a, &to->outcomes) = (struct stream_outcome){ 0 };
	for (size_t i = 0; i < from->outcomes.n; i++) {
		const struct stream_outcome *o = &from->outcomes.at[i];

		sum = &to->outcomes.at[0];
		sum->to = number_add(sum->to, number_multiply(o->to - o->from, unit_ns));
		sum->ticks = number_add(sum->ticks, o->ticks);
		sum->samples = number_add(sum->samples, o->samples);
		sum->reason = sum->reason > o->reason ? sum->reason : o->reason;
		for (size_t loss = 0; loss < STREAM_LOSS_END; loss++)
			sum->losses[loss] = number_add(sum->losses[loss], o->losses[loss]);
	}
}

static int
compare_processes(const void *a, const void *b)
{
	const struct stream_process *x = *(struct stream_process *const *)a;
	const struct stream_process *y = *(struct stream_process *const *)b;
	int texts = text_compare(x->command, y->command);

	texts = texts ? texts : text_compare(x->executable, y->executable);
	if (texts)
		return texts;
	if (x->python != y->python)
		return x->python < y->python ? -1 : 1;
	return (x->build > y->build) - (x->build < y->build);
}

static int
compare_threads(const void *a, const void *b)
{
	const struct stream_thread *x = *(struct stream_thread *const *)a;
	const struct stream_thread *y = *(struct stream_thread *const *)b;

	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	if (x->interpreter != y->interpreter)
		return x->interpreter < y->interpreter ? -1 : 1;
	if (x->flags != y->flags)
		return x->flags < y->flags ? -1 : 1;
	return text_compare(x->name, y->name);
}

/* As many as tstream(5) allows have a number of their own. */
static uint64_t
number(size_t rank)
{
	return rank < STREAM_ID_MAX ? rank : STREAM_ID_MAX - 1;
}

/* Processes are numbered by what they are. */
static void
number_processes(struct tree *t, struct tree_run *sum)
{
	struct arena scratch = { 0 };
	size_t n = sum->processes.n;
	struct stream_process **order = arena_array(&scratch, struct stream_process *, n);
	uint32_t *rows = tree_process_rows(&scratch, sum);

	for (size_t i = 0; i < n; i++)
		order[i] = &sum->processes.at[i];
	qsort(order, n, sizeof *order, compare_processes);
	origins_clear(&sum->index->processes);
	for (size_t i = 0; i < n; i++)
		order[i]->id = number(i);
	for (size_t i = 0; i < n; i++) {
		sum->processes.at[i].pid = 0;
		origin_add(t->a, &sum->index->processes,
		           (struct origin){ sum->processes.at[i].id, 0 });
	}
	for (size_t i = 0; i < sum->threads.n; i++)
		sum->threads.at[i].process = sum->processes.at[rows[i]].id;
	arena_empty(&scratch);
}

/* So are threads, after their processes. */
static void
number_threads(struct tree *t, struct tree_run *sum)
{
	struct arena scratch = { 0 };
	size_t n = sum->threads.n;
	struct stream_thread **order = arena_array(&scratch, struct stream_thread *, n);

	for (size_t i = 0; i < n; i++)
		order[i] = &sum->threads.at[i];
	qsort(order, n, sizeof *order, compare_threads);
	origins_clear(&sum->index->threads);
	for (size_t i = 0; i < n; i++)
		order[i]->id = number(i);
	for (size_t i = 0; i < n; i++) {
		sum->threads.at[i].native_id = 0;
		origin_add(t->a, &sum->index->threads,
		           (struct origin){ sum->threads.at[i].id, 0 });
	}
	arena_empty(&scratch);
}

static void
sum_run(struct tree *t, struct tree_run *to, const struct tree_run *from, bool first)
{
	t->runs_summed += !(from->about.flags & STREAM_SUMMED);
	sum_facts(t, &to->about, &from->about, first);
	sum_cells(t, to, from);
	sum_outcomes(t, to, from);
	for (size_t i = 0; i < from->portables.n; i++)
		tree_add_portable(t, to, from->portables.at[i].type,
		                  from->portables.at[i].body);
}

/* Sums of time and of samples are apart, and so are sides of a comparison, and modes. */
static bool
goes_with(const struct stream_run *sum, const struct stream_run *run)
{
	return sum->side == run->side && !sum->unit_ns == !run->unit_ns &&
	       run_keeps(sum) == run_keeps(run);
}

/* The runs of a tree are few sums and nothing else. */
static bool
is_summed(const struct tree *t)
{
	for (size_t i = 0; i < t->runs.n; i++) {
		if (!(t->runs.at[i]->about.flags & STREAM_SUMMED))
			return false;
		for (size_t k = 0; k < i; k++)
			if (goes_with(&t->runs.at[k]->about, &t->runs.at[i]->about))
				return false;
	}
	return true;
}

/* The sum that a run goes into, among the last ones of the tree; a new one at the end. */
static struct tree_run *
sum_for(struct tree *t, size_t from, const struct stream_run *run, bool *first)
{
	*first = false;
	for (size_t i = from; i < t->runs.n; i++)
		if (goes_with(&t->runs.at[i]->about, run))
			return t->runs.at[i];
	*first = true;
	return run_insert(t, t->runs.n);
}

static int
compare_runs(const void *a, const void *b)
{
	return run_compare(&(*(struct tree_run *const *)a)->about,
	                   &(*(struct tree_run *const *)b)->about);
}

void
tree_sum(struct tree *t)
{
	size_t n = t->runs.n;
	bool first;

	t->summed = true;
	if (is_summed(t))
		return;
	for (size_t i = 0; i < n; i++) {
		struct tree_run *sum = sum_for(t, n, &t->runs.at[i]->about, &first);

		sum_run(t, sum, t->runs.at[i], first);
	}
	for (size_t i = 0; i < n; i++) {
		run_clear(t->runs.at[i]);
		*vec_push(t->a, &t->spare) = t->runs.at[i];
	}
	t->runs.n -= n;
	memmove(t->runs.at, t->runs.at + n, t->runs.n * sizeof *t->runs.at);
	qsort(t->runs.at, t->runs.n, sizeof *t->runs.at, compare_runs);
	for (size_t i = 0; i < t->runs.n; i++) {
		number_processes(t, t->runs.at[i]);
		number_threads(t, t->runs.at[i]);
	}
}

void
tree_settle(struct tree *t)
{
	if (t->summed)
		tree_sum(t);
}
