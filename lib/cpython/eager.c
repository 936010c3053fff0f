/* SPDX-License-Identifier: MIT */
/*
 * Tasks that execute though they are not the one that runs: they began that one
 * eagerly (asyncio.eager_task_factory), or one that did, so their coroutines lie
 * further out in the thread's stack.
 */
#include "cpython/asyncio.h"

enum { SEARCH_MOST = 1024 }; /* samples between searches */

/*
 * Finds the coroutine of a task that executes where its frame is nowhere: of those frames C called
 * only one, and that is of the coroutine's function.
 */
static bool
task_in_nowhere(struct view *v, const struct task *t, const struct python_stack *stack,
                uint32_t *place)
{
	uint64_t code = t->coro + v->p->layout.generator_frame + v->p->layout.frame_code;
	const struct code *outermost;
	unsigned called = 0;
	uint32_t at = 0;

	for (uint32_t i = 0; i < stack->n && i < v->watch->seen.n; i++)
		if (frame_is_nowhere(&v->watch->seen.at[i]) && v->watch->seen.at[i].entry) {
			at = i;
			called++;
		}
	outermost = called == 1 ? code_behind(stack->places[at].code) : NULL;
	if (!outermost || outermost->address != pointer_of(view_word(v, code)))
		return false;
	*place = at;
	return true;
}

bool
task_in_stack(struct view *v, const struct task *t, const struct python_stack *stack,
              uint32_t *place)
{
	uint64_t frame = t->coro + v->p->layout.generator_frame;

	for (uint32_t i = 0; i < stack->n && i < v->watch->seen.n; i++)
		if (v->watch->seen.at[i].address == frame) {
			*place = i;
			return true;
		}
	return task_in_nowhere(v, t, stack, place);
}

bool
frame_may_be_tasks(const struct watch *w, uint32_t place)
{
	return w->seen.at[place].at < OUTSIDE_BYTES;
}

/* The known task whose coroutine has that frame, now too; or NULL. Another one may have been there before. */
static struct task *
task_of_frame(struct view *v, uint64_t frame)
{
	uint64_t coro = frame - v->p->layout.generator_frame;

	for (size_t i = 0; i < v->loop->tasks.n; i++) {
		struct task *t = v->loop->tasks.at[i];

		if (t->coro != coro)
			continue;
		if (loop_task(v, t->address) == t && task_coro(v, t) == coro)
			return t;
		if (t->coro == coro)
			t->coro = 0; /* it has ended */
	}
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
	uint32_t end = 0;
	bool known = true, inside = task_in_stack(v, running, stack, &end);

	v->loop->outside.n = 0;
	for (uint32_t i = 0; i < (inside ? end : stack->n) && i < w->seen.n; i++) {
		struct task *t;

		if (!frame_may_be_tasks(w, i))
			continue;
		t = task_of_frame(v, w->seen.at[i].address);
		if (t && (t = loop_meet(v, t->address)))
			*vec_push(v->p->arena, &v->loop->outside) = (struct begun){ t, i };
		known &= t ||
		         !w->seen.at[i].entry; /* else Python called it, and it is no task's */
	}
	return known;
}

void
eager_meet(struct view *v, const struct task *running, const struct python_stack *stack)
{
	struct search *s = &v->loop->search;

	if (meet_outside(v, running, stack) || v->loop->samples < s->due)
		return;
	loop_know_all(v, v->watch);
	if (meet_outside(v, running, stack))
		s->wait /= 2;
	else if (s->wait < SEARCH_MOST)
		s->wait = 2 * s->wait + 1;
	s->due = v->loop->samples + s->wait;
}

/*
 * Each as if it awaited the one that it began, which nobody awaits before it has
 * waited once. From the inside out: the places of each end where the next one's begin.
 */
void
eager_place(struct view *v, struct task *running, const struct python_tasks *seen)
{
	struct task *inner = running;
	uint32_t end = seen->running_from;

	for (size_t i = v->loop->outside.n; i-- > 0;) {
		struct task *t = v->loop->outside.at[i].task;
		uint32_t place = v->loop->outside.at[i].place;

		if (!t->executing || place >= end || inner->awaiters.n)
			continue;
		t->shown.begun = &inner->shown;
		t->shown.from = place;
		t->shown.places = seen->stack.places + place;
		t->shown.n = end - place;
		t->code = t->shown.places[0].code;
		*vec_push(v->p->arena, &inner->awaiters) = &t->shown;
		inner = t;
		end = place;
	}
}
