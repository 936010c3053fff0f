/* SPDX-License-Identifier: MIT */
/*
 * Any stream becomes a page of its lines, whose sums are no more than all that was
 * sampled; and any bytes are read as a source, whose text is UTF-8 without "\r".
 *
 * The first byte of an input says how the others are used, as in stream.c; they
 * are read as a source file, too.
 */
#include "base/source.h"
#include "heat/page.h"
#include "stream/reader.h"
#include "tests/fuzz/written.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_text(struct text bytes)
{
	struct arena a = { 0 };
	struct text odd, text = source_text(&a, bytes, &odd);

	assert(text.n == 0 || !memchr(text.at, '\r', text.n));
	for (size_t i = 0; i < text.n;) {
		uint32_t c;
		size_t width = text_utf8((struct text){ text.at + i, text.n - i }, &c);

		assert(width);
		i += width;
	}
	arena_empty(&a);
}

static void
check_sums(const struct heat *h)
{
	for (size_t i = 0; i < h->lines.n; i++) {
		const struct key_sum *sum = &h->lines.at[i].sum;

		assert(sum->self <= sum->total && sum->total <= h->weight);
		assert(sum->total <= h->files.at[h->lines.at[i].file].sum.total);
		assert(sum->self_samples <= sum->total_samples);
	}
	for (size_t i = HEAT_GROUPS; i < h->folders.n; i++)
		assert(h->folders.at[i].sum.total <=
		       h->folders.at[h->folders.at[i].parent].sum.total);
}

static void
draw(const struct bytes *bytes)
{
	struct tree_choice choice = { .grain = TREE_RECORDED, .diff = true };
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct err e = { 0 };
	same_maps maps = { 0 };
	struct heat_book *book;
	struct out *o = out_open(&a, "/dev/null", OUT_TEXT, &e);

	assert(o);
	written_load(t, bytes, &choice);
	book = heat_book(&a, t, heat_sources_open(&a, t, NULL, &maps, &e));
	for (size_t side = 0; side < book->sides; side++)
		check_sums(book->side[side].heat);
	heat_write(o, book, &(struct heat_page){ 0 });
	out_close(o);
	arena_empty(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wrapping w = { 0 };

	if (n < 2)
		return 0;
	check_text((struct text){ (const char *)data + 1, n - 1 });
	written_wrap(&w, data, n);
	draw(&w.out);
	arena_empty(&w.arena);
	return 0;
}
