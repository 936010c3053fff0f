/* SPDX-License-Identifier: MIT */
/*
 * What an interpreter has imported: sys.modules, to which a new module is added behind
 * all others, when its file is mapped and its code is yet to run.
 */
#include "cpython/python.h"

static bool
are_the_same(struct python *p, const struct imported *i)
{
	const struct layout *l = &p->layout;
	uint64_t keys, n;
	struct remote_piece pieces[] = { { i->modules + l->dict_keys, &keys, sizeof keys },
		                         { i->keys + l->keys_entries, &n, sizeof n } };

	return i->keys && remote_read_pieces(p->remote, pieces, 2) == sizeof keys + sizeof n &&
	       keys == i->keys && n == i->n;
}

/* They are written anew, without those that were deleted, when there is no room for another. */
static void
leave_out_known(struct dict *d, const struct imported *i)
{
	if (d->keys != i->keys || d->n < i->n)
		return;
	d->entries += (uint64_t)i->n * d->stride;
	d->n -= i->n;
}

bool
imported_lately(struct python *p, struct interpreter *home, struct text name)
{
	struct imported *i = &home->imported;
	struct dict d;
	uint32_t n;

	if (i->interpreter != home->id)
		*i = (struct imported){ .interpreter = home->id };
	if (are_the_same(p, i))
		return false;
	p->trail.n = 0;
	if (!remote_read(p->remote, home->address + p->layout.interpreter_modules, &i->modules,
	                 sizeof i->modules) ||
	    !dict_read(p, i->modules, &d))
		return false;
	n = d.n;
	leave_out_known(&d, i);
	i->keys = d.keys;
	i->n = n;
	return dict_find_text(p, &d, name);
}
