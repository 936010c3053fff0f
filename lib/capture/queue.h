/* SPDX-License-Identifier: MIT */
/*
 * capture/queue.h: blocks on their way to the output.
 *
 * The loop puts them, a thread of its own writes them: a reader that stops
 * reading, or a disk that is slow, stops the thread and never the loop.
 * O_NONBLOCK would do neither for files, and would change standard output for
 * everybody who shares it, the command that is sampled among them.
 */
#ifndef CAPTURE_QUEUE_H
#define CAPTURE_QUEUE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { QUEUE_BYTES = 4 << 20 }; /* that wait at most, with 8 for each block */

struct queue;

/* An empty queue, and its thread, which has the rights that the caller has now. NULL: errno. */
struct queue *queue_new(struct arena *a);

/* Whether a block of n bytes fits now; n is 1 to half of QUEUE_BYTES. */
bool queue_fits(struct queue *q, size_t n);

/* Waits until it fits, or writing has failed, or until then (CLOCK_MONOTONIC); whether it fits. */
bool queue_wait(struct queue *q, size_t n, uint64_t until_ns);

/* Takes a copy of a block that fits, to be written to fd whole or not at all where fd is a file. */
void queue_put(struct queue *q, int fd, const void *bytes, size_t n);

/* Has fd closed when all blocks for it are written. False: there is no room for the wish now. */
bool queue_close(struct queue *q, int fd);

/* Waits until all is written, or writing has failed, or until then; whether nothing waits. */
bool queue_drain(struct queue *q, uint64_t until_ns);

/* Bytes that wait. */
size_t queue_waiting(struct queue *q);

/* errno of the write that failed, else 0. Nothing is written any more after it. */
int queue_error(struct queue *q);

#endif
