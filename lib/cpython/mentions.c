/* SPDX-License-Identifier: MIT */
/*
 * Which functions a code object mentions. All names that its code refers to,
 * global ones, attributes, methods, are in one tuple, co_names, and names are
 * interned: the name of a function that it calls is the same object there and
 * in the code of that function, unless it is called under another one.
 */
#include "cpython/python.h"

enum { MENTIONS_MAX = 4096 };

static void
read_mentions(struct python *p, struct code *c)
{
	uint64_t names = c->names, n;

	c->names = 0;
	if (!names || !remote_read(p->remote, names + p->layout.object_size, &n, sizeof n) ||
	    n == 0 || n > MENTIONS_MAX)
		return;
	c->mentions.at = arena_array(&p->codes.arena, uint64_t, n);
	if (remote_read(p->remote, names + p->layout.tuple_items, c->mentions.at,
	                n * sizeof *c->mentions.at))
		c->mentions.n = n;
}

/* A comprehension, a lambda, or another function that a call of outer makes. */
static bool
is_made_by(struct text outer, struct text inner)
{
	struct text rest = { inner.at + outer.n, inner.n - outer.n };

	return text_starts(inner, outer) && text_starts(rest, TEXT(".<locals>."));
}

/* That of a class, whose __init__ has that qualified name; nothing, if it is another function. */
static struct text
class_of(struct text function)
{
	struct text init = TEXT(".__init__"), last;

	if (!text_ends(function, init))
		return (struct text){ NULL, 0 };
	function.n -= init.n;
	last = text_behind(function, TEXT("."));
	return last.n ? last : function;
}

static bool
mentions_text(struct python *p, const struct code *c, struct text name)
{
	bool found = false;

	for (size_t i = 0; i < c->mentions.n && name.n && !found; i++) {
		struct arena scratch = { 0 };
		struct text mention;

		found = object_text(p, &scratch, c->mentions.at[i], &mention) &&
		        text_equal(mention, name);
		arena_empty(&scratch);
	}
	return found;
}

bool
code_mentions(struct python *p, struct code *c, const struct code *other)
{
	if (is_made_by(c->shown.name, other->shown.name))
		return true;
	read_mentions(p, c);
	for (size_t i = 0; i < c->mentions.n; i++)
		if (c->mentions.at[i] == other->name)
			return true;
	return mentions_text(p, c, class_of(other->shown.name));
}
