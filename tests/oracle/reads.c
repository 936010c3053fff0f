/* SPDX-License-Identifier: MIT */
/*
 * reads.c: loaded into a tsample before its own libraries, notes what that
 * reads of its target: $READS gets "ADDRESS BYTES", in hexadecimal, for each
 * place once.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SLOTS = 1 << 20, PROBES = 64 };

static uint64_t known[SLOTS];
static FILE *out;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether it was noted before; what finds no slot counts as new once more. */
static int
is_known(uint64_t key)
{
	uint64_t slot = (key ^ key >> 29) * 0xbf58476d1ce4e5b9u >> 44;

	for (unsigned i = 0; i < PROBES; i++) {
		uint64_t *k = &known[(slot + i) % SLOTS];

		if (*k == key)
			return 1;
		if (*k == 0) {
			*k = key;
			return 0;
		}
	}
	return 0;
}

static void
note(const struct iovec *there, unsigned long n)
{
	pthread_mutex_lock(&lock);
	if (!out && getenv("READS"))
		out = fopen(getenv("READS"), "w");
	for (unsigned long i = 0; out && i < n; i++) {
		uint64_t at = (uint64_t)(uintptr_t)there[i].iov_base;

		if (at && !is_known(at << 12 ^ there[i].iov_len))
			fprintf(out, "%lx %zx\n", (unsigned long)at, there[i].iov_len);
	}
	pthread_mutex_unlock(&lock);
}

ssize_t
process_vm_readv(pid_t pid, const struct iovec *here, unsigned long here_n,
                 const struct iovec *there, unsigned long there_n, unsigned long flags)
{
	note(there, there_n);
	return syscall(SYS_process_vm_readv, pid, here, here_n, there, there_n, flags);
}
