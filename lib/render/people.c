/* SPDX-License-Identifier: MIT */
#include "render/people.h"

#include "tree/name.h"
#include "tree/process.h"
#include "tree/view.h"

#include <stdlib.h>

/* A thread of a run, and what it got. */
struct thread_sum {
	size_t run, thread, number; /* number: in people.row_of */
	uint64_t weight, samples;
	uint64_t accounted_ns, ran_ns;
};

typedef VEC(struct thread_sum) thread_sums;

static int
compare_sums(const void *x, const void *y)
{
	const struct thread_sum *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static void
sum_run(struct thread_sum *sums, enum view_unit unit, const struct tree_run *r)
{
	for (size_t i = 0; i < r->cells.n; i++) {
		const struct tree_cell *cell = &r->cells.at[i];
		struct thread_sum *sum = &sums[r->series.at[cell->series].thread];

		sum->weight += view_weight(unit, r, cell);
		sum->samples += cell->samples;
	}
	for (size_t i = 0; i < r->rans.n; i++) {
		struct thread_sum *sum = &sums[r->rans.at[i].thread];

		sum->accounted_ns += r->rans.at[i].units * r->about.unit_ns;
		sum->ran_ns += r->rans.at[i].ran_ns;
	}
}

/* Every thread of every run; and of each run where its threads and processes begin. */
static void
sum_threads(struct arena *a, struct people *p, struct arena *scratch, thread_sums *sums)
{
	size_t processes = 0;

	for (size_t i = 0; i < tree_run_count(p->tree); i++) {
		const struct tree_run *r = tree_run(p->tree, i);
		size_t first = sums->n;

		*vec_push(a, &p->first) = first;
		*vec_push(a, &p->first_process) = processes;
		processes += r->processes.n;
		for (size_t h = 0; h < r->threads.n; h++)
			*vec_push(scratch, sums) = (struct thread_sum){ .run = i,
				                                        .thread = h,
				                                        .number = first + h };
		if (r->threads.n)
			sum_run(&sums->at[first], view_unit(p->tree), r);
	}
	vec_reserve(a, &p->row_of, sums->n);
	vec_reserve(a, &p->process_row, processes);
	p->row_of.n = sums->n;
	p->process_row.n = processes;
}

/* "app.py (4711)" */
static struct text
process_text(struct arena *a, const struct tree_run *r, const struct stream_process *p)
{
	struct text name = tree_process_text(a, r, p), pid = tree_pid_text(a, r, p);

	return text_print(a, "%.*s%s(%.*s)", TEXT_ARG(name), name.n ? " " : "", TEXT_ARG(pid));
}

static size_t
index_of(const struct tree_run *r, uint64_t process)
{
	size_t i = 0;

	while (r->processes.at[i].id != process)
		i++;
	return i;
}

/* The row of the process of a thread, which is made when it is the first one of it. */
static uint32_t
process_of(struct arena *a, struct people *p, const struct thread_sum *sum)
{
	const struct tree_run *r = tree_run(p->tree, sum->run);
	size_t i = index_of(r, r->threads.at[sum->thread].process);
	uint32_t *row = &p->process_row.at[p->first_process.at[sum->run] + i];
	if (*row == UINT32_MAX) {
		*row = (uint32_t)p->processes.n;
		*vec_push(a, &p->processes) = process_text(a, r, &r->processes.at[i]);
	}
	return *row;
}

static struct people_thread
thread_of(struct arena *a, struct people *p, const struct thread_sum *sum)
{
	const struct tree_run *r = tree_run(p->tree, sum->run);

	return (struct people_thread){
		.name = tree_thread_text(a, &r->threads.at[sum->thread]),
		.process = process_of(a, p, sum),
		.side = r->about.side,
		.weight = sum->weight,
		.samples = sum->samples,
		.accounted_ns = sum->accounted_ns,
		.ran_ns = sum->ran_ns,
	};
}

/* The rest as one row, whose process is all that have no row of their own. */
static void
add_rest(struct arena *a, struct people *p, const thread_sums *sums)
{
	struct people_thread rest = { .process = (uint32_t)p->processes.n };

	rest.name = text_print(a, "%zu more", sums->n - PEOPLE_THREADS);
	*vec_push(a, &p->processes) = (struct text){ "", 0 };
	for (size_t i = PEOPLE_THREADS; i < sums->n; i++) {
		p->row_of.at[sums->at[i].number] = PEOPLE_THREADS;
		rest.weight += sums->at[i].weight;
		rest.samples += sums->at[i].samples;
		rest.accounted_ns += sums->at[i].accounted_ns;
		rest.ran_ns += sums->at[i].ran_ns;
	}
	*vec_push(a, &p->threads) = rest;
}

struct people *
people_of(struct arena *a, const struct tree *t)
{
	struct arena scratch = { 0 };
	struct people *p = arena_new(a, struct people);
	thread_sums sums = { 0 };

	p->tree = t;
	sum_threads(a, p, &scratch, &sums);
	if (sums.n)
		qsort(sums.at, sums.n, sizeof *sums.at, compare_sums);
	for (size_t i = 0; i < p->process_row.n; i++)
		p->process_row.at[i] = UINT32_MAX;
	for (size_t i = 0; i < sums.n && i < PEOPLE_THREADS; i++) {
		p->row_of.at[sums.at[i].number] = (uint32_t)i;
		*vec_push(a, &p->threads) = thread_of(a, p, &sums.at[i]);
	}
	if (sums.n > PEOPLE_THREADS)
		add_rest(a, p, &sums);
	arena_empty(&scratch);
	return p;
}

uint32_t
people_row(const struct people *p, size_t run, uint32_t thread)
{
	return p->row_of.at[p->first.at[run] + thread];
}

/* A process of a run: how many interpreters there are threads of, and when it was there. */
struct life {
	uint64_t interpreters;
	uint64_t from_ns, to_ns; /* since the run's start */
};

/* A place in the run's processes, by their id. */
struct place {
	uint64_t id;
	size_t at;
};

static int
compare_places(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return a->id < b->id ? -1 : a->id > b->id;
}

/* The processes of a run in the order of their ids. */
static struct place *
places_of(struct arena *a, const struct tree_run *r)
{
	struct place *places = arena_array(a, struct place, r->processes.n);

	for (size_t i = 0; i < r->processes.n; i++)
		places[i] = (struct place){ r->processes.at[i].id, i };
	if (r->processes.n)
		qsort(places, r->processes.n, sizeof *places, compare_places);
	return places;
}

/* A process, or an interpreter of one. */
struct whose {
	size_t process;
	uint64_t interpreter;
};

static int
compare_whose(const void *x, const void *y)
{
	const struct whose *a = x, *b = y;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return a->interpreter < b->interpreter ? -1 : a->interpreter > b->interpreter;
}

/* Counts of each process the interpreters that there are threads of. */
static void
count_interpreters(struct arena *a, const struct tree_run *r, const struct place *places,
                   struct life *lives)
{
	struct whose *of = arena_array(a, struct whose, r->threads.n);
	size_t n = 0;

	for (size_t i = 0; i < r->threads.n; i++) {
		const struct stream_thread *h = &r->threads.at[i];
		const struct place *place =
			bsearch(&(struct place){ .id = h->process }, places, r->processes.n,
		                sizeof *places, compare_places);

		if (place)
			of[n++] = (struct whose){ place->at, h->interpreter };
	}
	if (n)
		qsort(of, n, sizeof *of, compare_whose);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || compare_whose(&of[i - 1], &of[i]) != 0)
			lives[of[i].process].interpreters++;
}

/* Of each of the run's processes. */
static struct life *
lives_of(struct arena *a, const struct tree_run *r)
{
	struct life *lives = arena_array(a, struct life, r->processes.n);
	const struct place *places = places_of(a, r);

	for (size_t i = 0; i < r->processes.n; i++) {
		lives[i].from_ns = r->processes.at[i].started * r->about.unit_ns;
		lives[i].to_ns = UINT64_MAX;
	}
	for (size_t i = 0; i < r->exits.n; i++) {
		const struct stream_exit *x = &r->exits.at[i];
		const struct place *place =
			bsearch(&(struct place){ .id = x->process }, places, r->processes.n,
		                sizeof *places, compare_places);

		if (place)
			lives[place->at].to_ns = x->at * r->about.unit_ns;
	}
	count_interpreters(a, r, places, lives);
	return lives;
}

/* Epochs of equal length since a run's start; the last one has no end, nor has the only one. */
struct epochs {
	uint64_t ns;
	size_t n;
};

/* What of a span of time lies in an epoch. */
static uint64_t
overlap(struct epochs epochs, size_t e, uint64_t from, uint64_t to)
{
	uint64_t first = e * epochs.ns, end = e + 1 < epochs.n ? first + epochs.ns : UINT64_MAX;

	first = first > from ? first : from;
	end = end < to ? end : to;
	return end > first ? end - first : 0;
}

/* What of each epoch was watched at all. */
static uint64_t *
watched_of(struct arena *a, const struct tree_run *r, struct epochs epochs)
{
	uint64_t *watched = arena_array(a, uint64_t, epochs.n);

	for (size_t i = 0; i < r->outcomes.n; i++)
		for (size_t e = 0; e < epochs.n; e++)
			watched[e] +=
				overlap(epochs, e, r->outcomes.at[i].from * r->about.unit_ns,
			                r->outcomes.at[i].to * r->about.unit_ns);
	return watched;
}

uint64_t *
people_watched(struct arena *a, const struct people *p, uint64_t epoch_ms, size_t n)
{
	struct arena scratch = { 0 };
	struct epochs epochs = { epoch_ms * 1000000, n };
	uint64_t *sums = arena_array(a, uint64_t, p->processes.n * n);

	for (size_t i = 0; i < tree_run_count(p->tree); i++) {
		const struct tree_run *r = tree_run(p->tree, i);
		const struct life *lives = lives_of(&scratch, r);
		const uint64_t *watched = watched_of(&scratch, r, epochs);

		for (size_t k = 0; k < r->processes.n; k++) {
			uint32_t row = p->process_row.at[p->first_process.at[i] + k];

			row = row < p->processes.n ? row : (uint32_t)p->processes.n - 1;
			for (size_t e = 0; e < n && p->processes.n; e++) {
				uint64_t lived =
					overlap(epochs, e, lives[k].from_ns, lives[k].to_ns);

				sums[row * n + e] += lives[k].interpreters *
				                     (lived < watched[e] ? lived : watched[e]);
			}
		}
	}
	arena_empty(&scratch);
	return sums;
}

void
people_write(struct json *j, const struct people *p)
{
	json_open(j, "processes", '[');
	for (size_t i = 0; i < p->processes.n; i++)
		json_text(j, NULL, p->processes.at[i]);
	json_close(j, ']');
	json_open(j, "threads", '[');
	for (size_t i = 0; i < p->threads.n; i++) {
		const struct people_thread *h = &p->threads.at[i];

		json_open(j, NULL, '{');
		json_number(j, "process", h->process);
		json_text(j, "name", h->name);
		json_number(j, "side", h->side);
		json_number(j, "weight", h->weight);
		json_number(j, "samples", h->samples);
		json_number(j, "accounted_ns", h->accounted_ns);
		json_number(j, "ran_ns", h->ran_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
}
