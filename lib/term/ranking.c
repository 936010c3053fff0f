/* SPDX-License-Identifier: MIT */
#include "term/ranking.h"

#include "base/vec.h"
#include "tree/name.h"
#include "tree/place.h"

#include <stdlib.h>

static const enum tree_grain grains[] = {
	[RANKING_FUNCTION] = TREE_FUNCTION, [RANKING_LINE] = TREE_LINE,
	[RANKING_FILE] = TREE_FILE,         [RANKING_MODULE] = TREE_MODULE,
	[RANKING_THREAD] = TREE_FUNCTION,   [RANKING_PROCESS] = TREE_FUNCTION,
};

static bool
is_of_people(enum ranking_by by)
{
	return by == RANKING_THREAD || by == RANKING_PROCESS;
}

/* A root frame that is no function; of one that has time itself, that is told all the same. */
static bool
is_root(const struct tree *t, uint32_t frame)
{
	enum stream_kind kind = tree_frame_kind(t, frame);

	return kind == STREAM_KIND_THREAD || kind == STREAM_KIND_PROCESS;
}

struct text
ranking_place(struct arena *a, const struct ranking *r, const struct ranking_row *row)
{
	struct text file;

	if (is_of_people(r->by))
		return r->people.at[row->person].name;
	if (r->by == RANKING_MODULE)
		return tree_frame_name(r->tree, row->frame);
	file = tree_short_file(r->files, r->tree, row->frame);
	if (r->by == RANKING_FILE && tree_frame_kind(r->tree, row->frame) == STREAM_KIND_PYTHON)
		return file.n ? file : TEXT("?");
	return tree_place(a, r->tree, row->frame, file);
}

static void
take_functions(struct ranking *r, const struct view *v)
{
	struct arena scratch = { 0 };
	struct functions f = functions_of(&scratch, v);

	r->files = tree_short_files(r->a, r->tree, f.frames, f.count);
	r->rows = arena_array(r->a, struct ranking_row, f.count);
	for (uint32_t i = 0; i < f.count; i++)
		if (f.sums[i].self || !is_root(r->tree, f.frames[i]))
			r->rows[r->n++] =
				(struct ranking_row){ .frame = f.frames[i], .sum = f.sums[i] };
	arena_empty(&scratch);
}

/* "app.py / worker": a thread and above it its process, where that is told. */
static struct text
name_person(const struct ranking *r, const struct view *v, uint32_t node)
{
	struct text name = tree_frame_name(r->tree, v->nodes[node].frame);
	uint32_t parent = v->nodes[node].parent;

	if (parent == 0)
		return name;
	return text_join(r->a,
	                 (struct text[]){ tree_frame_name(r->tree, v->nodes[parent].frame),
	                                  TEXT(" / "), name },
	                 3);
}

/* Rows of the nodes that are people; of each node of the view the row of who is above it, plus one. */
static uint32_t *
find_people(struct arena *a, struct ranking *r, const struct view *v)
{
	enum stream_kind kind =
		r->by == RANKING_THREAD ? STREAM_KIND_THREAD : STREAM_KIND_PROCESS;
	uint32_t *above = arena_array(a, uint32_t, v->count);
	VEC(struct ranking_row) rows = { 0 };

	for (uint32_t i = 1; i < v->count; i++) {
		const struct view_node *n = &v->nodes[i];

		above[i] = above[n->parent];
		if (above[i] || tree_frame_kind(r->tree, n->frame) != kind)
			continue;
		*vec_push(r->a, &rows) = (struct ranking_row){
			.frame = n->frame,
			.person = (uint32_t)r->people.n,
			.sum = { n->total, n->total, n->total_samples, n->total_samples },
		};
		*vec_push(r->a, &r->people) =
			(struct ranking_person){ .name = name_person(r, v, i) };
		above[i] = (uint32_t)rows.n;
	}
	r->rows = rows.at;
	r->n = rows.n;
	return above;
}

static void
add_states(struct ranking_person *p, uint8_t state, uint64_t weight)
{
	for (enum states i = 0; i < STATES_END; i++) {
		enum states_is is = states_is(state, i);

		p->states[i].known += is == STATES_UNKNOWN ? 0 : weight;
		p->states[i].is += is == STATES_YES ? weight : 0;
	}
}

/* above: as find_people() gives it. */
static void
take_states(struct ranking *r, const struct view *v, const uint32_t *above,
            const struct tree_run *run)
{
	struct arena scratch = { 0 };
	const uint32_t *processes = tree_process_rows(&scratch, run);

	for (size_t k = 0; k < run->cells.n; k++) {
		const struct tree_cell *c = &run->cells.at[k];
		const struct tree_series *s = &run->series.at[c->series];
		uint32_t row1 = above[v->of[c->node]];
		struct ranking_person *p;

		if (row1 == 0)
			continue;
		p = &r->people.at[row1 - 1];
		add_states(p, s->state, view_weight(r->unit, run, c));
		p->tells_wants |=
			states_tells_wants(run->processes.at[processes[s->thread]].python);
	}
	arena_empty(&scratch);
}

static void
take_people(struct ranking *r, const struct view *v)
{
	struct arena scratch = { 0 };
	const uint32_t *above = find_people(&scratch, r, v);

	for (size_t i = 0; i < tree_run_count(r->tree); i++)
		take_states(r, v, above, tree_run(r->tree, i));
	for (size_t i = 0; i < r->people.n; i++) {
		struct ranking_person *p = &r->people.at[i];

		if (!p->tells_wants && p->states[STATES_WANTS_GIL].is == 0)
			p->states[STATES_WANTS_GIL] = (struct ranking_share){ 0 };
	}
	arena_empty(&scratch);
}

struct ranking *
ranking_new(struct arena *a, struct tree *t, enum ranking_by by)
{
	struct ranking *r = arena_new(a, struct ranking);
	struct arena scratch = { 0 };
	struct view *v;

	if (by == RANKING_THREAD)
		tree_root_threads(t, false);
	if (by == RANKING_PROCESS)
		tree_root_processes(t);
	v = view_new(&scratch, t, (struct view_choice){ .grain = grains[by] });
	*r = (struct ranking){ .a = a, .tree = t, .by = by, .unit = v->unit };
	r->whole.total = v->nodes[0].total;
	r->whole.total_samples = v->nodes[0].total_samples;
	if (is_of_people(by))
		take_people(r, v);
	else
		take_functions(r, v);
	arena_empty(&scratch);
	return r;
}

/* Ours, and those of CPython's own sampling profiler. */
static const struct {
	const char *word;
	enum ranking_key key;
} keys[] = {
	{ "self", RANKING_SELF },
	{ "total", RANKING_TOTAL },
	{ "self-samples", RANKING_SELF_SAMPLES },
	{ "total-samples", RANKING_TOTAL_SAMPLES },
	{ "name", RANKING_NAME },
	{ "nsamples", RANKING_SELF_SAMPLES },
	{ "nsamples-cumul", RANKING_TOTAL_SAMPLES },
	{ "tottime", RANKING_SELF },
	{ "cumtime", RANKING_TOTAL },
	{ "sample-pct", RANKING_SELF },
	{ "cumul-pct", RANKING_TOTAL },
};

bool
ranking_key(const char *word, enum ranking_key *key)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i].word, word) == 0) {
			*key = keys[i].key;
			return true;
		}
	return false;
}

static uint64_t
value_of(const struct ranking_row *row, enum ranking_key key)
{
	switch (key) {
	case RANKING_SELF:
		return row->sum.self;
	case RANKING_TOTAL:
		return row->sum.total;
	case RANKING_SELF_SAMPLES:
		return row->sum.self_samples;
	case RANKING_TOTAL_SAMPLES:
		return row->sum.total_samples;
	case RANKING_NAME:
		break;
	}
	return 0;
}

/* What is sorted, and by what. */
struct sorting {
	const struct ranking_row *rows;
	enum ranking_key key;
};

/* Numbers of rows: what is equal keeps its order. */
static int
compare_numbers(const void *x, const void *y, void *context)
{
	const struct sorting *s = context;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	uint64_t of_a = value_of(&s->rows[a], s->key), of_b = value_of(&s->rows[b], s->key);

	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	return (a > b) - (a < b);
}

void
ranking_sort(struct ranking *r, enum ranking_key key)
{
	struct arena scratch = { 0 };
	struct sorting sorting = { r->rows, key };
	uint32_t *numbers = arena_array(&scratch, uint32_t, r->n);
	struct ranking_row *sorted = arena_array(r->a, struct ranking_row, r->n);

	for (uint32_t i = 0; i < r->n; i++)
		numbers[i] = i;
	if (r->n)
		qsort_r(numbers, r->n, sizeof *numbers, compare_numbers, &sorting);
	for (size_t i = 0; i < r->n; i++)
		sorted[i] = r->rows[numbers[i]];
	arena_drop(r->a, r->rows, r->n * sizeof *r->rows);
	r->rows = sorted;
	arena_empty(&scratch);
}
