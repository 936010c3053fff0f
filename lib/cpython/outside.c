/* SPDX-License-Identifier: MIT */
/*
 * Frames outside of the chunks: of generators, in their objects on the heap,
 * and of calls from C, on the C stack. Those of the last stacks are read with
 * the chunks. Generators that were made together lie together, so neighbours
 * are read as one stretch: of eight that delegate to each other, as one instead
 * of eight pieces, in 0.4 us instead of 2.7.
 *
 * Of a thousand coroutines that take turns hardly one comes again soon. To read them
 * nevertheless makes a window long, so that more of them go by, which are to be read
 * then: a hundred at a time. Where most do not come again, only those are read that the
 * window before had met. (Of a thousand tasks with steps of 40 us that, and callers.c,
 * which tells their callers, left 3 % of the stacks torn, instead of 21 on CPython 3.12
 * and 95 on 3.15.)
 */
#include "cpython/python.h"

enum {
	IDLE_MAX = 16,         /* stacks without it, until a frame is no more predicted */
	VALUES_MAX = 64 << 10, /* bytes of locals and stacks of all generators together */
	GAP = 2048,            /* bytes between frames that cost less than another piece */
	GAPS_MAX = 64 << 10,   /* all of them together */
	STEADY = 32,           /* windows */
	PASSING_MAX = SHARE_ALL * 3 / 4, /* of the frames, that do not come again */
};

_Static_assert(OUTSIDE_MAX *(LEAD_MAX + FRAME_BYTES + 16) + GAPS_MAX + VALUES_MAX <= LATE_AT,
               "what is read with the window must not reach what is read late");

bool
outside_are_passing(const struct watch *w)
{
	return w->passing > PASSING_MAX;
}

static bool
is_worth_reading(const struct watch *w, const struct outside *o)
{
	return o->met || o->c_stack || !outside_are_passing(w);
}

/* Lays the stretches out in a copy, one after another. */
static void
plan_stretches(struct python *p, struct watch *w)
{
	uint32_t at = 0, gaps = 0, values = 0;

	p->window.whole = false; /* what was read lies elsewhere in the copies */
	w->stretches.n = 0;
	for (size_t i = 0; i < w->outside.n; i++) {
		struct outside *o = &w->outside.at[i];
		uint64_t from = o->address - p->lead, end = o->address + p->layout.frame_size;
		struct stretch *last =
			w->stretches.n ? &w->stretches.at[w->stretches.n - 1] : NULL;
		uint64_t gap = last ? from - (last->from + last->n) : 0;
		bool overlaps = last && from < last->from + last->n;

		o->valued = false;
		o->planned = is_worth_reading(w, o);
		if (!o->planned)
			continue;
		if (!last || (!overlaps && (gap > GAP || gaps + gap > GAPS_MAX))) {
			at = (at + 15) / 16 * 16;
			last = vec_push(p->arena, &w->stretches);
			*last = (struct stretch){ .from = from, .at = at };
		} else if (!overlaps) {
			gaps += (uint32_t)gap;
		}
		o->valued =
			o->bytes > p->layout.frame_size && (values += o->bytes) <= VALUES_MAX;
		if (o->valued)
			end = o->address + o->bytes;
		if (!overlaps || end > last->from + last->n)
			last->n = (uint32_t)(end - last->from);
		at = last->at + last->n;
		o->at = last->at + (uint32_t)(o->address - last->from);
	}
	frames_relocate(p, w);
}

/* How many bytes of the frame there, whose head was read, are to be read; of a known generator all. */
static uint32_t
bytes_wanted(struct python *p, const unsigned char *frame, uint32_t most)
{
	const struct code *c = generator_code(p, frame);

	return c && c->frame_bytes > p->layout.frame_size && c->frame_bytes <= most
	               ? c->frame_bytes
	               : p->layout.frame_size;
}

bool
outside_read_late(struct python *p, uint64_t frame, uint32_t *at)
{
	const struct late *late = outside_late(p, frame);
	size_t n = p->window.late.n;
	uint32_t lead = p->lead, bytes = p->layout.frame_size;
	unsigned char *copy;

	*at = late ? late->at : LATE_AT + (uint32_t)n * LATE_BYTES + lead;
	if (late)
		return true;
	copy = p->window.copies[0] + *at - lead;
	if (n == LATE_MAX || frame % 8 ||
	    !remote_read(p->remote, frame - lead, copy, lead + bytes))
		return false;
	bytes = bytes_wanted(p, copy + lead, LATE_BYTES - lead);
	if (bytes > p->layout.frame_size &&
	    !remote_read(p->remote, frame - lead, copy, lead + bytes))
		return false;
	for (unsigned k = 1; k < COPIES; k++)
		memcpy(p->window.copies[k] + *at - lead, copy, lead + bytes);
	*vec_push(p->arena, &p->window.late) = (struct late){ frame, *at, bytes };
	return true;
}

/* It is read from now on. */
static void
add(struct python *p, struct watch *w, const struct late *late)
{
	size_t i = outside_below(w, late->address);

	if (i < w->outside.n && w->outside.at[i].address == late->address) {
		w->outside.at[i].met = true;
		return;
	}
	if (w->outside.n == OUTSIDE_MAX)
		return;
	vec_push(p->arena, &w->outside);
	memmove(&w->outside.at[i + 1], &w->outside.at[i],
	        (w->outside.n - 1 - i) * sizeof *w->outside.at);
	w->outside.at[i] = (struct outside){
		.address = late->address,
		.bytes = late->bytes,
		.c_stack = frame_words(p, 0, late->at).owner >= OWNER_C_STACK,
		.met = true,
	};
}

static void
meet(const struct watch *w, const struct seen *seen, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct outside *o =
			seen[i].at < OUTSIDE_BYTES ? outside_at(w, seen[i].address) : NULL;

		if (o)
			o->met = true;
	}
}

/* Which were met in the last window. True: others are read. */
static bool
meet_all(const struct python *p, const struct watch *w)
{
	bool others = false;

	if (!outside_are_passing(w))
		return false;
	for (size_t i = 0; i < w->outside.n; i++)
		w->outside.at[i].met = false;
	meet(w, p->fresh.at, p->fresh.n);
	meet(w, w->seen.at, w->seen.n);
	for (size_t i = 0; i < w->outside.n; i++)
		others |= w->outside.at[i].planned && !w->outside.at[i].met;
	return others;
}

/* Beyond what is read of it, frames come and go. */
static bool
is_in_newest_chunk(const struct watch *w, uint64_t frame)
{
	const struct chunk *newest = newest_chunk(w);

	return newest && frame - newest->address < newest->size;
}

void
outside_take_late(struct python *p, struct watch *w)
{
	if (!meet_all(p, w) && p->window.late.n == 0)
		return;
	for (size_t i = 0; i < p->window.late.n; i++)
		if (!is_in_newest_chunk(w, p->window.late.at[i].address))
			add(p, w, &p->window.late.at[i]);
	p->window.late.n = 0;
	plan_stretches(p, w);
}

void
outside_age(struct python *p, struct watch *w)
{
	size_t kept = 0;
	bool grown = false;

	for (size_t i = 0; i < w->outside.n; i++)
		w->outside.at[i].idle++;
	for (size_t i = 0; i < w->seen.n; i++) {
		const struct seen *s = &w->seen.at[i];
		const struct code *c = code_behind(w->places.at[i].code);
		struct outside *o = outside_at(w, s->address);

		if (!o)
			continue;
		if (o->idle > 1)
			share_count(&w->passing, false);
		o->idle = 0;
		if (s->previous)
			o->back = s->previous;
		if (c && c->frame_bytes > o->bytes && c->frame_bytes <= VALUES_BYTES) {
			o->bytes = c->frame_bytes;
			grown = true;
		}
	}
	for (size_t i = 0; i < w->outside.n; i++)
		if (w->outside.at[i].idle <= IDLE_MAX)
			w->outside.at[kept++] = w->outside.at[i];
		else if (!w->outside.at[i].c_stack)
			share_count(&w->passing, true);
	if (kept == w->outside.n && !grown)
		return;
	w->outside.n = kept;
	plan_stretches(p, w);
}

void
outside_read(struct python *p, const struct watch *w, unsigned copy)
{
	for (size_t i = 0; i < w->stretches.n; i++)
		*vec_push(p->arena, &p->window.pieces) =
			(struct remote_piece){ w->stretches.at[i].from,
			                       p->window.copies[copy] + w->stretches.at[i].at,
			                       w->stretches.at[i].n };
}

/* Whether the third copy has that frame; the innermost one may have gone on. */
static bool
is_there(const struct python *p, const struct seen *s, bool innermost)
{
	const struct layout *l = &p->layout;
	const unsigned char *frame = p->window.copies[2] + s->at;

	return word_at(frame + l->frame_code) == s->code &&
	       word_at(frame + l->frame_previous) == s->previous &&
	       (innermost || word_at(frame + l->frame_instruction) == s->instruction);
}

/* A loop over a generator, or an await, has it on its stack; a call of C may have hidden it. */
static bool
is_own(struct python *p, const struct watch *w, size_t i)
{
	const struct seen *outer = &w->seen.at[i], *inner = outer + 1;
	bool generator = copy_at(p, 1, inner->at)[p->layout.frame_owner] == OWNER_GENERATOR;
	bool referred;

	if (!generator || p->layout.generator_frame == NONE || !w->places.at[i].code)
		return true;
	referred = frame_refers_next(p, w, i, 1);
	return (referred || inner->entry) && site_allows(p, &w->places.at[i], referred);
}

bool
outside_agrees(struct python *p, const struct watch *w)
{
	uint32_t read_again =
		p->window.once_bytes ? p->window.once_at + p->window.once_bytes : OUTSIDE_BYTES;

	for (size_t i = 1; i < w->seen.n; i++) {
		const struct seen *outer = &w->seen.at[i - 1], *inner = outer + 1;
		bool apart = (outer->at < OUTSIDE_BYTES) != (inner->at < OUTSIDE_BYTES);
		const struct seen *s = outer->at < OUTSIDE_BYTES ? inner : outer;

		if (!apart || s->at < read_again)
			continue;
		if (!is_there(p, s, i + 1 == w->seen.n) || (s == outer && !is_own(p, w, i - 1)))
			return false;
	}
	return true;
}

void
outside_note(struct python *p, struct watch *w)
{
	for (struct tenant *t = w->tenants; t < w->tenants + TENANTS; t++) {
		uint64_t before, after;
		uint32_t at;

		if (!t->address || !frame_locate(p, w, t->address, &at))
			continue;
		before = word_at(copy_at(p, 0, at) + p->layout.frame_code);
		after = word_at(copy_at(p, 1, at) + p->layout.frame_code);
		t->windows = before == t->code && after == t->code ? t->windows + 1 : 0;
		t->code = after;
	}
}

bool
outside_is_steady(struct watch *w, const struct seen *s)
{
	struct tenant *t = &w->tenants[hash_number(s->address) % TENANTS];

	if (t->address != s->address)
		*t = (struct tenant){ .address = s->address, .code = s->code };
	return t->code == s->code && t->windows >= STEADY;
}
