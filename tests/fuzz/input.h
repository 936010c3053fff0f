/* SPDX-License-Identifier: MIT */
/* fuzz/input.h: bytes as a file that a reader opens. */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A descriptor; whoever reads closes it. */
static int
memory(const void *bytes, size_t n)
{
	int fd = memfd_create("stream", 0);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

#endif
