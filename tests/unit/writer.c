/* SPDX-License-Identifier: MIT */
/* What the writer keeps of runs, processes and threads, and for how long. */
#include "stream/writing.h"

#include <stdio.h>

static const struct stream_run ms_run = { .unit_ns = 62500, .interval_ns = 1000000 };

/* Discards all; whether there is room is told to it. */
static bool
discard(void *context, const void *bytes, size_t n)
{
	(void)context;
	(void)bytes;
	(void)n;
	return true;
}

static bool
has_room(void *context, size_t n)
{
	(void)n;
	return *(bool *)context;
}

static struct writer *
begin(struct arena *a, bool *room)
{
	struct writer_options options = { STREAM_RAW, "test", 0, 1000000000, true };
	struct writer *w = writer_new(a, options, (struct writer_sink){ discard, room });

	writer_may_drop(w, has_room);
	return w;
}

/* What begins long after its run's start does so with one segment. */
static int
check_late_part(void)
{
	enum { LATE = 1 << 20 };
	struct arena a = { 0 };
	bool room = true;
	struct writer *w = begin(&a, &room);
	uint32_t generation;

	writer_begin(w, LATE);
	writer_run(w, &ms_run);
	writer_process(w, &(struct stream_process){ 0 });
	writer_thread(w, &(struct stream_thread){ 0 });
	writer_tick(w, LATE);
	writer_sample(w, 0, 0, 0);
	generation = writer_generation(w);
	writer_end(w);
	arena_empty(&a);
	if (generation != 1)
		printf("it begins with %u segments\n", generation);
	return generation != 1;
}

/* A child that lives for a tick, and ends or executes another program. */
static void
write_child(struct writer *w, uint64_t id, bool ends)
{
	char command[500] = "python3";

	writer_process(w, &(struct stream_process){ .id = id,
	                                            .command = { command, sizeof command } });
	writer_thread(w, &(struct stream_thread){ .id = id, .process = id });
	writer_tick(w, id * 16);
	writer_sample(w, id, 0, 0);
	writer_sample(w, 0, 0, 0);
	writer_tick(w, id * 16 + 1);
	writer_sample(w, 0, 0, 0);
	writer_thread_gone(w, id);
	if (ends)
		writer_exit(w, &(struct stream_exit){ .process = id, .at = id * 16 });
	writer_process_gone(w, id);
}

/* Children that come and go for hours take no memory in the end, what they are called included. */
static int
check_children(bool room)
{
	enum { MOST = 4 << 20 };
	struct arena a = { 0 };
	struct writer *w = begin(&a, &room);
	size_t most = 0;

	writer_run(w, &ms_run);
	writer_process(w, &(struct stream_process){ .id = 0 });
	writer_thread(w, &(struct stream_thread){ .id = 0 });
	for (uint64_t id = 1; id < 100000; id++) {
		write_child(w, id, id % 2);
		if (arena_bytes(&w->people) > most)
			most = arena_bytes(&w->people);
	}
	writer_end(w);
	arena_empty(&a);
	if (most > MOST)
		printf("children take up to %zu bytes\n", most);
	return most > MOST;
}

/* What ended in a run is not asked for in the next one, whose processes are others. */
static int
check_two_runs(void)
{
	struct arena a = { 0 };
	bool room = false;
	struct writer *w = begin(&a, &room);

	writer_run(w, &ms_run);
	writer_process(w, &(struct stream_process){ .id = 1 });
	writer_exit(w, &(struct stream_exit){ .process = 1 });
	writer_flush(w);
	room = true;
	writer_run(w, &ms_run);
	writer_process(w, &(struct stream_process){ .id = 2 });
	writer_end(w);
	arena_empty(&a);
	return 0;
}

int
main(void)
{
	int failed = check_late_part();

	failed |= check_children(true);
	failed |= check_children(false);
	failed |= check_two_runs();
	return failed;
}
