/* SPDX-License-Identifier: MIT */
/*
 * The innermost frame of the moment of the state, by its place and by where it ended.
 */
#include "cpython/python.h"

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
 * Before 3.13 the CFrame is read after the state: a call may have returned since, or have
 * begun. Where the innermost frame ended is in the state, so it was the one that ends there.
 */
static uint64_t
step_to_top(struct python *p, const struct watch *w, unsigned copy, uint64_t frame)
{
	uint64_t top = top_of_chunks(p), end, outer;
	uint32_t at;

	if (!frame_locate(p, w, frame, &at) || at < OUTSIDE_BYTES)
		return frame;
	if (frame >= top) {
		outer = frame_words(p, copy, at).previous;
		return frame_end(p, w, copy, outer) == top ? outer : frame;
	}
	end = frame_end(p, w, copy, frame);
	return end && end < top && frame_locate(p, w, end, &at) ? end : frame;
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
