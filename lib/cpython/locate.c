/* SPDX-License-Identifier: MIT */
/*
 * Where in a copy a frame lies: in a chunk, or outside of them, and then as it was read with
 * the window or after it; and how much of it is there.
 */
#include "cpython/python.h"

size_t
outside_below(const struct watch *w, uint64_t address)
{
	size_t low = 0, high = w->outside.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->outside.at[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct outside *
outside_at(const struct watch *w, uint64_t frame)
{
	size_t i = outside_below(w, frame);

	return i < w->outside.n && w->outside.at[i].address == frame ? &w->outside.at[i] : NULL;
}

bool
outside_find(const struct watch *w, uint64_t frame, uint32_t *at)
{
	const struct outside *o = outside_at(w, frame);

	if (!o || !o->planned)
		return false;
	*at = o->at;
	return true;
}

uint64_t
outside_back(const struct watch *w, uint64_t frame)
{
	const struct outside *o = outside_at(w, frame);

	return o ? o->back : 0;
}

const struct late *
outside_late(const struct python *p, uint64_t frame)
{
	for (size_t i = 0; i < p->window.late.n; i++)
		if (p->window.late.at[i].address == frame)
			return &p->window.late.at[i];
	return NULL;
}

bool
outside_was_read(const struct python *p, const struct watch *w, uint64_t frame, uint32_t *at)
{
	const struct late *late;

	if (outside_find(w, frame, at))
		return true;
	late = outside_late(p, frame);
	if (late)
		*at = late->at;
	return late;
}

bool
frame_locate(const struct python *p, const struct watch *w, uint64_t frame, uint32_t *at)
{
	uint32_t bytes = p->layout.frame_size;

	for (size_t i = w->chunks.n; i-- > 0;) {
		const struct chunk *c = &w->chunks.at[i];
		uint64_t offset = frame - c->address;

		if (offset < c->used && offset >= p->layout.chunk_data &&
		    offset + bytes <= c->used) {
			*at = c->at + (uint32_t)offset;
			return true;
		}
	}
	return outside_find(w, frame, at);
}

void
frames_relocate(struct python *p, struct watch *w)
{
	for (size_t i = 0; i < w->seen.n; i++)
		if (!frame_locate(p, w, w->seen.at[i].address, &w->seen.at[i].at)) {
			w->seen.at[i].at = 0;
			w->seen.at[i].code = NOBODY;
		}
}

uint64_t
frame_bytes_read(const struct python *p, const struct watch *w, const struct seen *s,
                 const struct code *c)
{
	const struct outside *o;
	const struct late *late;

	if (s->at >= OUTSIDE_BYTES)
		return s->at + (uint64_t)c->frame_bytes <= p->window.room ? c->frame_bytes : 0;
	late = outside_is_late(s->at) ? outside_late(p, s->address) : NULL;
	if (late)
		return late->bytes;
	o = outside_at(w, s->address);
	return o && o->valued ? o->bytes : p->layout.frame_size;
}
