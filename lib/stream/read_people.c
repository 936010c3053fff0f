/* SPDX-License-Identifier: MIT */
/* The current run, its processes and threads. */
#include "stream/reading.h"

static const uint32_t NO_ROW = UINT32_MAX;

void
people_forget(struct people *p)
{
	arena_empty(&p->arena);
	*p = (struct people){ 0 };
}

/* The row of an id; rows are structs of size bytes that begin with it. */
static uint32_t
row_of(const struct index *index, const void *rows, size_t size, uint64_t id)
{
	struct index_probe probe = index_probe(index, hash_number(id));

	while (index_next(index, &probe))
		if (memcmp((const char *)rows + probe.row * size, &id, sizeof id) == 0)
			return probe.row;
	return NO_ROW;
}

const struct stream_process *
people_process(const struct people *p, uint64_t id)
{
	uint32_t row = row_of(&p->process_index, p->processes.at, sizeof *p->processes.at, id);

	return row == NO_ROW ? NULL : &p->processes.at[row];
}

const struct stream_thread *
people_thread(const struct people *p, uint64_t id)
{
	uint32_t row = row_of(&p->thread_index, p->threads.at, sizeof *p->threads.at, id);

	return row == NO_ROW ? NULL : &p->threads.at[row];
}

static const char *
check_run(const struct stream_run *run, enum stream_content content)
{
	uint64_t epoch_ms = run->epoch_ms;

	if (run->side > 2 || (run->side != 0) != (content == STREAM_DIFF))
		return "a run has a wrong side";
	if (epoch_ms & (epoch_ms - 1) || epoch_ms > UINT32_MAX)
		return "the length of an epoch is out of range";
	if ((run->unit_ns | run->interval_ns | run->wall_ns | run->monotonic_ns) > INT64_MAX)
		return "a run is out of range";
	return NULL;
}

const char *
take_run(struct people *p, struct ticks *ticks, enum stream_content content, struct cursor *c)
{
	struct stream_run run;
	const char *wrong;

	if (content == STREAM_RAW && p->has_run)
		return "there is a second run, and the content is raw";
	fields_take(c, STREAM_RECORD_run, &run);
	wrong = c->bad ? "a run is cut" : check_run(&run, content);
	if (wrong)
		return wrong;
	people_forget(p);
	fields_keep(&p->arena, STREAM_RECORD_run, &run);
	p->run = run;
	p->has_run = true;
	ticks_run(ticks, &run);
	return NULL;
}

const char *
take_process(struct people *p, struct cursor *c)
{
	struct stream_process told = { 0 };
	uint32_t row;

	fields_take(c, STREAM_RECORD_process, &told);
	if (c->bad)
		return "a process is cut";
	if (told.id >= STREAM_ID_MAX)
		return "a process is out of range";
	fields_keep(&p->arena, STREAM_RECORD_process, &told);
	row = row_of(&p->process_index, p->processes.at, sizeof told, told.id);
	if (row == NO_ROW) {
		row = (uint32_t)p->processes.n;
		index_add(&p->arena, &p->process_index, hash_number(told.id), row);
		vec_push(&p->arena, &p->processes);
	}
	p->processes.at[row] = told;
	return NULL;
}

static bool
is_lane(const struct stream_thread *h)
{
	return h->flags & STREAM_LANE;
}

/* NULL, or why a thread cannot be what it is told as; known is what was told before, or NULL. */
static const char *
check_thread(const struct people *p, const struct stream_thread *told,
             const struct stream_thread *known)
{
	const struct stream_thread *of = people_thread(p, told->lane_of);

	if (told->id >= STREAM_ID_MAX || told->parts > STREAM_PARTS_MAX ||
	    (told->part && told->part >= told->parts))
		return "a thread is out of range";
	if (!people_process(p, told->process))
		return "a thread has a process that is not defined";
	if (is_lane(told) && (!of || is_lane(of) || of->id == told->id))
		return "a lane has no thread";
	if (known && (is_lane(known) != is_lane(told) || known->lane_of != told->lane_of ||
	              known->part != told->part || known->parts != told->parts))
		return "a thread is told again as another lane";
	return NULL;
}

const char *
take_thread(struct people *p, struct cursor *c)
{
	struct stream_thread told = { 0 };
	const char *wrong;
	uint32_t row;

	fields_take(c, STREAM_RECORD_thread, &told);
	if (c->bad)
		return "a thread is cut";
	wrong = check_thread(p, &told, people_thread(p, told.id));
	if (wrong)
		return wrong;
	fields_keep(&p->arena, STREAM_RECORD_thread, &told);
	row = row_of(&p->thread_index, p->threads.at, sizeof told, told.id);
	if (row == NO_ROW) {
		row = (uint32_t)p->threads.n;
		index_add(&p->arena, &p->thread_index, hash_number(told.id), row);
		vec_push(&p->arena, &p->threads);
	}
	p->threads.at[row] = told;
	return NULL;
}
