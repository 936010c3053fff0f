/* SPDX-License-Identifier: MIT */
/*
 * A thread's data stack chunks, which are mapped anew as its stack grows, and the copies, which
 * grow with them. All have the same shape: the spans outside, then the chunks, the oldest first.
 */
#include "cpython/python.h"

enum {
	CHUNK_BYTES_MIN = 4 << 10, /* CPython doubles 16 KiB until a frame fits in */
	CHUNK_BYTES_MAX = 64 << 20,
	COPY_BYTES_MAX = 64 << 20,
	SLACK = 1024, /* read beyond the last top, because the stack may have grown since */
	HEAD_BYTES = 64,
};

bool
copies_fit(struct python *p, size_t bytes)
{
	if (bytes > COPY_BYTES_MAX)
		return false;
	for (unsigned i = 0; i < COPIES && bytes > p->window.room; i++)
		p->window.copies[i] = arena_resize(p->arena, p->window.copies[i],
		                                   p->window.room, bytes + bytes / 2);
	if (bytes > p->window.room)
		p->window.room = bytes + bytes / 2;
	return true;
}

/* Reads the chunk there and those before it, the newest first. */
static bool
read_chunks(struct python *p, struct watch *w, uint64_t address)
{
	const struct layout *l = &p->layout;
	unsigned char head[HEAD_BYTES];

	for (w->chunks.n = 0; address && w->chunks.n < CHUNKS_MAX;) {
		uint64_t size, top;

		if (!remote_read(p->remote, address, head, l->chunk_data))
			return false;
		size = word_at(head + l->chunk_size);
		top = word_at(head + l->chunk_top);
		if (size < CHUNK_BYTES_MIN || size > CHUNK_BYTES_MAX ||
		    (size & (size - 1)) != 0)
			return false;
		*vec_push(p->arena, &w->chunks) = (struct chunk){
			.address = address,
			.size = (uint32_t)size,
			.used = top < size / 8 ? (uint32_t)(l->chunk_data + top * 8)
			                       : (uint32_t)size,
		};
		address = word_at(head + l->chunk_previous);
	}
	return address == 0;
}

/* A size is only what the chunk says: memory is taken for what is there. */
static bool
is_there(struct python *p, const struct chunk *c)
{
	unsigned char last;

	return c->used == 0 || remote_read(p->remote, c->address + c->used - 1, &last, 1);
}

static void
reverse(struct watch *w)
{
	for (size_t i = 0, k = w->chunks.n; i + 1 < k; i++) {
		struct chunk c = w->chunks.at[i];

		w->chunks.at[i] = w->chunks.at[--k];
		w->chunks.at[k] = c;
	}
}

bool
chunks_follow(struct python *p, struct watch *w)
{
	uint64_t newest = word_at(p->window.state + p->layout.thread_chunk);
	uint64_t used = top_of_chunks(p) - newest + SLACK;
	size_t at = OUTSIDE_BYTES;
	bool all = read_chunks(p, w, newest);

	reverse(w);
	for (size_t i = 0; i < w->chunks.n; i++) {
		struct chunk *c = &w->chunks.at[i];

		if (c->used > c->size)
			c->used = c->size;
		if (i + 1 == w->chunks.n)
			c->used = used < c->size ? (uint32_t)used : c->size;
		c->at = (uint32_t)at;
		at += (c->used + 15) / 16 * 16;
		all = all && is_there(p, c);
	}
	all = all && copies_fit(p, at + VALUES_BYTES);
	if (!all)
		w->chunks.n = 0;
	copies_fit(p, OUTSIDE_BYTES + VALUES_BYTES);
	frames_relocate(p, w);
	return all;
}
