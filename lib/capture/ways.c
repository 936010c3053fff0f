/* SPDX-License-Identifier: MIT */
#include "capture/ways.h"

enum { CIRCLES_MAX = 64 }; /* at a time; beyond, a way may begin elsewhere in its circle */

/* What is known of a task while ways are looked for: in its mark. */
enum mark {
	MARK_AWAITS = 1, /* another task */
	MARK_LED_TO = 2, /* it is on a way */
	MARK_PASSED = 4, /* while a circle is looked for */
	MARK_OPEN = 8,   /* it may await a task that was not found */
};

static bool
is_on_path(const struct ways *w, const struct python_task *task)
{
	for (size_t i = 0; i < w->path.n; i++)
		if (w->path.at[i] == task)
			return true;
	return false;
}

/* The path, which is from the inside out, as a way. */
static void
add_way(struct arena *a, struct ways *w, uint32_t part, uint32_t parts)
{
	struct way way = { .from = w->tasks.n,
		           .n = (uint32_t)w->path.n,
		           .part = part,
		           .parts = parts,
		           .open = w->path.at[0]->mark & MARK_OPEN };

	for (size_t i = w->path.n; i-- > 0;) {
		way.torn |= w->path.at[i]->torn;
		*vec_push(a, &w->tasks) = w->path.at[i];
	}
	*vec_push(a, &w->ways) = way;
}

/* How many of the task's awaiters the path does not come from. */
static uint32_t
count_onward(const struct ways *w, const struct python_task *task)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < task->awaiters_n && !task->torn; i++)
		n += !is_on_path(w, task->awaiters[i]);
	return n;
}

/* Goes on outwards from the task, which has that part of the time. */
static void
lead(struct arena *a, struct ways *w, struct python_task *task, uint32_t part, uint32_t parts)
{
	uint32_t n, next = 0;

	*vec_push(a, &w->path) = task;
	n = w->path.n < WAYS_DEPTH_MAX ? count_onward(w, task) : 0;
	if (n > 1 && (parts * n > WAYS_PARTS_MAX || w->ways.n + n > WAYS_MAX)) {
		w->shortened++;
		n = 1;
	}
	if (n == 0)
		add_way(a, w, part, parts);
	for (uint32_t i = 0; next < n; i++)
		if (!is_on_path(w, task->awaiters[i])) {
			lead(a, w, task->awaiters[i], part * n + next, parts * n);
			next++;
		}
	w->path.n--;
}

void
ways_to(struct arena *a, struct ways *w, struct python_task *task)
{
	if (w->ways.n < WAYS_MAX)
		lead(a, w, task, 0, 1);
	else
		w->shortened++;
}

/* Marks all from which ways lead to the task. */
static void
mark_outwards(struct arena *a, struct ways *w, struct python_task *task)
{
	w->queue.n = 0;
	*vec_push(a, &w->queue) = task;
	task->mark |= MARK_LED_TO;
	while (w->queue.n) {
		task = w->queue.at[--w->queue.n];
		for (uint32_t i = 0; i < task->awaiters_n && !task->torn; i++)
			if (!(task->awaiters[i]->mark & MARK_LED_TO)) {
				task->awaiters[i]->mark |= MARK_LED_TO;
				*vec_push(a, &w->queue) = task->awaiters[i];
			}
	}
}

static bool
awaits(const struct python_task *awaiter, const struct python_task *task)
{
	for (uint32_t i = 0; i < task->awaiters_n; i++)
		if (task->awaiters[i] == awaiter)
			return true;
	return false;
}

/* The oldest task that it awaits, of those to which no way leads yet. */
static struct python_task *
inwards(const struct python_tasks *all, const struct python_task *from)
{
	for (uint32_t i = 0; i < all->n; i++)
		if (!(all->tasks[i]->mark & MARK_LED_TO) && awaits(from, all->tasks[i]))
			return all->tasks[i];
	return NULL;
}

/* Of the circle that the way inwards from there ends in, the task that awaits the oldest one. */
static struct python_task *
find_circle(const struct python_tasks *all, struct python_task *from)
{
	struct python_task *task = from, *oldest, *last = from;

	while (task && !(task->mark & MARK_PASSED)) {
		task->mark |= MARK_PASSED;
		last = task;
		task = inwards(all, task);
	}
	if (!task)
		return last;
	oldest = task;
	for (from = inwards(all, task); from && from != task; from = inwards(all, from))
		if (from->serial < oldest->serial)
			oldest = from;
	for (from = oldest; inwards(all, from) && inwards(all, from) != oldest;)
		from = inwards(all, from);
	return from;
}

/*
 * Where tasks are missing, one that seems to await none may await one of those;
 * unless it waits for something else, and awaited none when all were there:
 * alone_at is the version that it had then, plus one.
 */
static void
mark_open(const struct python_tasks *all)
{
	for (uint32_t i = 0; i < all->n; i++) {
		struct python_task *task = all->tasks[i];
		bool awaits = task->mark & MARK_AWAITS, alone;

		if (!all->missing)
			task->alone_at = awaits ? 0 : task->version + 1;
		alone = !task->awaits_task && task->alone_at == task->version + 1;
		if (all->missing && !awaits && !alone && !task->running && !task->begun)
			task->mark |= MARK_OPEN;
	}
}

void
ways_to_all(struct arena *a, struct ways *w, const struct python_tasks *all)
{
	unsigned circles = 0;

	for (uint32_t i = 0; i < all->n; i++)
		all->tasks[i]->mark = 0;
	for (uint32_t i = 0; i < all->n; i++)
		for (uint32_t k = 0; k < all->tasks[i]->awaiters_n; k++)
			all->tasks[i]->awaiters[k]->mark |= MARK_AWAITS;
	mark_open(all);
	for (uint32_t i = 0; i < all->n; i++)
		if (!(all->tasks[i]->mark & MARK_AWAITS) || all->tasks[i]->running) {
			mark_outwards(a, w, all->tasks[i]);
			ways_to(a, w, all->tasks[i]);
		}
	for (uint32_t i = 0; i < all->n; i++)
		if (!(all->tasks[i]->mark & MARK_LED_TO)) {
			struct python_task *task = all->tasks[i];

			if (circles++ < CIRCLES_MAX)
				task = find_circle(all, task);

			mark_outwards(a, w, task);
			ways_to(a, w, task);
		}
}
