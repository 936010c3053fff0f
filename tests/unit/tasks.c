/* SPDX-License-Identifier: MIT */
/* What is lost of tasks is counted, and their time is told all the same. */
#include "capture/watched.h"
#include "stream/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TICK = 16, TICKS = 3, TID_THERE = 7, TID_HERE = 4711 };

/* Two tasks wait at each tick, and nobody awaits them; what the second one is like is told here. */
static const struct {
	const char *what;
	bool torn, unreadable, truncated;
	bool cut;         /* there are more tasks */
	bool missed;      /* it is not met at the second tick, where not all could be read */
	uint32_t retries; /* at each tick */
	struct target_counts counts;
} cases[] = {
	{ "nothing is lost", .counts = { .samples = 6 } },
	{ "a task keeps moving", .torn = true, .counts = { .samples = 6, .torn = 3 } },
	{ "a coroutine cannot be decoded", .unreadable = true,
	  .counts = { .samples = 6, .unreadable = 3 } },
	{ "a task is too deep", .truncated = true, .counts = { .samples = 6, .truncated = 3 } },
	{ "a task is not found", .missed = true, .counts = { .samples = 6, .torn = 1 } },
	{ "there are too many", .cut = true, .counts = { .samples = 6, .shortened = 3 } },
	{ "readings are repeated", .retries = 2, .counts = { .samples = 6, .retried = 6 } },
};

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

/* What of the counts the cases tell. */
static bool
are_equal(const struct target_counts *a, const struct target_counts *b)
{
	return a->samples == b->samples && a->torn == b->torn && a->retried == b->retried &&
	       a->unreadable == b->unreadable && a->truncated == b->truncated &&
	       a->shortened == b->shortened;
}

/* A thread, and all that its tasks are told with. */
struct world {
	struct target t;
	struct watched x;
	struct target_choice choice;
	struct target_counts counts;
	uint64_t next_thread, last_task;
	targets all;
};

static void
write_tick(struct world *world, struct writer *w, size_t row, uint64_t number)
{
	static const struct python_place nowhere = { .code = NULL };
	struct python_task first = { .serial = 1, .name = TEXT("first") };
	struct python_task second = { .serial = 2,
		                      .name = TEXT("second"),
		                      .places = &nowhere,
		                      .n = cases[row].unreadable,
		                      .torn = cases[row].torn,
		                      .truncated = cases[row].truncated };
	struct python_task *tasks[] = { &first, &second };
	bool missed = cases[row].missed && number == 2;

	world->x.tasks = (struct python_tasks){ .tasks = tasks,
		                                .n = missed ? 1 : 2,
		                                .torn = missed,
		                                .cut = cases[row].cut,
		                                .retries = cases[row].retries };
	writer_tick(w, number * TICK);
	tasks_sample(&world->t, w, &world->x, world->choice, &world->counts);
}

static struct target_counts
write_case(size_t row, int fd)
{
	struct python_thread thread = { .native_id = TID_THERE };
	struct world world = { .x = { .thread = &thread, .tid = TID_HERE }, .next_thread = 1 };
	struct arena *a = &world.t.arena;
	struct writer *w = writer_new(a, (struct writer_options){ .name = "test" },
	                              (struct writer_sink){ put, &fd });

	world.t.places = places_new(a, NULL);
	world.choice = (struct target_choice){ .mode = STREAM_MODE_ASYNC_ALL,
		                               .next_thread = &world.next_thread,
		                               .last_task = &world.last_task,
		                               .all = &world.all };
	writer_run(w, &(struct stream_run){ .unit_ns = 62500, .interval_ns = 1000000 });
	writer_process(w, &(struct stream_process){ 0 });
	writer_thread(w, &(struct stream_thread){ 0 });
	for (uint64_t i = 1; i <= TICKS; i++)
		write_tick(&world, w, row, i);
	writer_outcome(w, &(struct stream_outcome){ .to = (TICKS + 1) * TICK });
	writer_end(w);
	arena_empty(a);
	return world.counts;
}

/* The time of all samples, which are of the thread as it is numbered here. */
static uint64_t
weigh(const char *path)
{
	struct arena a = { 0 };
	struct err e;
	struct stream *s = stream_open(&a, path, &e);
	struct stream_item item;
	uint64_t weight = 0;

	for (enum stream_event event; (event = stream_next(s, &item, &e)) != STREAM_END;)
		if (event == STREAM_SAMPLE &&
		    stream_thread(s, item.sample.thread)->native_id == TID_HERE)
			weight += item.sample.weight;
	stream_close(s);
	arena_empty(&a);
	return weight;
}

int
main(void)
{
	char path[] = "/tmp/tasks-XXXXXX";
	int failed = 0;

	close(mkstemp(path));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int fd = open(path, O_WRONLY | O_TRUNC);
		struct target_counts counts = write_case(i, fd);
		uint64_t weight = weigh(path);

		close(fd);
		if (are_equal(&counts, &cases[i].counts) && weight == TICKS * 2 * TICK)
			continue;
		printf("%s: %lu samples, torn %lu, retried %lu, unreadable %lu, truncated %lu, "
		       "shortened %lu, weight %lu\n",
		       cases[i].what, counts.samples, counts.torn, counts.retried,
		       counts.unreadable, counts.truncated, counts.shortened, weight);
		failed = 1;
	}
	unlink(path);
	return failed;
}
