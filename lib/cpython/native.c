/* SPDX-License-Identifier: MIT */
/*
 * Numbers of threads, where CPython keeps only pthread_self() (before 3.11):
 * the address of the C library's own struct, which holds the number at a place
 * that depends on the library. Where the main thread's struct holds the number
 * of the process, and the others' those of other tasks, it is.
 */
#include "cpython/python.h"

#include <stdio.h>
#include <unistd.h>

enum { PTHREAD_BYTES = 1024 };

/* Where the main thread's struct holds its number; by accident there may be more than one. */
static void
find_places(struct python *p)
{
	unsigned char bytes[PTHREAD_BYTES];

	p->threads.native_n = 0;
	if (!remote_read(p->remote, p->threads.main_id, bytes, sizeof bytes))
		return;
	for (uint32_t at = 0; at < PTHREAD_BYTES && p->threads.native_n < NATIVE_MAX; at += 4)
		if (half_at(bytes + at) == (uint32_t)p->inner_pid)
			p->threads.native_at[p->threads.native_n++] = at;
}

/* In another pid namespace its tasks have other numbers than ours, so nothing can be proved. */
static bool
is_task(const struct python *p, uint32_t number)
{
	pid_t pid = remote_pid(p->remote);
	char path[64];

	if (p->inner_pid != pid)
		return number != 0 && number <= INT32_MAX;
	snprintf(path, sizeof path, "/proc/%d/task/%u", (int)pid, number);
	return access(path, F_OK) == 0;
}

uint64_t
native_id(struct python *p, uint64_t python_id)
{
	uint32_t number;

	if (python_id == p->threads.main_id)
		return (uint64_t)p->inner_pid;
	if (p->threads.native_n == 0)
		find_places(p);
	for (unsigned i = 0; i < p->threads.native_n; i++) {
		if (!remote_read(p->remote, python_id + p->threads.native_at[i], &number, 4) ||
		    number == (uint32_t)p->inner_pid || !is_task(p, number))
			continue;
		p->threads.native_at[0] = p->threads.native_at[i];
		p->threads.native_n = 1;
		return number;
	}
	return 0;
}
