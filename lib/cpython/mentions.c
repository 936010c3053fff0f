/* SPDX-License-Identifier: MIT */
/*
 * Which functions a code object mentions. All names that its code refers to are in two
 * tuples: those of global ones, attributes and methods, and those of its variables. Names
 * are interned: that of a function that it calls is the same object there and in the code
 * of that function, unless it is called under another one. The codes of those that it
 * makes are among its constants; from 3.11 on their names tell it, too.
 */
#include "cpython/python.h"

enum { MENTIONS_MAX = 512 };

/* Adds what is in a tuple, unless that was done: then *tuple is 0. */
static void
read_tuple(struct python *p, uint64_t *tuple, addresses *to)
{
	uint64_t from = *tuple, n;

	*tuple = 0;
	if (!from || arena_bytes(&p->codes.arena) > CODES_BYTES ||
	    !remote_read(p->remote, from + p->layout.object_size, &n, sizeof n) || n == 0 ||
	    n > MENTIONS_MAX)
		return;
	vec_reserve(&p->codes.arena, to, to->n + n);
	if (remote_read(p->remote, from + p->layout.tuple_items, to->at + to->n,
	                n * sizeof *to->at))
		to->n += n;
}

/* A comprehension, a lambda, or another function that a call of outer makes. */
static bool
is_made_by(struct text outer, struct text inner)
{
	return outer.n && text_starts(inner, outer) &&
	       text_starts((struct text){ inner.at + outer.n, inner.n - outer.n },
	                   TEXT(".<locals>."));
}

/* That of a class whose __init__ or __new__ has that qualified name; nothing: it is none. */
static struct text
class_of(struct text function)
{
	struct text init = TEXT(".__init__"), new = TEXT(".__new__"), last;

	if (!text_ends(function, init) && !text_ends(function, new))
		return (struct text){ NULL, 0 };
	function.n -= text_ends(function, init) ? init.n : new.n;
	last = text_behind(function, TEXT("."));
	return last.n ? last : function;
}

/* What a method whose name begins with two underscores is called by within its class; nothing: another one. */
static struct text
mangled(struct arena *a, struct text function)
{
	struct text last = text_behind(function, TEXT(".")), class;

	if (!text_starts(last, TEXT("__")) || text_ends(last, TEXT("__")))
		return (struct text){ NULL, 0 };
	function.n -= last.n + 1;
	class = text_behind(function, TEXT("."));
	if (class.n == 0)
		class = function;
	while (class.n > 0 && class.at[0] == '_')
		class = (struct text){ class.at + 1, class.n - 1 };
	return text_print(a, "_%.*s%.*s", TEXT_ARG(class), TEXT_ARG(last));
}

static bool
mentions_text(struct python *p, const struct code *c, struct text name)
{
	uint32_t n = (uint32_t)c->mentions.n;

	return name.n && object_find_text(p, c->mentions.at, n, name) < n;
}

/* What a function of that code is called that C has called lately: a lambda may have another name. */
static bool
function_name(struct python *p, struct arena *a, const struct code *c, struct text *name)
{
	uint64_t address;

	return c->function && p->layout.function_qualname != NONE &&
	       remote_read(p->remote, c->function + p->layout.function_qualname, &address,
	                   sizeof address) &&
	       object_text(p, a, address, name);
}

enum mention
code_mentions(struct python *p, struct code *c, const struct code *other)
{
	struct arena scratch = { 0 };
	struct text called;
	bool does;

	if (is_made_by(c->shown.name, other->shown.name))
		return BY_NAME;
	if (c->names) {
		read_tuple(p, &c->names, &c->mentions);
		c->named = c->mentions.n;
	}
	read_tuple(p, &c->variables, &c->mentions);
	read_tuple(p, &c->constants, &c->made);
	for (size_t i = 0; i < c->mentions.n; i++)
		if (c->mentions.at[i] == other->name)
			return i < c->named ? BY_NAME : BY_VARIABLE;
	for (size_t i = 0; i < c->made.n; i++)
		if (c->made.at[i] == other->address)
			return BY_NAME;
	does = mentions_text(p, c, class_of(other->shown.name)) ||
	       mentions_text(p, c, mangled(&scratch, other->shown.name)) ||
	       (function_name(p, &scratch, other, &called) &&
	        mentions_text(p, c, class_of(called)));
	arena_empty(&scratch);
	return does ? BY_NAME : NOT_MENTIONED;
}
