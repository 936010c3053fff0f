/* SPDX-License-Identifier: MIT */
/*
 * Whether a generator's frame that is read after the window is still of the function whose
 * it was in the window. One that has ended leaves its memory to the next one that is made, of
 * another function maybe. (Of tasks that ended after ten microseconds each, one of a thousand
 * stacks had another one's outermost function.) So it is believed only of functions whose
 * frames came again and again where others of the same function had been.
 */
#include "cpython/python.h"

enum {
	OFTEN = 12, /* stacks in a row */
	LONG = 512, /* the same where one came after another function's */
};

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
	return c->stay.times >= (c->stay.several ? LONG : OFTEN);
}
