/* SPDX-License-Identifier: MIT */
/* Numbers, strings and frames of MOJO. */
#include "formats/mojo.h"

enum { NO_SCOPE = 1 }; /* the key of a name that Austin does not know */

static uint64_t
take_number(struct cursor *c, bool *negative)
{
	uint8_t byte = cursor_byte(c);
	uint64_t n = byte & 0x3f;

	*negative = byte & 0x40;
	for (unsigned shift = 6; byte & 0x80; shift += 7) {
		byte = cursor_byte(c);
		if (shift > 62 || (shift == 62 && byte & 0x7c)) {
			c->bad = true;
			return 0;
		}
		n |= (uint64_t)(byte & 0x7f) << shift;
	}
	return n;
}

uint64_t
mojo_number(struct mojo *m)
{
	bool negative;

	return take_number(&m->c, &negative);
}

struct text
mojo_text(struct mojo *m)
{
	const unsigned char *at = m->c.at, *end = memchr(at, 0, cursor_left(&m->c));

	cursor_bytes(&m->c, end ? (uint64_t)(end - at) + 1 : UINT64_MAX);
	return (struct text){ (const char *)at, end ? (size_t)(end - at) : 0 };
}

/* The definition of a key; a new one where there is none. */
static struct mojo_definition *
define(struct mojo *m, struct mojo_definitions *d, uint64_t key)
{
	uint64_t hash = hash_number(key ^ hash_number(m->pid));
	struct index_probe probe = index_probe(&d->index, hash);
	struct mojo_definition *row;

	while (index_next(&d->index, &probe)) {
		row = &d->rows.at[probe.row];
		if (row->pid == m->pid && row->key == key)
			return row;
	}
	index_add(&m->in->arena, &d->index, hash, (uint32_t)d->rows.n);
	row = vec_push(&m->in->arena, &d->rows);
	*row = (struct mojo_definition){ m->pid, key, UINT32_MAX };
	return row;
}

static uint32_t
name_of(struct mojo *m, uint64_t key)
{
	uint32_t is = define(m, &m->strings, key)->is;

	if (is != UINT32_MAX)
		return is;
	if (key != NO_SCOPE)
		m->undefined++;
	return tree_intern_string(m->in->tree, TEXT("<unknown>"));
}

static uint32_t
line_of(uint64_t line)
{
	return line <= INT32_MAX ? (uint32_t)line : 0;
}

mojo_fault
mojo_take_frame(struct mojo *m)
{
	struct tree *t = m->in->tree;
	uint64_t key = mojo_number(m), file_key = mojo_number(m);
	struct stream_function function = { .file = name_of(m, file_key) };
	struct stream_frame frame = { 0 };

	function.name = name_of(m, mojo_number(m));
	frame.line = line_of(mojo_number(m));
	if (m->version >= MOJO_COLUMNS) {
		frame.end_line = line_of(mojo_number(m));
		frame.column1 = line_of(mojo_number(m));
		frame.end_column1 = line_of(mojo_number(m));
	}
	if (m->c.bad)
		return NULL;
	if (text_starts(tree_string(t, function.file), TEXT("native@"))) {
		define(m, &m->frames, key)->is = import_native_frame(
			t, tree_string(t, function.name), (struct text){ "", 0 });
		return NULL;
	}
	frame.function = tree_intern_function(t, &function);
	define(m, &m->frames, key)->is = tree_intern_frame(t, &frame);
	return NULL;
}

/* One more frame of the open sample. */
mojo_fault
mojo_push(struct mojo *m, uint32_t frame)
{
	if (!m->open)
		return "a frame outside of a sample";
	if (++m->depth > STREAM_DEPTH_MAX)
		return "a stack is too deep";
	m->sample.node = tree_intern_node(m->in->tree, m->sample.node, frame);
	return NULL;
}

mojo_fault
mojo_push_marker(struct mojo *m, enum stream_kind kind)
{
	return mojo_push(m, tree_intern_marker(m->in->tree, kind));
}

mojo_fault
mojo_take_frame_ref(struct mojo *m)
{
	uint64_t key = mojo_number(m);
	uint32_t frame;

	if (m->c.bad)
		return NULL;
	frame = define(m, &m->frames, key)->is;
	if (frame != UINT32_MAX)
		return mojo_push(m, frame);
	m->undefined++;
	return mojo_push_marker(m, STREAM_KIND_UNREADABLE);
}

mojo_fault
mojo_take_string(struct mojo *m)
{
	uint64_t key = mojo_number(m);
	struct text text = mojo_text(m);

	if (!m->c.bad)
		define(m, &m->strings, key)->is = tree_intern_string(m->in->tree, text);
	return NULL;
}

mojo_fault
mojo_take_kernel_frame(struct mojo *m)
{
	struct text scope = mojo_text(m);
	struct tree *t = m->in->tree;

	if (m->c.bad)
		return NULL;
	return mojo_push(m, import_native_frame(t, scope, TEXT("kernel")));
}
