/* SPDX-License-Identifier: MIT */
/* Blocks come out of the queue whole, in order, and where they belong; a full queue says so. */
#include "capture/queue.h"

#include "capture/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_BYTES = 1 << 16 };

/* The sizes of blocks come round; every byte of block i is i. */
static const struct {
	size_t sizes[4];
} cases[] = {
	{ { 1, 1, 1, 1 } },
	{ { 24, 1000, 7, 33000 } },
	{ { 1 << 20, 1 << 20, 3, 1 << 20 } },
	{ { QUEUE_BYTES / 2 - 8, QUEUE_BYTES / 2 - 8, 5, 77 } },
	{ { 65536, 100000, 1 << 21, 1 } },
};

static unsigned char block[QUEUE_BYTES];

static bool
read_block(int fd, size_t n, unsigned char value)
{
	for (ssize_t got; n; n -= (size_t)got) {
		if ((got = read(fd, block, n)) <= 0)
			return false;
		for (ssize_t i = 0; i < got; i++)
			if (block[i] != value)
				return false;
	}
	return true;
}

/* Puts blocks until there is no room; how many, and their bytes in *bytes. */
static unsigned
fill(struct queue *q, int fd, const size_t *sizes, unsigned from, size_t *bytes)
{
	unsigned i = from;

	for (; queue_fits(q, sizes[i % 4]); i++) {
		memset(block, (int)(i & 255), sizes[i % 4]);
		queue_put(q, fd, block, sizes[i % 4]);
		*bytes += sizes[i % 4] + 8;
	}
	return i - from;
}

/* Reads n blocks from that one on. */
static bool
take(int fd, const size_t *sizes, unsigned from, unsigned n)
{
	for (unsigned i = from; i < from + n; i++)
		if (!read_block(fd, sizes[i % 4], i & 255))
			return printf("block %u is wrong\n", i) == 0;
	return true;
}

/* Several times: nobody reads and it fills up; then all is read, or all but three. */
static int
check_case(size_t row)
{
	const size_t *sizes = cases[row].sizes;
	struct arena a = { 0 };
	struct queue *q = queue_new(&a);
	unsigned put = 0, taken = 0, n;
	size_t bytes = 0;
	int fds[2];

	if (!q || pipe(fds) != 0)
		return 1;
	for (unsigned round = 0; round < 6; round++, taken += n) {
		put += fill(q, fds[1], sizes, put, &bytes);
		if (round == 0 && bytes < QUEUE_BYTES / 3)
			return printf("row %zu: full at %zu bytes\n", row, bytes);
		n = round % 2 == 0 && put - taken > 3 ? put - taken - 3 : put - taken;
		if (!take(fds[0], sizes, taken, n))
			return printf("row %zu, round %u\n", row, round);
	}
	if (!queue_drain(q, UINT64_MAX) || queue_waiting(q) || queue_error(q))
		return printf("row %zu: it is not empty\n", row);
	close(fds[0]);
	close(fds[1]);
	return 0;
}

/* What is put before a close goes to the one, what is put after it to the other. */
static int
check_switch(void)
{
	struct arena a = { 0 };
	struct queue *q = queue_new(&a);
	int one[2], two[2];

	if (!q || pipe(one) != 0 || pipe(two) != 0)
		return 1;
	for (unsigned char i = 0; i < 2 * PIPE_BYTES / 1024; i++) {
		memset(block, i, 1024);
		queue_put(q, one[1], block, 1024);
	}
	queue_close(q, one[1]);
	queue_put(q, two[1], "x", 1);
	if (queue_drain(q, clock_now() + 1000000))
		return printf("a full pipe has taken all\n");
	for (unsigned char i = 0; i < 2 * PIPE_BYTES / 1024; i++)
		if (!read_block(one[0], 1024, i))
			return printf("block %u is wrong\n", i);
	if (read(one[0], block, 1) != 0 || !read_block(two[0], 1, 'x'))
		return printf("the other did not follow\n");
	return 0;
}

static int
check_error(void)
{
	struct arena a = { 0 };
	struct queue *q = queue_new(&a);
	int fd = open("/dev/full", O_WRONLY);

	queue_put(q, fd, "x", 1);
	queue_drain(q, UINT64_MAX);
	if (queue_error(q) != ENOSPC)
		return printf("/dev/full: %s\n", strerror(queue_error(q)));
	return 0;
}

int
main(void)
{
	int failed = 0;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		failed |= check_case(i);
	failed |= check_switch();
	failed |= check_error();
	return failed != 0;
}
