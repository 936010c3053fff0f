/* SPDX-License-Identifier: MIT */
/* The run, its processes and threads: told once in each segment that needs them. */
#include "stream/fields.h"
#include "stream/writing.h"

#include <assert.h>

/* What they take remains the caller's. */
static struct arena
forget_people(struct writer *w)
{
	struct arena people = w->people;

	w->people = (struct arena){ 0 };
	w->processes.at = NULL;
	w->processes.n = w->processes.room = 0;
	w->threads.at = NULL;
	w->threads.n = w->threads.room = 0;
	w->process_index = w->thread_index = (struct index){ 0 };
	w->last_listed = WRITING_NO_ROW;
	w->stale = false;
	return people;
}

/* Units after which a segment ends. */
static uint64_t
restart_units(const struct writer *w)
{
	uint64_t units = w->run.unit_ns ? w->options.restart_ns / w->run.unit_ns : 0;

	return units ? units : UINT64_MAX;
}

void
writer_begin(struct writer *w, uint64_t at)
{
	w->segment_at = at;
}

/* A raw stream has one run: another one begins another stream. */
void
writer_run(struct writer *w, const struct stream_run *run)
{
	struct arena before;

	if (w->has_run && w->options.content == STREAM_RAW)
		writing_end_stream(w);
	writing_put_batches(w);
	before = forget_people(w);
	arena_empty(&before);
	w->exits.n = w->exits_open = 0;
	w->run = *run;
	fields_keep(&w->people, STREAM_RECORD_run, &w->run);
	w->restart_units = restart_units(w);
	if (w->segments == 0 || writing_is_long(w, w->segment_at))
		writing_begin_segment(w, w->has_run ? 0 : w->segment_at);
	else
		writing_put_single(w, STREAM_RECORD_run, run);
	w->has_run = true;
}

static uint32_t
process_row(const struct writer *w, uint64_t process)
{
	struct index_probe probe = index_probe(&w->process_index, hash_number(process));

	while (index_next(&w->process_index, &probe))
		if (w->processes.at[probe.row].process.id == process)
			return probe.row;
	return WRITING_NO_ROW;
}

void
writing_tell_process(struct writer *w, uint64_t process)
{
	uint32_t row = process_row(w, process);

	assert(row != WRITING_NO_ROW);
	if (w->processes.at[row].generation == w->generation)
		return;
	w->processes.at[row].generation = w->generation;
	writing_put_single(w, STREAM_RECORD_process, &w->processes.at[row].process);
}

/* What a thread refers to. */
static void
tell_before(struct writer *w, const struct stream_thread *t)
{
	uint32_t row;

	writing_tell_process(w, t->process);
	if (!(t->flags & STREAM_LANE))
		return;
	row = writing_thread_row(w, t->lane_of);
	assert(row != WRITING_NO_ROW && !(w->threads.at[row].thread.flags & STREAM_LANE));
	writing_tell_thread(w, row);
}

void
writing_tell_thread(struct writer *w, uint32_t row)
{
	struct told_thread *t = &w->threads.at[row];

	if (t->generation == w->generation)
		return;
	tell_before(w, &t->thread);
	t->generation = w->generation;
	t->live = false;
	writing_put_single(w, STREAM_RECORD_thread, &t->thread);
}

/* A row for it, which is zero but for what the caller puts there. */
static struct told_process *
add_process(struct writer *w, uint64_t id)
{
	struct told_process *row;

	index_add(&w->people, &w->process_index, hash_number(id), (uint32_t)w->processes.n);
	row = vec_push(&w->people, &w->processes);
	*row = (struct told_process){ 0 };
	return row;
}

static struct told_thread *
add_thread(struct writer *w, uint64_t id)
{
	struct told_thread *row;

	index_add(&w->people, &w->thread_index, hash_number(id), (uint32_t)w->threads.n);
	row = vec_push(&w->people, &w->threads);
	*row = (struct told_thread){ 0 };
	return row;
}

void
writer_process(struct writer *w, const struct stream_process *p)
{
	struct told_process *told;
	uint32_t row;

	writer_room(w);
	row = process_row(w, p->id);
	w->stale |= row != WRITING_NO_ROW;
	told = row == WRITING_NO_ROW ? add_process(w, p->id) : &w->processes.at[row];
	*told = (struct told_process){ .process = *p };
	fields_keep(&w->people, STREAM_RECORD_process, &told->process);
	writing_tell_process(w, p->id);
}

void
writer_process_gone(struct writer *w, uint64_t process)
{
	uint32_t row = process_row(w, process);

	assert(row != WRITING_NO_ROW);
	w->processes.at[row].gone = true;
	w->stale = true;
}

static void
mark_needed(struct writer *w)
{
	for (size_t i = 0; i < w->processes.n; i++)
		w->processes.at[i].needed = !w->processes.at[i].gone;
	for (size_t i = 0; i < w->threads.n; i++)
		if (!w->threads.at[i].gone)
			w->processes.at[process_row(w, w->threads.at[i].thread.process)]
				.needed = true;
	for (size_t i = 0; i < w->exits.n; i++)
		w->processes.at[process_row(w, w->exits.at[i].process)].needed = true;
}

/* A server makes children and threads for weeks: those that are gone leave nothing. */
void
writing_forget_gone(struct writer *w)
{
	const struct told_process *process = w->processes.at;
	const struct told_thread *thread = w->threads.at;
	size_t processes = w->processes.n, threads = w->threads.n;
	struct arena before;

	if (!w->stale)
		return;
	mark_needed(w);
	before = forget_people(w);
	fields_keep(&w->people, STREAM_RECORD_run, &w->run);
	for (; processes; processes--, process++)
		if (process->needed) {
			struct told_process *kept = add_process(w, process->process.id);

			*kept = *process;
			fields_keep(&w->people, STREAM_RECORD_process, &kept->process);
		}
	for (; threads; threads--, thread++)
		if (!thread->gone) {
			struct told_thread *kept = add_thread(w, thread->thread.id);

			*kept = *thread;
			fields_keep(&w->people, STREAM_RECORD_thread, &kept->thread);
		}
	arena_empty(&before);
}

uint32_t
writing_thread_row(const struct writer *w, uint64_t thread)
{
	struct index_probe probe = index_probe(&w->thread_index, hash_number(thread));

	if (w->last_listed != WRITING_NO_ROW &&
	    w->threads.at[w->last_listed].thread.id == thread)
		return w->last_listed;
	while (index_next(&w->thread_index, &probe))
		if (w->threads.at[probe.row].thread.id == thread)
			return probe.row;
	return WRITING_NO_ROW;
}

void
writer_thread(struct writer *w, const struct stream_thread *t)
{
	struct told_thread *told;
	uint32_t row;

	writer_room(w);
	row = writing_thread_row(w, t->id);
	w->stale |= row != WRITING_NO_ROW;
	told = row == WRITING_NO_ROW ? add_thread(w, t->id) : &w->threads.at[row];
	told->thread = *t;
	told->gone = false;
	fields_keep(&w->people, STREAM_RECORD_thread, &told->thread);
	tell_before(w, t);
	writing_put_single(w, STREAM_RECORD_thread, t);
	told->live = told->live && told->generation == w->generation;
	told->generation = w->generation;
}
