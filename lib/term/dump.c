/* SPDX-License-Identifier: MIT */
#include "term/dumping.h"
#include "tree/name.h"
#include "tree/order.h"
#include "tree/source.h"

#include <stdlib.h>

static void
take_sample(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
            const struct stream_sample *s)
{
	struct dump *d = context;

	if (s->missed)
		return;
	if (d->run != run || d->at != s->at)
		d->sights.n = 0;
	d->run = run;
	d->at = s->at;
	*vec_push(d->a, &d->sights) = (struct dump_sight){ thread, node, s->state, 0 };
}

struct dump *
dump_new(struct arena *a, struct tree *t)
{
	struct dump *d = arena_new(a, struct dump);

	*d = (struct dump){ .a = a, .tree = t };
	d->watcher = (struct tree_watcher){ .context = d, .sample = take_sample };
	return d;
}

struct tree_choice
dump_choice(struct dump *d)
{
	return (struct tree_choice){ .task_ids = true,
		                     .watcher = &d->watcher,
		                     .weightless = true };
}

bool
dump_is_there(const struct dump *d)
{
	return d->sights.n > 0;
}

/* Where the nodes of the tree come in preorder. */
static uint32_t *
rank_nodes(struct arena *a, const struct tree *t)
{
	struct arena scratch = { 0 };
	uint32_t n = tree_node_count(t), *order = tree_preorder(&scratch, t);
	uint32_t *ranks = arena_array(a, uint32_t, n);

	for (uint32_t i = 0; i < n; i++)
		ranks[order[i]] = i;
	arena_empty(&scratch);
	return ranks;
}

static int
compare_ranks(const void *x, const void *y, void *context)
{
	const uint32_t *ranks = context;
	uint32_t a = ranks[*(const uint32_t *)x], b = ranks[*(const uint32_t *)y];

	return (a > b) - (a < b);
}

/* Nodes that the thread has already are marked with its number plus one. */
struct gathering {
	struct arena *a;
	const struct dump *d;
	uint32_t *ranks, *marks;
};

static void
gather_stack(const struct gathering *g, struct dump_thread *to, uint32_t node, uint32_t mark,
             size_t *room)
{
	for (; node && g->marks[node] != mark; node = tree_node(g->d->tree, node)->parent) {
		if (to->n == *room)
			to->nodes =
				vec_grow(g->a, to->nodes, room, to->n + 1, sizeof *to->nodes);
		to->nodes[to->n++] = node;
		g->marks[node] = mark;
	}
}

/* The thread of the n sights, which are all that there are of it. */
static struct dump_thread
gather(const struct gathering *g, const struct dump_sight *sights, size_t n)
{
	const struct tree_run *r = g->d->run;
	struct dump_thread to = { .thread = &r->threads.at[sights->thread] };
	size_t room = 0;

	for (size_t i = 0; i < r->processes.n && !to.process; i++)
		if (r->processes.at[i].id == to.thread->process)
			to.process = &r->processes.at[i];
	for (size_t i = 0; i < n; i++) {
		gather_stack(g, &to, sights[i].node, sights->thread + 1, &room);
		to.state = to.state ? to.state : sights[i].state;
	}
	if (to.n)
		qsort_r(to.nodes, to.n, sizeof *to.nodes, compare_ranks, g->ranks);
	return to;
}

static int
compare_threads(const void *x, const void *y)
{
	const struct dump_thread *a = x, *b = y;
	bool a_is_main = a->thread->flags & STREAM_MAIN_THREAD;
	bool b_is_main = b->thread->flags & STREAM_MAIN_THREAD;

	uint64_t a_pid = a->process ? a->process->pid : 0;
	uint64_t b_pid = b->process ? b->process->pid : 0;

	if (a_pid != b_pid)
		return a_pid < b_pid ? -1 : 1;
	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a_is_main != b_is_main)
		return a_is_main ? -1 : 1;
	return (a->thread > b->thread) - (a->thread < b->thread);
}

static int
compare_sights(const void *x, const void *y)
{
	const struct dump_sight *a = x, *b = y;

	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

struct dump_threads
dump_threads(struct arena *a, const struct dump *d)
{
	struct arena scratch = { 0 };
	struct gathering g = { a, d, rank_nodes(&scratch, d->tree),
		               arena_array(&scratch, uint32_t, tree_node_count(d->tree)) };
	struct dump_sight *sights = arena_array(&scratch, struct dump_sight, d->sights.n);
	struct dump_threads all = { .at = arena_array(a, struct dump_thread, d->sights.n) };

	for (size_t i = 0; i < d->sights.n; i++) {
		sights[i] = d->sights.at[i];
		sights[i].number = i;
	}
	if (d->sights.n)
		qsort(sights, d->sights.n, sizeof *sights, compare_sights);
	for (size_t i = 0, n; i < d->sights.n; i += n) {
		for (n = 1; i + n < d->sights.n && sights[i + n].thread == sights[i].thread;)
			n++;
		all.at[all.n++] = gather(&g, &sights[i], n);
	}
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, compare_threads);
	arena_empty(&scratch);
	return all;
}

unsigned
dump_depth_of(struct dump_depth *depth, const struct tree *t, uint32_t node)
{
	const struct tree_node *n = tree_node(t, node);
	unsigned tasks;

	while (depth->open.n && depth->open.at[depth->open.n - 1].node != n->parent)
		depth->open.n--;
	tasks = depth->open.n ? depth->open.at[depth->open.n - 1].tasks : 0;
	tasks += tree_frame_kind(t, n->frame) == STREAM_KIND_TASK;
	vec_push(&depth->arena, &depth->open);
	depth->open.at[depth->open.n - 1].node = node;
	depth->open.at[depth->open.n - 1].tasks = tasks;
	return tasks;
}

void
dump_state_words(uint8_t state, const char *words[DUMP_STATES])
{
	static const char *const cpu[] = { NULL, "on CPU", "off CPU", NULL };
	static const char *const gil[] = { NULL, "holds the GIL", "wants the GIL", NULL };

	words[0] = cpu[stream_state(state, STREAM_CPU)];
	words[1] = gil[stream_state(state, STREAM_GIL)];
	words[2] = stream_state(state, STREAM_EXCEPTION) == 1 ? "handles an exception" : NULL;
	words[3] = stream_state(state, STREAM_GC) == 1 ? "collects garbage" : NULL;
}

void
dump_use_sources(struct dump *d, const struct dump_sources *sources)
{
	d->sources = sources;
}

static void
find_lines(struct arena *a, struct dump_file *f)
{
	const char *end = f->text.at + f->text.n, *at = f->text.at;

	if (f->text.n > UINT32_MAX)
		f->text.n = 0;
	while (f->text.n && at && at < end) {
		*vec_push(a, &f->lines) = (uint32_t)(at - f->text.at);
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
}

static const struct dump_file *
file_of(struct dump *d, uint64_t pid, struct text file)
{
	struct dump_file *f;

	for (size_t i = 0; i < d->files.n; i++)
		if (d->files.at[i].pid == pid && text_equal(d->files.at[i].file, file))
			return &d->files.at[i];
	if (!d->held)
		d->held = tree_sources(d->a, d->tree);
	f = vec_push(d->a, &d->files);
	*f = (struct dump_file){ .pid = pid, .file = file };
	if (!tree_source_text(d->held, file, d->a, &f->text) && d->sources)
		f->text = d->sources->text(d->sources->context, d->a, pid, file);
	find_lines(d->a, f);
	return f;
}

struct text
dump_line(struct dump *d, const struct dump_thread *t, uint32_t frame)
{
	uint32_t line = tree_frame(d->tree, frame)->line;
	struct text file = tree_frame_file(d->tree, frame), rest = { "", 0 };
	const struct dump_file *f;
	const char *end;

	if (line == 0 || file.n == 0)
		return rest;
	f = file_of(d, t->process ? t->process->pid : 0, file);
	if (line > f->lines.n)
		return rest;
	rest = (struct text){ f->text.at + f->lines.at[line - 1],
		              f->text.n - f->lines.at[line - 1] };
	end = memchr(rest.at, '\n', rest.n);
	if (end)
		rest.n = (size_t)(end - rest.at);
	return rest;
}
