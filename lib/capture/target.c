/* SPDX-License-Identifier: MIT */
#include "capture/target.h"

#include "capture/clock.h"
#include "remote/proc.h"

#include <stdio.h>
#include <sys/stat.h>

enum {
	DEPTH_MAX = 16384,     /* frames of a stack; what is deeper is truncated */
	REFRESH_NS = 20000000, /* how often the list of threads is read */
	PLACES = 1 << 14,      /* rows of the memory of places, a power of two */
	CODE_BYTES = 6 << 20,  /* of code objects, after which they are forgotten */
	COMMAND_MAX = 4096,
};

/* A thread that is sampled, and its last stack as the stream numbers it. */
struct watched {
	struct python_thread *thread;
	uint64_t id;
	VEC(uint32_t) stacks; /* the stack that ends at each place of the last one */
	uint32_t generation;  /* of the writer, when they were valid */
	uint32_t unreadable;  /* 1 + the outermost place that could not be decoded; 0: none */
	bool leave;           /* not in the list any more */
};

/* Frames of places seen lately: a row holds the last place that fell on it. */
struct places {
	uint32_t generation;
	struct {
		uint64_t key; /* code id and instruction; 0 is none */
		uint32_t frame;
	} rows[PLACES];
};

bool
target_open(struct target *t, pid_t pid, uint64_t process, struct err *e)
{
	*t = (struct target){ .process = process };
	t->remote = remote_open(&t->arena, pid, e);
	if (t->remote)
		t->python = python_attach(&t->arena, t->remote, NULL, e);
	if (t->python) {
		t->places = arena_new(&t->arena, struct places);
		return true;
	}
	target_close(t);
	return false;
}

void
target_close(struct target *t)
{
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
tell_process(struct target *t, struct writer *w, bool cmdline, uint64_t started)
{
	struct arena scratch = { 0 };
	pid_t pid = remote_pid(t->remote);
	struct proc_stat stat = { 0 };
	struct stream_process p = {
		.id = t->process,
		.pid = (uint64_t)pid,
		.started = started,
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

/* The kernel's name of the thread, where it says more than the process's. */
static struct text
thread_name(struct arena *scratch, pid_t pid, uint64_t native_id)
{
	struct text path = text_print(scratch, "task/%lu/comm", (unsigned long)native_id);
	struct text name =
		native_id ? proc_text(scratch, pid, path.at, 64) : (struct text){ 0 };

	if (text_ends(name, TEXT("\n")))
		name.n--;
	return text_equal(name, proc_comm(scratch, pid)) ? (struct text){ 0 } : name;
}

static void
tell_thread(const struct target *t, struct writer *w, const struct watched *x)
{
	struct arena scratch = { 0 };
	const struct python_thread *thread = x->thread;
	struct stream_thread told = {
		.id = x->id,
		.process = t->process,
		.native_id = thread->native_id,
		.python_id = thread->python_id,
		.interpreter = thread->interpreter,
		.flags = thread->main ? STREAM_MAIN_THREAD : 0,
		.name = thread_name(&scratch, remote_pid(t->remote), thread->native_id),
	};

	writer_thread(w, &told);
	arena_empty(&scratch);
}

void
target_tell(struct target *t, struct writer *w, struct target_choice choice, uint64_t started)
{
	t->places->generation = 0; /* another writer's numbers say nothing here */
	tell_process(t, w, choice.cmdline, started);
	for (size_t i = 0; i < t->threads.n; i++)
		tell_thread(t, w, t->threads.at[i]);
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

/* An id that no watched thread has; a million threads later they come round. */
static uint64_t
free_id(const struct target *t, uint64_t *next)
{
	uint64_t id = (*next)++ % STREAM_ID_MAX;

	for (size_t i = 0; *next > STREAM_ID_MAX && i < t->threads.n; i++)
		if (t->threads.at[i]->id == id) {
			id = (*next)++ % STREAM_ID_MAX;
			i = 0;
		}
	return id;
}

static void
watch(struct target *t, struct writer *w, struct python_thread *thread, uint64_t id)
{
	struct watched *x =
		t->spare.n ? t->spare.at[--t->spare.n] : arena_new(&t->arena, struct watched);

	x->thread = thread;
	x->id = id;
	x->generation = 0;
	x->leave = false;
	index_add(&t->arena, &t->index, hash_number((uintptr_t)thread), (uint32_t)t->threads.n);
	*vec_push(&t->arena, &t->threads) = x;
	tell_thread(t, w, x);
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

/* Who is new is told; who has left is marked, to be ended in the next tick. */
static void
compare_list(struct target *t, struct writer *w, struct target_choice choice,
             struct python_thread **list, uint32_t n)
{
	const struct python_thread *chosen = main_of(list, n);

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
			watch(t, w, list[i], free_id(t, choice.next_thread));
	}
}

void
target_refresh(struct target *t, struct writer *w, struct target_choice choice, uint64_t now,
               uint64_t started)
{
	struct python_thread **list;
	uint32_t n;

	if (now < t->refresh_ns)
		return;
	if (!t->told)
		tell_process(t, w, choice.cmdline, started);
	if (python_forget(t->python, CODE_BYTES))
		t->places->generation = 0;
	switch (python_threads(t->python, &list, &n)) {
	case SEEN:
		compare_list(t, w, choice, list, n);
		t->refresh_ns = REFRESH_NS;
		break;
	case TORN:
		t->refresh_ns = 0;
		break;
	case GONE:
		t->gone = true;
	}
	/* A list of thousands is read more seldom: at most a twentieth of the time. */
	if (t->refresh_ns < (clock_now() - now) * 20)
		t->refresh_ns = (clock_now() - now) * 20;
	t->refresh_ns += now;
}

static uint32_t
frame_of_kind(struct writer *w, enum stream_kind kind)
{
	struct stream_function f = { .kind = kind };
	struct stream_frame frame = { .function = writer_function(w, &f) };

	return writer_frame(w, &frame);
}

static uint32_t
frame_anew(struct target *t, struct writer *w, const struct python_place *place)
{
	const struct python_code *code = place->code;
	struct stream_function f;
	struct stream_frame frame;
	uint32_t line;

	if (!code || code->unreadable)
		return frame_of_kind(w, STREAM_KIND_UNREADABLE);
	f = (struct stream_function){ STREAM_KIND_PYTHON, writer_string(w, code->name),
		                      writer_string(w, code->file), code->line };
	line = python_position(t->python, place).line;
	frame = (struct stream_frame){ .function = writer_function(w, &f),
		                       .line = line > INT32_MAX ? 0 : line };
	return writer_frame(w, &frame);
}

/* Most places were seen a moment ago: one look instead of the line table and three interns. */
static uint32_t
frame_of(struct target *t, struct writer *w, const struct python_place *place)
{
	uint64_t key;
	size_t row;

	if (!place->code)
		return frame_anew(t, w, place);
	key = (uint64_t)(place->code->id + 1) << 32 | (uint32_t)place->unit;
	row = hash_number(key) & (PLACES - 1);
	if (t->places->rows[row].key != key) {
		t->places->rows[row].frame = frame_anew(t, w, place);
		t->places->rows[row].key = key;
	}
	return t->places->rows[row].frame;
}

/* Numbers that began anew, or codes that were forgotten, leave nothing to build upon. */
static void
check_generation(struct target *t, struct writer *w, struct watched *x)
{
	uint32_t generation = writer_generation(w);

	if (t->places->generation != generation) {
		memset(t->places, 0, sizeof *t->places);
		t->places->generation = generation;
		for (size_t i = 0; i < t->threads.n; i++)
			t->threads.at[i]->generation = 0;
	}
	if (x->generation != generation)
		x->stacks.n = 0;
	x->generation = generation;
}

static uint32_t
stack_of(struct target *t, struct writer *w, struct watched *x, const struct python_stack *s)
{
	uint32_t stack;

	check_generation(t, w, x);
	if (x->stacks.n > s->same)
		x->stacks.n = s->same;
	stack = x->stacks.n ? x->stacks.at[x->stacks.n - 1] : 0;
	while (x->stacks.n < s->n) {
		stack = writer_stack(w, stack, frame_of(t, w, &s->places[x->stacks.n]));
		*vec_push(&t->arena, &x->stacks) = stack;
	}
	if (s->torn)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TORN));
	if (s->truncated)
		return writer_stack(w, stack, frame_of_kind(w, STREAM_KIND_TRUNCATED));
	if (s->n == 0)
		return writer_stack(w, 0, frame_of_kind(w, STREAM_KIND_NO_PYTHON));
	return stack;
}

static bool
has_unreadable(struct watched *x, const struct python_stack *s)
{
	uint32_t i = s->same;

	if (x->unreadable && x->unreadable <= s->same)
		return true;
	while (i < s->n && s->places[i].code && !s->places[i].code->unreadable)
		i++;
	x->unreadable = i < s->n ? i + 1 : 0;
	return x->unreadable;
}

static void
count(struct target_counts *counts, struct watched *x, const struct python_stack *s)
{
	counts->samples++;
	counts->torn += s->torn;
	counts->retried += s->retries;
	counts->truncated += s->truncated;
	counts->unreadable += has_unreadable(x, s);
}

static void
forget_leavers(struct target *t, struct writer *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->threads.n; i++)
		if (t->threads.at[i]->leave) {
			writer_thread_gone(w, t->threads.at[i]->id);
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
target_sample(struct target *t, struct writer *w, struct target_counts *counts)
{
	struct python_stack s;

	for (size_t i = 0; i < t->threads.n; i++) {
		struct watched *x = t->threads.at[i];

		if (x->leave)
			continue;
		if (python_stack(t->python, x->thread, DEPTH_MAX, &s) == SEEN) {
			writer_sample(w, x->id, stack_of(t, w, x, &s), 0);
			count(counts, x, &s);
			continue;
		}
		x->leave = true;
		counts->lost++;
		t->refresh_ns = 0;
	}
	forget_leavers(t, w);
	if (t->threads.n == 0 && !remote_alive(t->remote))
		t->gone = true;
}
