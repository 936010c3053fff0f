/* SPDX-License-Identifier: MIT */
/* What is seen at one moment, as rows in order. */
#include "term/top_inside.h"

#include "base/time.h"
#include "tree/name.h"
#include "tree/place.h"
#include "tree/process.h"

#include <stdlib.h>
#include <strings.h>

/* Naming all functions anew may take a twentieth of the time. */
enum { NAMING_PART = 20 };

/* A frame of each function, of those that nodes have. */
static uint32_t *
frames_of(struct arena *a, const struct top *t, uint32_t n)
{
	uint32_t *frames = arena_array(a, uint32_t, n);

	for (uint32_t i = 1; i < t->shown.look.node_count; i++)
		frames[t->live->nodes.at[i].function] = tree_node(t->tree, i)->frame;
	return frames;
}

/* Files' short forms, when there are functions that have none yet. */
static void
name_files(struct top *t)
{
	struct arena scratch = { 0 };
	uint32_t n = t->shown.look.function_count;
	uint64_t begin = time_now();

	if (n == t->named || (t->named && begin - t->named_ns < t->naming_ns * NAMING_PART))
		return;
	arena_empty(&t->names);
	t->files_n = tree_string_count(t->tree);
	t->files = tree_short_files(&t->names, t->tree, frames_of(&scratch, t, n), n);
	t->named = n;
	t->named_ns = time_now();
	t->naming_ns = t->named_ns - begin;
	arena_empty(&scratch);
}

struct text
top_place(struct arena *a, struct top *t, uint32_t function)
{
	const struct stream_function *f = tree_function(t->tree, function);
	const char *marker = stream_kind_name(f->kind);
	struct text name =
		f->name ? tree_string(t->tree, f->name) : text_of(marker ? marker : "?");
	struct text file = f->file < t->files_n ? t->files[f->file] : TEXT("");
	struct text line = text_print(a, f->line ? ":%u(" : "(", f->line);

	if (f->kind == STREAM_KIND_TASK || f->file == 0)
		return name;
	if (file.n == 0)
		file = text_basename(tree_string(t->tree, f->file));
	return text_join(a, (struct text[]){ file, line, name, TEXT(")") }, 4);
}

/* "app.py 4242" */
static struct text
process_text(struct arena *a, const struct live_person *p)
{
	const struct stream_process *process = p->process_row < p->run->processes.n
	                                               ? &p->run->processes.at[p->process_row]
	                                               : NULL;
	struct text name = process ? tree_process_text(a, p->run, process) : TEXT("");
	struct text pid =
		process && process->pid ? tree_pid_text(a, p->run, process) : TEXT("");

	if (name.n == 0 && pid.n == 0)
		return TEXT("process");
	if (name.n == 0 || pid.n == 0)
		return name.n ? name : pid;
	return text_join(a, (struct text[]){ name, TEXT(" "), pid }, 3);
}

struct text
top_person(struct arena *a, const struct top *t, uint32_t person, enum top_view view)
{
	const struct live_person *p = &t->shown.people[person];
	struct text name = TEXT("?");

	if (view == TOP_PROCESSES)
		return process_text(a, p);
	if (p->thread < p->run->threads.n)
		name = tree_thread_text(a, &p->run->threads.at[p->thread]);
	if (view == TOP_THREADS && !t->shown.several)
		return name;
	return text_join(a, (struct text[]){ process_text(a, p), TEXT(" / "), name }, 3);
}

/* In either case of ASCII. */
static bool
contains(struct text text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.n; i++)
		if (strncasecmp(text.at + i, part, n) == 0)
			return true;
	return false;
}

static bool
is_shown(const struct top *t, struct text place, uint32_t file)
{
	return !t->filter[0] || contains(place, t->filter) ||
	       (file && contains(tree_string(t->tree, file), t->filter));
}

static void
take_functions(struct top *t)
{
	struct top_shown *s = &t->shown;

	s->rows = arena_array(&s->arena, struct top_row, s->look.function_count);
	for (uint32_t i = 1; i < s->look.function_count; i++) {
		const struct live_sum *sum = &s->look.functions[i];
		struct text place;

		if (sum->total.all == 0)
			continue;
		s->all++;
		place = top_place(&s->arena, t, i);
		if (is_shown(t, place, tree_function(t->tree, i)->file))
			s->rows[s->n++] =
				(struct top_row){ .number = i, .place = place, .sum = *sum };
	}
}

static uint64_t
hash_process(const struct live_person *p)
{
	return hash_number((uint64_t)(uintptr_t)p->run ^ hash_number(p->process));
}

static void
sum(struct live_weight *to, const struct live_weight *weight)
{
	to->recent += weight->recent;
	to->all += weight->all;
}

static void
add_states(struct live_state *to, const struct live_state *states)
{
	for (size_t i = 0; i < STATES_END; i++) {
		sum(&to[i].known, &states[i].known);
		sum(&to[i].is, &states[i].is);
	}
}

/* The row of the person's process, or a new one; index: of the rows that there are. */
static struct top_row *
row_of_process(struct top *t, uint32_t person, struct index *index)
{
	struct top_shown *s = &t->shown;
	const struct live_person *p = &s->people[person];
	struct index_probe probe = index_probe(index, hash_process(p));

	while (index_next(index, &probe)) {
		const struct live_person *other = &s->people[s->rows[probe.row].number];

		if (other->run == p->run && other->process == p->process)
			return &s->rows[probe.row];
	}
	index_add(&s->arena, index, hash_process(p), (uint32_t)s->n);
	s->rows[s->n] = (struct top_row){ .number = person,
		                          .place = top_person(&s->arena, t, person, t->view) };
	return &s->rows[s->n++];
}

static void
take_people(struct top *t)
{
	struct top_shown *s = &t->shown;
	struct index index = { 0 };

	s->rows = arena_array(&s->arena, struct top_row, s->people_n);
	for (uint32_t i = 0; i < s->people_n; i++) {
		const struct live_person *p = &s->people[i];
		struct top_row *row = &s->rows[s->n];

		if (!live_is_in(&t->scope, p))
			continue;
		if (t->view == TOP_PROCESSES)
			row = row_of_process(t, i, &index);
		else
			s->rows[s->n++] = (struct top_row){
				.number = i, .place = top_person(&s->arena, t, i, t->view)
			};
		sum(&row->sum.self, &p->weight);
		sum(&row->sum.total, &p->weight);
		add_states(row->states, p->states);
	}
	s->all = s->n;
	for (size_t i = s->n = 0; i < s->all; i++)
		if (is_shown(t, s->rows[i].place, 0))
			s->rows[s->n++] = s->rows[i];
}

/* Pairs of a process and an interpreter among those that are looked at. */
static size_t
count_interpreters(const struct top *t)
{
	const struct top_shown *s = &t->shown;
	struct arena scratch = { 0 };
	struct index met = { 0 };
	size_t n = 0;

	for (uint32_t i = 0; i < s->people_n; i++) {
		const struct live_person *p = &s->people[i], *q = NULL;
		uint64_t hash = hash_process(p) + p->interpreter;
		struct index_probe probe = index_probe(&met, hash);

		if (!live_is_in(&t->scope, p))
			continue;
		while (index_next(&met, &probe)) {
			q = &s->people[probe.row];
			if (q->run == p->run && q->process == p->process &&
			    q->interpreter == p->interpreter)
				break;
			q = NULL;
		}
		if (q)
			continue;
		index_add(&scratch, &met, hash, i);
		n++;
	}
	arena_empty(&scratch);
	return n;
}

/* What the header tells. */
static void
take_facts(struct top *t)
{
	struct top_shown *s = &t->shown;
	const struct live *l = t->live;

	s->wall = l->wall;
	s->missed = l->missed;
	s->ticks = l->ticks;
	s->clock_ns = l->clock_ns;
	s->run = l->run;
	s->people_n = l->people.n;
	s->people = arena_array(&s->look_arena, struct live_person, l->people.n);
	if (l->people.n)
		memcpy(s->people, l->people.at, l->people.n * sizeof *s->people);
	for (size_t i = 0; i < s->people_n; i++)
		if (!s->people[i].tells_wants &&
		    s->people[i].states[STATES_WANTS_GIL].is.all == 0)
			s->people[i].states[STATES_WANTS_GIL] = (struct live_state){ 0 };
	s->several = false;
	for (size_t i = 1; i < s->people_n; i++)
		s->several |= hash_process(&s->people[i]) != hash_process(&s->people[0]);
	s->seen = 0;
	s->outcome = (struct stream_outcome){ 0 };
	memset(s->states, 0, sizeof s->states);
	s->interpreters = count_interpreters(t);
	for (size_t i = 0; i < s->people_n; i++)
		if (live_is_in(&t->scope, &s->people[i])) {
			add_states(s->states, s->people[i].states);
			s->seen++;
		}
	for (size_t i = 0; l->run && i < l->run->outcomes.n; i++) {
		const struct stream_outcome *o = &l->run->outcomes.at[i];

		s->outcome.ticks += o->ticks;
		s->outcome.samples += o->samples;
		for (size_t k = 0; k < STREAM_LOSS_END; k++)
			s->outcome.losses[k] += o->losses[k];
	}
}

static double
key_of(const struct top_row *row, enum top_sort sort)
{
	switch (sort) {
	case TOP_SELF:
		return row->sum.self.recent;
	case TOP_TOTAL:
		return row->sum.total.recent;
	case TOP_SELF_ALL:
		return (double)row->sum.self.all;
	case TOP_TOTAL_ALL:
		return (double)row->sum.total.all;
	default:
		return 0;
	}
}

static int
compare_rows(const void *x, const void *y, void *context)
{
	const struct top_row *a = x, *b = y;
	enum top_sort sort = *(const enum top_sort *)context;
	double of_a = key_of(a, sort), of_b = key_of(b, sort);
	int order;

	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	if (sort != TOP_NAME && a->sum.self.all != b->sum.self.all)
		return a->sum.self.all > b->sum.self.all ? -1 : 1;
	order = text_compare(a->place, b->place);
	return order ? order : (a->number > b->number) - (a->number < b->number);
}

static bool
is_same(const struct live_scope *a, const struct live_scope *b)
{
	return a->of == b->of && (a->of == LIVE_ALL || (a->run == b->run && a->id == b->id));
}

/* What was selected stays so wherever it goes; but who looks at the first row looks at that. */
static void
follow(struct top *t, uint32_t number)
{
	const struct top_shown *s = &t->shown;

	if (t->selected || t->panel)
		for (size_t i = 0; i < s->n; i++)
			if (s->rows[i].number == number)
				t->selected = i;
	if (t->selected >= s->n)
		t->selected = s->n ? s->n - 1 : 0;
}

void
top_look(struct top *t)
{
	struct top_shown *s = &t->shown;
	uint32_t number = t->selected < s->n ? s->rows[t->selected].number : UINT32_MAX;

	arena_empty(&s->arena);
	s->rows = NULL;
	s->n = s->all = 0;
	if (!t->frozen || !s->look.nodes || !is_same(&t->scope, &s->scope)) {
		arena_empty(&s->look_arena);
		s->look = live_look(&s->look_arena, t->live, &t->scope);
		s->scope = t->scope;
		take_facts(t);
	}
	name_files(t);
	if (t->view == TOP_FUNCTIONS)
		take_functions(t);
	else
		take_people(t);
	if (s->n)
		qsort_r(s->rows, s->n, sizeof *s->rows, compare_rows, &t->sort);
	follow(t, number);
}
