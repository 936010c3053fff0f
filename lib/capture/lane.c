/* SPDX-License-Identifier: MIT */
/* A way as a stack: for each task from the outermost one a marker with its name, then its coroutines. */
#include "capture/lanes.h"
#include "capture/state.h"

static uint32_t
marker(const struct telling *k, struct python_task *task)
{
	struct stream_function f = { .kind = STREAM_KIND_TASK };
	struct stream_frame frame = { 0 };

	if (task->id == 0 && *k->choice->last_task < INT32_MAX)
		task->id = (uint32_t)++ * k->choice->last_task;
	f.name = writer_string(k->w, task->name);
	f.line = task->id;
	frame.function = writer_function(k->w, &f);
	return writer_frame(k->w, &frame);
}

/* A task that waits, in its coroutines. */
static void
add_waiting(const struct telling *k, const struct python_task *task, struct lane *lane)
{
	uint32_t room = SAMPLE_DEPTH_MAX - lane->frames, n = task->n < room ? task->n : room;

	for (uint32_t i = 0; i < n; i++)
		lane->stack = writer_stack(k->w, lane->stack,
		                           places_frame(k->t->places, k->w, k->t->python,
		                                        k->t->process, k->choice->details,
		                                        &task->places[i]));
	lane->frames += n;
	lane->unreadable |= sample_is_unreadable(task->places, n);
	lane->truncated = task->truncated || n < task->n;
	if (lane->truncated)
		lane->stack = writer_stack(k->w, lane->stack,
		                           frame_of_kind(k->w, STREAM_KIND_TRUNCATED));
}

/* Places of the thread's stack, from that one on. */
static void
add_of_stack(const struct telling *k, struct python_stack s, uint32_t from, struct lane *lane)
{
	uint32_t room = SAMPLE_DEPTH_MAX - lane->frames;

	if (s.n - from > room) {
		s.n = from + room;
		s.truncated = true;
	}
	lane->stack = sample_inner(k->t, k->w, *k->choice, &s, from, lane->stack);
	lane->frames += s.n - from;
	lane->unreadable |= sample_is_unreadable(s.places + from, s.n - from);
	lane->truncated = s.truncated;
}

/* One that began the next one eagerly, in what led to that. */
static void
add_begun(const struct telling *k, const struct python_task *task, struct lane *lane)
{
	struct python_stack s = k->x->tasks.stack;
	uint32_t end = task->from + task->n;

	s.native = end < s.n && s.places[end].entry;
	s.torn = s.truncated = false;
	s.n = end;
	add_of_stack(k, s, task->from, lane);
}

/*
 * The tasks of a way from the outermost one. One that executes has frames only on the
 * way that goes through them.
 */
static void
add_tasks(const struct telling *k, struct python_task *const *tasks, uint32_t n,
          struct lane *lane)
{
	for (uint32_t i = 0; i < n && !lane->truncated; i++) {
		const struct python_task *task = tasks[i],
					 *next = i + 1 < n ? tasks[i + 1] : NULL;

		lane->stack = writer_stack(k->w, lane->stack, marker(k, tasks[i]));
		if (!task->running && !task->begun)
			add_waiting(k, task, lane);
		else if (task->begun && next == task->begun)
			add_begun(k, task, lane);
		else if (task->running && !next)
			add_of_stack(k, k->x->tasks.stack, k->x->tasks.running_from, lane);
	}
}

static uint64_t
key_of(struct python_task *const *tasks, uint32_t n)
{
	uint64_t key = n;

	for (uint32_t i = 0; i < n; i++)
		key = hash_number(key ^
		                  hash_number(tasks[i]->serial << 32 ^ tasks[i]->version));
	return key;
}

uint32_t
lane_torn(struct writer *w)
{
	return writer_stack(w, 0, frame_of_kind(w, STREAM_KIND_TORN));
}

void
lane_show(const struct telling *k, const struct way *way, struct lane *lane)
{
	struct python_task *const *tasks = k->x->lanes->ways.tasks.at + way->from;
	uint32_t generation = writer_generation(k->w);
	uint64_t key = way->torn ? 0 : key_of(tasks, way->n) ^ way->open;

	lane->equal = lane->generation == generation && lane->key == key && !way->torn;
	if (lane->equal)
		return;
	lane->generation = generation;
	lane->key = key;
	lane->stack = lane->frames = 0;
	lane->unreadable = lane->truncated = false;
	if (way->torn)
		lane->stack = lane_torn(k->w);
	else
		add_tasks(k, tasks, way->n, lane);
	if (way->open && !way->torn && !lane->truncated)
		lane->stack =
			writer_stack(k->w, lane->stack, frame_of_kind(k->w, STREAM_KIND_TORN));
}

void
lane_count(const struct telling *k, const struct way *way, const struct lane *lane)
{
	bool runs = lane_last(k->x->lanes, way)->running;
	struct target_counts *n = k->counts;

	n->samples++;
	n->torn += way->torn || way->open || (runs && k->x->tasks.stack.torn);
	n->unreadable += lane->unreadable;
	n->truncated += lane->truncated;
	n->equal += lane->equal;
	n->frames += lane->frames;
	n->reused += lane->equal ? lane->frames : 0;
}

/* What is known of a task that does not run: it is not on a CPU and has no GIL. */
uint8_t
lane_state(const struct watched *x, const struct way *way)
{
	if (lane_last(x->lanes, way)->running)
		return state_of(&x->tasks.stack, x->cpu);
	return (uint8_t)((x->cpu ? ACTIVITY_SLEEPS : 0u) << STREAM_CPU |
	                 (unsigned)PYTHON_GIL_NEITHER << STREAM_GIL |
	                 (unsigned)PYTHON_NO << STREAM_GC);
}
