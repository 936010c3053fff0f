/* SPDX-License-Identifier: MIT */
/*
 * The bare loop: how often a second one tick's memory can be read at all.
 *
 * Takes the pieces that the cpython room asked for in one good tick, and reads
 * just these with process_vm_readv(2) again and again, looking at nothing.
 * "replay PID SECONDS" prints the reads a second. Linked with
 * -Wl,--wrap=remote_read_pieces, by which it learns the pieces.
 */
#include "capture/clock.h"
#include "cpython/cpython.h"

#include <stdio.h>
#include <stdlib.h>

static struct remote_piece pieces[REMOTE_PIECES_MAX];
static unsigned piece_count;

ssize_t __real_remote_read_pieces(struct remote *r, const struct remote_piece *p, unsigned n);
ssize_t __wrap_remote_read_pieces(struct remote *r, const struct remote_piece *p, unsigned n);

ssize_t
__wrap_remote_read_pieces(struct remote *r, const struct remote_piece *p, unsigned n)
{
	for (piece_count = 0; piece_count < n; piece_count++)
		pieces[piece_count] = p[piece_count];
	return __real_remote_read_pieces(r, p, n);
}

static _Noreturn void
die(const char *why)
{
	fprintf(stderr, "replay: %s\n", why);
	exit(1);
}

/* Reads stacks until one took a single read: its pieces are the tick's. */
static void
record(struct python *python, struct python_thread *thread)
{
	struct python_stack stack;

	for (int tries = 0; tries < 10000; tries++)
		if (python_stack(python, thread, 16384, &stack) == SEEN && tries > 10 &&
		    !stack.retries && !stack.torn)
			return;
	die("no tick was read at the first try");
}

static double
reads_a_second(pid_t pid, double seconds)
{
	struct iovec local[REMOTE_PIECES_MAX], remote[REMOTE_PIECES_MAX];
	uint64_t begin = clock_now(), reads = 0, now;

	for (unsigned i = 0; i < piece_count; i++) {
		local[i] = (struct iovec){ pieces[i].to, pieces[i].n };
		remote[i] = (struct iovec){ (void *)(uintptr_t)pieces[i].from, pieces[i].n };
	}
	do {
		for (int i = 0; i < 1000; i++, reads++)
			if (process_vm_readv(pid, local, piece_count, remote, piece_count, 0) <
			    0)
				die("the target has gone");
		now = clock_now();
	} while ((double)(now - begin) < seconds * 1e9);
	return (double)reads / ((double)(now - begin) / 1e9);
}

int
main(int argc, char **argv)
{
	static struct arena arena;
	struct err e = { 0 };
	pid_t pid = argc == 3 ? atoi(argv[1]) : 0;
	struct remote *remote = remote_open(&arena, pid, &e);
	struct python *python = remote ? python_attach(&arena, remote, NULL, &e) : NULL;
	struct python_thread **threads;
	uint32_t n;

	if (!python || python_threads(python, &threads, &n) != SEEN || n == 0)
		die(e.fact[0] ? e.fact : "no thread");
	for (uint32_t i = 0; i < n; i++)
		if (threads[i]->main)
			record(python, threads[i]);
	printf("%.0f\n", reads_a_second(pid, atof(argv[2])));
	arena_empty(&arena);
	return 0;
}
