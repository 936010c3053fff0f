/* SPDX-License-Identifier: MIT */
/*
 * Any two profiles compare, and any diff stream is read. What a comparison says
 * in JSON is the same when it was written as a stream and read again; and sides
 * that are swapped have as much in common.
 *
 * The first byte of an input says how the others are used, as in stream.c; of
 * content that is not a comparison the second one says how they are compared,
 * and the next two how long the baseline is.
 */
#include "formats/diff_json.h"
#include "formats/formats.h"
#include "stream/writer.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/wrap.h"
#include "tree/load.h"
#include "tree/sides.h"
#include "tree/write.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Paths are written with all their frames: a small input can mean much text. */
enum { NAMES = 50000, FOR_COMPARING = 4 };

static bool
read_side(struct tree *t, const struct bytes *bytes, uint64_t side)
{
	struct tree_choice choice = { .side = side, .diff = side == 0 };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open_fd(&a, memory(bytes->at, bytes->n), "input", &e);

	while (s && !tree_read(t, s, "input", &choice, &e))
		;
	if (s)
		stream_close(s);
	arena_empty(&a);
	return s != NULL;
}

static void
wrap_part(struct wrapping *w, uint8_t how, const uint8_t *data, size_t n)
{
	static ZSTD_CCtx *compressor;

	if (!compressor)
		compressor = ZSTD_createCCtx();
	w->how = how;
	w->compressor = compressor;
	wrap(w, cursor_of(data, n));
}

static bool
is_small(const struct diff *d)
{
	uint64_t names = 0;

	for (uint32_t i = 0; i < d->count; i++)
		names += d->nodes[i].depth;
	return names <= NAMES;
}

static struct text
json_of(struct arena *a, const struct diff *d)
{
	static char path[] = "/tmp/diff-XXXXXX";
	struct err e = { 0 };
	struct text all;
	struct out *o;

	if (path[10] == 'X')
		close(mkstemp(path));
	o = out_open(a, path, OUT_TEXT, &e);
	assert(o);
	diff_json_write(d, o);
	out_close(o);
	if (!formats_load(a, path, &all, &e))
		abort();
	unlink(path);
	return all;
}

struct sink {
	struct arena *a;
	struct bytes bytes;
};

static bool
put(void *context, const void *bytes, size_t n)
{
	struct sink *sink = context;

	bytes_put(sink->a, &sink->bytes, bytes, n);
	return true;
}

/* The comparison, written and read again. */
static struct diff *
again(struct arena *a, const struct tree *t)
{
	struct sink sink = { .a = a };
	struct writer_options options = { .content = STREAM_DIFF, .name = "fuzz" };
	struct writer *w = writer_new(a, options, (struct writer_sink){ put, &sink });
	struct tree *back = tree_new(a);

	tree_write(t, w);
	assert(writer_end(w));
	assert(read_side(back, &sink.bytes, 0));
	assert(tree_compare(back));
	return diff_new(a, back);
}

static void
check_comparison(struct arena *a, struct tree *t, const struct diff *d)
{
	struct writer_options options = { .content = STREAM_FOLDED, .name = "fuzz" };
	struct sink sink = { .a = a };
	struct writer *w;

	if (!is_small(d) || tree_run_count(t) == 0)
		return;
	assert(text_equal(json_of(a, d), json_of(a, again(a, t))));
	compare_keep_gone(t, d);
	w = writer_new(a, options, (struct writer_sink){ put, &sink });
	tree_write(t, w);
	assert(writer_end(w));
}

/* Bits of the byte that says how: what makes places one, the scale, and maps. */
static struct sides_how
how_of(struct arena *a, uint8_t byte)
{
	struct sides_how how = { .verdict = { 0.05, 0.05 }, .force = true };

	how.same = (enum stream_same)(byte & 3);
	how.scale.kind = (enum stream_scale)((byte >> 2 & 7) % 5);
	how.scale.given = (byte >> 5 & 1) != 0;
	how.scale.per[0] = 3;
	how.scale.per[1] = 4;
	if (byte >> 6 & 1)
		same_add_map(a, &how.maps, "/=/a/");
	return how;
}

static struct diff *
compare(struct arena *a, const struct wrapping *baseline, const struct wrapping *current,
        const struct sides_how *how)
{
	struct tree *t = tree_new(a);
	struct err e = { 0 };

	read_side(t, &baseline->out, STREAM_BASELINE);
	read_side(t, &current->out, STREAM_CURRENT);
	tree_settle(t);
	return sides_compare(a, t, how, &e);
}

static void
compare_two(struct arena *a, const uint8_t *data, size_t n)
{
	struct wrapping w[2] = { 0 };
	size_t first = (size_t)data[2] << 8 | data[3];
	struct sides_how how = how_of(a, data[1]);
	uint8_t wrapped = data[0] | WRAPPED;
	struct diff *d, *back;

	data += FOR_COMPARING;
	n -= FOR_COMPARING;
	first = first < n ? first : n;
	wrap_part(&w[0], wrapped, data, first);
	wrap_part(&w[1], wrapped, data + first, n - first);
	d = compare(a, &w[0], &w[1], &how);
	back = compare(a, &w[1], &w[0], &how);
	assert(!d == !back);
	assert(!d || how.maps.n ||
	       (d->count == back->count && d->function_count == back->function_count));
	if (d)
		check_comparison(a, d->tree, d);
	arena_empty(&w[0].arena);
	arena_empty(&w[1].arena);
}

static void
read_one(struct arena *a, const uint8_t *data, size_t n)
{
	struct wrapping w = { 0 };
	struct tree *t = tree_new(a);

	wrap_part(&w, data[0] | WRAPPED, data + 1, n - 1);
	read_side(t, &w.out, 0);
	tree_settle(t);
	if (tree_compare(t))
		check_comparison(a, t, diff_new(a, t));
	arena_empty(&w.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { 0 };

	if (n < FOR_COMPARING)
		return 0;
	if ((data[0] >> CONTENT_SHIFT & CONTENT) == STREAM_DIFF)
		read_one(&a, data, n);
	else
		compare_two(&a, data, n);
	arena_empty(&a);
	return 0;
}
