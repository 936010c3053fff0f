/* SPDX-License-Identifier: MIT */
/*
 * The window through which a thread is seen: its state, all that its frames lie
 * in, the state again, then the frames again, and the chunks a third time where
 * frames lie outside of them. One system call reads it; more do when there are many pieces.
 * What to read is predicted from the last sample.
 *
 * Of a deep stack only the innermost chunks are read again: to change what lies
 * in the others, the program has to return from 16 KiB of frames, a hundred or
 * more, and to call as many again, which takes longer than to read them. When
 * the read took so long that it could have done so, all is read twice.
 */
#include "cpython/python.h"

#include "base/time.h"

#define SLOWER 1.05 /* what a read that stalled makes of the pace */

enum {
	PIECE_BYTES = 8192, /* that take as long as a piece does beside its bytes */
	HOT_CHUNKS = 2,     /* the innermost ones, which are always read twice */
	APART_NS = 500,
	LINGER_NS = 2048,
	HELD_UP_NS = 6000, /* more than cold caches take */
	STALL_NS =
		3000, /* less than returning from a chunk's frames and calling as many takes */
};

static void
add_piece(struct python *p, uint64_t from, void *to, size_t n)
{
	*vec_push(p->arena, &p->window.pieces) = (struct remote_piece){ from, to, n };
}

/* The oldest chunk that is read twice. */
static size_t
first_twice(const struct python *p, const struct watch *w)
{
	return p->window.twice || w->chunks.n <= HOT_CHUNKS ? 0 : w->chunks.n - HOT_CHUNKS;
}

static void
add_chunks(struct python *p, const struct watch *w, unsigned copy)
{
	for (size_t i = copy ? first_twice(p, w) : 0; i < w->chunks.n; i++)
		add_piece(p, w->chunks.at[i].address,
		          p->window.copies[copy] + w->chunks.at[i].at, w->chunks.at[i].used);
}

static void
add_state(struct python *p, const struct watch *w, unsigned char *to)
{
	uint32_t end = state_end(p);

	if (p->window.task_at)
		add_piece(p, w->shown.address + p->window.task_at, to + end, TASK_BYTES);
	add_piece(p, w->shown.address, to, end);
}

static void
plan(struct python *p, const struct watch *w)
{
	size_t first = first_twice(p, w);

	p->window.once_at = first ? w->chunks.at[0].at : 0;
	p->window.once_bytes = first ? w->chunks.at[first].at - p->window.once_at : 0;
	p->window.pieces.n = 0;
	add_state(p, w, p->window.begun);
	if (w->cframes)
		add_piece(p, w->cframes, p->window.cframes[BEGUN], w->cframes_bytes);
	add_chunks(p, w, 0);
	outside_read(p, w, 0);
	if (w->cframes)
		add_piece(p, w->cframes, p->window.cframes[BEFORE], w->cframes_bytes);
	add_state(p, w, p->window.state);
	if (w->cframes)
		add_piece(p, w->cframes, p->window.cframes[AFTER], w->cframes_bytes);
	add_chunks(p, w, 1);
	outside_read(p, w, 1);
	if (w->outside.n)
		add_chunks(p, w, 2);
	pulse_add(p, w->home);
}

bool
window_pieces(struct python *p)
{
	for (size_t i = 0; i < p->window.pieces.n; i += REMOTE_PIECES_MAX) {
		size_t n = p->window.pieces.n - i < REMOTE_PIECES_MAX ? p->window.pieces.n - i
		                                                      : REMOTE_PIECES_MAX;
		ssize_t want = 0;

		for (size_t k = 0; k < n; k++)
			want += (ssize_t)p->window.pieces.at[i + k].n;
		if (remote_read_pieces(p->remote, p->window.pieces.at + i, (unsigned)n) != want)
			return false;
	}
	return true;
}

bool
thread_is_same(const struct python *p, const struct watch *w)
{
	return word_at(p->window.state + p->layout.thread_interpreter) == w->home->address &&
	       word_at(p->window.state + p->layout.thread_serial) == w->serial;
}

/* What the CFrame at that address tells in a copy of them; false: it is not in there. */
static bool
frame_by(struct python *p, const struct watch *w, uint64_t cframe, enum moment moment)
{
	uint64_t at = cframe + p->layout.cframe_frame - w->cframes;
	bool is_there = w->cframes && at < w->cframes_bytes && w->cframes_bytes - at >= 8;

	p->window.frame_by_cframe[moment] =
		is_there ? word_at(p->window.cframes[moment] + at) : 0;
	return is_there;
}

/*
 * What the CFrame at that address tells, before and after the state, if it was read:
 * it may have gone from the C stack, or just have come there. Each time that C calls
 * into Python there is another one, in the C stack, but they lie close together
 * and at the same few places: what lies between those seen is read at once.
 */
static bool
find_cframe(struct python *p, struct watch *w, uint64_t cframe)
{
	uint64_t from = cframe + p->layout.cframe_frame, to = from + 8;
	uint64_t end = w->cframes + w->cframes_bytes;

	frame_by(p, w, cframe, BEFORE);
	frame_by(p, w, cframe, AFTER);
	p->window.begun_cframe =
		frame_by(p, w, word_at(p->window.begun + p->layout.thread_cframe), BEGUN);
	if (w->cframes && from >= w->cframes && to <= end && to > from)
		return true;
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

void
window_add_task(struct python *p, uint32_t at)
{
	if (p->window.state_bytes < at + TASK_BYTES)
		p->window.state_bytes = at + TASK_BYTES;
	p->window.state_bytes += TASK_BYTES;
	p->window.task_at = at;
	stacks_forget(p);
}

uint64_t
window_task(const struct python *p)
{
	const unsigned char *state = p->window.state;
	uint64_t task;

	if (!p->window.task_at)
		return 0;
	task = word_at(state + p->window.task_at);
	return task == word_at(state + state_end(p)) ? task : TASK_UNSURE;
}

/* Whether the same task ran at both. */
static bool
task_stands(const struct python *p)
{
	uint32_t at = p->window.task_at;

	return at == 0 || word_at(p->window.begun + at) == word_at(p->window.state + at);
}

bool
window_stands(const struct python *p)
{
	const struct layout *l = &p->layout;
	const unsigned char *begun = p->window.begun, *state = p->window.state;

	if (p->heap.used)
		return true;
	return word_at(begun + l->thread_chunk_top) == word_at(state + l->thread_chunk_top) &&
	       task_stands(p) &&
	       (l->thread_cframe != NONE
	                ? p->window.frame_by_cframe[BEGUN] == p->window.frame_by_cframe[AFTER]
	                : word_at(begun + l->thread_frame) == word_at(state + l->thread_frame));
}

void
window_keep_moment(struct python *p)
{
	memcpy(p->window.moment, p->window.begun, p->window.state_bytes);
	p->window.keeps_moment = true;
}

bool
window_misses(const struct python *p)
{
	const struct layout *l = &p->layout;
	uint32_t frame = l->thread_cframe != NONE ? l->thread_cframe : l->thread_frame;

	return p->window.keeps_moment &&
	       (word_at(p->window.moment + frame) != word_at(p->window.begun + frame) ||
	        word_at(p->window.moment + l->thread_chunk_top) !=
	                word_at(p->window.begun + l->thread_chunk_top));
}

void
window_recall_moment(struct python *p, const struct watch *w)
{
	uint32_t cframe = p->layout.thread_cframe;

	memcpy(p->window.begun, p->window.moment, p->window.state_bytes);
	p->window.begun_cframe =
		cframe == NONE || frame_by(p, w, word_at(p->window.moment + cframe), BEGUN);
	p->window.missed = p->window.held_up = true;
}

bool
window_tells_begin(const struct python *p)
{
	uint32_t chunk = p->layout.thread_chunk;

	return (p->layout.thread_cframe == NONE || p->window.begun_cframe) &&
	       word_at(p->window.begun + chunk) == word_at(p->window.state + chunk);
}

void
window_exchange(struct python *p)
{
	unsigned char state[THREAD_BYTES];

	memcpy(state, p->window.state, p->window.state_bytes);
	memcpy(p->window.state, p->window.begun, p->window.state_bytes);
	memcpy(p->window.begun, state, p->window.state_bytes);
	p->window.exchanged = !p->window.exchanged;
}

enum outcome
window_begin(struct python *p, struct watch *w)
{
	w->outside.n = w->stretches.n = 0;
	w->cframes = 0;
	p->window.frame_by_cframe[BEFORE] = p->window.frame_by_cframe[AFTER] = 0;
	if (!remote_read(p->remote, w->shown.address, p->window.state, p->window.state_bytes) ||
	    !thread_is_same(p, w)) {
		w->seen.n = w->places.n =
			0; /* those outside have no places in the copies now */
		return ENDED;
	}
	if (p->layout.thread_cframe != NONE)
		find_cframe(p, w, word_at(p->window.state + p->layout.thread_cframe));
	chunks_follow(p, w);
	return AGAIN;
}

/* Whether the pieces that were read are those that the state tells. */
static enum outcome
check_prediction(struct python *p, struct watch *w)
{
	const struct chunk *newest = newest_chunk(w);
	uint64_t chunk = word_at(p->window.state + p->layout.thread_chunk);
	uint64_t top = top_of_chunks(p);
	bool cframe = true;

	if (!thread_is_same(p, w))
		return ENDED;
	if (p->layout.thread_cframe != NONE)
		cframe = find_cframe(p, w, word_at(p->window.state + p->layout.thread_cframe));
	if (chunk != (newest ? newest->address : 0) ||
	    (newest && top - chunk > newest->used && newest->used < newest->size))
		return chunks_follow(p, w) ? AGAIN : MOVED;
	p->window.whole = true;
	return cframe ? MATCH : AGAIN;
}

/*
 * As window_pieces(); *stalled tells that it took longer than reading does. The
 * pace is that of the best window, but when all stall it is the machine that
 * has become slower.
 */
bool
window_in_time(struct python *p, double times, double slack_ns, bool *stalled)
{
	uint64_t before = remote_count(p->remote).bytes,
		 begin = p->window.since ? p->window.since : time_now();
	bool all = window_pieces(p);
	uint64_t end = time_now();
	double took = (double)(end - begin);
	double effort = (double)(remote_count(p->remote).bytes - before) +
	                PIECE_BYTES * (double)(p->window.pieces.n + 1);

	if (all && (p->window.pace == 0 || took / effort < p->window.pace))
		p->window.pace = took / effort;
	p->window.since = end;
	*stalled = took > p->window.pace * effort * times + slack_ns;
	p->window.held_up = took > p->window.pace * effort * times + HELD_UP_NS;
	if (*stalled)
		p->window.pace *= SLOWER; /* caches are cold, maybe for long */
	return all;
}

/*
 * Frames that lie apart are read at different moments, so that a loop that
 * comes round in between could be taken for one stack. No program does that
 * within the time of a window, but a window can be held up.
 */
static bool
read_window(struct python *p, const struct watch *w, bool *stalled)
{
	bool all;

	if (p->window.once_bytes)
		return window_in_time(p, 1.5, STALL_NS, stalled);
	all = window_in_time(p, 1.5, APART_NS, stalled);
	*stalled &= w->outside.n > 0;
	return all;
}

void
window_linger(struct python *p)
{
	uint64_t until = time_now() + hash_number(++p->window.lingered) % LINGER_NS;

	while (time_now() < until)
		;
}

enum outcome
window_read(struct python *p, struct watch *w)
{
	bool stalled = false, all;
	enum outcome outcome;

	outside_take_late(p, w);
	p->fresh.n = 0;
	plan(p, w);
	p->window.since = 0;
	p->window.whole = p->window.exchanged = p->window.missed = false;
	p->window.probes = p->window.delegates = 0;
	p->calls.window++;
	if (p->codes.epoch_field == NONE)
		p->codes.epoch++;
	all = read_window(p, w, &stalled);
	if (all)
		pulse_take(p, w->home, &p->interpreters.pulse);
	if (all && p->codes.epoch_field != NONE)
		p->codes.epoch = p->interpreters.pulse.words[WORD_EPOCH];
	outcome = all ? check_prediction(p, w) : window_begin(p, w);
	p->window.stalled = stalled;
	p->window.twice |= stalled;
	return outcome;
}
