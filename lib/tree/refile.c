/* SPDX-License-Identifier: MIT */
#include "tree/refile.h"

#include "stream/fields.h"
#include "stream/reader.h"
#include "tree/inside.h"

struct refiling {
	struct arena scratch;
	struct tree *tree;
	const uint32_t *files;
	uint32_t met; /* all files that were met are below */
	uint32_t *frames,
		*nodes; /* of each that there was before what it becomes; 0: not known */
	VEC(uint32_t) path;
};

static uint32_t
refiled_frame(struct refiling *f, uint32_t frame)
{
	struct stream_frame to = f->tree->frames.at[frame];
	struct stream_function function = f->tree->functions.at[to.function];

	if (f->frames[frame])
		return f->frames[frame];
	f->frames[frame] = frame;
	if (function.file >= f->met)
		f->met = function.file + 1;
	if (f->files[function.file] == 0)
		return frame;
	function.file = f->files[function.file];
	to.function = tree_intern_function(f->tree, &function);
	return f->frames[frame] = tree_intern_frame(f->tree, &to);
}

/* Up to a node that is known, and down again. */
static uint32_t
refiled_node(struct refiling *f, uint32_t node)
{
	uint32_t at;

	for (f->path.n = 0; node && !f->nodes[node]; node = f->tree->nodes.rows.at[node].parent)
		*vec_push(&f->scratch, &f->path) = node;
	at = node ? f->nodes[node] : 0;
	while (f->path.n) {
		uint32_t here = f->path.at[--f->path.n];
		uint32_t frame = refiled_frame(f, f->tree->nodes.rows.at[here].frame);

		at = f->nodes[here] = tree_intern_node(f->tree, at, frame);
	}
	return at;
}

/* The body of a source record, of the file that the tree calls so. */
static struct text
refiled_source(struct arena *a, struct stream_source source, struct text file)
{
	struct bytes body = { 0 };

	source.file = file;
	fields_put(a, &body, STREAM_RECORD_source, &source);
	return (struct text){ (const char *)body.at, body.n };
}

/* The texts of files, so that they are found by the names that functions have now. */
static void
refile_sources(struct refiling *f, struct tree_run *r)
{
	size_t n = r->portables.n;
	struct tree_portable *old = arena_array(&f->scratch, struct tree_portable, n);

	if (n)
		memcpy(old, r->portables.at, n * sizeof *old);
	r->portables.n = 0;
	index_clear(&r->index->portables);
	for (size_t i = 0; i < n; i++) {
		struct stream_portable p = { old[i].type, old[i].body };
		struct stream_source source;
		uint32_t file = 0;

		if (p.type == STREAM_RECORD_source) {
			source = stream_source(&p);
			file = tree_intern_string(f->tree, source.file);
		}
		if (file && file < f->met && f->files[file])
			p.body = refiled_source(&f->scratch, source,
			                        tree_string(f->tree, f->files[file]));
		tree_add_portable(f->tree, r, p.type, p.body);
	}
}

void
refile_run(struct tree *t, struct tree_run *r, const uint32_t *files)
{
	struct refiling f = { .tree = t, .files = files };

	f.frames = arena_array(&f.scratch, uint32_t, t->frames.n);
	f.nodes = arena_array(&f.scratch, uint32_t, t->nodes.rows.n);
	for (size_t i = 0; i < r->cells.n; i++)
		r->cells.at[i].node = refiled_node(&f, r->cells.at[i].node);
	cells_index(t, r);
	refile_sources(&f, r);
	arena_empty(&f.scratch);
}
