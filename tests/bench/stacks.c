/* SPDX-License-Identifier: MIT */
/*
 * Writes a folded stream of many distinct stacks to standard output:
 * "stacks N DEPTH [RUN]". Every stack has a leaf of its own, a line of one of a
 * few thousand functions; the way to it is one of a tree's, so that names and
 * prefixes repeat as they do in programs. Each run
 * has nine in ten stacks of the run before, and other numbers of samples.
 */
#include "stream/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FUNCTIONS = 5000, FAN = 7, BITS = 20 };

static bool
put(void *context, const void *bytes, size_t n)
{
	(void)context;
	return fwrite(bytes, 1, n, stdout) == n;
}

static uint32_t
frame_of(struct writer *w, struct arena *scratch, unsigned i)
{
	unsigned of = i % FUNCTIONS, first = of % 997 + 1;
	struct stream_function f = {
		STREAM_KIND_PYTHON, writer_string(w, text_print(scratch, "function_%u", of)),
		writer_string(w, text_print(scratch, "/app/module_%u.py", of % 97)), first
	};
	struct stream_frame frame = { .function = writer_function(w, &f),
		                      .line = first + 1 + i / FUNCTIONS };

	return writer_frame(w, &frame);
}

/* The stack of the n-th leaf. The bits of n choose the way, the high ones first, evenly over its depth. */
static uint32_t
stack_of(struct writer *w, struct arena *scratch, unsigned n, unsigned depth)
{
	uint32_t stack = 0;

	for (unsigned i = 0; i + 1 < depth; i++) {
		unsigned way = n >> (BITS - BITS * i / depth);

		stack = writer_stack(w, stack, frame_of(w, scratch, i * FAN + way % FAN));
	}
	return writer_stack(w, stack, frame_of(w, scratch, n));
}

int
main(int argc, char **argv)
{
	static struct arena arena, scratch;
	unsigned n = argc >= 3 ? (unsigned)atoi(argv[1]) : 0;
	unsigned depth = argc >= 3 ? (unsigned)atoi(argv[2]) : 0;
	unsigned number = argc == 4 ? (unsigned)atoi(argv[3]) : 0;
	struct writer *w = writer_new(
		&arena, (struct writer_options){ STREAM_FOLDED, "stacks", 3, 0, false },
		(struct writer_sink){ put, NULL });
	struct stream_run run = { .id = { (uint8_t)number },
		                  .unit_ns = 62500,
		                  .interval_ns = 1000000,
		                  .epoch_ms = 1024,
		                  .tool = TEXT("stacks") };

	writer_run(w, &run);
	writer_process(w, &(struct stream_process){ .pid = 1 });
	writer_thread(w, &(struct stream_thread){ .flags = STREAM_MAIN_THREAD });
	writer_outcome(w, &(struct stream_outcome){
				  .to = (uint64_t)n * 16, .ticks = n, .samples = n });
	for (unsigned i = 0; i < n; i++) {
		unsigned leaf = i + number * (n / 10),
			 samples = 1 + (leaf ^ number) % 3 * number;

		writer_room(w);
		writer_cell(w,
		            &(struct stream_cell){ .stack = stack_of(w, &scratch, leaf, depth),
		                                   .epoch = i * (uint64_t)60 / n,
		                                   .samples = samples,
		                                   .weight = samples * 16 });
		if (i % 1024 == 0)
			arena_empty(&scratch);
	}
	return !writer_end(w) || fflush(stdout) != 0;
}
