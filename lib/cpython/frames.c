/* SPDX-License-Identifier: MIT */
/*
 * What a frame is that was read: which code it executes, and at which instruction; and its
 * place in the stack that is told.
 */
#include "cpython/python.h"

enum {
	REFUSED_OFTEN = 8, /* windows that must show that something is no code */
	REFUSED_SOON = 2,
};

int32_t
frame_unit(struct python *p, unsigned copy, uint32_t at, struct code *c)
{
	return code_unit(p, c, frame_words(p, copy, at).instruction,
	                 frame_bytecode(p, copy, at));
}

/*
 * Notes that what lies there is no code, or none with that instruction; whether that is sure by
 * now. One window may show it by accident: of a frame that was read in two parts.
 */
static bool
refused_often(struct python *p, uint64_t address, uint64_t instruction)
{
	if (p->codes.refused != address || p->codes.refused_at != instruction)
		p->codes.refusal = (struct sighting){ 0 };
	p->codes.refused = address;
	p->codes.refused_at = instruction;
	return sighting_add(&p->codes.refusal, p->calls.window, REFUSED_OFTEN, REFUSED_SOON);
}

/*
 * What was not known is read now, after the window, so it must be looked at
 * through another one. What cannot be read a second time is given up.
 */
struct code *
frame_code(struct python *p, const struct seen *s, int32_t *unit, bool *settled)
{
	uint64_t address = pointer_of(s->code);
	uint32_t copy = frame_bytecode(p, 1, s->at);
	struct code *c = code_known(p, address);

	*unit = c ? code_unit(p, c, s->instruction, copy) : -1;
	if (c && *unit >= -1)
		return c;
	if (refused_often(p, address, s->instruction)) {
		*unit = -1;
		return c;
	}
	if (settled)
		*settled = false;
	c = code_read(p, address);
	*unit = c ? code_unit(p, c, s->instruction, copy) : -1;
	if (*unit < -1)
		*unit = -1;
	return c;
}

bool
frame_is_begun(const struct python *p, const struct seen *s, const struct code *c, int32_t unit)
{
	return !c || p->heap.used ||
	       copy_at(p, 1, s->at)[p->layout.frame_owner] == OWNER_GENERATOR ||
	       unit >= c->begun;
}

void
place_add(struct python *p, struct watch *w, const struct seen *s, struct code *c, int32_t unit)
{
	size_t n;

	*vec_push(p->arena, &w->seen) = *s;
	*vec_push(p->arena, &w->places) = (struct python_place){ .code = c ? &c->shown : NULL,
		                                                 .unit = unit,
		                                                 .entry = s->entry };
	n = w->places.n;
	w->seen.at[n - 1].way =
		way_to(n > 1 ? w->seen.at[n - 2].way : 0, w->places.at[n - 1].code);
}

bool
frame_refers(const unsigned char *frame, const struct code *c, uint64_t bytes, uint64_t object)
{
	for (uint64_t at = c->stack_at; at + 8 <= bytes && at < VALUES_BYTES; at += 8)
		if (pointer_of(word_at(frame + at)) == object)
			return true;
	return false;
}

struct code *
generator_code(struct python *p, const unsigned char *frame)
{
	return frame[p->layout.frame_owner] == OWNER_GENERATOR
	               ? code_known(p, pointer_of(word_at(frame + p->layout.frame_code)))
	               : NULL;
}

bool
frame_refers_next(const struct python *p, const struct watch *w, size_t i, unsigned copy)
{
	const struct seen *outer = &w->seen.at[i];
	const struct code *c = code_behind(w->places.at[i].code);

	return frame_refers(copy_at(p, copy, outer->at), c, frame_bytes_read(p, w, outer, c),
	                    outer[1].address - p->layout.generator_frame);
}

void
stacks_forget(struct python *p)
{
	for (size_t i = 0; i < p->threads.watches.n; i++) {
		struct watch *w = p->threads.watches.at[i];

		w->seen.n = w->places.n = 0;
		w->settled = w->ahead = 0;
	}
}
