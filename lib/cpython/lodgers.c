/* SPDX-License-Identifier: MIT */
/*
 * Whether a generator's frame is of the same function as a moment ago. One that has ended
 * leaves its memory to the next one that is made, of another function maybe; and what lies
 * apart is read at different moments, some of it after the window. (Of tasks that ended after
 * ten microseconds each, up to 8 of a thousand stacks had another one's outermost function.)
 * So only of those functions it is believed whose frames were met again and again where
 * frames of no other function had been; it may have been the same one, if it lives on.
 */
#include "cpython/python.h"

#include <string.h>

void
lodger_note(struct python *p, const struct seen *s)
{
	struct lodger *l = &p->lodgers[hash_number(s->address) % LODGERS];
	struct code *now = code_known(p, pointer_of(s->code)), *before;
	uint64_t stack = p->calls.stack;

	if (!now)
		return;
	if (l->frame == s->address && l->code != now) {
		before = code_known(p, l->code->address);
		now->stay = (struct stay){ .several = true };
		if (before == l->code)
			before->stay = now->stay;
	} else if (l->frame == s->address && l->stack != stack && now->stay.stack != stack) {
		now->stay.times++;
		now->stay.stack = stack;
	}
	*l = (struct lodger){ s->address, stack, now };
}

bool
code_stays(const struct code *c)
{
	return is_often(c->stay.times, c->stay.several);
}

void
lodger_forget(struct python *p, uint64_t frame)
{
	struct lodger *l = &p->lodgers[hash_number(frame) % LODGERS];

	if (l->frame == frame)
		*l = (struct lodger){ 0 };
}

void
lodgers_forget(struct python *p)
{
	if (p->lodgers)
		memset(p->lodgers, 0, LODGERS * sizeof *p->lodgers);
}
