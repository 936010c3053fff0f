/* SPDX-License-Identifier: MIT */
/*
 * Up to 3.10, the stack of the frame that a window's state told, which the window did not
 * have: its frames are read after it.
 */
#include "cpython/python.h"

enum {
	RECALL_MAX = 4096,               /* frames */
	RECALL_STEP = REMOTE_PIECES_MAX, /* of these, read at once */
};

/* How many of the frames seen last lie outside of that one and are it, if it is what it was; or 0. */
static size_t
as_seen(const struct watch *w, uint64_t frame, struct heap_view v)
{
	for (size_t i = w->seen.n; i-- > 0;) {
		const struct seen *s = &w->seen.at[i];

		if (s->address == frame)
			return s->code == v.code && s->previous == v.back &&
			                       s->instruction == (uint32_t)v.instruction
			               ? i + 1
			               : 0;
	}
	return 0;
}

const struct python_code *
heap_innermost(struct python *p)
{
	uint64_t frame = state_word(p, p->layout.thread_frame), address;
	struct code *c;

	if (!frame ||
	    !remote_read(p->remote, frame + p->layout.frame_code, &address, sizeof address))
		return NULL;
	c = code_known(p, address);
	return c ? &c->shown : NULL;
}

/* The frames that were read at once, from the innermost of them on. */
struct recalled {
	unsigned n;
	uint64_t frames[RECALL_STEP];
	unsigned char bytes[RECALL_STEP][FRAME_BYTES];
};

/* What was outside of the frame the last time; 0: unknown. */
static uint64_t
known_back(struct python *p, uint64_t frame)
{
	const struct back *known = heap_back(p, frame);

	return known->frame == frame ? known->back : 0;
}

/* The same, if it was of that code then. */
static uint64_t
known_caller(struct python *p, uint64_t frame, uint64_t code)
{
	return heap_back(p, frame)->code == code ? known_back(p, frame) : 0;
}

/* Reads the frame and those that were outside of it the last time. */
static void
read_recalled(struct python *p, uint64_t frame, struct recalled *r)
{
	struct remote_piece pieces[RECALL_STEP];
	unsigned n = 0;
	ssize_t got;

	for (; n < RECALL_STEP && frame && frame % 8 == 0; n++) {
		r->frames[n] = frame;
		pieces[n] = (struct remote_piece){ frame, r->bytes[n], p->layout.frame_size };
		frame = known_back(p, frame);
	}
	got = n ? remote_read_pieces(p->remote, pieces, n) : 0;
	r->n = got < 0 ? 0 : (unsigned)((size_t)got / p->layout.frame_size);
}

/* Adds the frame, which that one had called. */
static void
add_recalled(struct python *p, uint64_t frame, struct heap_view v, uint64_t caller)
{
	*vec_push(p->arena, &p->fresh) = (struct seen){
		.address = frame,
		.code = v.code,
		.previous = caller,
		.instruction = (uint32_t)v.instruction,
		.told = heap_is_live(p, v) ? CONFIRMS : SILENT,
	};
}

/*
 * A frame that has returned since tells no more who called it, but who did is
 * known from the last time. The walk ends at a frame that is as it was seen.
 */
bool
heap_recall(struct python *p, const struct watch *w, size_t *keep)
{
	uint64_t frame = state_word(p, p->layout.thread_frame);
	struct recalled r;
	bool gone = false; /* the last frame, that who called it is known from the last time */

	r.n = 0;
	p->fresh.n = 0;
	*keep = 0;
	for (unsigned next = 0; frame && p->fresh.n < RECALL_MAX; next++) {
		struct heap_view v;
		uint64_t caller;

		if (next >= r.n || r.frames[next] != frame) {
			read_recalled(p, frame, &r);
			next = 0;
		}
		if (r.n == 0)
			return false;
		v = heap_view(&p->layout, r.bytes[next]);
		*keep = as_seen(w, frame, v);
		if (*keep)
			return true;
		if (gone && !heap_is_live(p, v))
			return false;
		gone = !v.back && !heap_is_live(p, v);
		caller = gone ? known_caller(p, frame, v.code) : v.back;
		add_recalled(p, frame, v, caller);
		frame = caller;
	}
	return !frame;
}
