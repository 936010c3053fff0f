/* SPDX-License-Identifier: MIT */
/* What has ticks, as a raw stream: samples by time, whatever their order in the input. */
#include "formats/import.h"

#include <stdlib.h>

struct writing {
	const struct import *in;
	struct arena arena;
	struct writer *writer;
	uint32_t generation; /* of the writer, for which the stacks hold */
	uint32_t *stacks;    /* of nodes; 0: not told yet */
	VEC(uint32_t) path;
	VEC(uint32_t) seen; /* threads, at the last tick */
	uint64_t *seen_at;  /* the number of the last tick at which a thread was seen, from 1 */
};

static int
compare_samples(const void *a, const void *b)
{
	const struct import_sample *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->thread > y->thread) - (x->thread < y->thread);
}

static uint32_t
put_frame(struct writer *w, const struct tree *t, uint32_t frame)
{
	struct stream_frame f = *tree_frame(t, frame);
	struct stream_function function = *tree_function(t, f.function);

	function.name = writer_string(w, tree_string(t, function.name));
	function.file = writer_string(w, tree_string(t, function.file));
	f.opcode = writer_string(w, tree_string(t, f.opcode));
	f.function = writer_function(w, &function);
	return writer_frame(w, &f);
}

static uint32_t
stack_of(struct writing *s, uint32_t node)
{
	const struct tree *t = s->in->tree;
	uint32_t stack;

	s->path.n = 0;
	for (; node && !s->stacks[node]; node = tree_node(t, node)->parent)
		*vec_push(&s->arena, &s->path) = node;
	stack = node ? s->stacks[node] : 0;
	while (s->path.n) {
		node = s->path.at[--s->path.n];
		stack = writer_stack(s->writer, stack,
		                     put_frame(s->writer, t, tree_node(t, node)->frame));
		s->stacks[node] = stack;
	}
	return stack;
}

/* A restart voids the numbers of all stacks. */
static void
begin_tick(struct writing *s, uint64_t at)
{
	writer_tick(s->writer, at);
	if (writer_generation(s->writer) == s->generation)
		return;
	s->generation = writer_generation(s->writer);
	memset(s->stacks, 0, tree_node_count(s->in->tree) * sizeof *s->stacks);
}

/* The samples of one tick, and the end of threads that were seen at the last one only. */
static void
put_tick(struct writing *s, const struct import_sample *samples, size_t n, uint64_t number)
{
	size_t before = s->seen.n;

	begin_tick(s, samples->at);
	for (size_t i = 0; i < n; i++) {
		const struct import_sample *x = &samples[i];

		writer_sample(s->writer, x->thread, stack_of(s, x->node), x->state);
		s->seen_at[x->thread] = number;
		*vec_push(&s->arena, &s->seen) = x->thread;
	}
	for (size_t i = 0; i < before; i++)
		if (s->seen_at[s->seen.at[i]] != number)
			writer_thread_end(s->writer, s->seen.at[i]);
	memmove(s->seen.at, s->seen.at + before, n * sizeof *s->seen.at);
	s->seen.n = n;
}

static void
put_people(struct writer *w, const struct import *in)
{
	for (size_t i = 0; i < in->processes.n; i++)
		writer_process(w, &in->processes.at[i]);
	for (size_t i = 0; i < in->threads.n; i++)
		writer_thread(w, &in->threads.at[i]);
}

void
import_write(struct import *in, struct writer *w)
{
	struct writing s = { .in = in, .writer = w };
	size_t n = in->samples.n, end;
	uint64_t ticks = 0;

	s.stacks = arena_array(&s.arena, uint32_t, tree_node_count(in->tree));
	s.seen_at = arena_array(&s.arena, uint64_t, in->threads.n);
	if (n)
		qsort(in->samples.at, n, sizeof *in->samples.at, compare_samples);
	writer_run(w, &in->about);
	put_people(w, in);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && in->samples.at[end].at == in->samples.at[i].at;)
			end++;
		put_tick(&s, in->samples.at + i, end - i, ++ticks);
	}
	in->outcome.ticks = ticks;
	in->outcome.samples = n;
	writer_outcome(w, &in->outcome);
	arena_empty(&s.arena);
}
