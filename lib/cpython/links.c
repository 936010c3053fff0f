/* SPDX-License-Identifier: MIT */
/*
 * Ways through the C stack. Where C has called into Python, a frame that lies
 * there stands between two of functions, and it is another one each time. It need
 * not be read where the same two are known to be joined by it.
 */
#include "cpython/python.h"

/* Windows that must show a link, and how many there may be between two of them. */
enum { OFTEN = 3, SOON = 8 };

static struct link *
link_slot(struct watch *w, uint64_t via, uint64_t inner)
{
	return &w->links[hash_number(via ^ inner << 16) % LINKS];
}

bool
link_follow(const struct python *p, struct watch *w, const struct seen *inner, uint64_t *frame)
{
	const struct link *link = link_slot(w, *frame, inner->address);
	uint32_t at;
	struct frame_words b, a;

	if (!link->known || link->via != *frame || link->inner != inner->address ||
	    link->inner_code != inner->code)
		return false;
	if (link->outer) {
		if (!frame_locate(p, w, link->outer, &at))
			return false;
		b = frame_words(p, 0, at);
		a = frame_words(p, 1, at);
		if (b.code != link->outer_code || a.code != link->outer_code ||
		    b.instruction != link->outer_instruction ||
		    a.instruction != link->outer_instruction)
			return false;
	}
	*frame = link->outer;
	return true;
}

void
link_note(struct python *p, uint64_t via, const struct seen *inner, uint64_t outer, uint32_t at)
{
	struct frame_words words = { 0 };

	if (outer)
		words = frame_words(p, 1, at);
	*vec_push(p->arena, &p->noted) = (struct link){
		.via = via,
		.inner = inner->address,
		.inner_code = inner->code,
		.outer = outer,
		.outer_code = words.code,
		.outer_instruction = words.instruction,
	};
}

void
links_keep(struct python *p, struct watch *w)
{
	for (size_t i = 0; i < p->noted.n; i++) {
		const struct link *n = &p->noted.at[i];
		struct link *link = link_slot(w, n->via, n->inner);

		if (link->via != n->via || link->inner != n->inner ||
		    link->inner_code != n->inner_code || link->outer != n->outer ||
		    link->outer_code != n->outer_code ||
		    link->outer_instruction != n->outer_instruction)
			*link = *n;
		link->known = sighting_add(&link->sighting, p->calls.window, OFTEN, SOON);
	}
}
