/* SPDX-License-Identifier: MIT */
#include "cpython/python.h"

enum {
	ENTRIES_MAX = 1 << 16,
	ENTRY_MAX = 24,  /* bytes of an entry that has a hash */
	AT_ONCE = 64,    /* entries */
	HEAD_BYTES = 64, /* of keys, at most */
	TYPE_INLINE_VALUES = 1 << 2,
	TYPE_MANAGED_DICT = 1 << 4,
};

bool
trail_follow(struct python *p, uint64_t at, uint64_t *word)
{
	unsigned n = p->trail.n;

	if (n == TRAIL_MAX || !remote_read(p->remote, at, word, sizeof *word))
		return false;
	p->trail.steps[n].at = at;
	p->trail.steps[n].was = *word;
	p->trail.n = n + 1;
	return true;
}

bool
trail_holds(struct python *p)
{
	struct remote_piece pieces[TRAIL_MAX];
	uint64_t now[TRAIL_MAX];

	for (unsigned i = 0; i < p->trail.n; i++)
		pieces[i] = (struct remote_piece){ p->trail.steps[i].at, &now[i], sizeof *now };
	if (remote_read_pieces(p->remote, pieces, p->trail.n) !=
	    (ssize_t)(p->trail.n * sizeof *now))
		return false;
	for (unsigned i = 0; i < p->trail.n; i++)
		if (now[i] != p->trail.steps[i].was)
			return false;
	return true;
}

/* How many bytes the index of an open-addressed table takes. */
static uint64_t
index_bytes(const struct layout *l, const unsigned char *head)
{
	uint64_t size = word_at(head + l->keys_size);

	if (l->keys_index_size != NONE)
		return head[l->keys_index_size] < 32 ? UINT64_C(1) << head[l->keys_index_size]
		                                     : UINT64_MAX;
	if (size > ENTRIES_MAX * 2)
		return UINT64_MAX;
	return size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : 4);
}

/* The entries behind the keys object's head and index. */
static bool
read_keys(struct python *p, uint64_t keys, struct dict *d)
{
	const struct layout *l = &p->layout;
	unsigned char head[HEAD_BYTES];
	uint64_t n, skip;
	bool hashed;

	if (!keys || !remote_read(p->remote, keys, head, l->keys_indices))
		return false;
	n = word_at(head + l->keys_entries);
	skip = index_bytes(l, head);
	hashed = l->keys_kind == NONE || head[l->keys_kind] == 0;
	d->keys = keys;
	d->entries = keys + l->keys_indices + skip;
	d->n = (uint32_t)n;
	d->stride = hashed ? ENTRY_MAX : 16;
	d->key = hashed ? 8 : 0;
	return n <= ENTRIES_MAX && skip != UINT64_MAX;
}

bool
dict_read(struct python *p, uint64_t address, struct dict *d)
{
	const struct layout *l = &p->layout;
	uint64_t keys;

	*d = (struct dict){ 0 };
	if (!object_is(p, address, TYPE_DICT) ||
	    !trail_follow(p, address + l->dict_keys, &keys) ||
	    !remote_read(p->remote, address + l->dict_values, &d->values, sizeof d->values))
		return false;
	if (d->values)
		d->values += l->values_items;
	return read_keys(p, keys, d);
}

/* Where the value of the entry i is. */
static uint64_t
slot_of(const struct dict *d, uint32_t i)
{
	return d->values ? d->values + (uint64_t)i * 8
	                 : d->entries + (uint64_t)i * d->stride + d->key + 8;
}

static bool
read_entries(struct python *p, const struct dict *d, uint32_t from, unsigned char *to,
             uint32_t *n)
{
	*n = d->n - from < AT_ONCE ? d->n - from : AT_ONCE;
	return remote_read(p->remote, d->entries + (uint64_t)from * d->stride, to,
	                   (size_t)*n * d->stride);
}

uint64_t
dict_find_text(struct python *p, const struct dict *d, struct text name)
{
	unsigned char entries[AT_ONCE * ENTRY_MAX];
	uint64_t keys[AT_ONCE];
	uint32_t n, i;

	for (uint32_t from = 0; from < d->n; from += AT_ONCE) {
		if (!read_entries(p, d, from, entries, &n))
			return 0;
		for (i = 0; i < n; i++)
			keys[i] = word_at(entries + i * d->stride + d->key);
		i = object_find_text(p, keys, n, name);
		if (i < n)
			return slot_of(d, from + i);
	}
	return 0;
}

uint64_t
dict_find_hash(struct python *p, const struct dict *d, uint64_t hash)
{
	unsigned char entries[AT_ONCE * ENTRY_MAX];
	uint32_t n;

	for (uint32_t from = 0; d->key && from < d->n; from += AT_ONCE) {
		if (!read_entries(p, d, from, entries, &n))
			return 0;
		for (uint32_t i = 0; i < n; i++)
			if (word_at(entries + i * d->stride) == hash &&
			    word_at(entries + i * d->stride + 8))
				return slot_of(d, from + i);
	}
	return 0;
}

/* The values that an instance has without a dict, which its type has the keys of. */
static uint64_t
find_in_values(struct python *p, uint64_t type, uint64_t values, struct text name)
{
	struct dict d = { 0 };
	uint64_t keys;

	if (!remote_read(p->remote, type + p->layout.type_keys, &keys, sizeof keys) ||
	    !read_keys(p, keys, &d))
		return 0;
	d.values = values;
	return dict_find_text(p, &d, name);
}

/* Of a type that keeps the dict before the object, and values there, apart, or behind it. */
static uint64_t
find_managed(struct python *p, uint64_t object, uint64_t type, uint64_t flags, struct text name)
{
	const struct layout *l = &p->layout;
	uint64_t word, values = 0;
	struct dict d;

	if (!trail_follow(p, object - l->instance_dictionary, &word))
		return 0;
	if (word & 1) /* 3.12 marks values so */
		return find_in_values(p, type, word + 1, name);
	if (word)
		return dict_read(p, word, &d) ? dict_find_text(p, &d, name) : 0;
	if (l->instance_values != NONE &&
	    trail_follow(p, object - l->instance_values, &values) && values)
		return find_in_values(p, type, values, name);
	if (!(flags & TYPE_INLINE_VALUES) || l->values_items == 0 ||
	    !remote_read(p->remote, type + l->type_size, &values, sizeof values))
		return 0;
	return find_in_values(p, type, object + values + l->values_items, name);
}

uint64_t
object_attribute(struct python *p, uint64_t object, struct text name)
{
	const struct layout *l = &p->layout;
	uint64_t type, flags, at, address;
	struct dict d;

	if (!remote_read(p->remote, object + l->object_type, &type, sizeof type) ||
	    !remote_read(p->remote, type + l->type_flags, &flags, sizeof flags))
		return 0;
	if (flags & TYPE_MANAGED_DICT && l->instance_dictionary != NONE)
		return find_managed(p, object, type, flags, name);
	if (!remote_read(p->remote, type + l->type_dictionary, &at, sizeof at) || at == 0 ||
	    at > INT32_MAX || !trail_follow(p, object + at, &address) ||
	    !dict_read(p, address, &d))
		return 0;
	return dict_find_text(p, &d, name);
}
