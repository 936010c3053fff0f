/* SPDX-License-Identifier: MIT */
/*
 * What is known of code objects lies with them, and goes when they do: calls and ways, and the
 * stacks that were told last.
 */
#include "cpython/python.h"

#include <string.h>

bool
python_forget(struct python *p, size_t bytes)
{
	if (arena_bytes(&p->codes.arena) <= bytes)
		return false;
	arena_empty(&p->codes.arena);
	memset(p->calls.known, 0, sizeof p->calls.known);
	memset(p->calls.sites, 0, sizeof p->calls.sites);
	memset(p->ways.known, 0, sizeof p->ways.known);
	p->codes.by_address = p->calls.by_key = p->calls.by_place = (struct index){ 0 };
	p->calls.rows.at = NULL;
	p->calls.rows.n = p->calls.rows.room = 0;
	p->calls.callees.at = NULL;
	p->calls.callees.n = p->calls.callees.room = 0;
	p->codes.rows.at = NULL;
	p->codes.rows.n = p->codes.rows.room = 0;
	p->codes.ids = 0;
	memset(p->codes.left, 0, sizeof p->codes.left);
	p->codes.missed = 0;
	lodgers_forget(p);
	stacks_forget(p);
	for (size_t i = 0; i < p->threads.watches.n; i++)
		tasks_forget_codes(p->threads.watches.at[i]);
	return true;
}
