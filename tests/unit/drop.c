/* SPDX-License-Identifier: MIT */
/* Whatever blocks a writer drops, the rest is a valid stream that tells of what is in it. */
#include "stream/reader.h"
#include "stream/writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 2, TICK = 16, FLUSH_TICKS = 8, OUTCOME_TICKS = 100 };

/* A sink that has room for a while, then none, and so on. */
struct narrow {
	int fd;
	unsigned open, closed; /* of open + closed times */
	unsigned asked;
};

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(((struct narrow *)context)->fd, bytes, n) == (ssize_t)n;
}

static bool
has_room(void *context, size_t n)
{
	struct narrow *s = context;

	(void)n;
	return s->closed == 0 || s->asked++ % (s->open + s->closed) < s->open;
}

/* What a stream says when all of it is read. */
struct sums {
	uint64_t first, ticks, samples, weight; /* of its ticks */
	uint64_t exits, damages;
	struct stream_outcome told;
};

static void
add(struct sums *sums, enum stream_event event, const struct stream_item *item, uint64_t *at)
{
	sums->damages += event == STREAM_DAMAGED;
	sums->exits += event == STREAM_EXIT;
	if (event == STREAM_SAMPLE) {
		if (!sums->ticks)
			sums->first = item->sample.at;
		sums->ticks += item->sample.samples && item->sample.at != *at;
		sums->samples += item->sample.samples;
		sums->weight += item->sample.weight;
		*at = item->sample.at;
	}
	if (event == STREAM_OUTCOME) {
		sums->damages += item->outcome.from != sums->told.to;
		sums->told.to = item->outcome.to;
		sums->told.ticks += item->outcome.ticks;
		sums->told.samples += item->outcome.samples;
	}
}

static struct sums
sum_up(const char *path)
{
	struct arena a = { 0 };
	struct err e;
	struct stream *s = stream_open(&a, path, &e);
	struct stream_item item;
	struct sums sums = { 0 };
	uint64_t at = UINT64_MAX;

	for (enum stream_event event; (event = stream_next(s, &item, &e)) != STREAM_END;) {
		if (event == STREAM_DAMAGED)
			printf("%s\n", e.fact);
		add(&sums, event, &item, &at);
	}
	stream_close(s);
	arena_empty(&a);
	return sums;
}

/* What is told of the ticks so far, less what was dropped and what was told before. */
static void
tell_outcome(struct writer *w, uint64_t ticks, uint64_t to)
{
	struct stream_outcome o = { .to = to };

	o.from = writer_told(w)->to;
	o.ticks = ticks - writer_dropped(w).ticks - writer_told(w)->ticks;
	o.samples = ticks * THREADS - writer_dropped(w).samples - writer_told(w)->samples;
	writer_outcome(w, &o);
}

/* Another stack at every tick, so that numbers matter. */
static uint32_t
stack_of(struct writer *w, struct arena *scratch, unsigned i)
{
	struct stream_function f = { .name = writer_string(
					     w, text_print(scratch, "f%u", i % 77)) };
	struct stream_frame frame = { .function = writer_function(w, &f) };

	return writer_stack(w, 0, writer_frame(w, &frame));
}

/* All but the one that is sampled end at once: what is told of them fills several blocks. */
static void
end_processes(struct writer *w, unsigned processes, uint64_t at)
{
	for (unsigned i = 1; i <= processes; i++)
		writer_exit(w, &(struct stream_exit){ .process = i, .at = at });
}

static void
write_ticks(struct writer *w, unsigned ticks, unsigned processes)
{
	struct arena scratch = { 0 };

	for (unsigned i = 1; i <= ticks; i++) {
		writer_tick(w, i * TICK);
		for (unsigned thread = 0; thread < THREADS; thread++)
			writer_sample(w, thread, stack_of(w, &scratch, i + thread), 0);
		if (i % FLUSH_TICKS == 0)
			writer_flush(w);
		if (i % OUTCOME_TICKS == 0)
			tell_outcome(w, i, i * TICK);
		if (i == ticks / 2)
			end_processes(w, processes, i * TICK);
	}
	arena_empty(&scratch);
}

static const struct {
	unsigned open, closed, ticks, processes;
	int level;
} cases[] = {
	{ 1, 0, 500, 1, 3 },       /* always room */
	{ 1, 1, 500, 1, 3 },       /* every other time */
	{ 1, 1, 500, 1, 0 },       /* the same, uncompressed */
	{ 0, 1, 500, 1, 3 },       /* never, but for the end */
	{ 5, 20, 2000, 1, 3 },     /* now and then */
	{ 40, 1, 2000, 1, 0 },     /* mostly */
	{ 0, 1, 500, 2000, 3 },    /* exits that fill blocks, all of them dropped */
	{ 30, 70, 2000, 2000, 0 }, /* some of them, and some of those told again */
};

static struct writer_dropped
write_case(struct arena *a, const char *path, size_t row)
{
	struct narrow sink = { open(path, O_WRONLY | O_TRUNC), cases[row].open,
		               cases[row].closed, 0 };
	struct writer *w = writer_new(
		a,
		(struct writer_options){ STREAM_RAW, "test", cases[row].level, 10000000, true },
		(struct writer_sink){ put, &sink });
	unsigned ticks = cases[row].ticks;

	writer_may_drop(w, has_room);
	writer_run(w, &(struct stream_run){ .unit_ns = 62500, .interval_ns = 1000000 });
	for (unsigned i = 1; i <= cases[row].processes; i++)
		writer_process(w,
		               &(struct stream_process){ .id = i, .command = TEXT("command") });
	for (unsigned thread = 0; thread < THREADS; thread++)
		writer_thread(w, &(struct stream_thread){ .id = thread, .process = 1 });
	write_ticks(w, ticks, cases[row].processes);
	sink.closed = 0;
	writer_resume(w, ticks * TICK + TICK);
	tell_outcome(w, ticks, ticks * TICK + TICK);
	if (!writer_end(w))
		abort();
	close(sink.fd);
	return writer_dropped(w);
}

static int
check_case(const char *path, size_t row)
{
	struct arena a = { 0 };
	struct writer_dropped dropped = write_case(&a, path, row);
	struct sums s = sum_up(path);
	unsigned ticks = cases[row].ticks;
	bool same = s.damages == 0 && s.exits == cases[row].processes &&
	            s.told.to == ticks * TICK + TICK && s.ticks == ticks - dropped.ticks &&
	            s.ticks == s.told.ticks && s.samples == s.ticks * THREADS &&
	            s.samples == s.told.samples &&
	            s.weight == (s.ticks ? (s.told.to - s.first) * THREADS : 0) &&
	            (dropped.ticks > 0) == (cases[row].closed > 0) &&
	            dropped.samples == dropped.ticks * THREADS;

	if (!same)
		printf("row %zu: %lu damages, %lu exits, %lu ticks (%lu told, %lu dropped), "
		       "weight %lu\n",
		       row, s.damages, s.exits, s.ticks, s.told.ticks, dropped.ticks, s.weight);
	arena_empty(&a);
	return !same;
}

int
main(void)
{
	char path[] = "/tmp/drop-XXXXXX";
	int failed = 0;

	close(mkstemp(path));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		failed |= check_case(path, i);
	unlink(path);
	return failed;
}
