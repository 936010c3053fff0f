/* SPDX-License-Identifier: MIT */
/*
 * The tasks that are known of a thread's loop, and those that are met in a round.
 *
 * asyncio lists those that have not ended, and each names those that await it.
 * A task is known by its address, and another one may begin where one has ended.
 */
#include "cpython/asyncio.h"

#include <stdlib.h>

enum {
	TASKS_MAX = 1 << 14,
	WRAPPERS_MAX = 4,   /* around a coroutine, as aclose() of a generator is one */
	AWAY_MAX = 1 << 12, /* tasks that were not met lately, and are remembered */
};

static struct task *
find_task(const struct loop *loop, uint64_t address)
{
	struct index_probe probe = index_probe(&loop->by_address, hash_number(address));

	while (index_next(&loop->by_address, &probe))
		if (loop->tasks.at[probe.row]->address == address)
			return loop->tasks.at[probe.row];
	return NULL;
}

void
task_renew(struct view *v, struct task *t, uint64_t coro)
{
	t->coro = coro;
	t->name_hash = 0;
	t->chain.n = t->places.n = t->awaiters.n = 0;
	t->placed = false;
	t->code = NULL;
	t->shown = (struct python_task){ .serial = ++v->p->asyncio->serials };
}

uint64_t
task_coro(struct view *v, struct task *t)
{
	const struct layout *l = &v->p->layout;
	uint64_t coro = view_word(v, t->address + v->p->asyncio->at[ASYNCIO_TASK_CORO]);

	for (unsigned i = 0; coro && i < WRAPPERS_MAX; i++) {
		if (asyncio_thing(v, view_word(v, coro + l->object_type)) != THING_WRAPPER)
			break;
		coro = view_word(v, coro + l->object_size);
	}
	if (coro && coro != t->coro)
		task_renew(v, t, coro);
	return coro;
}

static struct task *
begin_task(struct view *v, uint64_t address)
{
	struct loop *loop = v->loop;
	struct task *t = loop->spare.n ? loop->spare.at[--loop->spare.n]
	                               : arena_new(v->p->arena, struct task);

	t->address = address;
	task_renew(v, t, 0);
	index_add(v->p->arena, &loop->by_address, hash_number(address),
	          (uint32_t)loop->tasks.n);
	*vec_push(v->p->arena, &loop->tasks) = t;
	return t;
}

void
loop_meet_again(struct view *v, struct task *t)
{
	if (t->met == v->round)
		return;
	t->met = v->round;
	*vec_push(v->p->arena, &v->loop->met) = &t->shown;
}

bool
future_is_task(struct view *v, uint64_t future)
{
	const unsigned char *said =
		view_bytes(v, future + v->p->asyncio->at[ASYNCIO_TASK_IS_TASK], 1);

	return said && *said == 1;
}

struct task *
loop_task(struct view *v, uint64_t address)
{
	struct task *t;

	if (address == 0 || address % 8 || !future_is_task(v, address))
		return NULL;
	t = find_task(v->loop, address);
	return t ? t : begin_task(v, address);
}

static bool
is_met(const struct view *v, uint64_t address)
{
	const struct task *t = find_task(v->loop, address);

	return t && t->met == v->round;
}

struct task *
loop_meet(struct view *v, uint64_t address)
{
	bool full = v->loop->met.n == TASKS_MAX && !is_met(v, address);
	struct task *t = loop_task(v, address);

	v->cut |= t && full;
	if (!t || full)
		return NULL;
	loop_meet_again(v, t);
	return t;
}

/* Does that with all members of a list of asyncio's. False: it was changed while it was read. */
static bool
each_of_list(struct view *v, uint64_t head, struct task *(*take)(struct view *, uint64_t))
{
	uint64_t node = head, before = head;
	const unsigned char *links;

	for (unsigned n = 0; n <= TASKS_MAX; n++) {
		links = view_bytes(v, node, 16);
		if (!links || (n && word_at(links + 8) != before))
			return false;
		before = node;
		node = word_at(links);
		if (node == head)
			return true;
		take(v, node - v->p->asyncio->at[ASYNCIO_TASK_NODE]);
	}
	v->cut = true;
	return true;
}

/* The same with all tasks of the thread. */
static bool
each(struct view *v, const struct watch *w, struct task *(*take)(struct view *, uint64_t))
{
	const uint64_t *at = v->p->asyncio->at;
	bool all = each_of_list(v, w->shown.address + at[ASYNCIO_THREAD_TASKS], take);

	if (w->shown.main)
		all &= each_of_list(v, w->home->address + at[ASYNCIO_INTERPRETER_TASKS], take);
	return all;
}

bool
loop_meet_all(struct view *v, const struct watch *w)
{
	return each(v, w, loop_meet);
}

static struct task *
know(struct view *v, uint64_t address)
{
	struct task *t = loop_task(v, address);

	if (t)
		task_coro(v, t);
	return t;
}

void
loop_know_all(struct view *v, const struct watch *w)
{
	bool cut = v->cut;

	each(v, w, know);
	v->cut = cut; /* none of these is left out */
}

/* The one met last is first. */
static int
by_met(const void *a, const void *b)
{
	const struct task *const *x = a, *const *y = b;
	uint32_t later = (*y)->met - (*x)->met; /* rounds wrap around */

	return later == 0 ? 0 : later < UINT32_MAX / 2 ? 1 : -1;
}

void
loop_forget(struct view *v, bool all)
{
	struct loop *loop = v->loop;
	size_t kept = 0, remembered = 0;

	if (!all && loop->tasks.n <= loop->met.n + AWAY_MAX)
		return;
	if (!all) {
		qsort(loop->tasks.at, loop->tasks.n, sizeof *loop->tasks.at, by_met);
		remembered = loop->met.n + AWAY_MAX / 2;
	}
	for (size_t i = 0; i < loop->tasks.n; i++) {
		struct task *t = loop->tasks.at[i];

		if (t->met == v->round || i < remembered)
			loop->tasks.at[kept++] = t;
		else
			*vec_push(v->p->arena, &loop->spare) = t;
	}
	if (kept == loop->tasks.n)
		return;
	loop->tasks.n = kept;
	index_clear(&loop->by_address);
	for (size_t i = 0; i < kept; i++)
		index_add(v->p->arena, &loop->by_address,
		          hash_number(loop->tasks.at[i]->address), (uint32_t)i);
}
