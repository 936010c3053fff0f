/* SPDX-License-Identifier: MIT */
/*
 * peek PID [N [WANTS]]: print the stacks of a CPython process; or read them N times
 * as fast as possible, with enum python_want, and print how that went. A tool for developers.
 */
#include "cpython/cpython.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LIMIT = 1 << 20 };

static int
fail(const struct err *e)
{
	fprintf(stderr, "peek: %s\n", e->fact);
	if (e->hint[0])
		fprintf(stderr, "hint: %s\n", e->hint);
	return 1;
}

static void
print_stack(struct python *p, struct arena *scratch, struct python_thread *t)
{
	struct python_stack stack;
	enum sight sight = python_stack(p, t, LIMIT, &stack);

	printf("thread %" PRIu64 "%s interpreter %" PRIu64 "%s%s\n", t->native_id,
	       t->main ? " main" : "", t->interpreter, sight == GONE ? " gone" : "",
	       sight == SEEN && stack.torn ? " torn" : "");
	for (uint32_t i = 0; sight == SEEN && i < stack.n; i++) {
		const struct python_place *place = &stack.places[i];
		struct python_position at = python_position(p, place);

		if (!place->code)
			printf("  <unreadable>\n");
		else
			printf("  %.*s %.*s:%u%s %.*s\n", TEXT_ARG(place->code->name),
			       TEXT_ARG(place->code->file), at.line,
			       place->entry ? " entry" : "",
			       TEXT_ARG(python_opcode(p, scratch, place)));
	}
	if (sight == SEEN && stack.native)
		printf("  in native code\n");
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
sample(struct python *p, struct remote *r, struct python_thread **threads, uint32_t n,
       uint64_t times)
{
	uint64_t torn = 0, gone = 0, retries = 0, frames = 0, same = 0;
	struct remote_count before = remote_count(r), after;
	double begin = seconds(), took;

	for (uint64_t i = 0; i < times; i++)
		for (uint32_t k = 0; k < n; k++) {
			struct python_stack stack;

			if (python_stack(p, threads[k], LIMIT, &stack) != SEEN) {
				gone++;
				continue;
			}
			torn += stack.torn;
			retries += stack.retries;
			frames += stack.n;
			same += stack.same;
		}
	took = seconds() - begin;
	after = remote_count(r);
	times *= n;
	printf("%.0f samples/s, %.2f us each, torn %.3f %%, gone %.3f %%, retries %.3f, "
	       "frames %.1f, same %.1f, calls %.2f, bytes %.0f\n",
	       (double)times / took, took * 1e6 / (double)times,
	       100.0 * (double)torn / (double)times, 100.0 * (double)gone / (double)times,
	       (double)retries / (double)times, (double)frames / (double)times,
	       (double)same / (double)times,
	       (double)(after.calls - before.calls) / (double)times,
	       (double)(after.bytes - before.bytes) / (double)times);
}

int
main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct python_thread **threads;
	struct err e = { 0 };
	struct remote *r;
	struct python *p;
	uint32_t n;

	if (argc < 2)
		return 2;
	r = remote_open(&arena, (pid_t)atoi(argv[1]), &e);
	p = r ? python_attach(&arena, r, NULL, &e) : NULL;
	if (!p)
		return fail(&e);
	if (python_threads(p, &threads, &n) != SEEN) {
		fprintf(stderr, "peek: its threads cannot be read\n");
		return 1;
	}
	python_want(p, argc == 2   ? PYTHON_WANT_OPCODES | PYTHON_WANT_NATIVE
	               : argc == 3 ? 0u
	                           : (unsigned)atoi(argv[3]));
	if (argc > 2) {
		sample(p, r, threads, n, strtoull(argv[2], NULL, 10));
	} else {
		printf("python %x minor %u%s%s, threads %u\n", python_version(p),
		       python_minor(p), python_free_threaded(p) ? " free-threaded" : "",
		       python_debug(p) ? " debug" : "", n);
		for (uint32_t i = 0; i < n; i++)
			print_stack(p, &arena, threads[i]);
	}
	python_detach(p);
	remote_close(r);
	arena_empty(&arena);
	return 0;
}
