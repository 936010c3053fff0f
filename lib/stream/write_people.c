/* SPDX-License-Identifier: MIT */
/* The run, its processes and threads: told once in each segment that needs them. */
#include "stream/fields.h"
#include "stream/writing.h"

#include <assert.h>

static void
forget_people(struct writer *w)
{
	arena_empty(&w->people);
	w->processes.at = NULL;
	w->processes.n = w->processes.room = 0;
	w->threads.at = NULL;
	w->threads.n = w->threads.room = 0;
	w->process_index = w->thread_index = (struct index){ 0 };
	w->last_listed = WRITING_NO_ROW;
}

/* Units after which a segment ends. */
static uint64_t
restart_units(const struct writer *w)
{
	uint64_t units = w->run.unit_ns ? w->options.restart_ns / w->run.unit_ns : 0;

	return units ? units : UINT64_MAX;
}

/* A raw stream has one run: another one begins another stream. */
void
writer_run(struct writer *w, const struct stream_run *run)
{
	if (w->has_run && w->options.content == STREAM_RAW)
		writing_end_stream(w);
	writing_put_batches(w);
	forget_people(w);
	w->run = *run;
	fields_keep(&w->people, STREAM_RECORD_run, &w->run);
	w->restart_units = restart_units(w);
	if (w->segments == 0 || writing_is_long(w, w->segment_at))
		writing_begin_segment(w, 0);
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

void
writing_tell_thread(struct writer *w, uint32_t row)
{
	struct told_thread *t = &w->threads.at[row];

	if (t->generation == w->generation)
		return;
	writing_tell_process(w, t->thread.process);
	t->generation = w->generation;
	t->live = false;
	writing_put_single(w, STREAM_RECORD_thread, &t->thread);
}

void
writer_process(struct writer *w, const struct stream_process *p)
{
	uint32_t row = process_row(w, p->id);
	struct told_process *told;

	if (row == WRITING_NO_ROW) {
		row = (uint32_t)w->processes.n;
		index_add(&w->people, &w->process_index, hash_number(p->id), row);
		vec_push(&w->people, &w->processes);
	}
	writer_room(w);
	told = &w->processes.at[row];
	*told = (struct told_process){ .process = *p };
	fields_keep(&w->people, STREAM_RECORD_process, &told->process);
	writing_tell_process(w, p->id);
}

/* A server makes threads for hours: those that have ended leave no row. */
void
writing_forget_ended(struct writer *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->threads.n; i++)
		if (!w->threads.at[i].ended)
			w->threads.at[kept++] = w->threads.at[i];
	if (kept == w->threads.n)
		return;
	w->threads.n = kept;
	index_clear(&w->thread_index);
	for (size_t i = 0; i < kept; i++)
		index_add(&w->people, &w->thread_index, hash_number(w->threads.at[i].thread.id),
		          (uint32_t)i);
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
	uint32_t row = writing_thread_row(w, t->id);
	struct told_thread *told;

	if (row == WRITING_NO_ROW) {
		row = (uint32_t)w->threads.n;
		index_add(&w->people, &w->thread_index, hash_number(t->id), row);
		*vec_push(&w->people, &w->threads) = (struct told_thread){ 0 };
	}
	writer_room(w);
	told = &w->threads.at[row];
	told->thread = *t;
	told->ended = false;
	fields_keep(&w->people, STREAM_RECORD_thread, &told->thread);
	writing_tell_process(w, t->process);
	writing_put_single(w, STREAM_RECORD_thread, t);
	told->live = told->live && told->generation == w->generation;
	told->generation = w->generation;
}
