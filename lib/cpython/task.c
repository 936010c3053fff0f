/* SPDX-License-Identifier: MIT */
/* A task: its name, what it waits in, and who awaits it. */
#include "cpython/asyncio.h"

enum {
	AWAITERS_MAX = 1 << 10, /* of a task */
	TABLE_MAX = 1 << 14,    /* slots of a set */
	ENTRY_BYTES_SET = 16,
};

static void
add_awaiter(struct view *v, struct task *t, uint64_t address)
{
	struct task *awaiter = t->awaiters.n < AWAITERS_MAX ? loop_meet(v, address) : NULL;

	t->cut |= t->awaiters.n == AWAITERS_MAX;
	if (awaiter)
		*vec_push(v->p->arena, &t->awaiters) = &awaiter->shown;
}

/* Unused slots are 0, and those that were used have a hash of -1. */
static void
add_awaiters(struct view *v, struct task *t, uint64_t set)
{
	const struct layout *l = &v->p->layout;
	uint64_t mask = view_word(v, set + l->set_mask), table;
	const unsigned char *entries;

	t->cut = mask >= TABLE_MAX;
	if (t->cut || view_word(v, set + l->set_used) == 0)
		return;
	table = view_word(v, set + l->set_table);
	entries = view_bytes(v, table, (uint32_t)(mask + 1) * ENTRY_BYTES_SET);
	for (uint64_t i = 0; entries && i <= mask; i++) {
		uint64_t key = word_at(entries + i * ENTRY_BYTES_SET);

		if (key && word_at(entries + i * ENTRY_BYTES_SET + 8) != UINT64_MAX)
			add_awaiter(v, t, key);
	}
}

static uint64_t
hash_awaiters(const struct task *t)
{
	uint64_t hash = t->awaiters.n;

	for (size_t i = 0; i < t->awaiters.n; i++)
		hash = hash_number(hash + t->awaiters.at[i]->serial);
	return hash;
}

static bool
read_awaiters(struct view *v, struct task *t)
{
	const uint64_t *at = v->p->asyncio->at;
	uint64_t by = view_word(v, t->address + at[ASYNCIO_TASK_AWAITED_BY]);
	const unsigned char *is_set =
		view_bytes(v, t->address + at[ASYNCIO_TASK_AWAITED_BY_IS_SET], 1);
	uint64_t before = hash_awaiters(t);

	t->awaiters.n = 0;
	t->cut = false;
	if (by && is_set && *is_set)
		add_awaiters(v, t, by);
	else if (by)
		add_awaiter(v, t, by);
	return before != hash_awaiters(t);
}

/* What was read of it in the copy before is no other in the last one, and is all there. */
static bool
is_unchanged(const struct view *v, const struct task *t)
{
	const struct mirror *m = &v->loop->mirror;
	bool same = t->copy + 1 == m->number && t->plan == m->plan && !m->gaps && t->placed &&
	            t->epoch == v->epoch && !t->shown.torn && !t->executing &&
	            !mirror_is_due(m);

	for (size_t i = 0; same && i < t->ranges.n; i++)
		same = mirror_is_same(m, t->ranges.at[i].at, t->ranges.at[i].n);
	return same;
}

/* Its awaiters are met again. */
static void
pass(struct view *v, const struct task *t)
{
	for (size_t i = 0; i < t->awaiters.n; i++)
		loop_meet_again(v, (struct task *)t->awaiters.at[i]);
}

/*
 * Its name is another now: so is the task, when both are numbers that asyncio gave. A task that
 * was away is one that was met before only if all that tells tasks apart is the same.
 */
static bool
is_another(const struct view *v, const struct task *t, bool named, bool numbered)
{
	if (named && t->settled + 1 < v->loop->samples)
		return true;
	return numbered && t->numbered && t->placed;
}

/* Where its coroutine is suspended; one that runs is in the thread's stack instead. */
static bool
read_coroutines(struct view *v, struct task *t, bool runs)
{
	bool changed;

	if (runs) {
		changed = t->chain.n > 0;
		t->executing = true;
		t->chain.n = 0;
		t->shown.truncated = t->shown.awaits_task = false;
	} else {
		changed = coroutines_read(v, t);
	}
	if (changed || !t->placed || t->epoch != v->epoch)
		coroutines_place(v, t);
	return changed;
}

/* Reads all of a task; it is torn where both copies do not agree. */
static void
read_task(struct view *v, struct task *t, bool runs)
{
	const uint64_t *at = v->p->asyncio->at;
	bool numbered = t->numbered, named = t->name_hash, executing = t->executing;
	bool changed, renamed;

	v->same = true;
	task_coro(v, t);
	t->name_at = view_word(v, t->address + at[ASYNCIO_TASK_NAME]);
	renamed = task_read_name(v, t);
	if (renamed && is_another(v, t, named, numbered)) {
		struct text name = t->shown.name;

		task_renew(v, t, t->coro);
		t->shown.name = name;
		task_read_name(v, t);
	}
	changed = read_coroutines(v, t, runs);
	changed |= read_awaiters(v, t) || renamed || executing != t->executing;
	t->shown.torn = !v->same;
	t->changed = changed;
	t->shown.version += changed || t->shown.torn || t->executing;
}

/* The same, noting what it is read from. */
static void
read_noting(struct view *v, struct task *t, bool runs)
{
	t->ranges.n = 0;
	t->plan = v->loop->mirror.plan;
	v->task = t;
	read_task(v, t, runs);
	v->task = NULL;
}

void
task_visit(struct view *v, struct task *t)
{
	bool unchanged = is_unchanged(v, t);

	t->copy = v->loop->mirror.number;
	if (unchanged)
		pass(v, t);
	else
		read_noting(v, t, false);
	t->changed &= !unchanged;
	v->cut |= t->cut;
}

void
task_visit_running(struct view *v, struct task *t)
{
	t->copy = v->loop->mirror.number;
	read_noting(v, t, true);
	v->cut |= t->cut;
}
