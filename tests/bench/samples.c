/* SPDX-License-Identifier: MIT */
/*
 * Writes a raw stream to standard output: "samples N THREADS STACKS [RUNS]". The
 * threads go from stack to stack and from state to state as programs do, at 10 kHz,
 * and the scheduler's account of each comes every 100 ms. Runs are streams of that
 * size, one behind the other.
 */
#include "stream/writer.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEPTH = 24, FUNCTIONS = 900, TICK = 16, TURN = 1000 };

static struct arena arena, scratch;
static uint64_t seed = 1912;

static uint64_t
chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static bool
put(void *context, const void *bytes, size_t n)
{
	(void)context;
	return fwrite(bytes, 1, n, stdout) == n;
}

/* Stack n of so many, whose outer frames are those of its neighbours. */
static uint32_t
stack_of(struct writer *w, uint64_t n)
{
	uint32_t stack = 0;

	for (unsigned i = 0; i < DEPTH; i++) {
		uint64_t way = i + 1 < DEPTH ? n >> (DEPTH - i) : n;
		unsigned f = (unsigned)((way * 31 + i * 7) % FUNCTIONS);
		struct stream_function function = {
			.name = writer_string(w, text_print(&scratch, "function_%u", f)),
			.file = writer_string(
				w, text_print(&scratch, "/app/module_%u.py", f % 37)),
			.line = f + 1
		};
		struct stream_frame frame = { .function = writer_function(w, &function),
			                      .line = f + 2 + (unsigned)(n % 9) };

		stack = writer_stack(w, stack, writer_frame(w, &frame));
	}
	arena_empty(&scratch);
	return stack;
}

static void
tell_people(struct writer *w, uint64_t threads)
{
	struct stream_thread h = { .flags = STREAM_MAIN_THREAD };

	writer_process(w, &(struct stream_process){ .pid = 4242 });
	for (; h.id < threads; h.id++, h.flags = 0) {
		h.native_id = 4242 + h.id;
		writer_thread(w, &h);
	}
}

/* The same, made once in each segment. */
static uint32_t
known_stack(struct writer *w, uint32_t *known, uint64_t n, uint64_t all)
{
	static uint32_t generation;

	if (generation != writer_generation(w))
		memset(known, 0, all * sizeof *known);
	generation = writer_generation(w);
	if (known[n] == 0)
		known[n] = stack_of(w, n);
	return known[n];
}

/* What is written: how many samples a run, of how many threads in how many stacks. */
struct size {
	uint64_t samples, threads, stacks;
};

/* One run; its ticks. */
static uint64_t
tell_samples(struct writer *w, struct size size, uint32_t *known)
{
	uint64_t *at = arena_array(&arena, uint64_t, size.threads), tick = 0;
	uint8_t *states = arena_array(&arena, uint8_t, size.threads);

	for (; tick * size.threads < size.samples; tick++) {
		writer_tick(w, tick * TICK + chance(4));
		for (uint64_t h = 0; h < size.threads; h++) {
			at[h] = chance(3) ? at[h] : chance(size.stacks);
			states[h] = chance(20) ? states[h] : (uint8_t)(0xa0 | chance(16));
			writer_sample(w, h, known_stack(w, known, at[h], size.stacks),
			              states[h]);
			if (tick >= TURN && (tick + h) % TURN == 0)
				writer_ran(w, &(struct stream_ran){ h, (tick - TURN) * TICK,
				                                    tick * TICK, 40000000, 0 });
		}
	}
	return tick;
}

static uint64_t
argument(int argc, char **argv, int i)
{
	return i < argc ? strtoull(argv[i], NULL, 10) : 1;
}

int
main(int argc, char **argv)
{
	struct size size = { argument(argc, argv, 1), argument(argc, argv, 2),
		             argument(argc, argv, 3) };
	struct writer *w = writer_new(
		&arena, (struct writer_options){ STREAM_RAW, "samples", 3, 0, false },
		(struct writer_sink){ put, NULL });
	struct stream_run run = { .unit_ns = 6250,
		                  .interval_ns = 100000,
		                  .tool = TEXT("samples") };
	uint32_t *known = arena_array(&arena, uint32_t, size.stacks);

	for (uint64_t i = argument(argc, argv, 4); i; i--) {
		uint64_t ticks;

		memcpy(run.id, &i, sizeof i);
		writer_run(w, &run);
		tell_people(w, size.threads);
		ticks = tell_samples(w, size, known);
		writer_outcome(w, &(struct stream_outcome){ .to = (ticks + 1) * TICK,
		                                            .ticks = ticks,
		                                            .samples = ticks * size.threads,
		                                            .reason = STREAM_REACHED });
	}
	return !writer_end(w);
}
