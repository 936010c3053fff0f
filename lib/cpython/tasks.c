/* SPDX-License-Identifier: MIT */
/*
 * The tasks of a thread. They are read as memory is mirrored: all that was
 * needed last time is read twice, the thread's stack between, and whatever is
 * the same in both was so at one moment. Who awaits whom, and where each of
 * them waits, is then true together. What moved is looked at again.
 *
 * The first of the two is the last one of the sample before. What was proved to
 * be together then, and is the same again, was never a thing that could not be,
 * even if it has been otherwise in between. Only what is another needs two
 * copies that follow each other at once.
 */
#include "cpython/asyncio.h"

#include "base/time.h"

#include <stdlib.h>

enum {
	ROUNDS_MAX = 16,       /* of one reading, in which something new may be found */
	MOVED_MAX = 8,         /* of these, because something moved */
	READING_NS = 20000000, /* of this thread's own, after which no other round begins */
	DEPTH_MAX = 1 << 14,   /* frames of the thread's stack */
	SINCE = 14,            /* the minor version */
};

bool
python_tasks_begin(struct python *p, struct err *e)
{
	if (p->layout.minor < SINCE) {
		err_set(e,
		        "process %d: it is CPython 3.%u: only from 3.14 on asyncio tells which "
		        "tasks there are",
		        (int)remote_pid(p->remote), p->layout.minor);
		e->kind = PYTHON_WITHOUT_TASKS;
		return err_hint(e, "without --async-aware its threads are sampled");
	}
	if (!p->asyncio)
		p->asyncio = arena_new(p->arena, struct asyncio);
	return true;
}

static int
by_serial(const void *a, const void *b)
{
	const struct python_task *const *x = a, *const *y = b;

	return (*x)->serial < (*y)->serial ? -1 : (*x)->serial > (*y)->serial;
}

/* Whether the frame may be the coroutine of a task that is known, or of one like it. */
static bool
may_be_of_task(const struct view *v, uint64_t frame, const struct python_code *code)
{
	for (size_t i = 0; i < v->loop->tasks.n; i++) {
		const struct task *t = v->loop->tasks.at[i];

		if (t->coro + v->p->layout.generator_frame == frame ||
		    (code && t->code == code))
			return true;
	}
	return false;
}

/*
 * Whether the stack has the coroutine of a task: then one ran when the stack was read,
 * though none did when the tasks were.
 */
static bool
has_task(const struct view *v, const struct python_stack *stack)
{
	const struct watch *w = v->watch;

	for (uint32_t i = 0; i < stack->n && i < w->seen.n; i++)
		if (frame_may_be_tasks(w, i) &&
		    may_be_of_task(v, w->seen.at[i].address, stack->places[i].code))
			return true;
	return false;
}

static bool
may_have_task(const struct view *v, const struct python_stack *stack)
{
	for (uint32_t i = 0; i < stack->n && i < v->watch->seen.n; i++)
		if (frame_may_be_tasks(v->watch, i))
			return true;
	return false;
}

/* The task runs, if its coroutine is in the stack. */
static bool
take_running(struct view *v, struct task *t, struct python_tasks *seen)
{
	if (!task_in_stack(v, t, &seen->stack, &seen->running_from))
		return false;
	t->shown.running = true;
	t->shown.places = seen->stack.places + seen->running_from;
	t->shown.n = seen->stack.n - seen->running_from;
	t->code = t->shown.places[0].code;
	seen->running = &t->shown;
	return true;
}

/* The running task, of those that are all read. False: something moved. */
static bool
find_running(struct view *v, struct task *t, struct python_tasks *seen)
{
	if (!t || !t->executing)
		return seen->stack.torn || !has_task(v, &seen->stack);
	if (!take_running(v, t, seen))
		return seen->stack.torn;
	return !t->shown.torn;
}

/* A task that has ended awaits nobody; one that executes elsewhere cannot be told. */
static bool
is_there(const struct task *t)
{
	return t->chain.n > 0 || t->shown.running || t->shown.begun || t->shown.torn;
}

/* They are mostly in order. */
static void
sort(struct python_task **tasks, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (tasks[i - 1]->serial > tasks[i]->serial) {
			qsort(tasks, n, sizeof *tasks, by_serial);
			return;
		}
}

/* It executes, but neither runs nor is outside of who does. */
static bool
is_elsewhere(const struct task *t)
{
	return t->executing && !t->shown.running && !t->shown.begun;
}

/* Leaves out those that have ended. What one cannot be sure of is torn. */
static void
settle(struct arena *a, struct loop *loop, bool missed)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->met.n; i++) {
		struct task *t = (struct task *)loop->met.at[i];

		t->shown.torn |= missed || is_elsewhere(t);
		if (!missed)
			t->settled = loop->samples;
	}
	for (size_t i = 0; i < loop->met.n; i++) {
		struct task *t = (struct task *)loop->met.at[i];

		if (!is_there(t))
			continue;
		t->there.n = 0;
		for (size_t k = 0; k < t->awaiters.n; k++)
			if (is_there((struct task *)t->awaiters.at[k]))
				*vec_push(a, &t->there) = t->awaiters.at[k];
		sort(t->there.at, t->there.n);
		t->shown.awaiters = t->there.at;
		t->shown.awaiters_n = (uint32_t)t->there.n;
		loop->met.at[kept++] = &t->shown;
	}
	loop->met.n = kept;
	sort(loop->met.at, kept);
}

/* What was told of it as one that runs lay in the thread's stack. */
static void
stop(struct task *t)
{
	if (!t->shown.running && !t->shown.begun)
		return;
	t->shown.running = false;
	t->shown.begun = NULL;
	t->shown.places = t->places.at;
	t->shown.n = (uint32_t)t->places.n;
}

/* False: it moved. */
static bool
visit(struct view *v, struct task *t)
{
	stop(t);
	task_visit(v, t);
	return !t->shown.torn;
}

static bool
are_told(const struct loop *loop)
{
	for (size_t i = 0; i < loop->met.n; i++)
		if (is_elsewhere((struct task *)loop->met.at[i]))
			return false;
	return true;
}

/* All tasks, of one moment, at which the stack is looked for the one that runs. */
static bool
walk_all(struct view *v, struct python_tasks *seen)
{
	uint64_t task =
		view_word(v, v->watch->shown.address + v->p->asyncio->at[ASYNCIO_THREAD_TASK]);
	struct task *running = task ? loop_meet(v, task) : NULL;
	bool still = v->same, whole = true;

	if (running) { /* which so is the first that is met */
		whole &= visit(v, running);
		eager_meet(v, running, &seen->stack);
	}
	whole &= loop_meet_all(v, v->watch);
	for (size_t i = running != NULL; i < v->loop->met.n; i++)
		whole &= visit(v, (struct task *)v->loop->met.at[i]);
	seen->missing = !whole;
	still &= whole;
	still &= find_running(v, running, seen);
	if (seen->running)
		eager_place(v, running, seen);
	return still && are_told(v->loop);
}

/*
 * The task that ran at the stack's moment, as the thread's state told it then. NULL: there was
 * none, or it was about to begin or to end, or has ended since.
 */
static struct task *
running_in_stack(struct view *v, const struct python_stack *stack)
{
	struct task *t = loop_task(v, v->watch->task);
	uint32_t place;

	return t && task_coro(v, t) && task_in_stack(v, t, stack, &place) ? t : NULL;
}

/* The running task of the stack's moment, and who awaits it then. */
static bool
walk_running(struct view *v, struct python_tasks *seen)
{
	struct task *running = running_in_stack(v, &seen->stack);
	bool still;

	if (!running)
		return !(v->watch->task || seen->stack.torn ? may_have_task(v, &seen->stack)
		                                            : has_task(v, &seen->stack));
	loop_meet_again(v, running);
	stop(running);
	task_visit_running(v, running);
	still = take_running(v, running, seen) && !running->shown.torn;
	eager_meet(v, running, &seen->stack);
	for (size_t i = 1; i < v->loop->met.n; i++)
		still &= visit(v, (struct task *)v->loop->met.at[i]);
	eager_place(v, running, seen);
	return still && are_told(v->loop);
}

/* Looks at the copies. False: something moved. */
static bool
walk(struct view *v, bool all, struct python_tasks *seen)
{
	bool still;

	v->same = true;
	v->round = v->loop->mirror.round + 1;
	v->loop->met.n = 0;
	v->cut = false;
	seen->running = NULL;
	seen->missing = false;
	v->epoch = view_word(v, v->watch->home->address + v->p->codes.epoch_field);
	still = v->same;
	seen->met =
		view_word(v, v->watch->shown.address + v->p->asyncio->at[ASYNCIO_THREAD_LOOP]);
	still &= all ? walk_all(v, seen) : walk_running(v, seen);
	seen->met |= v->loop->met.n > 0;
	return still;
}

/*
 * Whether all that were met are as they were when they were read before. Then what was
 * read just now is as good as a second copy: a thread that goes from one task to another
 * all the time comes to ever other ones that no copy was planned of.
 */
static bool
are_as_before(const struct loop *loop)
{
	for (size_t i = 0; i < loop->met.n; i++)
		if (((struct task *)loop->met.at[i])->changed)
			return false;
	return true;
}

static void
lower(uint32_t *same, uint32_t n)
{
	if (*same > n)
		*same = n;
}

/* The copies and the thread's stack between them. False: the thread is no more. */
static bool
read_all(struct view *v, struct python_tasks *seen, uint32_t *same)
{
	struct mirror *m = &v->loop->mirror;
	bool first = true;

	while (first || m->reads < 2) {
		if (first && m->reads < 2)
			mirror_read(m, v->p->remote);
		if (first &&
		    python_stack(v->p, &v->watch->shown, DEPTH_MAX, &seen->stack) != SEEN)
			return false;
		mirror_read(m, v->p->remote);
		lower(same, seen->stack.same);
		first = false;
	}
	return true;
}

static struct loop *
loop_of(struct python *p, struct watch *w)
{
	if (!w->loop) {
		w->loop = arena_new(p->arena, struct loop);
		w->loop->mirror.arena = p->arena;
	}
	return w->loop;
}

void
tasks_forget_codes(struct watch *w)
{
	for (size_t i = 0; w->loop && i < w->loop->tasks.n; i++) {
		struct task *t = w->loop->tasks.at[i];

		t->placed = false;
		t->code = NULL;
		t->chain.n = t->places.n = 0;
		t->shown.places = NULL;
		t->shown.n = 0;
	}
}

enum sight
python_tasks(struct python *p, struct python_thread *t, bool all, uint64_t now,
             struct python_tasks *seen)
{
	struct watch *w = t->own;
	struct view v = { .p = p, .watch = w, .loop = loop_of(p, w) };
	uint32_t same = UINT32_MAX;
	unsigned moved = 0;
	bool missed = true, still = false;
	uint64_t begin;

	*seen = (struct python_tasks){ 0 };
	if (!asyncio_find(p, w->home, now))
		return python_stack(p, t, DEPTH_MAX, &seen->stack);
	begin = time_ran();
	v.loop->samples++;
	if (!v.loop->settled)
		v.loop->mirror.reads = 0;
	for (unsigned i = 0; i < ROUNDS_MAX && moved < MOVED_MAX; i++) {
		if (!read_all(&v, seen, &same))
			return GONE;
		still = walk(&v, all, seen);
		seen->retries = moved;
		missed = mirror_plan(&v.loop->mirror) &&
		         (all || !still || !are_as_before(v.loop));
		if (time_ran() - begin > READING_NS)
			break;
		if (missed)
			continue;
		if (still)
			break;
		moved++;
	}
	seen->torn = missed || !still;
	seen->missing |= missed;
	seen->cut = v.cut;
	v.loop->settled = !seen->torn;
	loop_forget(&v, all);
	settle(p->arena, v.loop, missed);
	lower(&same, seen->stack.n);
	seen->stack.same = same;
	seen->tasks = v.loop->met.at;
	seen->n = (uint32_t)v.loop->met.n;
	return SEEN;
}
