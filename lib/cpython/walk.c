/* SPDX-License-Identifier: MIT */
/*
 * The way from the innermost frame outwards, in the copies of the window.
 */
#include "cpython/python.h"

enum {
	STEPS_MAX = 1 << 20, /* of one walk */
	DISCOVER_MAX =
		1024, /* unknown frames outside of the chunks that are looked for at once */
	OWNER_C_STACK = 3, /* or above: no frame of a function */
};

/* The words of one copy that lie at a frame. */
struct words {
	uint64_t code, previous, instruction;
	unsigned char owner;
};

/*
 * Whether the frame at at has called a frame of Python and waits for it: the
 * depth of its value stack is told then, and only then. A frame that still
 * runs has none inside of it, whatever lies there from calls before.
 */
static bool
is_waiting(const struct python *p, uint32_t at)
{
	for (unsigned i = 0; i < 2; i++) {
		const unsigned char *stack = copy_at(p, i, at) + p->layout.frame_stack;

		if (p->layout.frame_stack_width == 8 ? word_at(stack) == 0
		                                     : half_at(stack) >> 31)
			return false;
	}
	return true;
}

struct walk {
	uint64_t frame;  /* the one to look at */
	uint64_t via;    /* the frame of the C stack passed last, or 0 */
	size_t left;     /* seen frames that may be met */
	uint32_t lowest; /* frames in chunks come in falling order */
	unsigned copy;   /* the one that is followed */
	bool salvage;    /* go on where the copies differ, and keep what is outside of there */
	bool first;
};

enum step { ONWARD, ARRIVED, LOST, LEARNT };

static struct words
words_at(const struct python *p, unsigned copy, uint32_t at)
{
	const unsigned char *frame = copy_at(p, copy, at);

	return (struct words){
		.code = word_at(frame + p->layout.frame_code),
		.previous = word_at(frame + p->layout.frame_previous),
		.instruction = word_at(frame + p->layout.frame_instruction),
		.owner = frame[p->layout.frame_owner],
	};
}

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
	const struct chunk *newest = w->chunks.n ? &w->chunks.at[w->chunks.n - 1] : NULL;
	uint32_t end = newest ? newest->at + newest->used : 0;
	size_t i;

	for (i = 0; i < w->seen.n; i++) {
		const struct seen *s = &w->seen.at[i];
		const unsigned char *before = copy_at(p, 0, s->at),
				    *after = copy_at(p, 1, s->at);

		if (s->at + p->layout.frame_size > end || !is_as_seen(&p->layout, before, s) ||
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
	                      frame == word_at(p->state + p->layout.thread_base));
}

static struct link *
link_slot(struct watch *w, uint64_t via, uint64_t inner)
{
	return &w->links[hash_number(via ^ inner << 16) % LINKS];
}

/* What lies outside of a frame of the C stack, without reading that. */
static bool
follow_link(const struct python *p, struct watch *w, const struct seen *inner, uint64_t *frame)
{
	const struct link *link = link_slot(w, *frame, inner->address);
	uint32_t at;
	struct words b, a;

	if (!link->known || link->via != *frame || link->inner != inner->address ||
	    link->inner_code != inner->code)
		return false;
	if (link->outer) {
		if (!frame_locate(p, w, link->outer, &at))
			return false;
		b = words_at(p, 0, at);
		a = words_at(p, 1, at);
		if (b.code != link->outer_code || a.code != link->outer_code ||
		    b.instruction != link->outer_instruction ||
		    a.instruction != link->outer_instruction)
			return false;
	}
	*frame = link->outer;
	return true;
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
	uint64_t top = word_at(p->state + l->thread_chunk_top);
	uint32_t first = l->chunk_data + 8; /* CPython skips a word of the oldest */

	if (w->chunks.n == 1 && top <= w->chunks.at[0].address + first)
		return outermost == UINT32_MAX;
	return w->chunks.n == 0 || outermost <= w->chunks.at[0].at + first;
}

/* That via leads from the frame inner to the frame outer, which is at at; 0: to the end. */
static void
note_link(struct python *p, uint64_t via, const struct seen *inner, uint64_t outer, uint32_t at)
{
	struct words words = { 0 };

	if (outer)
		words = words_at(p, 1, at);
	*vec_push(p->arena, &p->noted) = (struct link){
		.via = via,
		.inner = inner->address,
		.inner_code = inner->code,
		.outer = outer,
		.outer_code = words.code,
		.outer_instruction = words.instruction,
	};
}

/* Remembers the links of a walk that has arrived. */
static void
keep_links(struct python *p, struct watch *w)
{
	for (size_t i = 0; i < p->noted.n; i++) {
		const struct link *n = &p->noted.at[i];
		struct link *link = link_slot(w, n->via, n->inner);

		if (link->via != n->via || link->inner != n->inner ||
		    link->inner_code != n->inner_code || link->outer != n->outer ||
		    link->outer_code != n->outer_code ||
		    link->outer_instruction != n->outer_instruction)
			*link = *n;
		link->known = sighting_add(&link->sighting, p->window);
	}
}

/* Frames outside of the chunks that we do not know yet: finds the whole way through them. */
static enum step
discover(struct python *p, struct watch *w, uint64_t frame)
{
	unsigned char bytes[FRAME_BYTES];
	uint32_t at;

	for (unsigned n = 0; n < DISCOVER_MAX && !is_end(p, frame); n++) {
		size_t i = 0;

		if (frame_locate(p, w, frame, &at))
			break;
		if (frame % 8 || !remote_read(p->remote, frame, bytes, p->layout.frame_size))
			return LOST;
		while (i < w->outside.n && w->outside.at[i].address)
			i++;
		if (i == OUTSIDE_MAX)
			return LOST;
		if (i == w->outside.n)
			vec_push(p->arena, &w->outside);
		w->outside.at[i] = (struct outside){ .address = frame };
		frame = word_at(bytes + p->layout.frame_previous);
	}
	return LEARNT;
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

/* A frame of a function: kept when both copies agree. The instruction may move in the first one. */
static enum step
take_frame(struct python *p, struct walk *k, uint32_t at, bool outside)
{
	struct words b = words_at(p, k->copy ^ 1, at), a = words_at(p, k->copy, at);
	bool agree = b.code == a.code && b.previous == a.previous && pointer_of(a.code) != 0 &&
	             (b.instruction == a.instruction || (k->first && !k->salvage));

	if ((!agree && !k->salvage) || (!outside && at >= k->lowest))
		return LOST;
	if (!outside)
		k->lowest = at;
	if (agree)
		*vec_push(p->arena, &p->fresh) = (struct seen){
			.address = k->frame,
			.code = a.code,
			.previous = a.previous,
			.instruction = a.instruction,
			.at = at,
			.entry = p->layout.frame_entry != NONE &&
			         copy_at(p, k->copy, at)[p->layout.frame_entry] == 1,
		};
	else
		p->fresh.n = 0;
	k->first = false;
	k->frame = a.previous;
	return ONWARD;
}

/* A frame of the C stack stands for no function, but says that C called into Python. */
static enum step
pass_c_stack(struct python *p, struct walk *k, struct seen *inner, uint32_t at)
{
	struct words b = words_at(p, k->copy ^ 1, at), a = words_at(p, k->copy, at);
	bool agree = b.previous == a.previous && b.owner == a.owner;

	if (inner)
		inner->entry = true;
	if (!agree)
		p->fresh.n = 0;
	k->via = k->frame;
	k->frame = a.previous;
	k->first = false;
	return agree || k->salvage ? ONWARD : LOST;
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
		if (!inner || k->via || !follow_link(p, w, inner, &k->frame))
			return k->salvage ? LOST : discover(p, w, k->frame);
		inner->entry = true;
		return ONWARD;
	}
	outside = at < OUTSIDE_MAX * p->slot;
	if (!end && outside && words_at(p, k->copy, at).owner >= OWNER_C_STACK)
		return pass_c_stack(p, k, inner, at);
	if (k->via && inner)
		note_link(p, k->via, inner, end ? 0 : k->frame, at);
	k->via = 0;
	if (!end && inner && !inner->entry && !is_waiting(p, at)) {
		if (!k->salvage)
			return LOST;
		p->fresh.n = 0;
	}
	if (end && !is_whole(p, w, k->lowest))
		return LOST;
	if (end)
		k->left = 0;
	else if (!meets_seen(w, &k->left, k->frame, at, outside))
		return take_frame(p, k, at, outside);
	return ARRIVED;
}

static enum outcome
walk(struct python *p, struct watch *w, struct walk k, size_t *keep)
{
	enum step now = ONWARD;

	p->fresh.n = p->noted.n = 0;
	for (unsigned n = 0; now == ONWARD && n < STEPS_MAX; n++)
		now = step(p, w, &k);
	*keep = k.left;
	return now == ARRIVED ? MATCH : now == LEARNT ? AGAIN : MOVED;
}

/* Before 3.13 the C stack's newest CFrame tells the innermost frame. */
static uint64_t
innermost(const struct python *p)
{
	return p->layout.thread_cframe != NONE ? p->frame_by_cframe
	                                       : word_at(p->state + p->layout.thread_frame);
}

enum outcome
walk_stack(struct python *p, struct watch *w, size_t *keep)
{
	struct walk k = { .frame = innermost(p),
		          .left = count_same(p, w),
		          .lowest = UINT32_MAX };
	enum outcome outcome;

	k.copy = 1;
	k.first = true;
	outcome = walk(p, w, k, keep);
	if (outcome == MATCH)
		keep_links(p, w);
	return outcome;
}

/*
 * How many of the outermost n seen frames, the same again in both copies, are
 * not left over from calls that have returned: a frame lies below the top of
 * its chunk, and the one outside of it waits for it or has called C.
 */
static size_t
count_alive(const struct python *p, const struct watch *w, size_t n)
{
	uint64_t top = word_at(p->state + p->layout.thread_chunk_top);
	uint32_t newest = w->chunks.n ? w->chunks.at[w->chunks.n - 1].at : UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		const struct seen *s = &w->seen.at[i];

		if (s->at >= newest && s->address + p->layout.frame_size > top)
			return i;
		if (i > 0 && !s->entry && !is_waiting(p, w->seen.at[i - 1].at))
			return i;
	}
	return n;
}

size_t
walk_salvage(struct python *p, struct watch *w)
{
	struct walk k = { .frame = innermost(p),
		          .left = count_same(p, w),
		          .lowest = UINT32_MAX };
	size_t keep[2] = { 0 }, n[2] = { 0 };

	k.salvage = true;
	for (unsigned i = 0; i < 2; i++) {
		k.copy = i;
		if (walk(p, w, k, &keep[i]) == MATCH)
			n[i] = keep[i] + p->fresh.n;
	}
	if (n[0] > n[1]) {
		k.copy = 0;
		walk(p, w, k, &keep[1]);
	}
	if (n[0] + n[1] > 0)
		return keep[1];
	p->fresh.n = 0;
	return count_alive(p, w, k.left);
}
