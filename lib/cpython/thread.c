/* SPDX-License-Identifier: MIT */
/* The threads of all interpreters. Lists are hostile: their lengths are bounded, so cycles end. */
#include "cpython/python.h"

enum { INTERPRETERS_MAX = 256, THREADS_MAX = 8192 };

static uint64_t
state_word(const struct python *p, uint32_t at)
{
	return at != NONE ? word_at(p->state + at) : 0;
}

static uint64_t
hash_thread(uint64_t address, uint64_t serial)
{
	return hash_number(address ^ hash_number(serial));
}

static struct watch *
find_watch(const struct python *p, uint64_t address, uint64_t serial)
{
	struct index_probe probe = index_probe(&p->by_thread, hash_thread(address, serial));

	while (index_next(&p->by_thread, &probe)) {
		struct watch *w = p->watches.at[probe.row];

		if (w->shown.address == address && w->serial == serial)
			return w;
	}
	return NULL;
}

/* The room of one that has ended is used again, the buffers with it. */
static struct watch *
watch_begin(struct python *p, uint64_t address, uint64_t serial, uint64_t interpreter)
{
	struct watch *w;

	if (p->spare.n) {
		w = p->spare.at[--p->spare.n];
	} else {
		w = arena_new(p->arena, struct watch);
		w->row = (uint32_t)p->watches.n;
		*vec_push(p->arena, &p->watches) = w;
	}
	w->serial = serial;
	w->interpreter = interpreter;
	w->begun = false;
	w->seen.n = w->places.n = w->chunks.n = w->outside.n = 0;
	memset(w->links, 0, sizeof w->links);
	w->shown = (struct python_thread){ .address = address, .own = w };
	index_add(p->arena, &p->by_thread, hash_thread(address, serial), w->row);
	return w;
}

static bool
is_main(const struct python *p, const struct python_thread *t)
{
	return t->interpreter == 0 && (t->native_id ? t->native_id == (uint64_t)p->inner_pid
	                                            : t->python_id == p->main_thread);
}

/*
 * Adds the thread whose state is in p. A new thread may still bear the numbers
 * of the one that made it; the older one comes later in the list and is right.
 */
static void
list(struct python *p, uint64_t address, uint64_t interpreter, uint64_t id)
{
	uint64_t serial = state_word(p, p->layout.thread_serial);
	struct watch *w = find_watch(p, address, serial);

	if (!w)
		w = watch_begin(p, address, serial, interpreter);
	w->shown.python_id = state_word(p, p->layout.thread_python_id);
	w->shown.native_id = state_word(p, p->layout.thread_native_id);
	w->shown.interpreter = id;
	w->shown.main = is_main(p, &w->shown);
	if (w->shown.main && p->main)
		p->main->main = false;
	if (w->shown.main)
		p->main = &w->shown;
	w->listed = true;
	*vec_push(p->arena, &p->listing) = &w->shown;
}

static bool
list_threads(struct python *p, uint64_t interpreter)
{
	const struct layout *l = &p->layout;
	uint64_t thread, id;

	if (!remote_read(p->remote, interpreter + l->interpreter_id, &id, sizeof id) ||
	    !remote_read(p->remote, interpreter + l->interpreter_threads, &thread,
	                 sizeof thread))
		return false;
	while (thread) {
		if (p->listing.n >= THREADS_MAX)
			return true; /* no more are watched */
		if (!remote_read(p->remote, thread, p->state, p->thread_bytes) ||
		    word_at(p->state + l->thread_interpreter) != interpreter)
			return false;
		list(p, thread, interpreter, id);
		thread = word_at(p->state + l->thread_next);
	}
	return true;
}

static bool
list_all(struct python *p)
{
	const struct layout *l = &p->layout;
	uint64_t at;

	if (!remote_read(p->remote, p->runtime.address + l->runtime_interpreters, &at,
	                 sizeof at))
		return false;
	remote_read(p->remote, p->runtime.address + l->runtime_main_thread, &p->main_thread, 8);
	for (unsigned n = 0; at; n++) {
		if (n == INTERPRETERS_MAX || !list_threads(p, at) ||
		    !remote_read(p->remote, at + l->interpreter_next, &at, sizeof at))
			return false;
	}
	return true;
}

/* The list is whole: who is not in it has ended. */
static void
take_listing(struct python *p)
{
	size_t spare = p->spare.n;

	p->listed.n = 0;
	for (size_t i = 0; i < p->listing.n; i++)
		*vec_push(p->arena, &p->listed) = p->listing.at[i];
	for (size_t i = 0; i < p->watches.n; i++) {
		struct watch *w = p->watches.at[i];

		if (w->listed || w->shown.address == 0)
			continue;
		w->shown.address = 0;
		*vec_push(p->arena, &p->spare) = w;
	}
	if (spare == p->spare.n)
		return;
	index_clear(&p->by_thread);
	for (size_t i = 0; i < p->listed.n; i++) {
		struct watch *w = p->listed.at[i]->own;

		index_add(p->arena, &p->by_thread, hash_thread(w->shown.address, w->serial),
		          w->row);
	}
}

enum sight
python_threads(struct python *p, struct python_thread ***threads, uint32_t *n)
{
	bool all;

	p->listing.n = 0;
	p->main = NULL;
	for (size_t i = 0; i < p->watches.n; i++)
		p->watches.at[i]->listed = false;
	all = list_all(p);
	if (all)
		take_listing(p);
	*threads = p->listed.at;
	*n = (uint32_t)p->listed.n;
	if (all)
		return SEEN;
	return remote_alive(p->remote) ? TORN : GONE;
}

enum sight
python_ready(struct python *p, bool framed)
{
	struct python_thread **threads;
	struct python_stack stack;
	uint32_t n;
	enum sight sight = python_threads(p, &threads, &n);

	if (sight != SEEN)
		return sight;
	if (!framed)
		return n ? SEEN : TORN;
	for (uint32_t i = 0; i < n; i++)
		if (threads[i]->main && python_stack(p, threads[i], 1, &stack) == SEEN &&
		    stack.n)
			return SEEN;
	return TORN;
}
