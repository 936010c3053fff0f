/* SPDX-License-Identifier: MIT */
/*
 * The stack of a thread before 3.11, while it runs: frames are objects on the
 * heap, each of which knows the next outer one. A function's frame is kept for
 * its next call, so the same addresses come again, sample after sample: what
 * to read is predicted from what was outside of each frame when it was read last.
 *
 * Each piece of memory that holds frames is read twice, the innermost first,
 * and so that the next outer one is read in between:
 *
 *	state P0 P1 P0 P2 P1 P3 P2 ... Pn Pn-1 Pn
 *
 * A frame that is the same both times was there in between, when its caller
 * was read; so a caller is seen to wait for the very frame that is shown inside
 * of it, however long the whole takes and in however many system calls. To
 * fool this, a program has to leave a frame and to come back to it, by the same
 * way, between two reads that are a microsecond or two apart. (Read from end to
 * end and back again, short loops come round in that time.)
 *
 * A program does just that where two callers share a few functions which call on to
 * others of a microsecond and more: it needs a third of one to return from these and to
 * be there again. Where one step ends and another begins it has three, and 20 to 45 of a
 * hundred stacks of such programs joined one caller to what only the other one reaches. So
 * the ways that a stack must have taken are learnt only of chains that were read in one
 * step, and in which the frames that wait have the same values both times, as those of
 * another call seldom have. (They may have, if methods of one object are handed over: each
 * is bound where the last one was.)
 *
 * What moves most is the innermost frame: in nine of ten attempts it is another
 * one by the time that the system call has begun. So a sample's first step is short,
 * costs little when it fails, and holds what that frame calls and who called it
 * as well; which of them is the innermost is told by the state. What a step
 * predicted wrongly is corrected by the next, while the program moves on inside.
 * The windows after it, which are there to learn, begin with all that is predicted.
 */
#include "cpython/python.h"

#include <string.h>

enum {
	STALL_NS = 3000,
	CALL_NS = 50,         /* less than returning from a frame and calling it again takes */
	FRAMES_MAX = 1 << 15, /* of a chain; far more than the C stack has room for */
	PART_BYTES = 4096,    /* read sooner than a program calls all the frames inside of it */
	FAR = 64, /* frames that take longer to return from than one step after another does */
	FEW = 5,  /* frames of the first step, and of one after a wrong prediction */
	MANY = 1024, /* at most, of a step */
	TRIES = 16,  /* of a read, which ends in its first step most often */
};

struct heap_view
heap_view(const struct layout *l, const unsigned char *frame)
{
	return (struct heap_view){
		.code = word_at(frame + l->frame_code),
		.back = word_at(frame + l->frame_previous),
		.instruction = (int32_t)half_at(frame + l->frame_instruction),
		.running = (signed char)frame[l->frame_running],
	};
}

bool
heap_is_live(const struct python *p, struct heap_view v)
{
	return v.code && v.code % 8 == 0 && v.instruction >= -1 &&
	       (v.running == p->heap.live[0] || v.running == p->heap.live[1] ||
	        (v.instruction == -1 && v.back));
}

/* Where in that copy the i-th frame of the chain is. */
static const unsigned char *
bytes_at(const struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct heap_frame *frame = &w->chain.at[i];
	const struct part *part = &p->heap.parts.at[frame->part];

	return p->window.copies[copy] + part->at + (frame->address - part->from);
}

static struct heap_view
view_at(const struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	return heap_view(&p->layout, bytes_at(p, w, i, copy));
}

/* Whether both copies show the i-th frame of the chain, within the one that follows. */
static bool
agrees(const struct python *p, const struct watch *w, size_t i)
{
	uint64_t outer = i + 1 < w->chain.n ? w->chain.at[i + 1].address : 0;
	struct heap_view a = view_at(p, w, i, 0), b = view_at(p, w, i, 1);

	return a.code == b.code && a.back == outer && b.back == outer && heap_is_live(p, a) &&
	       heap_is_live(p, b) && (a.instruction == b.instruction || i == 0);
}

/* Takes the outermost n frames: p->fresh; the number of those that are as seen before. */
static size_t
take_frames(struct python *p, const struct watch *w, size_t n)
{
	size_t keep = 0;

	p->fresh.n = 0;
	for (size_t i = w->chain.n - n; i < w->chain.n; i++) {
		struct heap_view v = view_at(p, w, i, 0);

		*vec_push(p->arena, &p->fresh) = (struct seen){
			.address = w->chain.at[i].address,
			.code = v.code,
			.previous = v.back,
			.instruction = (uint32_t)v.instruction,
		};
	}
	while (keep < w->seen.n && p->fresh.n) {
		const struct seen *s = &w->seen.at[keep], *f = &p->fresh.at[p->fresh.n - 1];

		if (s->address != f->address || s->code != f->code ||
		    s->previous != f->previous || s->instruction != f->instruction)
			break;
		keep++;
		p->fresh.n--;
	}
	return keep;
}

struct back *
heap_back(struct python *p, uint64_t frame)
{
	struct back *row = &p->heap.backs[hash_number(frame) % (BACKS / BACKS_ROW) * BACKS_ROW];

	for (unsigned i = 0; i < BACKS_ROW; i++)
		if (row[i].frame == frame)
			return &row[i];
	return &row[p->codes.epoch % BACKS_ROW];
}

/* What is read of the i-th frame, of which that is known: its values, too, if it is soon left. */
static uint32_t
bytes_of(struct python *p, size_t i, uint64_t frame, const struct back *known)
{
	const struct code *c =
		i < FAR && known->frame == frame ? code_known(p, known->code) : NULL;

	if (!c || c->frame_bytes < p->layout.frame_size)
		return p->layout.frame_size;
	return c->frame_bytes < VALUES_BYTES ? c->frame_bytes : VALUES_BYTES;
}

/*
 * Adds that frame to the chain, and as many of those outside of it as are known
 * from the last time, so that it has at most most frames. True: no other is
 * outside of these.
 */
static bool
predict(struct python *p, struct watch *w, uint64_t frame, size_t most)
{
	while (frame && w->chain.n < most) {
		const struct back *known = heap_back(p, frame);

		*vec_push(p->arena, &w->chain) = (struct heap_frame){
			.address = frame,
			.bytes = bytes_of(p, w->chain.n, frame, known),
		};
		if (known->frame != frame)
			return false;
		frame = known->back;
	}
	return frame == 0;
}

/* Makes the part hold [from, end) as well, if that lies near it. */
static bool
extend(struct part *part, uint64_t from, uint64_t end)
{
	uint64_t low = from < part->from ? from : part->from;
	uint64_t high = end > part->end ? end : part->end;

	if (high - low > PART_BYTES)
		return false;
	part->from = low;
	part->end = high;
	return true;
}

/* Neighbours in the chain that lie close together in memory are one part. */
static bool
plan_parts(struct python *p, struct watch *w, size_t first)
{
	size_t old = p->heap.parts.n;
	uint64_t at = old ? p->heap.parts.at[old - 1].at + p->heap.parts.at[old - 1].end -
	                              p->heap.parts.at[old - 1].from
	                  : 0;

	for (size_t i = first; i < w->chain.n; i++) {
		uint64_t from = w->chain.at[i].address, end = from + w->chain.at[i].bytes;

		if (end < from)
			return false;
		if (p->heap.parts.n == old ||
		    !extend(&p->heap.parts.at[p->heap.parts.n - 1], from, end))
			*vec_push(p->arena, &p->heap.parts) = (struct part){ from, end, 0, i };
		w->chain.at[i].part = (uint32_t)p->heap.parts.n - 1;
	}
	for (size_t i = old; i < p->heap.parts.n; i++) {
		p->heap.parts.at[i].at = (uint32_t)at;
		at += p->heap.parts.at[i].end - p->heap.parts.at[i].from;
	}
	return w->chain.n <= FRAMES_MAX && copies_fit(p, at);
}

static void
add_piece(struct python *p, uint64_t from, void *to, size_t n)
{
	*vec_push(p->arena, &p->window.pieces) = (struct remote_piece){ from, to, n };
}

static void
add_part(struct python *p, size_t i, unsigned copy)
{
	const struct part *part = &p->heap.parts.at[i];

	add_piece(p, part->from, p->window.copies[copy] + part->at, part->end - part->from);
}

/* Plans to read the parts from first on, and once more the one before these. */
static void
plan(struct python *p, struct watch *w, size_t first, bool ends)
{
	p->window.pieces.n = 0;
	for (size_t i = first; i <= p->heap.parts.n; i++) {
		if (i == 0)
			add_piece(p, w->shown.address, p->window.state, p->window.state_bytes);
		if (i < p->heap.parts.n)
			add_part(p, i, 0);
		if (i > 0 && (i < p->heap.parts.n || ends))
			add_part(p, i - 1, 1);
	}
	if (ends)
		pulse_add(p, w->home);
	add_piece(p, w->shown.address + p->layout.thread_frame, &w->top, sizeof w->top);
}

/* What could not be read is not predicted again. */
static void
forget(struct python *p, const struct watch *w, size_t first)
{
	for (size_t i = first ? first - 1 : 0; i < w->chain.n; i++)
		heap_back(p, w->chain.at[i].address)->frame = 0;
}

/* Whether the i-th frame, which is not what it was, ends the attempt. */
static bool
loses(struct python *p, size_t i)
{
	p->heap.lost = i + 1;
	return !p->heap.salvaging;
}

/* The chain is right up to the i-th frame, which is to be read once more. */
static enum outcome
cut(struct python *p, struct watch *w, size_t i)
{
	w->chain.n = i + 1;
	p->heap.parts.n = w->chain.at[i].part + 1;
	return AGAIN;
}

/* The one outside of the frame is that, which has called it; one that has returned tells none. */
static void
learn_back(struct python *p, uint64_t frame, struct heap_view v)
{
	struct back *known = heap_back(p, frame), *outer = heap_back(p, v.back);

	if (!v.back && !heap_is_live(p, v))
		return;
	if (known->frame != frame)
		*known = (struct back){ .frame = frame };
	known->back = v.back;
	known->code = v.code;
	if (outer->frame == v.back)
		outer->inner = frame;
}

/*
 * Compares what was read of the chain, from the frame i on; those before sure
 * were read twice. AGAIN: the chain goes on at *next.
 */
static enum outcome
judge(struct python *p, struct watch *w, size_t i, bool ends, uint64_t *next)
{
	size_t n = w->chain.n,
	       sure = ends || n == 0 ? n : p->heap.parts.at[p->heap.parts.n - 1].first;

	for (i = i < p->heap.lost && !p->heap.salvaging ? p->heap.lost : i; i < n; i++) {
		struct heap_view v = view_at(p, w, i, 0);

		learn_back(p, w->chain.at[i].address, v);
		if (!heap_is_live(p, v) && loses(p, i))
			return MOVED;
		*next = v.back;
		if (v.back != (i + 1 < n ? w->chain.at[i + 1].address : 0) ||
		    (i + 1 == n && !ends))
			return cut(p, w, i);
		if (i < sure && !agrees(p, w, i) && loses(p, i))
			return MOVED;
	}
	return MATCH;
}

/* The frames inside of the one that is the innermost have returned, or were not called yet. */
static bool
find_top(struct python *p, const struct watch *w)
{
	uint64_t top = state_word(p, p->layout.thread_frame);

	while (p->heap.lost < w->chain.n && w->chain.at[p->heap.lost].address != top)
		p->heap.lost++;
	return p->heap.lost < w->chain.n || (w->chain.n == 0 && top == 0);
}

/* What the frame called when it was last seen to call. */
static uint64_t
inner_of(struct python *p, uint64_t frame)
{
	const struct back *known = heap_back(p, frame);
	uint64_t inner = frame && known->frame == frame ? known->inner : 0;

	return inner && heap_back(p, inner)->frame == inner &&
	                       heap_back(p, inner)->back == frame
	               ? inner
	               : frame;
}

/* Reads the frames from the one at next on, as far as they can be predicted. */
static enum outcome
read_step(struct python *p, struct watch *w, size_t most, uint64_t *next)
{
	size_t first = w->chain.n, parts = p->heap.parts.n;
	bool ends = predict(p, w, *next, first + most), stalled;
	double slack_ns = STALL_NS + (double)first * CALL_NS;

	if (!plan_parts(p, w, first))
		return MOVED;
	plan(p, w, parts, ends);
	if (!window_in_time(p, 2.5, slack_ns, &stalled)) {
		forget(p, w, first);
		return heap_begin(p, w) == ENDED ? ENDED : MOVED;
	}
	p->window.stalled |= stalled;
	if (ends)
		pulse_take(p, w->home, &p->interpreters.pulse);
	if (parts == 0 && !thread_is_same(p, w))
		return ENDED;
	if (stalled || (parts == 0 && !p->heap.salvaging && !find_top(p, w)))
		return MOVED;
	return judge(p, w, parts ? p->heap.parts.at[parts - 1].first : 0, ends, next);
}

/* Reads outwards from the frame that was the innermost one just now. */
static enum outcome
read_chain(struct python *p, struct watch *w)
{
	uint64_t next = inner_of(p, w->top);
	enum outcome outcome = AGAIN;
	bool learns = p->guess.tried || remote_by_file(p->remote);

	w->chain.n = p->heap.parts.n = p->heap.lost = 0;
	p->window.since = 0;
	p->window.stalled = false;
	p->heap.at_once = true;
	for (size_t most = learns ? MANY : FEW, told = 0; outcome == AGAIN; told = w->chain.n) {
		p->heap.at_once &= told == 0 || told >= FAR;
		outcome = read_step(p, w, most, &next);
		most = w->chain.n - told < most ? FEW : most < MANY ? 2 * most : MANY;
	}
	return outcome;
}

enum outcome
heap_begin(struct python *p, struct watch *w)
{
	if (!remote_read(p->remote, w->shown.address, p->window.state, p->window.state_bytes) ||
	    !thread_is_same(p, w))
		return ENDED;
	w->top = state_word(p, p->layout.thread_frame);
	return AGAIN;
}

enum outcome
heap_read(struct python *p, struct watch *w)
{
	enum outcome outcome = MOVED;

	p->codes.epoch++;
	for (size_t i = 0; outcome == MOVED && i < (p->guess.tried ? TRIES : 1);
	     i += 1 + w->chain.n / MANY)
		outcome = read_chain(p, w);
	p->window.whole = true;
	if (outcome == MATCH)
		p->calls.window++; /* what others show is no reason to doubt what this does */
	return outcome;
}

/* Whether the i-th frame, which waits, is of one call in both copies, as far as values were read. */
static bool
is_one_call(const struct python *p, const struct watch *w, size_t i)
{
	uint32_t from = p->layout.frame_locals, bytes = w->chain.at[i].bytes;

	return bytes <= from || memcmp(bytes_at(p, w, i, 0) + from, bytes_at(p, w, i, 1) + from,
	                               bytes - from) == 0;
}

bool
heap_proves_ways(const struct python *p, const struct watch *w)
{
	bool proves = p->heap.at_once;

	for (size_t i = p->heap.lost + 1; proves && i < w->chain.n; i++)
		proves = is_one_call(p, w, i);
	return proves;
}

size_t
heap_walk(struct python *p, const struct watch *w)
{
	return take_frames(p, w, w->chain.n - p->heap.lost);
}

/* Whatever agrees of the outermost part, though the frames inside of it have gone. */
size_t
heap_salvage(struct python *p, struct watch *w)
{
	size_t n;

	p->heap.salvaging = true;
	n = read_chain(p, w) == MATCH ? w->chain.n - p->heap.lost : 0;
	p->heap.salvaging = false;
	return take_frames(p, w, n);
}
