/* SPDX-License-Identifier: MIT */
/*
 * The file format of speedscope: a "sampled" profile for each thread.
 *
 * Samples of raw streams keep their order: a thread's wait in a spool, neighbours
 * of equal stack as one, for there a thread is two columns, one behind the other.
 * Of folded streams there are sums, in canonical order.
 */
#include "base/json.h"
#include "base/spool.h"
#include "base/version.h"
#include "formats/export.h"
#include "formats/numbers.h"
#include "tree/about.h"
#include "tree/name.h"
#include "tree/order.h"
#include "tree/process.h"

#include <stdlib.h>

/* A thread whose samples came in their order, by its row in its run. Times are units. */
struct track {
	struct spool_chain chain; /* nodes and weights */
	uint64_t start, end;      /* of its first sample; until when the last one lasts */
	uint32_t node;            /* of the samples that are not in the chain yet, */
	uint64_t weight;          /* and their weight */
};

/* What a thread got in a node, of a folded stream. */
struct sum {
	uint32_t thread, node;
	uint32_t place; /* of the node, in canonical order */
	uint64_t weight;
};

struct tracks {
	struct tree_run *run;
	VEC(struct track) of; /* each thread; those that were not seen have no end */
};

struct speedscope {
	struct export *x;
	struct spool *spool;
	struct numbers frames;
	VEC(struct tracks) runs;
	size_t last; /* the run that was found last */
	bool people; /* threads are told with their process and run */
};

static struct tracks *
tracks_of(struct speedscope *s, struct tree_run *run)
{
	if (s->last < s->runs.n && s->runs.at[s->last].run == run)
		return &s->runs.at[s->last];
	for (s->last = 0; s->last < s->runs.n; s->last++)
		if (s->runs.at[s->last].run == run)
			return &s->runs.at[s->last];
	*vec_push(s->x->a, &s->runs) = (struct tracks){ .run = run };
	return &s->runs.at[s->last];
}

static struct track *
track_of(struct speedscope *s, struct tree_run *run, uint32_t thread)
{
	struct tracks *k = tracks_of(s, run);

	while (k->of.n <= thread)
		*vec_push(s->x->a, &k->of) = (struct track){ 0 };
	return &k->of.at[thread];
}

static void
put(struct speedscope *s, struct track *k, uint32_t node, uint64_t weight)
{
	if (k->node != node && k->weight) {
		spool_put(s->spool, &k->chain, k->node);
		spool_put(s->spool, &k->chain, k->weight);
		k->weight = 0;
	}
	k->node = node;
	k->weight += weight;
}

static void
take_sample(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
            const struct stream_sample *sample)
{
	struct speedscope *s = context;
	struct track *k = track_of(s, run, thread);
	bool timed = run->about.unit_ns > 0;

	if (!k->end)
		k->start = timed ? sample->at : 0;
	else if (timed && sample->at > k->end)
		put(s, k, 0, sample->at - k->end);
	put(s, k, node, timed ? sample->weight : sample->samples);
	k->end = sample->at + (timed ? sample->time : 1);
}

void
speedscope_begin(struct export *x)
{
	struct speedscope *s = arena_new(x->a, struct speedscope);

	s->x = x;
	s->spool = spool_new(x->a);
	x->own = s;
	x->watcher = (struct tree_watcher){ s, true, take_sample, NULL, NULL };
}

static void
write_stack(struct json *j, struct speedscope *s, uint32_t node)
{
	enum tree_grain grain = s->x->how.lines ? TREE_LINE : TREE_FUNCTION;
	struct tree *t = s->x->tree;
	struct arena scratch = { 0 };
	VEC(uint32_t) path = { 0 };

	for (; node; node = tree_node(t, node)->parent)
		*vec_push(&scratch, &path) = node;
	json_open(j, NULL, '[');
	while (path.n) {
		uint32_t frame = tree_node(t, path.at[--path.n])->frame;

		json_number(
			j, NULL,
			numbers_of(s->x->a, &s->frames, tree_coarse_frame(t, frame, grain)));
	}
	json_close(j, ']');
	arena_empty(&scratch);
}

/* "app.py (4242), MainThread", or where there is one process of one run, the thread alone. */
static struct text
track_name(const struct speedscope *s, struct arena *a, const struct tree_run *r,
           uint32_t thread)
{
	const struct stream_thread *h = &r->threads.at[thread];
	const struct stream_process *p = &r->processes.at[tree_process_rows(a, r)[thread]];
	struct text name = tree_thread_text(a, h), process = tree_process_text(a, r, p);
	size_t run = 0;

	if (s->people)
		name = text_print(a, "%.*s%s(%.*s), %.*s", TEXT_ARG(process),
		                  process.n ? " " : "", TEXT_ARG(tree_pid_text(a, r, p)),
		                  TEXT_ARG(name));
	while (tree_run(s->x->tree, run) != r)
		run++;
	if (tree_run_count(s->x->tree) > 1)
		name = text_print(a, "%.*s, run %zu", TEXT_ARG(name), run + 1);
	return name;
}

/* Opens a thread's profile. Where its run has no time, samples count. */
static void
open_profile(struct json *j, const struct speedscope *s, const struct tree_run *r,
             uint32_t thread)
{
	struct arena scratch = { 0 };

	json_open(j, NULL, '{');
	json_text(j, "type", TEXT("sampled"));
	json_text(j, "name", track_name(s, &scratch, r, thread));
	json_text(j, "unit", r->about.unit_ns ? TEXT("nanoseconds") : TEXT("none"));
	arena_empty(&scratch);
}

static uint64_t
unit_of(const struct tree_run *r)
{
	return r->about.unit_ns ? r->about.unit_ns : 1;
}

static void
close_profile(struct json *j, const struct tree_run *r, uint64_t start, uint64_t weight)
{
	json_number(j, "startValue", start * unit_of(r));
	json_number(j, "endValue", (start + weight) * unit_of(r));
	json_close(j, '}');
}

static void
write_track(struct json *j, struct speedscope *s, const struct tree_run *r, uint32_t thread,
            struct track *k)
{
	struct arena scratch = { 0 };
	struct spool_reading *in = arena_new(&scratch, struct spool_reading);
	uint64_t node, weight, sum = 0;

	put(s, k, UINT32_MAX, 0);
	open_profile(j, s, r, thread);
	json_open(j, "samples", '[');
	spool_read(in, s->spool, &k->chain);
	while (spool_take(in, &node) && spool_take(in, &weight))
		write_stack(j, s, (uint32_t)node);
	json_close(j, ']');
	json_open(j, "weights", '[');
	spool_read(in, s->spool, &k->chain);
	while (spool_take(in, &node) && spool_take(in, &weight)) {
		json_number(j, NULL, weight * unit_of(r));
		sum += weight;
	}
	json_close(j, ']');
	close_profile(j, r, k->start, sum);
	arena_empty(&scratch);
}

static void
write_tracks(struct json *j, struct speedscope *s, struct tracks *k)
{
	for (uint32_t i = 0; i < k->of.n; i++)
		if (k->of.at[i].end)
			write_track(j, s, k->run, i, &k->of.at[i]);
}

static int
compare_sums(const void *x, const void *y)
{
	const struct sum *a = x, *b = y;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* What the threads of a run got in each node, whatever state they were in. */
static struct sum *
sum_cells(struct arena *a, const struct tree_run *r, const uint32_t *places, size_t *n)
{
	struct sum *sums = arena_array(a, struct sum, r->cells.n + 1);

	for (size_t i = 0; i < r->cells.n; i++) {
		const struct tree_cell *c = &r->cells.at[i];

		sums[i] = (struct sum){ .thread = r->series.at[c->series].thread,
			                .node = c->node,
			                .place = places[c->node] };
		sums[i].weight = r->about.unit_ns ? c->weight : c->samples;
	}
	qsort(sums, r->cells.n, sizeof *sums, compare_sums);
	*n = 0;
	for (size_t i = 0; i < r->cells.n; i++) {
		if (*n && compare_sums(&sums[*n - 1], &sums[i]) == 0)
			sums[*n - 1].weight += sums[i].weight;
		else
			sums[(*n)++] = sums[i];
	}
	return sums;
}

/* The sums of one thread. */
static void
write_sums(struct json *j, struct speedscope *s, const struct tree_run *r,
           const struct sum *sums, size_t n)
{
	uint64_t weight = 0;

	open_profile(j, s, r, sums[0].thread);
	json_open(j, "samples", '[');
	for (size_t i = 0; i < n; i++)
		write_stack(j, s, sums[i].node);
	json_close(j, ']');
	json_open(j, "weights", '[');
	for (size_t i = 0; i < n; i++) {
		json_number(j, NULL, sums[i].weight * unit_of(r));
		weight += sums[i].weight;
	}
	json_close(j, ']');
	close_profile(j, r, 0, weight);
}

static void
write_cells(struct json *j, struct speedscope *s, const struct tree_run *r,
            const uint32_t *places)
{
	struct arena scratch = { 0 };
	size_t n, end;
	const struct sum *sums = sum_cells(&scratch, r, places, &n);

	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && sums[end].thread == sums[i].thread; end++)
			;
		write_sums(j, s, r, sums + i, end - i);
	}
	arena_empty(&scratch);
}

static void
write_frames(struct json *j, const struct speedscope *s)
{
	const struct tree *t = s->x->tree;

	json_open(j, "shared", '{');
	json_open(j, "frames", '[');
	for (size_t i = 0; i < s->frames.used.n; i++) {
		uint32_t frame = s->frames.used.at[i];
		struct text file = tree_frame_file(t, frame);
		uint32_t line = s->x->how.lines ? tree_frame(t, frame)->line
		                                : tree_frame_first_line(t, frame);

		json_open(j, NULL, '{');
		json_text(j, "name", tree_frame_name(t, frame));
		if (file.n)
			json_text(j, "file", file);
		if (file.n && line)
			json_number(j, "line", line);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

bool
speedscope_export(struct export *x, struct err *e)
{
	struct arena scratch = { 0 };
	struct speedscope *s = x->own;
	struct tree_about all = tree_about(x->tree, &scratch);
	const uint32_t *places = tree_node_places(&scratch, x->tree);
	struct text title = x->how.title ? text_of(x->how.title) : all.script;
	struct json j = { .out = x->out };

	(void)e;
	s->people = all.processes > all.runs;
	json_open(&j, NULL, '{');
	json_text(&j, "$schema", TEXT("https://www.speedscope.app/file-format-schema.json"));
	json_text(&j, "exporter", TEXT("texport " TACHYTOOLS_VERSION));
	json_text(&j, "name", title.n ? title : TEXT("Python"));
	json_number(&j, "activeProfileIndex", 0);
	json_open(&j, "profiles", '[');
	for (size_t i = 0; i < s->runs.n; i++)
		write_tracks(&j, s, &s->runs.at[i]);
	for (size_t i = 0; i < tree_run_count(x->tree); i++)
		write_cells(&j, s, tree_run(x->tree, i), places);
	json_close(&j, ']');
	write_frames(&j, s);
	json_close(&j, '}');
	out_byte(x->out, '\n');
	arena_empty(&scratch);
	return true;
}
