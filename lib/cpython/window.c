/* SPDX-License-Identifier: MIT */
/*
 * The window through which a thread is seen: one system call that reads all
 * that its frames lie in, then its state, then the frames again. What to read
 * is predicted from the last sample.
 *
 * Of a deep stack only the innermost chunks are read again: to change what lies
 * in the others, the program has to return from 16 KiB of frames, a hundred or
 * more, and to call as many again, which takes longer than to read them. When
 * the read took so long that it could have done so, all is read twice.
 */
#include "cpython/python.h"

#include <time.h>

enum {
	HOT_CHUNKS = 2, /* the innermost ones, which are always read twice */
	STALL_NS =
		3000, /* less than returning from a chunk's frames and calling as many takes */
};

static void
add_piece(struct python *p, uint64_t from, void *to, size_t n)
{
	*vec_push(p->arena, &p->pieces) = (struct remote_piece){ from, to, n };
}

static void
add_outside(struct python *p, const struct watch *w, unsigned copy)
{
	for (size_t i = 0; i < w->outside.n; i++)
		if (w->outside.at[i].address)
			add_piece(p, w->outside.at[i].address, p->copies[copy] + i * p->slot,
			          p->layout.frame_size);
}

/* The oldest chunk that is read twice. */
static size_t
first_twice(const struct python *p, const struct watch *w)
{
	return p->twice || w->chunks.n <= HOT_CHUNKS ? 0 : w->chunks.n - HOT_CHUNKS;
}

static void
add_chunks(struct python *p, const struct watch *w, unsigned copy)
{
	for (size_t i = copy ? first_twice(p, w) : 0; i < w->chunks.n; i++)
		add_piece(p, w->chunks.at[i].address, p->copies[copy] + w->chunks.at[i].at,
		          w->chunks.at[i].used);
}

static void
plan(struct python *p, const struct watch *w)
{
	size_t first = first_twice(p, w);

	p->once_at = first ? w->chunks.at[0].at : 0;
	p->once_bytes = first ? w->chunks.at[first].at - p->once_at : 0;
	p->pieces.n = 0;
	add_chunks(p, w, 0);
	add_outside(p, w, 0);
	add_piece(p, w->shown.address, p->state, p->thread_bytes);
	if (w->cframes)
		add_piece(p, w->cframes, p->cframes, w->cframes_bytes);
	add_outside(p, w, 1);
	add_chunks(p, w, 1);
	if (p->epoch_field != NONE)
		add_piece(p, w->interpreter + p->epoch_field, &p->epoch, p->epoch_bytes);
}

/* One system call for most stacks. */
static bool
read_planned(struct python *p)
{
	for (size_t i = 0; i < p->pieces.n; i += REMOTE_PIECES_MAX) {
		size_t n = p->pieces.n - i < REMOTE_PIECES_MAX ? p->pieces.n - i
		                                               : REMOTE_PIECES_MAX;
		ssize_t want = 0;

		for (size_t k = 0; k < n; k++)
			want += (ssize_t)p->pieces.at[i + k].n;
		if (remote_read_pieces(p->remote, p->pieces.at + i, (unsigned)n) != want)
			return false;
	}
	return true;
}

static bool
is_same_thread(const struct python *p, const struct watch *w)
{
	return word_at(p->state + p->layout.thread_interpreter) == w->interpreter &&
	       word_at(p->state + p->layout.thread_serial) == w->serial;
}

/*
 * What the CFrame at that address tells, if it was read. Each time that C calls
 * into Python there is another one, in the C stack, but they lie close together
 * and at the same few places: what lies between those seen is read at once.
 */
static bool
find_cframe(struct python *p, struct watch *w, uint64_t cframe)
{
	uint64_t from = cframe + p->layout.cframe_frame, to = from + 8;
	uint64_t end = w->cframes + w->cframes_bytes;

	p->frame_by_cframe = 0;
	if (w->cframes && from >= w->cframes && to <= end && to > from) {
		p->frame_by_cframe = word_at(p->cframes + (from - w->cframes));
		return true;
	}
	if (w->cframes && w->cframes < from)
		from = w->cframes;
	if (w->cframes && end > to)
		to = end;
	if (to - from > CFRAMES_BYTES) {
		from = cframe + p->layout.cframe_frame;
		to = from + 8;
	}
	w->cframes = from;
	w->cframes_bytes = (uint32_t)(to - from);
	return false;
}

enum outcome
window_begin(struct python *p, struct watch *w)
{
	w->outside.n = 0;
	w->cframes = 0;
	p->frame_by_cframe = 0;
	if (!remote_read(p->remote, w->shown.address, p->state, p->thread_bytes) ||
	    !is_same_thread(p, w))
		return ENDED;
	if (p->layout.thread_cframe != NONE)
		find_cframe(p, w, word_at(p->state + p->layout.thread_cframe));
	chunks_follow(p, w);
	return AGAIN;
}

/* Whether the pieces that were read are those that the state tells. */
static enum outcome
check_prediction(struct python *p, struct watch *w)
{
	const struct chunk *newest = w->chunks.n ? &w->chunks.at[w->chunks.n - 1] : NULL;
	uint64_t chunk = word_at(p->state + p->layout.thread_chunk);
	uint64_t top = word_at(p->state + p->layout.thread_chunk_top);
	bool cframe = true;

	if (!is_same_thread(p, w))
		return ENDED;
	if (p->layout.thread_cframe != NONE)
		cframe = find_cframe(p, w, word_at(p->state + p->layout.thread_cframe));
	if (chunk != (newest ? newest->address : 0) ||
	    (newest && top - chunk > newest->used && newest->used < newest->size))
		return chunks_follow(p, w) ? AGAIN : MOVED;
	p->whole = true;
	return cframe ? MATCH : AGAIN;
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* As read_planned(); *stalled tells that it took longer than reading does. */
static bool
read_in_time(struct python *p, bool *stalled)
{
	uint64_t before = remote_count(p->remote).bytes, begin = now_ns();
	bool all = read_planned(p);
	double took = (double)(now_ns() - begin);
	double bytes = (double)(remote_count(p->remote).bytes - before + 1);

	if (all && (p->pace == 0 || took / bytes < p->pace))
		p->pace = took / bytes;
	*stalled = took > p->pace * bytes * 1.25 + STALL_NS;
	return all;
}

enum outcome
window_read(struct python *p, struct watch *w)
{
	bool stalled = false, all;
	enum outcome outcome;

	plan(p, w);
	p->whole = false;
	p->window++;
	if (p->epoch_field == NONE)
		p->epoch++;
	all = p->once_bytes ? read_in_time(p, &stalled) : read_planned(p);
	outcome = all ? check_prediction(p, w) : window_begin(p, w);
	p->whole &= !stalled;
	p->twice |= stalled;
	return outcome == MATCH && stalled ? AGAIN : outcome;
}
