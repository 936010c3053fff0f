/* SPDX-License-Identifier: MIT */
/*
 * The innermost frame of the moment of the state, by its place and by where it ended.
 */
#include "cpython/python.h"

enum { STEPS_MAX = 16 };

uint64_t
top_of_chunks(const struct python *p)
{
	return state_word(p, p->layout.thread_chunk_top);
}

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

/*
 * The frame that ended at the top of the chunks, of those that f had called, one inside of
 * the other, and which have returned; or where the first of them was, if it has gone; or f,
 * which has taken the place of one that was smaller.
 */
static uint64_t
step_inwards(struct python *p, const struct watch *w, unsigned copy, uint64_t f)
{
	uint64_t top = top_of_chunks(p), first = frame_end(p, w, copy, f), next = first, end;

	for (unsigned n = 0; n < STEPS_MAX && next && next < top; n++, next = end) {
		end = frame_end(p, w, copy, next);
		if (end == top)
			return next;
	}
	return first && first < top ? first : f;
}

/*
 * Before 3.13 the CFrame is read after the state: calls may have returned since, or have
 * begun. Where the innermost frame in the chunks ended is in the state, so the innermost
 * of all was the one that ends there, or what it had called outside of them.
 */
static uint64_t
step_to_top(struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	const struct chunk *newest = w->chunks.n ? &w->chunks.at[w->chunks.n - 1] : NULL;
	uint64_t top = top_of_chunks(p), inner = frame, f = frame;
	uint32_t at;

	for (unsigned n = 0; n < STEPS_MAX && frame_locate(p, w, f, &at); n++) {
		struct frame_words words = frame_words(p, copy, at);
		bool above = at >= OUTSIDE_BYTES && f >= top;

		if (at >= OUTSIDE_BYTES && f - newest->address >= newest->used)
			break; /* it called none in there */
		if (at >= OUTSIDE_BYTES && !above)
			return frame_end(p, w, copy, f) == top ? inner
			                                       : step_inwards(p, w, copy, f);
		f = words.previous;
		if (above || words.owner >= OWNER_C_STACK)
			inner = f;
	}
	return frame;
}

bool
top_fits(struct python *p, const struct watch *w, unsigned copy, uint64_t *frame)
{
	uint64_t top = top_of_chunks(p), end;
	uint32_t at;

	*frame = top_frame(p, copy);
	if (p->layout.thread_cframe != NONE)
		*frame = step_to_top(p, w, copy, *frame);
	if (!frame_locate(p, w, *frame, &at) || at < OUTSIDE_BYTES)
		return true;
	end = frame_end(p, w, copy, *frame);
	return end && (end == top || frame_end(p, w, copy, end) == top);
}
