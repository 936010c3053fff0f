/* SPDX-License-Identifier: MIT */
/*
 * The innermost frame of the moment of the state, by its place and by where it ended.
 */
#include "cpython/python.h"

enum { CALLS_MAX = 16 }; /* that began, or returned, since the state was read */

uint64_t
top_frame(const struct python *p, unsigned copy)
{
	if (p->layout.thread_cframe == NONE)
		return state_word(p, p->layout.thread_frame);
	return p->window.frame_by_cframe[p->window.exchanged ? BEGUN : copy ? AFTER : BEFORE];
}

uint64_t
frame_end(struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	const struct code *c;
	struct frame_words words;
	uint32_t at;

	if (!frame_locate(p, w, frame, &at))
		return 0;
	words = frame_words(p, copy, at);
	if (pointer_of(words.code) == 0)
		c = code_left(p, words.instruction);
	else if (!(c = code_known(p, pointer_of(words.code))))
		c = code_read(p, pointer_of(words.code));
	return c ? frame + c->frame_bytes : 0;
}

/* Whether the frame ends at the top of the chunks, or one that it calls does, or it lies outside. */
static bool
ends_at_top(struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	uint64_t top = top_of_chunks(p), end;
	uint32_t at;

	if (!frame_locate(p, w, frame, &at) || at < OUTSIDE_BYTES)
		return true;
	end = frame_end(p, w, copy, frame);
	return end && (end == top || frame_end(p, w, copy, end) == top);
}

uint64_t
top_before_call(struct python *p, const struct watch *w)
{
	const struct layout *l = &p->layout;
	uint64_t cframe, frame;

	if (l->thread_cframe == NONE)
		return 0;
	cframe = state_word(p, l->thread_cframe);
	if (!remote_read(p->remote, cframe + l->cframe_previous, &cframe, sizeof cframe) ||
	    !remote_read(p->remote, cframe + l->cframe_frame, &frame, sizeof frame))
		return 0;
	return ends_at_top(p, w, 1, frame) ? frame : 0;
}

uint64_t
frame_below(struct python *p, const struct watch *w, unsigned copy, uint32_t end)
{
	uint32_t size = frame_least(&p->layout);
	size_t i = w->chunks.n;

	if (i == 0)
		return 0;
	if (end == UINT32_MAX)
		end = (uint32_t)(top_of_chunks(p) - w->chunks.at[i - 1].address) +
		      w->chunks.at[i - 1].at;
	while (i > 1 && w->chunks.at[i - 1].at >= end)
		i--;
	if (end > w->chunks.at[i - 1].at + w->chunks.at[i - 1].used)
		return 0;
	for (uint32_t from = w->chunks.at[i - 1].at + p->layout.chunk_data, at = end - size;
	     at >= from && at < end && end - at <= VALUES_BYTES; at -= 8) {
		struct frame_words f = frame_words(p, copy, at);
		const struct code *c = f.previous && f.owner == OWNER_THREAD
		                               ? code_known(p, pointer_of(f.code))
		                               : NULL;

		if (c && at + c->frame_bytes == end)
			return w->chunks.at[i - 1].address + at - w->chunks.at[i - 1].at;
	}
	return 0;
}

/* Whether the function of that frame is known to call the function inner, or mentions it. */
static bool
frame_may_call(struct python *p, const struct watch *w, unsigned copy, uint64_t outer,
               const struct code *inner)
{
	const struct code *c;
	uint32_t at;

	if (!inner || !frame_locate(p, w, outer, &at))
		return false;
	c = code_known(p, pointer_of(frame_words(p, copy, at).code));
	return c && call_is_possible(p, &c->shown, &inner->shown);
}

static uint64_t
previous_of(const struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	uint32_t at;

	return frame_locate(p, w, frame, &at) ? frame_words(p, copy, at).previous : 0;
}

/*
 * The innermost frame, where a generator ran a moment later, which does not tell who called
 * it any more. The last frame, which ended at the top of the chunks, had called it, unless it
 * was called by the generator; or unless its own function may not call that one, and that of
 * its caller or of what it called next may.
 */
static uint64_t
step_to_generator(struct python *p, const struct watch *w, unsigned copy, uint64_t generator,
                  uint64_t code)
{
	const struct code *inner = code_known(p, code);
	uint64_t top = top_of_chunks(p), last = frame_below(p, w, copy, UINT32_MAX);
	uint64_t outer = previous_of(p, w, copy, last);
	bool may_be_last;

	if (last == 0)
		return generator;
	if (outer == generator)
		return last;
	if (generator_caller(p, w, generator, copy) || frame_may_call(p, w, copy, last, inner))
		return generator;
	may_be_last = frame_may_call(p, w, copy, outer, inner) ||
	              (previous_of(p, w, copy, top) == last &&
	               frame_may_call(p, w, copy, top, inner));
	return may_be_last ? last : generator;
}

/*
 * The frame that ended at the top of the chunks, of those that f had called, one inside of
 * the other, and which have returned; or where the first of them was, if it has gone; or f,
 * which has taken the place of one that was smaller.
 */
static uint64_t
step_inwards(struct python *p, const struct watch *w, unsigned copy, uint64_t f)
{
	uint64_t top = top_of_chunks(p), first = frame_end(p, w, copy, f), next = first, end;

	for (unsigned n = 0; n < CALLS_MAX && next && next < top; n++, next = end) {
		end = frame_end(p, w, copy, next);
		p->window.strayed |= n > 0;
		if (end == top)
			return next;
	}
	return first && first < top ? first : f;
}

/*
 * The innermost frame, if f lies below the top of the chunks: inner, which is f or was called
 * by it outside of them, or what has returned since; by_c: C had called something for inner.
 */
static uint64_t
step_from(struct python *p, const struct watch *w, unsigned copy, uint64_t f, uint64_t inner,
          bool by_c)
{
	if (frame_end(p, w, copy, f) != top_of_chunks(p))
		return step_inwards(p, w, copy, f);
	return by_c ? generator_driven(p, w, inner, copy) : inner;
}

/*
 * Before 3.13 the CFrame is read at another moment than the state: calls may have returned
 * in between, or have begun. Where the innermost frame in the chunks ended is in the state, so
 * the innermost of all was the one that ends there, or what it had called outside of them.
 */
static uint64_t
step_to_top(struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	const struct chunk *newest = newest_chunk(w);
	uint64_t inner = frame, f = frame;
	bool by_c = false; /* what C had called has returned */
	unsigned begun = 0;
	uint32_t at;

	for (unsigned n = 0; n < CALLS_MAX && f; n++) {
		struct frame_words words;
		uint64_t here = f;

		if (!frame_locate(p, w, f, &at) && !outside_read_late(p, f, &at))
			break;
		if (at >= OUTSIDE_BYTES && f - newest->address >= newest->used)
			break; /* its caller lies in an older chunk */
		if (at >= OUTSIDE_BYTES && f < top_of_chunks(p))
			return step_from(p, w, copy, f, inner, by_c);
		words = frame_words(p, copy, at);
		if (words.previous == 0 && words.owner == OWNER_GENERATOR && f == frame)
			return step_to_generator(p, w, copy, f, pointer_of(words.code));
		f = words.previous;
		by_c |= words.owner >= OWNER_C_STACK && n == 0;
		begun += words.owner == OWNER_THREAD;
		p->window.strayed |= begun > 1;
		if (words.owner == OWNER_THREAD ||
		    (words.owner >= OWNER_C_STACK && inner == here))
			inner = f; /* what had not begun yet */
	}
	return frame;
}

bool
top_fits(struct python *p, const struct watch *w, unsigned copy, uint64_t *frame)
{
	p->window.strayed = false;
	*frame = top_frame(p, copy);
	if (p->layout.thread_cframe != NONE && *frame) {
		*frame = step_to_top(p, w, copy, *frame);
		if (!*frame)
			return false;
	}
	return ends_at_top(p, w, copy, *frame);
}
