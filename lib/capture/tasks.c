/* SPDX-License-Identifier: MIT */
/* Which lane shows which way, from tick to tick. */
#include "capture/lanes.h"
#include "capture/state.h"

enum { CARRY_MAX = 4 }; /* ticks that a lane goes on in which its way could not be read */

/* The rows from which on lanes of one part are looked for, with a way and without. */
struct lanes_from {
	size_t live, free;
};

static uint64_t
hash_way(uint64_t serial, uint32_t part, uint32_t parts)
{
	return hash_number(serial ^ hash_number((uint64_t)part << 32 | parts));
}

static struct lanes *
lanes_of(struct target *t, struct watched *x)
{
	if (!x->lanes)
		x->lanes = arena_new(&t->arena, struct lanes);
	return x->lanes;
}

void
tasks_forget_numbers(struct watched *x)
{
	struct lanes *l = x->lanes;

	if (!l)
		return;
	l->own.generation = 0;
	for (size_t i = 0; i < l->lanes.n; i++)
		l->lanes.at[i].generation = 0;
}

static void
tell_lane(struct target *t, struct writer *w, const struct watched *x, const struct lane *lane)
{
	const struct python_thread *thread = x->thread;
	struct stream_thread told = {
		.id = lane->id,
		.process = t->process,
		.native_id = (uint64_t)x->tid,
		.python_id = thread->python_id,
		.interpreter = thread->interpreter,
		.flags = STREAM_LANE | (thread->main ? STREAM_MAIN_THREAD : 0u),
		.lane_of = x->id,
		.part = lane->parts > 1 ? lane->part : 0,
		.parts = lane->parts > 1 ? lane->parts : 0,
		.name = name_text(&x->name),
	};

	writer_thread(w, &told);
}

bool
tasks_have_lane(const struct watched *x, uint64_t id)
{
	for (size_t i = 0; x->lanes && i < x->lanes->lanes.n; i++)
		if (x->lanes->lanes.at[i].id == id)
			return true;
	return false;
}

void
tasks_tell(struct target *t, struct writer *w, struct watched *x)
{
	for (size_t i = 0; x->lanes && i < x->lanes->lanes.n; i++)
		tell_lane(t, w, x, &x->lanes->lanes.at[i]);
}

void
tasks_leave(struct writer *w, struct watched *x)
{
	for (size_t i = 0; x->lanes && i < x->lanes->lanes.n; i++)
		writer_thread_gone(w, x->lanes->lanes.at[i].id);
	if (x->lanes) {
		x->lanes->lanes.n = x->lanes->live = 0;
		x->lanes->own.generation = 0;
		index_clear(&x->lanes->by_way);
	}
}

/* Lanes that had the same way at the last tick. */
static void
match_lanes(struct target *t, struct lanes *l)
{
	l->chosen.n = 0;
	for (size_t i = 0; i < l->ways.ways.n; i++) {
		const struct way *way = &l->ways.ways.at[i];
		uint64_t serial = lane_last(l, way)->serial;
		struct index_probe probe =
			index_probe(&l->by_way, hash_way(serial, way->part, way->parts));
		uint32_t chosen = 0;

		while (!chosen && index_next(&l->by_way, &probe)) {
			struct lane *lane = &l->lanes.at[probe.row];

			if (lane->serial == serial && lane->part == way->part &&
			    lane->parts == way->parts && !lane->used) {
				lane->used = true;
				chosen = probe.row + 1;
			}
		}
		*vec_push(&t->arena, &l->chosen) = chosen;
	}
}

/*
 * Not all tasks could be read: those whose lanes had a way a moment ago are
 * there most likely, and their time is not to be lost.
 */
static bool
is_carried(const struct telling *k, const struct lane *lane)
{
	return k->choice->mode == STREAM_MODE_ASYNC_ALL && k->x->tasks.torn && lane->serial &&
	       !lane->used && lane->carried < CARRY_MAX;
}

static bool
is_free(const struct lane *lane, const struct way *way, bool live)
{
	return !lane->used && (lane->serial != 0) == live && lane->parts == way->parts &&
	       (lane->part == way->part || way->parts == 1);
}

/*
 * The first one, from *from on, which is moved up to it where all ways are of one
 * part; or how many lanes there are.
 */
static size_t
find_lane(const struct lanes *l, const struct way *way, bool live, size_t *from)
{
	size_t i = way->parts == 1 ? *from : 0;

	while (i < l->lanes.n && !is_free(&l->lanes.at[i], way, live))
		i++;
	if (way->parts == 1)
		*from = i;
	return i;
}

/*
 * A free lane of that part, or a new one. Those that had a way a moment ago come
 * first: if not all could be read, one of them may be that of a task that this one awaits.
 */
static uint32_t
take_lane(const struct telling *k, const struct way *way, struct lanes_from *from)
{
	struct lanes *l = k->x->lanes;
	struct lane lane = { .part = way->part, .parts = way->parts };
	size_t i = find_lane(l, way, true, &from->live);

	if (i == l->lanes.n)
		i = find_lane(l, way, false, &from->free);
	if (i < l->lanes.n)
		return (uint32_t)i;
	lane.id = watched_free_id(*k->choice);
	k->counts->lanes++;
	tell_lane(k->t, k->w, k->x, &lane);
	*vec_push(&k->t->arena, &l->lanes) = lane;
	return (uint32_t)l->lanes.n - 1;
}

/* A way that could not be read. */
static void
carry(const struct telling *k, struct lane *lane)
{
	writer_sample(k->w, lane->id, lane_torn(k->w), 0);
	lane->generation = 0;
	lane->carried++;
	k->counts->samples++;
	k->counts->torn++;
}

/* Lanes without a way are not watched from here on, unless they are carried. */
static void
end_unused(const struct telling *k)
{
	struct lanes *l = k->x->lanes;

	index_clear(&l->by_way);
	l->live = 0;
	for (uint32_t i = 0; i < l->lanes.n; i++) {
		struct lane *lane = &l->lanes.at[i];

		if (lane->used)
			lane->carried = 0;
		else if (is_carried(k, lane))
			carry(k, lane);
		else if (lane->serial) {
			writer_thread_end(k->w, lane->id);
			lane->serial = 0;
		}
		lane->used = false;
		if (lane->serial == 0)
			continue;
		l->live++;
		index_add(&k->t->arena, &l->by_way,
		          hash_way(lane->serial, lane->part, lane->parts), i);
	}
}

/* Every way into its lane. */
static void
sample_lanes(const struct telling *k)
{
	struct lanes *l = k->x->lanes;
	struct lanes_from from = { 0 };

	match_lanes(k->t, l);
	for (size_t i = 0; i < l->ways.ways.n; i++) {
		const struct way *way = &l->ways.ways.at[i];
		uint32_t row = l->chosen.at[i];
		struct lane *lane;

		row = row ? row - 1 : take_lane(k, way, &from);
		lane = &l->lanes.at[row];
		lane->used = true;
		lane->serial = lane_last(l, way)->serial;
		lane_show(k, way, lane);
		writer_sample(k->w, lane->id, lane->stack, lane_state(k->x, way));
		lane_count(k, way, lane);
	}
	end_unused(k);
}

/* The thread's own stack, or its only way. */
static void
sample_own(const struct telling *k)
{
	const struct python_tasks *seen = &k->x->tasks;
	struct lanes *l = k->x->lanes;
	uint32_t stack;

	if (l->ways.ways.n) {
		lane_show(k, &l->ways.ways.at[0], &l->own);
		lane_count(k, &l->ways.ways.at[0], &l->own);
		stack = l->own.stack;
	} else if (seen->torn) {
		stack = lane_torn(k->w);
		k->counts->samples++;
		k->counts->torn++;
	} else {
		stack = sample_stack(k->t, k->w, k->x, *k->choice, &seen->stack);
		sample_count(k->counts, k->x, &seen->stack);
	}
	writer_sample(k->w, k->x->id, stack, state_of(&seen->stack, k->x->cpu));
	if (l->live)
		end_unused(k);
}

/* The ways that its tasks make. */
static void
find_ways(const struct telling *k)
{
	const struct python_tasks *seen = &k->x->tasks;
	struct ways *ways = &k->x->lanes->ways;

	ways->tasks.n = ways->ways.n = 0;
	if (k->choice->mode == STREAM_MODE_ASYNC_ALL)
		ways_to_all(&k->t->arena, ways, seen);
	else if (seen->running)
		ways_to(&k->t->arena, ways, seen->running);
	k->counts->shortened += ways->shortened;
	ways->shortened = 0;
}

/* Whether the thread's own stack tells all of it. */
static bool
is_own(const struct telling *k)
{
	size_t n = k->x->lanes->ways.ways.n;

	return k->choice->mode == STREAM_MODE_ASYNC_RUNNING ? n <= 1
	                                                    : n == 0 && k->choice->once;
}

void
tasks_sample(struct target *t, struct writer *w, struct watched *x, struct target_choice choice,
             struct target_counts *counts)
{
	struct telling k = { t, w, x, &choice, counts };
	const struct python_tasks *seen = &x->tasks;

	x->lanes = lanes_of(t, x);
	sample_begin(t, w, x);
	sample_look_for_unreadable(x, &seen->stack);
	if (x->stacks.n > seen->stack.same)
		x->stacks.n = seen->stack.same;
	find_ways(&k);
	counts->loops += seen->met;
	counts->retried += seen->retries;
	counts->shortened += seen->cut;
	if (is_own(&k)) {
		sample_own(&k);
		return;
	}
	writer_thread_end(w, x->id);
	sample_lanes(&k);
}
