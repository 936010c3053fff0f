/* SPDX-License-Identifier: MIT */
/* What a thread does beside executing frames: the GIL, exceptions, garbage. */
#include "cpython/python.h"

enum {
	HANDLED_MAX = 64, /* exceptions that are handled within each other */
	ATTACHED = 1,     /* PyThreadState.state of a build without the GIL */
};

/* Whether it runs Python: it is attached, or it holds the lock. */
static bool
holds_gil(const struct python *p, const struct watch *w)
{
	const struct layout *l = &p->layout;

	if (l->free_threaded)
		return state_half(p, l->thread_attached) == ATTACHED;
	if (l->thread_holds_gil != NONE)
		return state_half(p, l->thread_holds_gil) != 0;
	return p->interpreters.pulse.words[WORD_LOCKED] == 1 &&
	       p->interpreters.pulse.words[WORD_HOLDER] == w->shown.address;
}

static enum python_gil
gil_of(const struct python *p, const struct watch *w)
{
	if (holds_gil(p, w))
		return PYTHON_GIL_HOLDS;
	if (!p->layout.free_threaded && state_half(p, p->layout.thread_wants_gil) != 0)
		return PYTHON_GIL_WANTS;
	return PYTHON_GIL_NEITHER;
}

/* What an item of the chain of handled exceptions holds, read with the window if it was foreseen. */
static bool
read_handled(struct python *p, const struct watch *w, const unsigned char *state, uint64_t item,
             unsigned char *bytes)
{
	uint32_t n = p->layout.handled_previous + 8;
	uint32_t end = state_end(p), at;
	uint64_t offset = item - w->shown.address;

	if (offset < end && offset + n <= end) {
		memcpy(bytes, state + offset, n);
		return true;
	}
	if (p->window.whole && p->lead >= n && outside_find(w, item + p->lead, &at)) {
		memcpy(bytes, p->window.copies[1] + at - p->lead, n);
		return true;
	}
	return remote_read(p->remote, item, bytes, n);
}

static bool
is_none(struct python *p, uint64_t object)
{
	uint64_t type;

	if (p->none)
		return object == p->none;
	if (!remote_read(p->remote, object + p->layout.object_type, &type, sizeof type) ||
	    !object_type_is(p, type, "NoneType"))
		return false;
	p->none = object;
	return true;
}

/* In except and finally blocks, and in generators that are run from there. */
static enum python_fact
handles(struct python *p, const struct watch *w, const unsigned char *state)
{
	uint64_t item = word_of(state, p->layout.thread_handled);
	unsigned char bytes[HANDLED_BYTES];

	for (unsigned n = 0; item && n < HANDLED_MAX; n++) {
		uint64_t value;

		if (!read_handled(p, w, state, item, bytes))
			return PYTHON_UNKNOWN;
		value = word_at(bytes + p->layout.handled_value);
		if (value && !is_none(p, value))
			return PYTHON_YES;
		item = word_at(bytes + p->layout.handled_previous);
	}
	return item ? PYTHON_UNKNOWN : PYTHON_NO;
}

/* Whether an exception is raised or handled, by that state of the thread. */
static enum python_fact
has_exception(struct python *p, const struct watch *w, const unsigned char *state)
{
	return word_of(state, p->layout.thread_raised) ? PYTHON_YES : handles(p, w, state);
}

/*
 * The same of the stack that is told. One that no window proves is of somewhere between the
 * two states: where these differ, it is unknown. (In functions of 3 us up to a third of the
 * samples had it wrong.) From 3.13 on that of the begin is of the begin's state: no CFrame is
 * read between that and the copy, in which they may part.
 */
static enum python_fact
exception_of(struct python *p, const struct watch *w)
{
	enum python_fact told = has_exception(p, w, p->window.state);
	bool of_begin = p->window.exchanged && p->layout.thread_cframe == NONE;
	bool between = p->guess.told && p->window.whole && !p->heap.used && !of_begin;

	if (between && told != has_exception(p, w, p->window.begun))
		return PYTHON_UNKNOWN;
	return told;
}

/* Before 3.11 nothing tells whether C called it. */
static bool
is_finalizer(const struct python *p, const struct python_place *place)
{
	return (place->entry || p->layout.frame_owner == NONE) && place->code &&
	       text_ends(place->code->name, TEXT("__del__"));
}

/*
 * How many of its places lie outside of a collection that it may be in: of what C called
 * last, a callback of the collection, they do. Before 3.11 that is not told.
 */
static uint32_t
outside_of_callback(const struct python *p, const struct watch *w)
{
	uint32_t n = (uint32_t)w->places.n;

	if (p->layout.frame_owner == NONE)
		return 0;
	for (uint32_t i = n; i-- > 0;)
		if (w->places.at[i].entry)
			return i;
	return n;
}

/*
 * Notes who collects. Who does holds the GIL, except while a callback waits that the
 * collection called: then another may hold it and run. So it is who held the GIL when
 * the collection had just begun, which is sure if it has not gone to another since, and
 * likely if once, before; or who waits in a finalizer. It is so until nothing is
 * collected, or its callback has returned.
 */
static void
note_collector(const struct python *p, const struct watch *w, const struct python_stack *stack,
               bool in_finalizer)
{
	const uint64_t *words = p->interpreters.pulse.words;
	struct interpreter *home = w->home;
	uint64_t self = w->shown.address;
	uint64_t switches = words[WORD_SWITCHES] - home->calm_switches;
	bool waits = stack->gil != PYTHON_GIL_HOLDS;

	if (!gil_counts(p))
		return;
	if (home->collector == self && waits && !in_finalizer &&
	    stack->same < home->collector_outside)
		home->collector = 0;
	if (!home->collector && words[WORD_LOCKED] && switches <= 1) {
		home->collector = words[WORD_HOLDER];
		home->collector_outside = 0;
		home->collector_is_sure = switches == 0;
	}
	if (!(home->collector && home->collector_is_sure) && waits && in_finalizer) {
		home->collector = self;
		home->collector_is_sure = true;
	}
	if (home->collector == self && !waits)
		home->collector_outside = outside_of_callback(p, w);
}

/* Whether the thread collects: the one that is known to; else who holds the GIL, and does not move. */
static bool
is_collector(const struct python *p, const struct watch *w, enum python_gil gil,
             bool in_finalizer)
{
	if (w->home->collector)
		return w->home->collector == w->shown.address;
	if (gil == PYTHON_GIL_HOLDS)
		return in_finalizer || window_stands(p);
	return in_finalizer && !p->interpreters.pulse.words[WORD_LOCKED];
}

/*
 * How many places lie outside of the collection. 3.15 tells the frame that set
 * it off; before, or when the program asked for it, that is the innermost one,
 * unless a finalizer runs inside of it.
 */
static enum python_fact
collects(const struct python *p, const struct watch *w, const struct python_stack *stack,
         uint32_t *at)
{
	uint64_t frame = p->interpreters.pulse.words[WORD_GC_FRAME];

	*at = (uint32_t)w->places.n;
	if (p->layout.gc_collecting == NONE)
		return PYTHON_UNKNOWN;
	if (!p->interpreters.pulse.words[WORD_COLLECTING]) {
		w->home->collector = 0;
		w->home->calm_switches = p->interpreters.pulse.words[WORD_SWITCHES];
		return PYTHON_NO;
	}
	for (size_t i = w->seen.n; frame && i-- > 0;)
		if (w->seen.at[i].address == frame) {
			*at = (uint32_t)i + 1;
			return PYTHON_YES;
		}
	if (frame && !stack->torn)
		return PYTHON_NO; /* it is another thread's, which let go of the GIL meanwhile */
	for (uint32_t i = (uint32_t)w->places.n; i-- > 0;)
		if (is_finalizer(p, &w->places.at[i]))
			*at = i;
	note_collector(p, w, stack, *at < w->places.n);
	return is_collector(p, w, stack->gil, *at < w->places.n) ? PYTHON_YES : PYTHON_NO;
}

void
facts_tell(struct python *p, const struct watch *w, struct python_stack *stack)
{
	stack->gil = gil_of(p, w);
	stack->exception = exception_of(p, w);
	stack->collecting = collects(p, w, stack, &stack->collects_at);
}
