/* SPDX-License-Identifier: MIT */
#include "capture/queue.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	STACK_BYTES = 256 << 10, /* of the thread: a write needs little, a sanitizer more */
	ALIGN = 8,
};

/* What stands before each block. n is 0: fd is to be closed. */
struct head {
	uint32_t n;
	int fd; /* below 0: the rest up to the end is empty */
};

/* A ring in which no block crosses the end. */
struct queue {
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t work, room;
	char *at;
	size_t first,
		next; /* offsets of the oldest and behind the newest, multiples of ALIGN */
	size_t used;  /* bytes from first to next, what is empty at the end included */
	int error;
};

static size_t
bytes_of(size_t n)
{
	return (sizeof(struct head) + n + ALIGN - 1) / ALIGN * ALIGN;
}

/* Only what is whole may stay in a file; a pipe has gone its way. */
static void
take_back(int fd, size_t n)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (n && end >= (off_t)n && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)!ftruncate(fd, end - (off_t)n);
}

/* 0, or errno. */
static int
write_block(int fd, const char *bytes, size_t n)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };

	for (size_t done = 0; done < n;) {
		ssize_t wrote = write(fd, bytes + done, n - done);
		int why = errno;

		if (wrote >= 0) {
			done += (size_t)wrote;
		} else if (why == EAGAIN) {
			poll(&ready, 1, -1); /* somebody who shares it made it so */
		} else if (why != EINTR) {
			take_back(fd, done);
			return why;
		}
	}
	return 0;
}

/* Does what the oldest entry says. The lock is held, except while that lasts. */
static void
do_first(struct queue *q)
{
	struct head head;
	int error = q->error;
	size_t n;

	memcpy(&head, q->at + q->first, sizeof head);
	n = head.fd < 0 ? QUEUE_BYTES - q->first : bytes_of(head.n);
	pthread_mutex_unlock(&q->lock);
	if (head.fd >= 0 && head.n == 0)
		close(head.fd);
	else if (head.fd >= 0 && error == 0)
		error = write_block(head.fd, q->at + q->first + sizeof head, head.n);
	pthread_mutex_lock(&q->lock);
	q->error = error;
	q->first = (q->first + n) % QUEUE_BYTES;
	q->used -= n;
	pthread_cond_signal(&q->room);
}

static void *
write_all(void *context)
{
	struct queue *q = context;

	pthread_mutex_lock(&q->lock);
	for (;;)
		if (q->used)
			do_first(q);
		else
			pthread_cond_wait(&q->work, &q->lock);
	return NULL;
}

/* Signals are the loop's: one that the thread took would not end its sleep. */
static int
start(struct queue *q)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t all, before;
	int why;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	why = pthread_create(&thread, &attributes, write_all, q);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return why;
}

struct queue *
queue_new(struct arena *a)
{
	struct queue *q = arena_new(a, struct queue);
	pthread_condattr_t monotonic;

	q->at = arena_alloc(a, QUEUE_BYTES);
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&q->work, &monotonic);
	pthread_cond_init(&q->room, &monotonic);
	pthread_condattr_destroy(&monotonic);
	errno = start(q);
	return errno ? NULL : q;
}

/* Whether an entry of that many bytes fits, behind the newest or at the begin. */
static bool
has_place(struct queue *q, size_t n)
{
	if (q->used == 0)
		q->first = q->next = 0; /* memory that was never needed is never touched */
	if (q->used && q->next <= q->first)
		return q->first - q->next >= n;
	return QUEUE_BYTES - q->next >= n || q->first >= n;
}

/* The entry's place, behind which next and used are moved. */
static char *
take_place(struct queue *q, size_t n)
{
	size_t left = QUEUE_BYTES - q->next, at;

	if (left < n && left) {
		memcpy(q->at + q->next, &(struct head){ .fd = -1 }, sizeof(struct head));
		q->used += left;
		q->next = 0;
	}
	at = q->next;
	q->next = (at + n) % QUEUE_BYTES;
	q->used += n;
	return q->at + at;
}

static bool
put(struct queue *q, struct head head, const void *bytes)
{
	bool fits;
	char *to;

	pthread_mutex_lock(&q->lock);
	fits = has_place(q, bytes_of(head.n));
	if (fits) {
		to = take_place(q, bytes_of(head.n));
		memcpy(to, &head, sizeof head);
		memcpy(to + sizeof head, bytes, head.n);
		pthread_cond_signal(&q->work);
	}
	pthread_mutex_unlock(&q->lock);
	return fits;
}

void
queue_put(struct queue *q, int fd, const void *bytes, size_t n)
{
	put(q, (struct head){ (uint32_t)n, fd }, bytes);
}

bool
queue_close(struct queue *q, int fd)
{
	return put(q, (struct head){ 0, fd }, "");
}

/* Waits until n bytes have a place; 0: until there is nothing. */
static bool
wait_for(struct queue *q, size_t n, uint64_t until_ns)
{
	struct timespec until = { (time_t)(until_ns / 1000000000u),
		                  (long)(until_ns % 1000000000u) };
	bool done;

	pthread_mutex_lock(&q->lock);
	while (!(done = n ? has_place(q, n) : q->used == 0) && q->error == 0 &&
	       pthread_cond_timedwait(&q->room, &q->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&q->lock);
	return done;
}

bool
queue_fits(struct queue *q, size_t n)
{
	return wait_for(q, bytes_of(n), 0);
}

bool
queue_wait(struct queue *q, size_t n, uint64_t until_ns)
{
	return wait_for(q, bytes_of(n), until_ns);
}

bool
queue_drain(struct queue *q, uint64_t until_ns)
{
	return wait_for(q, 0, until_ns);
}

size_t
queue_waiting(struct queue *q)
{
	size_t used;

	pthread_mutex_lock(&q->lock);
	used = q->used;
	pthread_mutex_unlock(&q->lock);
	return used;
}

int
queue_error(struct queue *q)
{
	int error;

	pthread_mutex_lock(&q->lock);
	error = q->error;
	pthread_mutex_unlock(&q->lock);
	return error;
}
