/* SPDX-License-Identifier: MIT */
/*
 * Runs, and what their parts tell of processes, threads and ends. Joining two
 * tellings never asks which came first: numbers keep the larger, texts the
 * longer, so that any order of parts gives the same run.
 */
#include "tree/inside.h"

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The coarser of two lengths of epochs, of which 0 is the coarsest. */
static uint64_t
coarser(uint64_t a, uint64_t b)
{
	return a && b ? larger(a, b) : 0;
}

/* The longer, or the later in the alphabet. */
static struct text
text_greater(struct text a, struct text b)
{
	if (a.n != b.n)
		return a.n > b.n ? a : b;
	return text_compare(a, b) > 0 ? a : b;
}

uint64_t
run_keeps(const struct stream_run *run)
{
	return run->mode << 1 | !!(run->flags & STREAM_NO_IDLE);
}

int
run_compare(const struct stream_run *a, const struct stream_run *b)
{
	int ids = memcmp(a->id, b->id, sizeof a->id);

	if (ids)
		return ids;
	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	if (a->unit_ns != b->unit_ns)
		return a->unit_ns < b->unit_ns ? -1 : 1;
	return (run_keeps(a) > run_keeps(b)) - (run_keeps(a) < run_keeps(b));
}

/* Where a run of that name is, or would be. */
static size_t
run_place(const struct tree *t, const struct stream_run *about)
{
	size_t low = 0, high = t->runs.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run_compare(&t->runs.at[middle]->about, about) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tree_run *
run_insert(struct tree *t, size_t at)
{
	struct tree_run *r;

	if (t->spare.n) {
		r = t->spare.at[--t->spare.n];
	} else {
		r = arena_new(t->a, struct tree_run);
		r->index = arena_new(t->a, struct tree_run_index);
	}
	vec_push(t->a, &t->runs);
	memmove(&t->runs.at[at + 1], &t->runs.at[at],
	        (t->runs.n - 1 - at) * sizeof *t->runs.at);
	return t->runs.at[at] = r;
}

void
origins_clear(struct origins *o)
{
	o->rows.n = 0;
	o->apart = 0;
	index_clear(&o->index);
}

void
run_clear(struct tree_run *r)
{
	r->about = (struct stream_run){ 0 };
	r->processes.n = r->threads.n = r->outcomes.n = r->exits.n = r->rans.n = 0;
	r->portables.n = r->series.n = r->cells.n = 0;
	origins_clear(&r->index->processes);
	origins_clear(&r->index->threads);
	index_clear(&r->index->exits);
	index_clear(&r->index->rans);
	index_clear(&r->index->portables);
	index_clear(&r->index->series);
	index_clear(&r->index->cells);
}

static void
run_join(struct tree *t, struct stream_run *to, const struct stream_run *from)
{
	to->interval_ns = larger(to->interval_ns, from->interval_ns);
	to->wall_ns = larger(to->wall_ns, from->wall_ns);
	to->monotonic_ns = larger(to->monotonic_ns, from->monotonic_ns);
	to->seed = larger(to->seed, from->seed);
	to->flags |= from->flags;
	to->tool = tree_keep(t, text_greater(to->tool, from->tool));
	to->version = tree_keep(t, text_greater(to->version, from->version));
	to->host = tree_keep(t, text_greater(to->host, from->host));
	to->boot = tree_keep(t, text_greater(to->boot, from->boot));
	to->options = tree_keep(t, text_greater(to->options, from->options));
}

/* Epochs of so many runs would be of no use. */
static void
drop_epochs(struct tree *t)
{
	t->no_epochs = true;
	for (size_t i = 0; i < t->runs.n; i++)
		tree_coarsen(t, t->runs.at[i], 0);
}

struct tree_run *
tree_add_run(struct tree *t, const struct stream_run *about)
{
	size_t at = run_place(t, about);
	uint64_t epoch_ms = t->no_epochs || about->unit_ns == 0 ? 0 : about->epoch_ms;
	struct tree_run *r = at < t->runs.n ? t->runs.at[at] : NULL;

	if (!r || run_compare(&r->about, about) != 0) {
		if (t->runs.n >= TREE_RUNS) {
			tree_sum(t);
			return tree_add_run(t, about);
		}
		r = run_insert(t, at);
		memcpy(r->about.id, about->id, sizeof about->id);
		r->about.side = about->side;
		r->about.unit_ns = about->unit_ns;
		r->about.mode = about->mode;
		r->about.flags = about->flags & STREAM_NO_IDLE;
		r->about.epoch_ms = epoch_ms;
	}
	run_join(t, &r->about, about);
	tree_coarsen(t, r, coarser(r->about.epoch_ms, epoch_ms));
	if (t->runs.n > TREE_EPOCH_RUNS && !t->no_epochs)
		drop_epochs(t);
	return r;
}

size_t
tree_run_count(const struct tree *t)
{
	return t->runs.n;
}

struct tree_run *
tree_run(const struct tree *t, size_t run)
{
	return t->runs.at[run];
}

void
origin_add(struct arena *a, struct origins *o, struct origin origin)
{
	index_add(a, &o->index, hash_number(origin.id), (uint32_t)o->rows.n);
	*vec_push(a, &o->rows) = origin;
}

/*
 * The row of an origin, perhaps a new one behind the others. *id is the one to
 * be used then: what another has already is not used twice.
 */
static uint32_t
origin_row(struct arena *a, struct origins *o, struct origin wanted, uint64_t *id)
{
	struct index_probe probe = index_probe(&o->index, hash_number(wanted.id));
	bool taken = false;

	while (index_next(&o->index, &probe)) {
		if (o->rows.at[probe.row].id != wanted.id)
			continue;
		if (o->rows.at[probe.row].native == wanted.native)
			return probe.row;
		taken = true;
	}
	*id = taken ? STREAM_ID_MAX - 1 - o->apart++ % STREAM_ID_MAX : wanted.id;
	origin_add(a, o, wanted);
	return (uint32_t)o->rows.n - 1;
}

static void
process_join(struct tree *t, struct stream_process *to, const struct stream_process *from)
{
	to->parent = larger(to->parent, from->parent);
	to->started = to->started < from->started ? to->started : from->started;
	to->python = larger(to->python, from->python);
	to->build |= from->build;
	to->executable = tree_keep(t, text_greater(to->executable, from->executable));
	to->command = tree_keep(t, text_greater(to->command, from->command));
}

uint64_t
tree_add_process(struct tree *t, struct tree_run *r, const struct stream_process *p)
{
	uint64_t id;
	uint32_t row =
		origin_row(t->a, &r->index->processes, (struct origin){ p->id, p->pid }, &id);

	if (row == r->processes.n) {
		*vec_push(t->a, &r->processes) = *p;
		r->processes.at[row].id = id;
		r->processes.at[row].executable = r->processes.at[row].command =
			(struct text){ 0 };
	}
	process_join(t, &r->processes.at[row], p);
	return r->processes.at[row].id;
}

static void
thread_join(struct tree *t, struct stream_thread *to, const struct stream_thread *from)
{
	to->python_id = larger(to->python_id, from->python_id);
	to->interpreter = larger(to->interpreter, from->interpreter);
	to->flags |= from->flags;
	to->name = tree_keep(t, text_greater(to->name, from->name));
}

uint32_t
tree_add_thread(struct tree *t, struct tree_run *r, const struct stream_thread *h)
{
	uint64_t id;
	struct origin origin = { h->id, h->native_id };
	uint32_t row = origin_row(t->a, &r->index->threads, origin, &id);

	if (row == r->threads.n) {
		*vec_push(t->a, &r->threads) = *h;
		r->threads.at[row].id = id;
		r->threads.at[row].name = (struct text){ 0 };
	}
	thread_join(t, &r->threads.at[row], h);
	return row;
}

uint32_t *
tree_process_rows(struct arena *a, const struct tree_run *r)
{
	uint32_t *rows = arena_array(a, uint32_t, r->threads.n);
	struct index by_id = { 0 };

	for (uint32_t i = 0; i < r->processes.n; i++)
		index_add(a, &by_id, hash_number(r->processes.at[i].id), i);
	for (size_t i = 0; i < r->threads.n; i++) {
		struct index_probe probe =
			index_probe(&by_id, hash_number(r->threads.at[i].process));

		while (index_next(&by_id, &probe))
			if (r->processes.at[probe.row].id == r->threads.at[i].process)
				break;
		rows[i] = probe.row;
	}
	return rows;
}

static bool
exit_equal(const struct stream_exit *a, const struct stream_exit *b)
{
	return a->process == b->process && a->at == b->at && a->known == b->known &&
	       a->status == b->status;
}

void
tree_add_exit(struct tree *t, struct tree_run *r, const struct stream_exit *x)
{
	uint64_t hash = hash_pair(x->process, x->at);
	struct index_probe probe = index_probe(&r->index->exits, hash);

	while (index_next(&r->index->exits, &probe))
		if (exit_equal(&r->exits.at[probe.row], x))
			return;
	index_add(t->a, &r->index->exits, hash, (uint32_t)r->exits.n);
	*vec_push(t->a, &r->exits) = *x;
}

void
tree_add_portable(struct tree *t, struct tree_run *r, uint8_t type, struct text body)
{
	uint64_t hash = hash_pair(type, hash_text(body));
	struct index_probe probe = index_probe(&r->index->portables, hash);

	while (index_next(&r->index->portables, &probe))
		if (r->portables.at[probe.row].type == type &&
		    text_equal(r->portables.at[probe.row].body, body))
			return;
	index_add(t->a, &r->index->portables, hash, (uint32_t)r->portables.n);
	*vec_push(t->a, &r->portables) = (struct tree_portable){ type, tree_keep(t, body) };
}
