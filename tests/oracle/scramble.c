/* SPDX-License-Identifier: MIT */
/*
 * scramble.c: scrambles a process's structures while it stands still.
 *
 *	scramble SECONDS SEED READS PID...
 *
 * READS has lines of "ADDRESS BYTES": what somebody reads of the process. Words
 * there get values that are never what they should be, as fast as
 * process_vm_writev(2) can, in each PID, and get their own back a moment later.
 * In turn few words are wrong at a time, so that what follows from them is
 * looked at, and many. The processes must be stopped, because none survives
 * this. Ends after that time (0: with them), and leaves all as it was.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
	PLACES_MAX = 1 << 16,
	PIDS_MAX = 8,
	WRONG_MAX = 512,    /* words at a time */
	BATCH = 16,         /* written by one call */
	ROUND = 2000,       /* batches with as many wrong words */
	BYTES_MAX = 1 << 20 /* of a place */
};

struct place {
	uint64_t at, n;
};

struct wrong {
	uint64_t at, was;
};

static struct place places[PLACES_MAX];
static unsigned places_n;
static pid_t pids[PIDS_MAX];
static unsigned pids_n;
static struct wrong wrong[WRONG_MAX];
static unsigned wrong_n;
static uint64_t chance;

/* xorshift64 */
static uint64_t
draw(uint64_t below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (chance >> 11) % below;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t
any_place(void)
{
	return places[draw(places_n)].at;
}

/* What was a number becomes a pointer and the reverse, lists become circles, sizes huge. */
static uint64_t
wrong_value(uint64_t at, uint64_t was)
{
	static const uint64_t odd[] = { 0,          1,          2,       UINT64_MAX, INT64_MAX,
		                        UINT32_MAX, INT32_MAX,  1 << 14, 1 << 16,    1 << 20,
		                        1 << 24,    1ull << 40, 4096,    255,        8192 };

	switch (draw(12)) {
	case 0:
	case 1:
		return odd[draw(sizeof odd / sizeof *odd)];
	case 2:
		return was ^ (uint64_t)1 << draw(64);
	case 3:
		return was + draw(4096) - 2048;
	case 4:
		return at - draw(64) * 8;
	case 5:
		return at & ~(uint64_t)4095;
	case 6:
		return draw(UINT32_MAX) << 32 | draw(UINT32_MAX);
	case 7:
		return (was & ~(uint64_t)0xffffffff) | draw(UINT32_MAX);
	case 8:
		return any_place() + draw(4096);
	default:
		return any_place();
	}
}

/* Writes that many of the wrong words, from the newest on; their old values, or others. */
static void
put(unsigned n, const uint64_t *values)
{
	struct iovec here[BATCH], there[BATCH];

	for (unsigned i = 0; i < n; i++) {
		here[i] = (struct iovec){ (void *)(uintptr_t)&values[i], 8 };
		there[i] = (struct iovec){ (void *)(uintptr_t)wrong[wrong_n - n + i].at, 8 };
	}
	for (unsigned i = 0; i < pids_n; i++)
		process_vm_writev(pids[i], here, n, there, n, 0);
}

static void
restore(unsigned n)
{
	uint64_t values[BATCH];

	for (unsigned i = 0; i < n; i++)
		values[i] = wrong[wrong_n - n + i].was;
	put(n, values);
	wrong_n -= n;
}

static int
is_wrong(uint64_t at)
{
	for (unsigned i = 0; i < wrong_n; i++)
		if (at - wrong[i].at + 7 < 15)
			return 1;
	return 0;
}

/* A word of a place; the fields that come first in it are the more interesting ones. */
static void
break_one(uint64_t *value)
{
	const struct place *p = &places[draw(places_n)];
	uint64_t words = p->n / 8 ? p->n / 8 : 1, at, was;
	struct iovec here = { &was, 8 }, there;

	if (draw(2) && words > 64)
		words = 64;
	at = p->at + draw(words) * 8;
	there = (struct iovec){ (void *)(uintptr_t)at, 8 };
	if (is_wrong(at) || process_vm_readv(pids[0], &here, 1, &there, 1, 0) != 8 ||
	    process_vm_writev(pids[0], &here, 1, &there, 1, 0) != 8)
		return; /* not there, or not to be written */
	*value = wrong_value(at, was);
	wrong[wrong_n++] = (struct wrong){ at, was };
}

static void
break_some(unsigned n)
{
	uint64_t values[BATCH];
	unsigned before = wrong_n;

	for (unsigned i = 0; i < n; i++)
		break_one(&values[wrong_n - before]);
	if (wrong_n > before)
		put(wrong_n - before, values);
}

/* With at most that many words wrong at a time. */
static void
scramble(unsigned most)
{
	unsigned batch = most < BATCH ? most : BATCH;

	for (unsigned i = 0; i < ROUND; i++) {
		if (wrong_n + batch > most)
			while (wrong_n)
				restore(wrong_n < BATCH ? wrong_n : BATCH);
		break_some(batch);
	}
	while (wrong_n)
		restore(wrong_n < BATCH ? wrong_n : BATCH);
}

static int
read_places(const char *name)
{
	FILE *in = fopen(name, "r");
	unsigned long at, n;

	while (in && places_n < PLACES_MAX && fscanf(in, "%lx %lx", &at, &n) == 2)
		if (n <= BYTES_MAX)
			places[places_n++] = (struct place){ at, n };
	if (in)
		fclose(in);
	return places_n > 0;
}

int
main(int argc, char **argv)
{
	static const unsigned mosts[] = { 1, 4, 16, 2, 64, 1, 8, 256, 1, 32 };
	double end;

	if (argc < 5 || argc - 4 > PIDS_MAX || !read_places(argv[3])) {
		fprintf(stderr, "usage: scramble SECONDS SEED READS PID...\n");
		return 2;
	}
	end = now() + atof(argv[1]);
	chance = strtoull(argv[2], NULL, 10) * 2 + 1;
	for (int i = 4; i < argc; i++)
		pids[pids_n++] = atoi(argv[i]);
	for (unsigned i = 0; atof(argv[1]) <= 0 || now() < end; i++) {
		struct iovec here = { &(char){ 0 }, 1 }, there = { NULL, 1 };

		scramble(mosts[i % (sizeof mosts / sizeof *mosts)]);
		if (process_vm_readv(pids[0], &here, 1, &there, 1, 0) < 0 && errno == ESRCH)
			break;
	}
	return 0;
}
