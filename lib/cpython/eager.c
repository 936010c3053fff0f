/* SPDX-License-Identifier: MIT */
/*
 * Tasks that execute though they are not the one that runs: they began that one
 * eagerly (asyncio.eager_task_factory), or one that did, so their coroutines lie
 * further out in the thread's stack.
 */
#include "cpython/asyncio.h"

enum { SEARCH_MOST = 1024 }; /* samples between searches */

bool
task_in_stack(const struct view *v, const struct task *t, const struct python_stack *stack,
              uint32_t *place)
{
	uint64_t frame = t->coro + v->p->layout.generator_frame;

	for (uint32_t i = 0; i < stack->n && i < v->watch->seen.n; i++)
		if (v->watch->seen.at[i].address == frame) {
			*place = i;
			return true;
		}
	return false;
}

bool
frame_may_be_tasks(const struct watch *w, uint32_t place)
{
	return w->seen.at[place].entry && w->seen.at[place].at < OUTSIDE_BYTES;
}

/* The known task whose coroutine has that frame; or NULL. */
static struct task *
task_of_frame(const struct view *v, uint64_t frame)
{
	for (size_t i = 0; i < v->loop->tasks.n; i++)
		if (v->loop->tasks.at[i]->coro + v->p->layout.generator_frame == frame)
			return v->loop->tasks.at[i];
	return NULL;
}

/*
 * Meets the tasks that the running one was begun by eagerly, and so runs inside
 * of: their coroutines are further out in the stack. False: there is one whose
 * task is not known; or it is no task's.
 */
static bool
meet_outside(struct view *v, const struct task *running, const struct python_stack *stack)
{
	const struct watch *w = v->watch;
	bool known = true;

	v->loop->outside.n = 0;
	for (uint32_t i = 0; i < stack->n && i < w->seen.n; i++) {
		struct task *t;

		if (!frame_may_be_tasks(w, i))
			continue;
		t = task_of_frame(v, w->seen.at[i].address);
		if (t == running)
			break;
		if (t && (t = loop_meet(v, t->address)))
			*vec_push(v->p->arena, &v->loop->outside) = t;
		known &= t != NULL;
	}
	return known;
}

/* Looks for those that are not known among all tasks, the more seldom the oftener in vain. */
static void
search(struct view *v, const struct task *running, const struct python_stack *stack)
{
	struct search *s = &v->loop->search;

	if (v->loop->samples < s->due)
		return;
	loop_meet_all(v, v->watch);
	for (size_t i = 0; i < v->loop->met.n; i++)
		task_visit(v, (struct task *)v->loop->met.at[i]);
	s->wait = meet_outside(v, running, stack) ? 1
	          : s->wait < SEARCH_MOST         ? 2 * s->wait + 1
	                                          : SEARCH_MOST;
	s->due = v->loop->samples + s->wait;
}

void
eager_meet(struct view *v, const struct task *running, const struct python_stack *stack)
{
	if (!meet_outside(v, running, stack))
		search(v, running, stack);
}

/* Each as if it awaited the one that it began, in its frames up to that one's. */
void
eager_place(struct view *v, struct task *running, struct python_tasks *seen)
{
	uint32_t place, end = seen->running_from;
	struct task *inner = running;

	for (size_t i = v->loop->outside.n; i-- > 0;) {
		struct task *t = v->loop->outside.at[i];

		if (!t->executing || !task_in_stack(v, t, &seen->stack, &place) || place >= end)
			continue;
		t->outside = true;
		t->shown.places = seen->stack.places + place;
		t->shown.n = end - place;
		t->code = t->shown.places[0].code;
		if (inner->awaiters.n == 0)
			*vec_push(v->p->arena, &inner->awaiters) = &t->shown;
		inner = t;
		end = place;
	}
}
