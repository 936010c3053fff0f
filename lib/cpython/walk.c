/* SPDX-License-Identifier: MIT */
/*
 * The way from the innermost frame outwards, in the copies of the window.
 */
#include "cpython/python.h"

enum {
	STEPS_MAX = 1 << 20, /* of one walk */
};

/*
 * Whether the frame at at has called a frame of Python and waits for it: the
 * depth of its value stack is told then, and only then. A frame that still
 * runs has none inside of it, whatever lies there from calls before.
 */
bool
frame_is_waiting(const struct python *p, uint32_t at)
{
	return frame_waits(p, copy_at(p, 0, at)) && frame_waits(p, copy_at(p, 1, at));
}

struct walk {
	uint64_t frame;  /* the one to look at */
	uint64_t via;    /* the frame of the C stack passed last, or 0 */
	size_t left;     /* seen frames that may be met */
	size_t passed;   /* frames outside of the chunks, of which each is met at most once */
	uint32_t lowest; /* frames in chunks come in falling order */
	unsigned copy;   /* the one that is followed */
	bool first;
};

enum step { ONWARD, ARRIVED, LOST };

static inline bool
is_as_seen(const struct layout *l, const unsigned char *frame, const struct seen *s)
{
	return word_at(frame + l->frame_code) == s->code &&
	       word_at(frame + l->frame_previous) == s->previous &&
	       word_at(frame + l->frame_instruction) == s->instruction;
}

/* The outermost frames that are in both copies what they were in the last sample. */
static size_t
count_same(const struct python *p, const struct watch *w)
{
	const struct chunk *newest = newest_chunk(w);
	uint32_t end = newest ? newest->at + newest->used : 0;
	size_t i;

	for (i = 0; i < w->seen.n; i++) {
		const struct seen *s = &w->seen.at[i];
		const unsigned char *before = copy_at(p, 0, s->at),
				    *after = copy_at(p, 1, s->at);

		if (s->at + frame_least(&p->layout) > end ||
		    !is_as_seen(&p->layout, before, s) ||
		    (after != before && !is_as_seen(&p->layout, after, s)))
			break;
	}
	return i;
}

/* The chain ends at 0, and from 3.15 on at a frame that the thread's state holds. */
static bool
is_end(const struct python *p, uint64_t frame)
{
	return frame == 0 || (p->layout.thread_base != NONE &&
	                      frame == word_at(p->window.state + p->layout.thread_base));
}

/*
 * Whether a chain that ends here is whole. A suspended generator has lost what
 * is outside of it; but the frame that began the oldest chunk is part of every
 * stack, because it goes last.
 */
static bool
is_whole(const struct python *p, const struct watch *w, uint32_t outermost)
{
	const struct layout *l = &p->layout;
	uint64_t top = top_of_chunks(p);
	uint32_t first = l->chunk_data + 8; /* CPython skips a word of the oldest */

	if (w->chunks.n == 1 && top <= w->chunks.at[0].address + first)
		return outermost == UINT32_MAX;
	return w->chunks.n == 0 || outermost <= w->chunks.at[0].at + first;
}

/* The frames of the walk so far may have been others at the moment of the state. */
static void
doubt(struct python *p)
{
	p->doubtful = p->fresh.n;
}

/* Whether frame is one of the outermost *left seen ones, all the same; then *left counts up to it. */
static bool
meets_seen(const struct watch *w, size_t *left, uint64_t frame, uint32_t at, bool outside)
{
	for (size_t i = *left; i > 0; i--) {
		const struct seen *s = &w->seen.at[i - 1];

		if (s->address == frame) {
			*left = i;
			return true;
		}
		if (!outside && s->at < at && s->at >= w->chunks.at[0].at)
			return false;
	}
	return false;
}

/*
 * Whether a generator's frame is being executed, as all on a stack are. Before
 * 3.13 a new CFrame is in place for a moment before it tells its frame: what is
 * told then may be a generator that ended long ago.
 */
static bool
is_executing(const struct python *p, uint32_t at)
{
	for (unsigned i = 0; i < 2; i++) {
		uint32_t state = generator_state(p, i, at);

		if (state != NONE && state != p->executing)
			return false;
	}
	return true;
}

/* Whether a generator has not begun: it was made where another one had been, which has ended. */
static bool
is_created(const struct python *p, unsigned copy, uint32_t at)
{
	uint32_t state = generator_state(p, copy, at);

	return state != NONE && state == p->layout.generator_created;
}

/* Whether a frame of the newest chunk lies above its top: it is left over from a call that has returned. */
static bool
is_left_over(const struct python *p, const struct watch *w, uint64_t frame)
{
	const struct chunk *newest = newest_chunk(w);

	return newest && frame - newest->address < newest->used &&
	       frame + frame_least(&p->layout) > p->window.top;
}

/*
 * The top of the chunks; above it nothing is alive. Before 3.13 the innermost
 * frame is read after it, and may have been pushed since, if the thread runs.
 */
static void
find_top(struct python *p, const struct watch *w, uint64_t innermost)
{
	const struct chunk *newest = newest_chunk(w);

	p->window.top = top_of_chunks(p);
	if (p->layout.thread_cframe != NONE && newest && !w->shown.stands &&
	    innermost - newest->address < newest->used && innermost >= p->window.top)
		p->window.top = innermost + frame_least(&p->layout);
}

/*
 * Whether the frame at that address may have called one that lies outside, and is the
 * innermost of the walk: if it lies in the chunks, it ended at the top of them then.
 */
static bool
may_be_innermost(struct python *p, const struct watch *w, const struct walk *k, uint64_t frame)
{
	uint32_t at;

	if (k->lowest != UINT32_MAX || !frame_locate(p, w, frame, &at) || at < OUTSIDE_BYTES)
		return true;
	return frame_end(p, w, k->copy, frame) == top_of_chunks(p);
}

/*
 * Who called the frame. A generator that was executing at the moment of the state
 * tells that no more, or not yet, in a copy where it is not. It tells it in the
 * other, or has told it before, or it was called from the chunks.
 */
static uint64_t
caller(struct python *p, const struct watch *w, const struct walk *k, struct frame_words a,
       struct frame_words b, bool outside)
{
	uint64_t back = a.previous;

	if (back || !outside || a.owner != OWNER_GENERATOR)
		return back;
	back = b.previous ? b.previous : generator_caller(p, w, k->frame, k->copy);
	if (!back)
		back = outside_back(w, k->frame);
	if (back && !is_left_over(p, w, back) && may_be_innermost(p, w, k, back))
		return back;
	return generator_caller_within(p, w, frame_below(p, w, k->copy, k->lowest), k->frame,
	                               k->copy);
}

/* The code of a frame that has ended at that instruction; 0: unknown. */
static uint64_t
left_by(struct python *p, uint64_t instruction)
{
	const struct code *c = code_left(p, instruction);

	return c ? c->address : 0;
}

/* A frame of a function. The instruction may move in the first one. */
static enum step
take_frame(struct python *p, const struct watch *w, struct walk *k, uint32_t at, bool outside)
{
	struct frame_words b = frame_words(p, k->copy ^ 1, at), a = frame_words(p, k->copy, at);
	uint64_t back = caller(p, w, k, a, b, outside);
	bool agree = b.code == a.code && b.previous == a.previous && back == a.previous &&
	             (b.instruction == a.instruction || k->first) &&
	             (!outside || is_executing(p, at));

	if (k->first && pointer_of(a.code) == 0) {
		a.code = left_by(p, a.instruction);
		agree = false;
	}
	if (pointer_of(a.code) == 0 || (outside ? a.owner != OWNER_GENERATOR : at >= k->lowest))
		return LOST;
	if (outside && is_created(p, k->copy, at))
		return LOST;
	if (!outside)
		k->lowest = at;
	*vec_push(p->arena, &p->fresh) = (struct seen){
		.address = k->frame,
		.code = a.code,
		.previous = back,
		.instruction = a.instruction,
		.at = at,
		.entry = frame_is_entry(p, copy_at(p, k->copy, at)),
	};
	if (!agree || outside_is_late(at))
		doubt(p);
	k->first = false;
	k->frame = back;
	return ONWARD;
}

/* A frame of the C stack stands for no function, but says that C called into Python. */
static enum step
pass_c_stack(struct python *p, struct walk *k, struct seen *inner, uint32_t at)
{
	struct frame_words b = frame_words(p, k->copy ^ 1, at), a = frame_words(p, k->copy, at);

	if (inner)
		inner->entry = true;
	if (b.previous != a.previous || b.owner != a.owner || outside_is_late(at))
		doubt(p);
	k->via = k->frame;
	k->frame = a.previous;
	k->first = false;
	return ONWARD;
}

/*
 * From 3.12 on a class that is called puts a frame of its own between the caller
 * and __init__, in the chunk. It stands for no function, and for no C either.
 */
static enum step
pass_trampoline(struct python *p, struct walk *k, uint32_t at)
{
	struct frame_words b = frame_words(p, k->copy ^ 1, at), a = frame_words(p, k->copy, at);

	if (at >= k->lowest)
		return LOST;
	if (b.previous != a.previous || b.code != a.code)
		doubt(p);
	k->lowest = at;
	k->frame = a.previous;
	k->first = false;
	return ONWARD;
}

/*
 * One step outwards: to the end of the chain, to a frame that was seen before,
 * past a frame of the C stack, or past a frame of a function, which is kept.
 */
static enum step
step(struct python *p, struct watch *w, struct walk *k)
{
	struct seen *inner = p->fresh.n ? &p->fresh.at[p->fresh.n - 1] : NULL;
	bool end = is_end(p, k->frame), outside;
	uint32_t at = 0;

	if (!end && !frame_locate(p, w, k->frame, &at)) {
		if (inner && !k->via && link_follow(p, w, inner, &k->frame)) {
			inner->entry = true;
			return ONWARD;
		}
		if (!outside_read_late(p, k->frame, &at))
			return LOST;
	}
	outside = at < OUTSIDE_BYTES;
	if (!end && !outside && is_left_over(p, w, k->frame))
		return LOST;
	if (!end && outside && k->passed++ == w->outside.n + p->window.late.n)
		return LOST; /* it has gone in a circle */
	if (!end && outside && frame_words(p, k->copy, at).owner >= OWNER_C_STACK)
		return pass_c_stack(p, k, inner, at);
	if (!end && p->codes.trampoline &&
	    pointer_of(frame_words(p, k->copy, at).code) == p->codes.trampoline)
		return pass_trampoline(p, k, at);
	if (k->via && inner)
		link_note(p, k->via, inner, end ? 0 : k->frame, at);
	k->via = 0;
	if (!end && inner && !inner->entry && !frame_is_waiting(p, at))
		doubt(p);
	if (end && !is_whole(p, w, k->lowest))
		return LOST;
	if (end)
		k->left = 0;
	else if (!meets_seen(w, &k->left, k->frame, at, outside))
		return take_frame(p, w, k, at, outside);
	return ARRIVED;
}

/* Walks from where k is. */
static bool
walk_on(struct python *p, struct watch *w, struct walk *k, size_t *keep)
{
	enum step now = ONWARD;

	for (unsigned n = 0; now == ONWARD && n < STEPS_MAX; n++)
		now = step(p, w, k);
	*keep = k->left;
	return now == ARRIVED;
}

static struct walk
walk_begin(struct python *p, struct watch *w, unsigned copy, uint64_t frame)
{
	struct walk k = { .frame = frame,
		          .left = count_same(p, w),
		          .lowest = UINT32_MAX,
		          .copy = copy,
		          .first = true };

	p->fresh.n = p->noted.n = p->doubtful = 0;
	find_top(p, w, k.frame);
	return k;
}

bool
walk_stack(struct python *p, struct watch *w, unsigned copy, uint64_t frame, size_t *keep)
{
	struct walk k = walk_begin(p, w, copy, frame);

	return walk_on(p, w, &k, keep);
}

bool
walk_callers(struct python *p, struct watch *w, unsigned copy, uint64_t frame, size_t *keep)
{
	struct walk k = walk_begin(p, w, copy, frame);
	uint32_t at;

	if (!frame_locate(p, w, frame, &at) || at < OUTSIDE_BYTES || frame >= top_of_chunks(p))
		return false;
	*vec_push(p->arena, &p->fresh) =
		(struct seen){ .address = frame, .code = NOBODY, .at = at };
	doubt(p);
	k.first = false;
	k.lowest = at;
	k.frame = frame_below(p, w, copy, at);
	return k.frame && walk_on(p, w, &k, keep);
}

/*
 * A frame lies below the top of its chunk, and the one outside of it waits for
 * it or has called C: else it is left over from a call that has returned.
 */
size_t
walk_alive(struct python *p, const struct watch *w)
{
	size_t n = count_same(p, w);

	find_top(p, w, 0);
	for (size_t i = 0; i < n; i++) {
		const struct seen *s = &w->seen.at[i];

		if (is_left_over(p, w, s->address))
			return i;
		if (i > 0 && !s->entry && !frame_is_waiting(p, w->seen.at[i - 1].at))
			return i;
	}
	return n;
}
