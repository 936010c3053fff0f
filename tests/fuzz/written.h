/* SPDX-License-Identifier: MIT */
/*
 * fuzz/written.h: any stream is read into a tree, and what is made of it is looked at.
 *
 * The first byte of an input says how the others are used, as in stream.c.
 */
#ifndef FUZZ_WRITTEN_H
#define FUZZ_WRITTEN_H

#include "base/out.h"
#include "formats/formats.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/wrap.h"
#include "tree/load.h"

#include <assert.h>

static inline void
written_wrap(struct wrapping *w, const uint8_t *data, size_t n)
{
	static ZSTD_CCtx *compressor;

	if (!compressor)
		compressor = ZSTD_createCCtx();
	w->how = data[0];
	w->compressor = compressor;
	wrap(w, cursor_of(data + 1, n - 1));
}

static inline void
written_load(struct tree *t, const struct bytes *bytes, const struct tree_choice *choice)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open_fd(&a, memory(bytes->at, bytes->n), "input", &e);

	while (s && !tree_read(t, s, "input", choice, &e))
		;
	if (s)
		stream_close(s);
	tree_settle(t);
	arena_empty(&a);
}

static char written_path[] = "/tmp/written-XXXXXX";

static inline struct out *
written_begin(struct arena *a)
{
	struct err e = { 0 };
	struct out *o;

	if (written_path[sizeof written_path - 2] == 'X')
		close(mkstemp(written_path));
	o = out_open(a, written_path, OUT_TEXT, &e);
	assert(o);
	return o;
}

/* Whether brackets close what was opened, and each quote is closed in its line. */
static inline bool
nests(struct text json)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < json.n; i++) {
		char c = json.at[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			assert((unsigned char)c >= ' ');
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth-- == 0)
			return false;
	}
	return depth == 0 && !quoted;
}

/* Whether a terminal gets what it should: lines, and no byte that it obeys. */
static inline bool
is_plain(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if (((unsigned char)text.at[i] < ' ' && text.at[i] != '\n') ||
		    text.at[i] == 0x7f)
			return false;
	return true;
}

/* What was written must be. */
enum written { ANY, JSON, PLAIN };

static inline void
written_end(struct arena *a, struct out *o, enum written kind)
{
	struct err e = { 0 };
	struct text all;

	out_close(o);
	assert(formats_load(a, written_path, &all, &e));
	assert(kind != JSON || nests(all));
	assert(kind != PLAIN || is_plain(all));
	unlink(written_path);
}

#endif
