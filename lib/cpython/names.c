/* SPDX-License-Identifier: MIT */
/*
 * What threading calls a thread: its dict _active has the Thread object of
 * every pthread_self() that it has met, and that has a _name. The program
 * changes all of it while we read, so the way there is looked at once more
 * when the name has been read.
 */
#include "cpython/python.h"

/* The word of threading's dict that refers to _active; not looked for in the same modules twice. */
static uint64_t
find_active(struct python *p, struct interpreter *home)
{
	const struct layout *l = &p->layout;
	uint64_t modules, slot, module, attributes;
	struct roster *r = &home->roster;
	struct dict d;

	if (!remote_read(p->remote, home->address + l->interpreter_modules, &modules,
	                 sizeof modules) ||
	    !dict_read(p, modules, &d) || (d.keys == r->keys && d.n == r->n))
		return 0;
	r->keys = d.keys;
	r->n = d.n;
	slot = dict_find_text(p, &d, TEXT("threading"));
	if (!slot)
		return 0;
	r->n = 0; /* _active comes a moment later than its module */
	if (!remote_read(p->remote, slot, &module, sizeof module) ||
	    !remote_read(p->remote, module + l->object_size, &attributes, sizeof attributes) ||
	    !dict_read(p, attributes, &d))
		return 0;
	return dict_find_text(p, &d, TEXT("_active"));
}

/* The dict _active; it is found once, and is the same as long as the word there is. */
static bool
active_of(struct python *p, struct interpreter *home, uint64_t *active)
{
	struct roster *r = &home->roster;

	if (r->interpreter != home->id)
		*r = (struct roster){ .interpreter = home->id };
	if (r->slot && remote_read(p->remote, r->slot, active, sizeof *active) &&
	    *active == r->active)
		return true;
	r->slot = find_active(p, home);
	if (!r->slot || !remote_read(p->remote, r->slot, active, sizeof *active))
		return false;
	r->active = *active;
	r->n = 0; /* should it go, it is looked for in all the modules */
	return true;
}

/* The Thread object, by the entry that had it last time, or by looking through all. */
static bool
find_thread(struct python *p, struct watch *w, uint64_t *thread)
{
	uint64_t active, entry[3];
	struct dict d;

	if (!active_of(p, w->home, &active))
		return false;
	if (!w->name_slot || !remote_read(p->remote, w->name_slot - 16, entry, sizeof entry) ||
	    entry[0] != w->shown.python_id || !entry[2]) {
		if (!dict_read(p, active, &d))
			return false;
		w->name_slot = dict_find_hash(p, &d, w->shown.python_id);
	}
	return w->name_slot && trail_follow(p, w->name_slot, thread) && *thread;
}

enum sight
python_thread_name(struct python *p, struct python_thread *t, struct arena *a,
                   struct text *name)
{
	uint64_t thread, slot, text;

	*name = (struct text){ NULL, 0 };
	p->trail.n = 0;
	if (!find_thread(p, t->own, &thread))
		return GONE;
	slot = object_attribute(p, thread, TEXT("_name"));
	if (!slot || !trail_follow(p, slot, &text) || !object_is(p, text, TYPE_STR) ||
	    !object_text(p, a, text, name))
		*name = (struct text){ NULL, 0 };
	if (trail_holds(p))
		return name->n ? SEEN : GONE;
	*name = (struct text){ NULL, 0 };
	return TORN;
}
