/* SPDX-License-Identifier: MIT */
/* The threads of all interpreters. Lists are hostile: their lengths are bounded, so cycles end. */
#include "cpython/python.h"

enum {
	INTERPRETERS_MAX = 1024,
	THREADS_MAX = 8192,
	UNNUMBERED_MAX = 64, /* lists */
};

static uint64_t
hash_thread(uint64_t address, uint64_t serial)
{
	return hash_number(address ^ hash_number(serial));
}

/* The same thread: its address, and before 3.12 its serial, may be of another interpreter's by now. */
static struct watch *
find_watch(const struct python *p, uint64_t address, uint64_t serial,
           const struct interpreter *home)
{
	struct index_probe probe =
		index_probe(&p->threads.by_address, hash_thread(address, serial));

	while (index_next(&p->threads.by_address, &probe)) {
		struct watch *w = p->threads.watches.at[probe.row];

		if (w->shown.address == address && w->serial == serial && w->home == home &&
		    w->shown.interpreter == home->id)
			return w;
	}
	return NULL;
}

/* The room of one that has ended is used again, the buffers with it. */
static struct watch *
watch_begin(struct python *p, uint64_t address, uint64_t serial, struct interpreter *home)
{
	struct watch *w;

	if (p->threads.spare.n) {
		w = p->threads.spare.at[--p->threads.spare.n];
	} else {
		w = arena_new(p->arena, struct watch);
		w->row = (uint32_t)p->threads.watches.n;
		*vec_push(p->arena, &p->threads.watches) = w;
	}
	w->serial = serial;
	w->home = home;
	w->begun = false;
	w->settled = w->ahead = 0;
	w->name_slot = 0;
	w->vain = w->passing = w->restless = 0;
	w->seen.n = w->places.n = w->chunks.n = w->outside.n = w->stretches.n = 0;
	memset(w->links, 0, sizeof w->links);
	w->shown =
		(struct python_thread){ .address = address, .interpreter = home->id, .own = w };
	index_add(p->arena, &p->threads.by_address, hash_thread(address, serial), w->row);
	return w;
}

static bool
is_main(const struct python *p, const struct python_thread *t)
{
	return t->interpreter == 0 && (t->native_id ? t->native_id == (uint64_t)p->inner_pid
	                                            : t->python_id == p->threads.main_id);
}

/* What CPython does not keep is looked for once, and again when a new thread has become itself. */
static void
take_ids(struct python *p, struct python_thread *t)
{
	uint64_t before = t->python_id;

	t->python_id = state_word(p, p->layout.thread_python_id);
	if (p->layout.thread_native_id != NONE)
		t->native_id = state_word(p, p->layout.thread_native_id);
	else if (t->native_id == 0 || t->python_id != before)
		t->native_id = native_id(p, t->python_id);
}

/*
 * A thread that has not begun bears its maker's number, or one of the two when
 * it is about to, and is none yet: the maker comes later.
 */
static void
leave_out_newer(struct python *p, const struct python_thread *t, bool native)
{
	uint64_t number = native ? t->native_id : t->python_id;
	uint64_t hash = hash_thread(number, t->interpreter << 1 | native);
	struct index_probe probe = index_probe(&p->threads.by_python, hash);

	while (number && index_next(&p->threads.by_python, &probe)) {
		struct python_thread **other = &p->threads.listing.at[probe.row];

		if (probe.row == p->threads.listing.n)
			continue; /* its own */
		if (*other && (native ? (*other)->native_id : (*other)->python_id) == number &&
		    (*other)->interpreter == t->interpreter) {
			((struct watch *)(*other)->own)->home->unnumbered = true;
			*other = NULL;
		}
	}
	index_add(p->arena, &p->threads.by_python, hash, (uint32_t)p->threads.listing.n);
}

/*
 * Adds the thread whose state is in p; false: it was met before. A new thread
 * may still bear the numbers of the one that made it; the older one comes later
 * in the list and is right.
 */
static bool
list(struct python *p, uint64_t address, struct interpreter *home)
{
	uint64_t serial = state_word(p, p->layout.thread_serial);
	struct watch *w = find_watch(p, address, serial, home);

	if (!w)
		w = watch_begin(p, address, serial, home);
	if (w->met)
		return false;
	w->met = true;
	take_ids(p, &w->shown);
	if (w->shown.python_id == 0) { /* from 3.12 on: no thread has taken it yet */
		home->unnumbered = true;
		return true;
	}
	w->shown.main = is_main(p, &w->shown);
	if (w->shown.main && p->threads.main)
		p->threads.main->main = false;
	if (w->shown.main)
		p->threads.main = &w->shown;
	leave_out_newer(p, &w->shown, false);
	leave_out_newer(p, &w->shown, true);
	*vec_push(p->arena, &p->threads.listing) = &w->shown;
	return true;
}

/* A thread without a number of its own will have one soon; or never, if nothing runs as it. */
static void
list_again_soon(struct interpreter *home)
{
	if (!home->unnumbered || home->unnumbered_first != home->first)
		home->unnumbered_lists = 0;
	home->unnumbered_first = home->first;
	if (home->unnumbered && home->unnumbered_lists++ < UNNUMBERED_MAX)
		home->first = 0;
}

static bool
list_threads(struct python *p, uint64_t interpreter)
{
	const struct layout *l = &p->layout;
	struct interpreter *home;
	uint64_t thread, id;

	if (!remote_read(p->remote, interpreter + l->interpreter_id, &id, sizeof id) ||
	    !remote_read(p->remote, interpreter + l->interpreter_threads, &thread,
	                 sizeof thread))
		return false;
	home = interpreter_at(p, interpreter, id);
	if (!home || home->met)
		return false;
	home->met = true;
	home->first = thread;
	home->unnumbered = false;
	while (thread) {
		if (p->threads.listing.n >= THREADS_MAX)
			return true; /* no more are watched */
		if (!remote_read(p->remote, thread, p->window.state, p->window.state_bytes) ||
		    word_at(p->window.state + l->thread_interpreter) != interpreter ||
		    !list(p, thread, home))
			return false;
		thread = word_at(p->window.state + l->thread_next);
	}
	list_again_soon(home);
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
	remote_read(p->remote, p->runtime.address + l->runtime_main_thread, &p->threads.main_id,
	            8);
	for (unsigned n = 0; at && n < INTERPRETERS_MAX; n++) {
		if (!list_threads(p, at) ||
		    !remote_read(p->remote, at + l->interpreter_next, &at, sizeof at))
			return false;
	}
	return true;
}

/* The list is whole: who is not in it has ended. */
static void
take_listing(struct python *p)
{
	p->threads.listed.n = 0;
	for (size_t i = 0; i < p->threads.watches.n; i++)
		p->threads.watches.at[i]->listed = false;
	for (size_t i = 0; i < p->threads.listing.n; i++)
		if (p->threads.listing.at[i]) {
			((struct watch *)p->threads.listing.at[i]->own)->listed = true;
			*vec_push(p->arena, &p->threads.listed) = p->threads.listing.at[i];
		}
	interpreters_take(p);
}

/* Gives back those that are in no list, also what was met in one that was not whole. */
static void
spare_unlisted(struct python *p)
{
	size_t spare = p->threads.spare.n;

	for (size_t i = 0; i < p->threads.watches.n; i++) {
		struct watch *w = p->threads.watches.at[i];

		w->met = false;
		if (w->listed || w->shown.address == 0)
			continue;
		w->shown.address = 0;
		*vec_push(p->arena, &p->threads.spare) = w;
	}
	if (spare == p->threads.spare.n)
		return;
	index_clear(&p->threads.by_address);
	for (size_t i = 0; i < p->threads.listed.n; i++) {
		struct watch *w = p->threads.listed.at[i]->own;

		index_add(p->arena, &p->threads.by_address,
		          hash_thread(w->shown.address, w->serial), w->row);
	}
}

enum sight
python_threads(struct python *p, struct python_thread ***threads, uint32_t *n)
{
	bool all;

	p->threads.listing.n = 0;
	index_clear(&p->threads.by_python);
	p->threads.main = NULL;
	all = list_all(p);
	if (all)
		take_listing(p);
	for (size_t i = 0; !all && i < p->interpreters.all.n; i++)
		p->interpreters.all.at[i]->first = 0; /* they are listed again soon */
	spare_unlisted(p);
	interpreters_spare(p);
	*threads = p->threads.listed.at;
	*n = (uint32_t)p->threads.listed.n;
	if (all)
		return SEEN;
	return remote_alive(p->remote) ? TORN : GONE;
}

bool
python_threads_differ(struct python *p)
{
	for (size_t i = 0; i < p->interpreters.all.n; i++) {
		const struct interpreter *home = p->interpreters.all.at[i];
		uint64_t first;

		if (home->listed &&
		    remote_read(p->remote, home->address + p->layout.interpreter_threads,
		                &first, sizeof first) &&
		    first != home->first)
			return true;
	}
	return false;
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
