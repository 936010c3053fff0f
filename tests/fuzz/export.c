/* SPDX-License-Identifier: MIT */
/*
 * Any stream is exported in every format that takes it, and becomes a profile of
 * the Firefox Profiler; what should be JSON nests as JSON does.
 *
 * The first byte of an input says how the others are used, as in stream.c.
 */
#include "formats/export.h"
#include "formats/gecko.h"
#include "tests/fuzz/written.h"
#include "tree/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Paths are written with all their frames: a small input can mean much text. */
enum { NAMES = 20000 };

static bool
is_small(const struct tree *t)
{
	uint64_t names = 0;

	for (uint32_t i = 1; i < tree_node_count(t); i++)
		for (uint32_t at = i; at && names <= NAMES; at = tree_node(t, at)->parent)
			names++;
	return names <= NAMES;
}

static void export(const struct exporter *f, const struct bytes *bytes)
{
	struct arena a = { 0 };
	struct export x = { .a = &a, .tree = tree_new(&a) };
	struct tree_choice choice = { .diff = true };
	struct err e = { 0 };

	x.out = written_begin(&a);
	if (f->begin)
		f->begin(&x);
	choice.watcher = f->begin ? &x.watcher : NULL;
	written_load(x.tree, bytes, &choice);
	assert(export_label(x.tree, "key=value"));
	x.how.weight = -1;
	x.how.lines = x.how.threads = x.how.scaled = bytes->n & 1;
	exporter_lacks(f, &x, &a);
	if (exporter_takes(f, x.tree, &e) && is_small(x.tree))
		f->write(&x, &e);
	written_end(&a, x.out,
	            f->begin && is_small(x.tree) && !tree_compare(x.tree) ? JSON : ANY);
	arena_empty(&a);
}

static void
export_gecko(const struct bytes *bytes)
{
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct gecko *g = gecko_new(&a, t);
	struct tree_choice choice = { .watcher = gecko_watcher(g) };
	struct err e = { 0 };
	struct out *o;

	written_load(t, bytes, &choice);
	if (gecko_check(g, &e)) {
		o = written_begin(&a);
		gecko_write(g, o, NULL);
		written_end(&a, o, JSON);
	}
	arena_empty(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wrapping w = { 0 };

	if (n < 2)
		return 0;
	written_wrap(&w, data, n);
	for (const struct exporter *f = exporters; f->name; f++)
		export(f, &w.out);
	export_gecko(&w.out);
	arena_empty(&w.arena);
	return 0;
}
