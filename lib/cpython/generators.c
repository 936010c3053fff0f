/* SPDX-License-Identifier: MIT */
/*
 * Who called a generator. Its frame tells that while it runs, and nothing before and after,
 * so copies that are made a moment later often do not. But what iterates over it, or
 * delegates to it, has it on its stack of values for all its life. That is looked for in
 * the frames outside that are read with each window; and if the generator is too new for
 * its caller to be one of these, from the frame in the chunks on inwards, after the window:
 * what lies between them is older than the generator, and has not gone. If nothing has the
 * generator any more, it has gone: the innermost of these that may call it had.
 */
#include "cpython/python.h"

enum {
	PROBES_MAX = 64,    /* objects that are looked at, after one window */
	DELEGATES_MAX = 64, /* that are asked for, after one window */
	LOWEST = 4096,      /* address of one */
};

/* Whether the frame is a generator's that has another one on its stack. */
static bool
has_on_stack(struct python *p, const unsigned char *frame, uint64_t bytes, uint64_t generator)
{
	const struct code *c = generator_code(p, frame);

	return c && frame_refers(frame, c, bytes, generator);
}

/* The frame of a generator among those read with the window that refers to another one; 0: none does. */
static uint64_t
referrer(struct python *p, const struct watch *w, uint64_t generator, unsigned copy)
{
	for (size_t i = 0; i < w->outside.n; i++) {
		const struct outside *o = &w->outside.at[i];

		if (o->valued && o->address - p->layout.generator_frame != generator &&
		    has_on_stack(p, copy_at(p, copy, o->at), o->bytes, generator))
			return o->address;
	}
	return 0;
}

/* Reads the frame of the generator at that address after the window, if it is one. */
static bool
probe(struct python *p, uint64_t generator, uint32_t *at)
{
	const struct layout *l = &p->layout;
	unsigned char frame[FRAME_BYTES];
	uint64_t address = generator + l->generator_frame;

	return generator % 8 == 0 && generator >= LOWEST &&
	       remote_read(p->remote, address, frame, l->frame_size) &&
	       generator_code(p, frame) && outside_read_late(p, address, at);
}

/* Where the values of a frame end, of which so many bytes were read; 0: beyond what is looked at. */
static uint64_t
values_end(const struct python *p, const unsigned char *frame, uint64_t address, uint64_t bytes)
{
	uint64_t end = frame_waits(p, frame) ? frame_stack_end(p, frame, address) : bytes;

	return end <= bytes && end <= VALUES_BYTES ? end : 0;
}

/* Reads what generators the words of a frame refer to, after the window; the last ones first. */
static void
probe_words(struct python *p, const unsigned char *frame, uint64_t address, uint64_t bytes)
{
	uint32_t at;

	for (uint64_t i = values_end(p, frame, address, bytes);
	     i >= p->layout.frame_size && p->window.probes < PROBES_MAX; i -= 8) {
		uint64_t word = pointer_of(word_at(frame + i - 8));

		if (word == 0)
			continue;
		p->window.probes++;
		probe(p, word, &at);
	}
}

/* Who has a generator on its stack: outer, or a generator inside of it, however deep; read now. */
static uint64_t
descend(struct python *p, const struct watch *w, uint64_t outer, uint64_t generator,
        unsigned copy)
{
	const struct code *c;
	uint64_t bytes;
	uint32_t at;

	if (!outer || !frame_locate(p, w, outer, &at) || at < OUTSIDE_BYTES)
		return 0;
	c = code_known(p, pointer_of(frame_words(p, copy, at).code));
	if (!c)
		return 0;
	bytes = frame_bytes_read(p, w, &(struct seen){ .address = outer, .at = at }, c);
	if (frame_refers(copy_at(p, copy, at), c, bytes, generator))
		return outer;
	probe_words(p, copy_at(p, copy, at), outer, bytes);
	for (size_t i = 0; i < p->window.late.n; i++) {
		const struct late *late = &p->window.late.at[i];
		const unsigned char *frame = copy_at(p, copy, late->at);

		if (frame[p->layout.frame_owner] != OWNER_GENERATOR ||
		    late->address - p->layout.generator_frame == generator)
			continue;
		if (has_on_stack(p, frame, late->bytes, generator))
			return late->address;
		probe_words(p, frame, late->address, late->bytes);
	}
	return 0;
}

uint64_t
generator_caller(struct python *p, const struct watch *w, uint64_t frame, unsigned copy)
{
	return referrer(p, w, frame - p->layout.generator_frame, copy);
}

/* The last generator's frame that the frame at *at refers to, of those that were read; 0: none. */
static uint64_t
last_on_stack(struct python *p, const struct watch *w, uint64_t address, uint32_t *at,
              unsigned copy)
{
	struct seen s = { .address = address, .at = *at };
	const unsigned char *frame = copy_at(p, copy, s.at);
	const struct code *c = code_known(p, pointer_of(frame_words(p, copy, s.at).code));
	uint64_t bytes = c ? frame_bytes_read(p, w, &s, c) : 0;

	if (!c || bytes > VALUES_BYTES)
		return 0;
	for (uint64_t end = values_end(p, frame, address, bytes);
	     end >= (uint64_t)c->stack_at + 8; end -= 8) {
		uint64_t inner =
			pointer_of(word_at(frame + end - 8)) + p->layout.generator_frame;

		if (outside_was_read(p, w, inner, at) &&
		    generator_code(p, copy_at(p, copy, *at)))
			return inner;
	}
	return 0;
}

/*
 * The innermost of the generators that the frame outer has on its stack, or one of these the
 * next one, and so on, which may call that frame's; or outer.
 */
static uint64_t
last_delegate(struct python *p, const struct watch *w, uint64_t outer, uint64_t frame,
              unsigned copy)
{
	const struct code *inner, *c;
	uint64_t next = outer, last = outer;
	uint32_t at;

	if (!outside_was_read(p, w, frame, &at) || !outer)
		return outer;
	inner = generator_code(p, copy_at(p, copy, at));
	if (!inner || !frame_locate(p, w, outer, &at))
		return outer;
	while (p->window.delegates++ < DELEGATES_MAX) {
		next = last_on_stack(p, w, next, &at, copy);
		if (!next || next == frame)
			break;
		c = generator_code(p, copy_at(p, copy, at));
		if (call_is_possible(p, &c->shown, &inner->shown))
			last = next;
	}
	return last;
}

uint64_t
generator_caller_within(struct python *p, const struct watch *w, uint64_t outer, uint64_t frame,
                        unsigned copy)
{
	uint64_t found = descend(p, w, outer, frame - p->layout.generator_frame, copy);

	return found ? found : last_delegate(p, w, outer, frame, copy);
}

/* The last generator on outer's stack, if outer is known or likely to call it from where it is; or 0. */
static uint64_t
driven_by(struct python *p, const struct watch *w, uint64_t outer, unsigned copy)
{
	struct python_place places[2] = { 0 };
	struct code *c, *inner;
	uint64_t found;
	uint32_t at;

	if (!outside_was_read(p, w, outer, &at) && !frame_locate(p, w, outer, &at))
		return 0;
	c = code_known(p, pointer_of(frame_words(p, copy, at).code));
	if (!c)
		return 0;
	places[0] =
		(struct python_place){ .code = &c->shown, .unit = frame_unit(p, copy, at, c) };
	found = last_on_stack(p, w, outer, &at, copy);
	inner = found ? generator_code(p, copy_at(p, copy, at)) : NULL;
	if (!inner)
		return 0;
	places[1].code = &inner->shown;
	if (!call_is_known(p, places, places + 1, LEARN_NOT) &&
	    !call_is_likely(p, places, places + 1))
		return 0;
	return found;
}

uint64_t
generator_driven(struct python *p, const struct watch *w, uint64_t outer, unsigned copy)
{
	uint64_t last = 0, next = outer;

	while (p->window.delegates++ < DELEGATES_MAX) {
		next = driven_by(p, w, next, copy);
		if (!next || next == last)
			break;
		last = next;
	}
	return last;
}
