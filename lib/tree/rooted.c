/* SPDX-License-Identifier: MIT */
/*
 * A root frame for each thread, or process. Threads of equal name in different runs are
 * one; within a process, one of them more than the name tells them apart.
 */
#include "tree/inside.h"
#include "tree/name.h"
#include "tree/process.h"

static uint32_t
root_frame(struct tree *t, enum stream_kind kind, struct text name)
{
	struct stream_function function = { .kind = kind, .name = tree_intern_string(t, name) };
	struct stream_frame frame = { .function = tree_intern_function(t, &function) };

	return tree_intern_frame(t, &frame);
}

/* How often each of n names occurs below its parent, counted in an index of what was met. */
static bool *
find_shared(struct arena *a, const struct text *names, const uint64_t *parents, size_t n)
{
	bool *shared = arena_array(a, bool, n);
	struct index index = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		uint64_t hash = hash_pair(hash_text(names[i]), parents[i]);
		struct index_probe probe = index_probe(&index, hash);

		while (!shared[i] && index_next(&index, &probe))
			if (parents[probe.row] == parents[i] &&
			    text_equal(names[probe.row], names[i]))
				shared[i] = shared[probe.row] = true;
		if (!shared[i])
			index_add(a, &index, hash, i);
	}
	return shared;
}

static struct text
join_number(struct arena *a, struct text name, const char *sign, uint64_t number)
{
	return text_print(a, "%.*s %s%llu", TEXT_ARG(name), sign, (unsigned long long)number);
}

static struct text
process_apart(struct arena *a, const struct tree_run *r, const struct stream_process *p,
              struct text name)
{
	if (p->pid == 0)
		return join_number(a, name, "#", p->id);
	return text_join(a, (struct text[]){ name, TEXT(" "), tree_pid_text(a, r, p) }, 3);
}

static struct text
thread_apart(struct arena *a, const struct stream_thread *h, struct text name)
{
	return h->native_id ? join_number(a, name, "", h->native_id)
	                    : join_number(a, name, "#", h->id);
}

/* The node of each process, by row. */
static uint32_t *
process_nodes(struct arena *a, struct tree *t, const struct tree_run *r, bool wanted)
{
	size_t n = r->processes.n;
	uint32_t *nodes = arena_array(a, uint32_t, n);
	struct text *names = arena_array(a, struct text, n);
	uint64_t *parents = arena_array(a, uint64_t, n);
	bool *shared;

	for (size_t i = 0; i < n; i++) {
		names[i] = tree_process_text(a, r, &r->processes.at[i]);
		if (names[i].n == 0)
			names[i] = TEXT("process");
	}
	shared = find_shared(a, names, parents, n);
	for (size_t i = 0; wanted && i < n; i++) {
		if (shared[i])
			names[i] = process_apart(a, r, &r->processes.at[i], names[i]);
		nodes[i] = tree_intern_node(t, 0, root_frame(t, STREAM_KIND_PROCESS, names[i]));
	}
	return nodes;
}

/* The node of each thread, by row. */
static uint32_t *
thread_nodes(struct arena *a, struct tree *t, const struct tree_run *r, bool with_processes)
{
	size_t n = r->threads.n;
	uint32_t *above = process_nodes(a, t, r, with_processes),
		 *rows = tree_process_rows(a, r);
	uint32_t *nodes = arena_array(a, uint32_t, n);
	struct text *names = arena_array(a, struct text, n);
	uint64_t *parents = arena_array(a, uint64_t, n);
	bool *shared;

	for (size_t i = 0; i < n; i++) {
		names[i] = tree_thread_text(a, &r->threads.at[i]);
		parents[i] = rows[i];
	}
	shared = find_shared(a, names, parents, n);
	for (size_t i = 0; i < n; i++) {
		if (shared[i])
			names[i] = thread_apart(a, &r->threads.at[i], names[i]);
		nodes[i] = tree_intern_node(t, above[rows[i]],
		                            root_frame(t, STREAM_KIND_THREAD, names[i]));
	}
	return nodes;
}

/* The node of each thread's process, by the thread's row. */
static uint32_t *
nodes_above(struct arena *a, struct tree *t, const struct tree_run *r)
{
	uint32_t *above = process_nodes(a, t, r, true), *nodes = tree_process_rows(a, r);

	for (size_t i = 0; i < r->threads.n; i++)
		nodes[i] = above[nodes[i]];
	return nodes;
}

/* Where a node goes below another root; what is known already is in moved, by node. */
struct moving {
	struct arena arena;
	uint32_t *moved;     /* 0: not known yet */
	VEC(uint32_t) known; /* the nodes that are */
	VEC(uint32_t) path;
};

/* Whether a stack begins with a thread or process already. */
static bool
is_rooted(const struct tree *t, uint32_t outermost)
{
	enum stream_kind kind = tree_frame_kind(t, t->nodes.rows.at[outermost].frame);

	return kind == STREAM_KIND_THREAD || kind == STREAM_KIND_PROCESS;
}

static uint32_t
move(struct tree *t, struct moving *m, uint32_t node, uint32_t root)
{
	uint32_t to;

	m->path.n = 0;
	for (; node && !m->moved[node]; node = t->nodes.rows.at[node].parent)
		*vec_push(&m->arena, &m->path) = node;
	to = node ? m->moved[node] : root;
	if (node == 0 && m->path.n && is_rooted(t, m->path.at[m->path.n - 1]))
		to = 0;
	while (m->path.n) {
		node = m->path.at[--m->path.n];
		to = m->moved[node] = tree_intern_node(t, to, t->nodes.rows.at[node].frame);
		*vec_push(&m->arena, &m->known) = node;
	}
	return to;
}

/* roots: the node of each thread, by row. */
static void
move_run(struct tree *t, struct tree_run *r, struct moving *m, const uint32_t *roots)
{
	struct arena scratch = { 0 };
	uint32_t *rows = arena_array(&scratch, uint32_t, r->cells.n);
	uint32_t *keys = arena_array(&scratch, uint32_t, r->cells.n), last = UINT32_MAX;

	for (uint32_t i = 0; i < r->cells.n; i++) {
		rows[i] = i;
		keys[i] = r->series.at[r->cells.at[i].series].thread;
	}
	order_rows(&scratch, rows, r->cells.n, keys, r->threads.n);
	for (size_t i = 0; i < r->cells.n; i++) {
		struct tree_cell *c = &r->cells.at[rows[i]];

		if (keys[rows[i]] != last)
			while (m->known.n)
				m->moved[m->known.at[--m->known.n]] = 0;
		last = keys[rows[i]];
		c->node = move(t, m, c->node, roots[last]);
	}
	while (m->known.n)
		m->moved[m->known.at[--m->known.n]] = 0;
	cells_index(t, r);
	arena_empty(&scratch);
}

void
tree_root_threads(struct tree *t, bool processes)
{
	struct moving m = { 0 };
	bool with_processes = processes;

	m.moved = arena_array(&m.arena, uint32_t, t->nodes.rows.n);
	for (size_t i = 0; i < t->runs.n; i++)
		with_processes |= t->runs.at[i]->processes.n > 1;
	for (size_t i = 0; i < t->runs.n; i++) {
		struct arena scratch = { 0 };
		struct tree_run *r = t->runs.at[i];

		move_run(t, r, &m, thread_nodes(&scratch, t, r, with_processes));
		arena_empty(&scratch);
	}
	arena_empty(&m.arena);
}

void
tree_root_processes(struct tree *t)
{
	struct moving m = { 0 };

	m.moved = arena_array(&m.arena, uint32_t, t->nodes.rows.n);
	for (size_t i = 0; i < t->runs.n; i++) {
		struct arena scratch = { 0 };
		struct tree_run *r = t->runs.at[i];

		move_run(t, r, &m, nodes_above(&scratch, t, r));
		arena_empty(&scratch);
	}
	arena_empty(&m.arena);
}
