/* SPDX-License-Identifier: MIT */
/* One tick of a target: stacks that grow out of the last ones cost what is new in them. */
#include "capture/clock.h"
#include "capture/state.h"
#include "capture/watched.h"

#define NOWHERE UINT32_MAX

/* Numbers that began anew leave nothing to build upon. */
void
sample_begin(struct target *t, struct writer *w, struct watched *x)
{
	uint32_t generation = writer_generation(w);

	places_begin(t->places, generation);
	if (x->generation != generation)
		x->stacks.n = 0;
	x->generation = generation;
}

/* Where in a stack the marker of a collection is: inside of that many places; or NOWHERE. */
static uint32_t
collection_at(const struct python_stack *s, struct target_choice choice)
{
	return s->collecting == PYTHON_YES && !choice.no_gc && s->collects_at <= s->n
	               ? s->collects_at
	               : NOWHERE;
}

/* The stack with the marker that belongs inside of n places: of what runs there that is no Python. */
static uint32_t
marked(struct writer *w, uint32_t stack, bool collects, bool native)
{
	if (collects)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_GC));
	if (native)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_NATIVE));
	return stack;
}

/*
 * The places that are the same keep their stacks, unless a collection began or
 * ended outside of them.
 */
static uint32_t
add_places(struct target *t, struct writer *w, struct watched *x, struct target_choice choice,
           const struct python_stack *s)
{
	uint32_t gc = collection_at(s, choice), outer = gc < x->gc ? gc : x->gc, stack;

	if (gc != x->gc && x->stacks.n > outer)
		x->stacks.n = outer;
	x->gc = gc;
	stack = x->stacks.n ? x->stacks.at[x->stacks.n - 1] : 0;
	for (uint32_t i = (uint32_t)x->stacks.n; i < s->n; i++) {
		stack = marked(w, stack, i == gc, choice.native && i > 0 && s->places[i].entry);
		stack = writer_stack(w, stack,
		                     places_frame(t->places, w, t->python, t->process,
		                                  choice.details, &s->places[i]));
		*vec_push(&t->arena, &x->stacks) = stack;
	}
	return stack;
}

uint32_t
sample_stack(struct target *t, struct writer *w, struct watched *x, struct target_choice choice,
             const struct python_stack *s)
{
	uint32_t stack;

	sample_begin(t, w, x);
	stack = add_places(t, w, x, choice, s);
	if (s->torn)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TORN));
	if (s->truncated)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TRUNCATED));
	if (s->n == 0)
		return writer_stack(w, 0, frame_of_kind(w, STREAM_KIND_NO_PYTHON));
	return marked(w, stack, x->gc == s->n, choice.native && s->native);
}

uint32_t
sample_inner(struct target *t, struct writer *w, struct target_choice choice,
             const struct python_stack *s, uint32_t from, uint32_t outer)
{
	uint32_t gc = collection_at(s, choice), stack = outer;

	for (uint32_t i = from; i < s->n; i++) {
		stack = marked(w, stack, i == gc && i > from,
		               choice.native && i > from && s->places[i].entry);
		stack = writer_stack(w, stack,
		                     places_frame(t->places, w, t->python, t->process,
		                                  choice.details, &s->places[i]));
	}
	if (s->torn)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TORN));
	if (s->truncated)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TRUNCATED));
	return marked(w, stack, gc == s->n, choice.native && s->native);
}

/* The first place from there on that could not be decoded; n: there is none. */
static uint32_t
find_unreadable(const struct python_place *places, uint32_t from, uint32_t n)
{
	while (from < n && places[from].code && !places[from].code->unreadable)
		from++;
	return from;
}

bool
sample_is_unreadable(const struct python_place *places, uint32_t n)
{
	return find_unreadable(places, 0, n) < n;
}

void
sample_look_for_unreadable(struct watched *x, const struct python_stack *s)
{
	uint32_t i;

	if (x->unreadable && x->unreadable <= s->same)
		return;
	i = find_unreadable(s->places, s->same, s->n);
	x->unreadable = i < s->n ? i + 1 : 0;
}

void
sample_count(struct target_counts *counts, const struct watched *x,
             const struct python_stack *s)
{
	counts->samples++;
	counts->torn += s->torn;
	counts->retried += s->retries;
	counts->truncated += s->truncated;
	counts->unreadable += x->unreadable > 0;
	counts->equal += s->same == s->n && !s->torn;
	counts->frames += s->n;
	counts->reused += s->same;
}

/* The thread is not watched at this tick. */
static void
leave_out(struct writer *w, const struct watched *x, struct target_counts *counts)
{
	writer_thread_end(w, x->id);
	counts->left_out++;
}

static bool
is_async(enum stream_mode mode)
{
	return mode == STREAM_MODE_ASYNC_RUNNING || mode == STREAM_MODE_ASYNC_ALL;
}

/*
 * The kernel is asked first: a stack that moves may be read several times, and to
 * ask after that would be of another moment.
 */
static bool
look_at(struct target *t, struct watched *x, struct target_choice choice)
{
	if (!choice.hold)
		x->cpu = activity_now(&x->activity);
	if (choice.mode == STREAM_MODE_CPU && x->cpu == ACTIVITY_SLEEPS)
		return true;
	if (is_async(choice.mode))
		return python_tasks(t->python, x->thread, choice.mode == STREAM_MODE_ASYNC_ALL,
		                    clock_now(), &x->tasks) == SEEN;
	return python_stack(t->python, x->thread, SAMPLE_DEPTH_MAX, &x->stack) == SEEN;
}

void
target_ask(struct target *t, struct writer *w, struct target_choice choice)
{
	if (!t->gone && choice.all_threads && python_threads_differ(t->python))
		target_list_anew(t, w, choice);
	for (size_t i = 0; i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];
		enum activity_state now = activity_now(&x->activity);

		if (x->held)
			hold_let_sleep(x->held, now == ACTIVITY_SLEEPS);
		x->cpu = choice.tells_cpu ? now : ACTIVITY_UNKNOWN;
	}
}

/* Which threads stand, before any stack is read. */
static void
note_who_stands(struct target *t)
{
	for (size_t i = 0; i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];

		x->thread->stands = x->held && hold_stands(x->held);
	}
}

/* What was read of its stack. */
static struct python_stack *
stack_of(struct watched *x, struct target_choice choice)
{
	return is_async(choice.mode) ? &x->tasks.stack : &x->stack;
}

static bool
is_torn(struct watched *x, struct target_choice choice)
{
	return x->seen &&
	       (stack_of(x, choice)->torn || (is_async(choice.mode) && x->tasks.torn));
}

/* One that moved is not left asleep when it is looked at again. Whether it did. */
static bool
note_torn(struct watched *x, struct target_choice choice)
{
	bool torn = is_torn(x, choice);

	if (torn && x->held)
		hold_let_sleep(x->held, false);
	return torn;
}

bool
target_look(struct target *t, struct writer *w, struct target_choice choice)
{
	bool torn = false;

	note_who_stands(t);
	if (!t->gone && choice.all_threads && python_tick(t->python) && !choice.hold)
		target_list_anew(t, w, choice);
	for (size_t i = 0; !t->gone && i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];

		x->stack.torn = false;
		x->seen = !x->leave && look_at(t, x, choice);
		torn |= note_torn(x, choice);
	}
	return torn;
}

static void
sample_thread(struct target *t, struct writer *w, struct watched *x,
              struct target_choice choice, struct target_counts *counts)
{
	const struct python_stack *s = &x->stack;
	uint8_t state;

	if (choice.mode == STREAM_MODE_CPU && x->cpu == ACTIVITY_SLEEPS) {
		leave_out(w, x, counts);
		return;
	}
	sample_look_for_unreadable(x, s);
	if (x->stacks.n > s->same)
		x->stacks.n = s->same;
	state = state_of(s, x->cpu);
	if (!state_is_wanted(choice.mode, state)) {
		leave_out(w, x, counts);
		return;
	}
	writer_sample(w, x->id, sample_stack(t, w, x, choice, s), state);
	sample_count(counts, x, s);
}

/*
 * A thread may have been stopped between two instructions of the interpreter
 * where its frames make no stack; a moment later they do.
 */
bool
target_look_again(struct target *t, struct target_choice choice)
{
	bool torn = false;

	note_who_stands(t);
	for (size_t i = 0; !t->gone && i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];
		struct python_stack *s = stack_of(x, choice);
		uint32_t same = s->same;

		if (!is_torn(x, choice))
			continue;
		x->seen = look_at(t, x, choice);
		if (s->same > same)
			s->same = same;
		torn |= note_torn(x, choice);
	}
	return torn;
}

void
target_sample(struct target *t, struct writer *w, struct target_choice choice,
              struct target_counts *counts)
{
	void (*sample)(struct target *, struct writer *, struct watched *, struct target_choice,
	               struct target_counts *) =
		is_async(choice.mode) ? tasks_sample : sample_thread;

	if (t->gone) {
		target_leave(t, w);
		return;
	}
	for (size_t i = 0; i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];

		if (x->leave)
			continue;
		if (x->seen) {
			sample(t, w, x, choice, counts);
			continue;
		}
		x->leave = true;
		counts->lost++;
		t->refresh_ns = 0;
	}
	watched_forget_leavers(t, w);
	if (t->threads.n == 0 && !remote_alive(t->remote))
		t->gone = true;
}
