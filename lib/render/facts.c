/* SPDX-License-Identifier: MIT */
#include "render/facts.h"

#include "tree/about.h"
#include "tree/name.h"
#include "tree/view.h"

#include <stdlib.h>

/* What measured time and did not say how it ended, or ended against its will. */
static bool
is_cut(const struct tree_run *r)
{
	uint64_t reason =
		r->outcomes.n ? r->outcomes.at[r->outcomes.n - 1].reason : STREAM_GOES_ON;

	return r->about.unit_ns && (reason == STREAM_GOES_ON || reason == STREAM_OUTPUT_ENDED ||
	                            reason == STREAM_FAILED);
}

static uint64_t
count_cut(const struct tree *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < tree_run_count(t); i++)
		n += is_cut(tree_run(t, i));
	return n;
}

static void
write_losses(struct json *j, const struct tree_about *about)
{
	json_open(j, "losses", '[');
	for (enum stream_loss loss = 1; loss < STREAM_LOSS_END; loss++) {
		if (about->losses[loss] == 0)
			continue;
		json_open(j, NULL, '[');
		json_text(j, NULL, text_of(stream_loss_text(loss)));
		json_text(j, NULL, text_of(stream_loss_unit(loss)));
		json_number(j, NULL, about->losses[loss]);
		json_close(j, ']');
	}
	json_close(j, ']');
}

void
facts_write(struct json *j, const struct tree *t)
{
	struct arena scratch = { 0 };
	struct tree_about about = tree_about(t, &scratch);

	json_open(j, "facts", '{');
	json_text(j, "script", about.script);
	json_text(j, "python", about.python);
	json_text(j, "host", about.host);
	json_text(j, "tool", about.tool);
	json_text(j, "options", about.options);
	json_text(j, "mode", about.mode);
	json_number(j, "runs", about.runs);
	json_number(j, "processes", about.processes);
	json_number(j, "threads", about.threads);
	json_bool(j, "time", about.time);
	json_bool(j, "whole", about.whole);
	json_number(j, "cut", count_cut(t));
	json_number(j, "weight", about.weight);
	json_number(j, "samples", about.samples);
	json_number(j, "ticks", about.ticks);
	json_number(j, "observed", about.observed);
	json_number(j, "watched_ns", about.watched_ns);
	json_number(j, "started_ms", about.wall_ns / 1000000);
	json_number(j, "asked_ns", about.asked_ns);
	json_real(j, "rate_hz", about.rate_hz);
	write_losses(j, &about);
	json_close(j, '}');
	arena_empty(&scratch);
}

struct thread_sum {
	const struct tree_run *run;
	size_t thread, number;
	uint64_t weight, samples;
};

static int
compare_threads(const void *x, const void *y)
{
	const struct thread_sum *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

/* Every thread of every run with what it got; the heaviest first. */
static struct thread_sum *
sum_threads(struct arena *a, const struct tree *t, size_t *n)
{
	VEC(struct thread_sum) sums = { 0 };
	enum view_unit unit = view_unit(t);

	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct tree_run *r = tree_run(t, i);
		size_t first = sums.n;

		for (size_t h = 0; h < r->threads.n; h++)
			*vec_push(a, &sums) = (struct thread_sum){ r, h, first + h, 0, 0 };
		for (size_t c = 0; c < r->cells.n; c++) {
			const struct tree_cell *cell = &r->cells.at[c];
			struct thread_sum *sum =
				&sums.at[first + r->series.at[cell->series].thread];

			sum->weight += view_weight(unit, r, cell);
			sum->samples += cell->samples;
		}
	}
	*n = sums.n;
	if (sums.n)
		qsort(sums.at, sums.n, sizeof *sums.at, compare_threads);
	return sums.at;
}

/* "app.py (4711)" */
static struct text
process_text(struct arena *a, const struct tree_run *r, uint64_t id)
{
	for (size_t i = 0; i < r->processes.n; i++) {
		const struct stream_process *p = &r->processes.at[i];
		struct text script;

		if (p->id != id)
			continue;
		script = tree_script_text(a, p);
		return text_print(a, "%.*s%s(%llu)", TEXT_ARG(script), script.n ? " " : "",
		                  (unsigned long long)p->pid);
	}
	return (struct text){ "", 0 };
}

static void
write_thread(struct json *j, struct text process, struct text name, uint64_t weight,
             uint64_t samples)
{
	json_open(j, NULL, '{');
	json_text(j, "process", process);
	json_text(j, "name", name);
	json_number(j, "weight", weight);
	json_number(j, "samples", samples);
	json_close(j, '}');
}

void
facts_write_threads(struct json *j, const struct tree *t)
{
	struct arena scratch = { 0 };
	uint64_t weight = 0, samples = 0;
	size_t n;
	struct thread_sum *sums = sum_threads(&scratch, t, &n);

	json_open(j, "threads", '[');
	for (size_t i = 0; i < n && i < FACTS_THREADS; i++) {
		const struct stream_thread *h = &sums[i].run->threads.at[sums[i].thread];

		write_thread(j, process_text(&scratch, sums[i].run, h->process),
		             tree_thread_text(&scratch, h), sums[i].weight, sums[i].samples);
	}
	for (size_t i = FACTS_THREADS; i < n; i++) {
		weight += sums[i].weight;
		samples += sums[i].samples;
	}
	if (n > FACTS_THREADS)
		write_thread(j, TEXT(""), text_print(&scratch, "%zu more", n - FACTS_THREADS),
		             weight, samples);
	json_close(j, ']');
	arena_empty(&scratch);
}

void
facts_write_notes(struct json *j, const struct tree *t)
{
	struct arena scratch = { 0 };
	tree_notes notes = tree_notes_of(t, &scratch);
	uint64_t uncounted;

	json_open(j, "notes", '[');
	for (size_t i = 0; i < notes.n; i++)
		json_text(j, NULL, notes.at[i]);
	if (view_unit(t) == VIEW_SAMPLES && (uncounted = view_uncounted(t)) > 0)
		json_text(j, NULL,
		          text_print(&scratch,
		                     "%llu run%s times only, and no samples to count.",
		                     (unsigned long long)uncounted,
		                     uncounted == 1 ? " has" : "s have"));
	json_close(j, ']');
	arena_empty(&scratch);
}
