/* SPDX-License-Identifier: MIT */
/* tests/imports.h: imports bytes as timport(1) does, and reads what it would have written. */
#ifndef TESTS_IMPORTS_H
#define TESTS_IMPORTS_H

#include "formats/formats.h"
#include "tree/compare.h"
#include "tree/load.h"
#include "tree/sides.h"
#include "tree/write.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct imported {
	const struct format *format; /* NULL: it was recognized as none */
	struct tree *tree;  /* what a filter reads of the result; NULL: nothing was good */
	struct text faults; /* a line each */
	uint64_t samples;   /* of all cells */
	size_t held;        /* bytes that the import took at most */
};

static bool
imported_put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

/* The result as a stream, in a file without a name. */
static int
imported_write(struct arena *a, struct import *in)
{
	int fd = memfd_create("imported", 0);
	struct writer_options options = { .content = in->raw                  ? STREAM_RAW
		                                     : tree_compare(in->tree) ? STREAM_DIFF
		                                                              : STREAM_FOLDED,
		                          .name = "test" };
	struct writer *w = writer_new(a, options, (struct writer_sink){ imported_put, &fd });

	assert(fd >= 0);
	if (in->raw)
		import_write(in, w);
	else if (!tree_compare(in->tree))
		tree_add_outcome(in->tree, import_run(in), &in->outcome);
	if (!in->raw)
		tree_write(in->tree, w);
	writer_end(w);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* Reads a stream, which is all good. */
static struct tree *
imported_read(struct arena *a, int fd)
{
	static const struct tree_choice all = { .diff = true };
	struct err e = { 0 };
	struct stream *s = stream_open_fd(a, fd, "imported", &e);
	struct tree *t = tree_new(a);

	assert(s);
	if (!tree_read(t, s, "imported", &all, &e))
		abort();
	stream_close(s);
	return t;
}

static uint64_t
imported_samples(const struct tree *t)
{
	uint64_t samples = 0;

	for (size_t i = 0; i < tree_run_count(t); i++)
		for (size_t k = 0; k < tree_run(t, i)->cells.n; k++)
			samples += tree_run(t, i)->cells.at[k].samples;
	return samples;
}

static struct imported
import_bytes(struct arena *a, struct text bytes, uint64_t unit_ns)
{
	struct imported result = { .faults = { "", 0 } };
	struct err e = { 0 };
	struct arena names = { 0 };
	struct tree *t = tree_new(&names);
	struct import in = import_begin(t, bytes, "in", unit_ns);
	bool whole = true;

	result.format = formats_recognize(bytes, "in", &e);
	if (!result.format)
		result.faults = text_print(a, "%s\n", e.fact);
	for (; result.format && !result.format->read(&in, &e); whole = false)
		result.faults = text_print(a, "%.*s%s\n", TEXT_ARG(result.faults), e.fact);
	result.held = arena_bytes(&names) + arena_bytes(&in.arena);
	if (result.format && result.format->compares && in.run &&
	    !sides_compare(&names, t, &(struct sides_how){ .verdict = { .fdr = 0.05 } }, &e))
		abort();
	if (result.format && (whole || in.samples.n || in.run)) {
		result.tree = imported_read(a, imported_write(a, &in));
		result.samples = imported_samples(result.tree);
		assert(result.samples == in.outcome.samples);
	}
	import_end(&in);
	arena_empty(&names);
	return result;
}

#endif
