/* SPDX-License-Identifier: MIT */
#include "capture/target.h"

#include "capture/clock.h"
#include "capture/watched.h"
#include "cpython/tasks.h"
#include "remote/proc.h"

#include <stdio.h>
#include <sys/stat.h>

enum {
	REFRESH_NS = 20000000, /* how often the list of threads is read */
	LIST_REST = 2, /* times as long as that took it is left alone, if others are there */
	CODE_BYTES = 6 << 20,     /* of code objects, after which they are forgotten */
	CODES_BYTES = 24 << 20,   /* the same of all targets, of which each has its share */
	CODE_BYTES_MIN = 1 << 18, /* at least */
	COMMAND_MAX = 4096,
	NAMES_PART = 20,         /* reading names takes at most such a part of the time, */
	NAMES_NS = 200000,       /* in a tick always so much, */
	NAMES_MOST_NS = 5000000, /* and never more */
};

bool
target_open(struct target *t, pid_t pid, const struct target_hint *hint, struct err *e)
{
	*t = (struct target){ .places = hint->places };
	t->remote = remote_open(&t->arena, pid, e);
	if (t->remote && hint->program)
		t->python =
			python_attach_again(&t->arena, t->remote, hint->program, hint->bias);
	if (t->remote && !t->python)
		t->python = python_attach(&t->arena, t->remote, hint->offsets, e);
	if (t->python && (!hint->tasks || python_tasks_begin(t->python, e))) {
		tids_open(&t->tids, &t->arena, pid);
		return true;
	}
	target_close(t);
	return false;
}

static void
let_go_of(struct watched *x)
{
	activity_close(&x->activity);
	if (x->held)
		hold_drop(x->held);
	x->held = NULL;
}

void
target_close(struct target *t)
{
	for (size_t i = 0; i < t->threads.n; i++)
		let_go_of(t->threads.at[i]);
	if (t->python)
		python_detach(t->python);
	if (t->remote)
		remote_close(t->remote);
	arena_empty(&t->arena);
	*t = (struct target){ 0 };
}

bool
target_ready(struct target *t, bool framed)
{
	return python_ready(t->python, framed) == SEEN;
}

static void
tell_process(struct target *t, struct writer *w, bool cmdline)
{
	struct arena scratch = { 0 };
	pid_t pid = remote_pid(t->remote);
	struct proc_stat stat = { 0 };
	struct stream_process p = {
		.id = t->process,
		.pid = (uint64_t)pid,
		.started = t->started,
		.python = python_version(t->python),
		.build = (python_free_threaded(t->python) ? STREAM_FREE_THREADED : 0u) |
		         (python_debug(t->python) ? STREAM_DEBUG : 0u),
	};

	if (proc_stat(pid, &stat))
		p.parent = (uint64_t)stat.parent;
	p.executable = proc_link(&scratch, pid, "exe");
	if (cmdline)
		p.command = proc_text(&scratch, pid, "cmdline", COMMAND_MAX);
	writer_process(w, &p);
	t->told = true;
	arena_empty(&scratch);
}

static void
tell_thread(const struct target *t, struct writer *w, struct watched *x)
{
	const struct python_thread *thread = x->thread;
	struct stream_thread told = {
		.id = x->id,
		.process = t->process,
		.native_id = (uint64_t)x->tid,
		.python_id = thread->python_id,
		.interpreter = thread->interpreter,
		.flags = thread->main ? STREAM_MAIN_THREAD : 0,
		.name = name_text(&x->name),
	};

	writer_thread(w, &told);
	x->told = true;
}

static void
forget_numbers(struct target *t)
{
	places_begin(t->places, 0);
	for (size_t i = 0; i < t->threads.n; i++) {
		t->threads.at[i]->generation = 0;
		tasks_forget_numbers(t->threads.at[i]);
	}
}

void
target_tell(struct target *t, struct writer *w, struct target_choice choice)
{
	forget_numbers(t); /* another writer's say nothing here */
	tell_process(t, w, choice.cmdline);
	for (size_t i = 0; i < t->threads.n; i++) {
		tell_thread(t, w, t->threads.at[i]);
		tasks_tell(t, w, t->threads.at[i]);
	}
}

static struct watched *
find_watched(const struct target *t, const struct python_thread *thread)
{
	struct index_probe probe = index_probe(&t->index, hash_number((uintptr_t)thread));

	while (index_next(&t->index, &probe))
		if (t->threads.at[probe.row]->thread == thread)
			return t->threads.at[probe.row];
	return NULL;
}

static bool
is_taken(const targets *all, uint64_t id)
{
	for (size_t k = 0; k < all->n; k++)
		for (size_t i = 0; i < all->at[k]->threads.n; i++)
			if (all->at[k]->threads.at[i]->id == id ||
			    tasks_have_lane(all->at[k]->threads.at[i], id))
				return true;
	return false;
}

/* An id that no watched thread has; a million threads later they come round. */
uint64_t
watched_free_id(struct target_choice choice)
{
	uint64_t id;

	do
		id = (*choice.next_thread)++;
	while (id >= STREAM_ID_MAX && is_taken(choice.all, id % STREAM_ID_MAX));
	return id % STREAM_ID_MAX;
}

static pid_t
number_here(struct target *t, const struct python_thread *thread)
{
	if (thread->native_id == 0 && thread->main)
		return remote_pid(t->remote);
	return tids_here(&t->tids, thread->native_id);
}

static void
watch(struct target *t, struct target_choice choice, struct python_thread *thread)
{
	struct watched *x =
		t->spare.n ? t->spare.at[--t->spare.n] : arena_new(&t->arena, struct watched);

	x->thread = thread;
	x->id = watched_free_id(choice);
	x->generation = 0;
	x->leave = x->told = false;
	x->cpu = ACTIVITY_UNKNOWN;
	x->tid = number_here(t, thread);
	x->held = NULL;
	name_begin(&x->name, x->tid);
	t->names_ns = 0;
	x->activity = activity_of(remote_pid(t->remote), x->tid);
	if (choice.cpu)
		activity_open(&x->activity, choice.cpu);
	x->account = (struct account){ 0 };
	t->changed = true;
	index_add(&t->arena, &t->index, hash_number((uintptr_t)thread), (uint32_t)t->threads.n);
	*vec_push(&t->arena, &t->threads) = x;
}

/* An embedding program may have no main thread of Python's; then the oldest stands for it. */
static const struct python_thread *
main_of(struct python_thread *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i]->main)
			return list[i];
	return n ? list[n - 1] : NULL;
}

/* What cannot be held or seized now is tried again when the list is read again. */
static void
take_hold(struct target *t, struct target_choice choice)
{
	for (size_t i = 0; i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];

		if (x->leave)
			continue;
		if (choice.cpu && x->activity.refused)
			activity_open(&x->activity, choice.cpu);
		if (choice.hold && !x->held)
			x->held = hold_seize(choice.hold, remote_pid(t->remote), x->tid);
	}
}

/* Who is new is watched; who has left is marked, to be ended in the next tick. */
static void
compare_list(struct target *t, struct target_choice choice, struct python_thread **list,
             uint32_t n)
{
	const struct python_thread *chosen = main_of(list, n);

	tids_renew(&t->tids);
	for (size_t i = 0; i < t->threads.n; i++)
		t->threads.at[i]->leave = true;
	t->others = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct watched *known = find_watched(t, list[i]);

		if (!choice.all_threads && list[i] != chosen)
			t->others++;
		else if (known)
			known->leave = false;
		else
			watch(t, choice, list[i]);
	}
	for (size_t i = 0; i < t->threads.n; i++)
		t->changed |= t->threads.at[i]->leave;
	take_hold(t, choice);
}

/* Reads the names that are due, all, or from where it ended last time as long as the tick can bear. */
static void
read_names(struct target *t, pid_t pid, bool all)
{
	uint64_t begin = clock_now(), now = begin, most = (begin - t->named_ns) / NAMES_PART;
	size_t n = t->threads.n, from = t->names_from, i = 0;

	most = most < NAMES_NS ? NAMES_NS : most < NAMES_MOST_NS ? most : NAMES_MOST_NS;
	t->named_ns = begin;
	t->names_ns = UINT64_MAX;
	for (; i < n && (all || now - begin < most); i++) {
		struct watched *x = t->threads.at[(from + i) % n];

		if (x->name.due_ns <= now) {
			x->told &= !name_read(&t->arena, &x->name, t->python, x->thread, pid);
			now = clock_now();
		}
		if (x->name.due_ns < t->names_ns)
			t->names_ns = x->name.due_ns;
	}
	t->names_from = n ? (from + i) % n : 0;
	if (i < n)
		t->names_ns = now + (now - begin) * NAMES_PART;
}

/* Tells who is new, or is called something else now. */
static void
tell_names(struct target *t, struct writer *w, bool all)
{
	read_names(t, remote_pid(t->remote), all);
	for (size_t i = 0; i < t->threads.n; i++)
		if (!t->threads.at[i]->told)
			tell_thread(t, w, t->threads.at[i]);
}

void
watched_forget_leavers(struct target *t, struct writer *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->threads.n; i++)
		if (t->threads.at[i]->leave) {
			tasks_leave(w, t->threads.at[i]);
			writer_thread_gone(w, t->threads.at[i]->id);
			let_go_of(t->threads.at[i]);
			*vec_push(&t->arena, &t->spare) = t->threads.at[i];
		} else {
			t->threads.at[kept++] = t->threads.at[i];
		}
	if (kept == t->threads.n)
		return;
	t->threads.n = kept;
	index_clear(&t->index);
	for (size_t i = 0; i < kept; i++)
		index_add(&t->arena, &t->index,
		          hash_number((uintptr_t)t->threads.at[i]->thread), (uint32_t)i);
}

void
target_leave(struct target *t, struct writer *w)
{
	for (size_t i = 0; i < t->threads.n; i++)
		t->threads.at[i]->leave = true;
	watched_forget_leavers(t, w);
}

void
target_ended(struct target *t, int status)
{
	t->buried = true;
	t->status = status;
}

bool
target_outcome(const struct target *t, int *status)
{
	*status = t->status;
	return t->buried || remote_outcome(t->remote, status);
}

static size_t
code_bytes(size_t n)
{
	size_t share = CODES_BYTES / (n ? n : 1);

	if (share > CODE_BYTES)
		return CODE_BYTES;
	return share < CODE_BYTES_MIN ? CODE_BYTES_MIN : share;
}

/* Reads the list of threads, and the names that are due. */
static void
read_list(struct target *t, struct writer *w, struct target_choice choice, uint64_t now)
{
	struct python_thread **list;
	uint64_t begin = clock_now();
	uint32_t n;

	switch (python_threads(t->python, &list, &n)) {
	case SEEN:
		/* It may be the list of another program, at the same address. */
		t->gone = !remote_alive(t->remote);
		if (!t->gone)
			compare_list(t, choice, list, n);
		t->refresh_ns = REFRESH_NS;
		break;
	case TORN:
		t->refresh_ns = 0;
		break;
	case GONE:
		t->gone = true;
	}
	t->listed_ns = clock_now();
	t->listing_ns = t->listed_ns - begin;
	/* A list of thousands is read more seldom: for a twentieth of the time, if no others are there. */
	if (t->refresh_ns < t->listing_ns * 20)
		t->refresh_ns = t->listing_ns * 20;
	t->refresh_ns += now;
	if (now >= t->names_ns)
		tell_names(t, w, choice.once);
}

void
target_list_anew(struct target *t, struct writer *w, struct target_choice choice)
{
	uint64_t now = clock_now();

	if (now - t->listed_ns < LIST_REST * t->listing_ns)
		return;
	for (size_t i = 0; i < t->threads.n; i++)
		if (t->threads.at[i]->leave)
			return; /* who comes may be known by the address of one that has left */
	read_list(t, w, choice, now);
}

void
target_refresh(struct target *t, struct writer *w, struct target_choice choice, uint64_t now,
               uint64_t started)
{
	if (t->gone)
		return;
	if (now < t->refresh_ns) {
		if (now >= t->names_ns)
			tell_names(t, w, choice.once);
		return;
	}
	if (!t->told) {
		t->started = started;
		tell_process(t, w, choice.cmdline);
	}
	if (python_forget(t->python, code_bytes(choice.all->n)))
		forget_numbers(t);
	read_list(t, w, choice, now);
}
