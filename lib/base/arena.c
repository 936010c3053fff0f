/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALIGN = 16,
	LARGE = 32 << 10,  /* from here on a piece has a block of its own */
	FIRST = 4 << 10,   /* bytes in the first block that many pieces share */
	TRIM = 32 << 20,   /* bytes given back at once that the system gets at once */
	SMALL = 256 << 10, /* and at most: most arenas are short-lived, a few are not */
};

struct arena_block {
	struct arena_block *older, *newer;
	size_t bytes; /* that follow this header */
	size_t pad;   /* keeps the bytes aligned */
};

static_assert(sizeof(struct arena_block) % ALIGN == 0, "blocks keep the alignment");

static _Noreturn void
out_of_memory(void)
{
	fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
	_Exit(1);
}

static struct arena_block *
block_add(struct arena *a, struct arena_block *b, size_t bytes)
{
	b->bytes = bytes;
	b->newer = NULL;
	b->older = a->blocks;
	if (b->older)
		b->older->newer = b;
	a->blocks = b;
	return b;
}

static void
block_remove(struct arena *a, struct arena_block *b)
{
	if (b->newer)
		b->newer->older = b->older;
	else
		a->blocks = b->older;
	if (b->older)
		b->older->newer = b->newer;
}

static struct arena_block *
block_new(struct arena *a, size_t bytes)
{
	struct arena_block *b;

	if (bytes > SIZE_MAX / 2 || !(b = calloc(1, sizeof *b + bytes)))
		out_of_memory();
	return block_add(a, b, bytes);
}

static void
add_small(struct arena *a, size_t need)
{
	size_t bytes = a->next ? a->next : FIRST;

	while (bytes < need)
		bytes *= 2;
	a->next = bytes < SMALL ? bytes * 2 : SMALL;
	a->at = (char *)(block_new(a, bytes) + 1);
	a->end = a->at + bytes;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t need = n + (ALIGN - n % ALIGN) % ALIGN;
	char *p;

	if (n >= LARGE)
		return block_new(a, n) + 1;
	if (!a->at || need > (size_t)(a->end - a->at))
		add_small(a, need);
	p = a->at;
	a->at += need;
	return p;
}

void *
arena_resize(struct arena *a, void *p, size_t old, size_t n)
{
	struct arena_block *b;

	if (old < LARGE || n < LARGE) {
		void *q = arena_alloc(a, n);

		if (old)
			memcpy(q, p, old < n ? old : n);
		return q;
	}
	b = (struct arena_block *)p - 1;
	block_remove(a, b);
	if (n > SIZE_MAX / 2 || !(b = realloc(b, sizeof *b + n)))
		out_of_memory();
	block_add(a, b, n);
	if (n > old)
		memset((char *)(b + 1) + old, 0, n - old);
	return b + 1;
}

void
arena_drop(struct arena *a, void *p, size_t n)
{
	if (n < LARGE)
		return;
	block_remove(a, (struct arena_block *)p - 1);
	free((struct arena_block *)p - 1);
}

void
arena_empty(struct arena *a)
{
	struct arena_block *b, *older;
	size_t bytes = 0;

	for (b = a->blocks; b; b = older) {
		older = b->older;
		bytes += b->bytes;
		free(b);
	}
	*a = (struct arena){ 0 };
	/* What is below 32 MiB malloc would keep for later, and the most that is held would grow. */
	if (bytes > TRIM)
		malloc_trim(0);
}

size_t
arena_bytes(const struct arena *a)
{
	size_t bytes = 0;

	for (const struct arena_block *b = a->blocks; b; b = b->older)
		bytes += sizeof *b + b->bytes;
	return bytes;
}
