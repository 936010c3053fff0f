/* SPDX-License-Identifier: MIT */
/*
 * Tachyon's files. The first byte says how: as they are, or only the records
 * of one, between a header and tables that are right.
 */
#include "import.h"

#include "stream/bytes.h"

enum { RECORDS = 1, BIG = 2, FRAMES = 7, THREADS = 3, CONFIG = 0x59 };

static const char *const strings[] = { "f", "/a.py", "~", "<GC>", "/x/_sync_coordinator.py" };

/* Of each frame its file and its name. */
static const unsigned char frames[FRAMES][2] = { { 1, 0 }, { 1, 1 }, { 2, 3 }, { 4, 0 },
	                                         { 2, 0 }, { 1, 3 }, { 3, 2 } };

struct file {
	struct arena arena;
	struct bytes bytes;
	bool big;
};

static void
put_word(struct file *f, uint64_t word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes_byte(&f->arena, &f->bytes,
		           (uint8_t)(word >> 8 * (f->big ? n - 1 - i : i)));
}

static size_t
put_tables(struct file *f)
{
	size_t at;

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		bytes_text(&f->arena, &f->bytes, text_of(strings[i]));
	at = f->bytes.n;
	for (size_t i = 0; i < FRAMES; i++) {
		bytes_put(&f->arena, &f->bytes, frames[i], 2);
		bytes_put(&f->arena, &f->bytes, "\6\2\1\4\4", 5);
	}
	return at;
}

static void
put_header(struct file *f, size_t records, size_t frames_at)
{
	put_word(f, 0x54414348, 4);
	put_word(f, 1, 4);
	bytes_put(&f->arena, &f->bytes, "\3\17\2", 4);
	put_word(f, 1000, 8);
	put_word(f, 100, 8);
	put_word(f, 0, 8);
	put_word(f, THREADS, 4);
	put_word(f, 64 + records, 8);
	put_word(f, frames_at, 8);
	put_word(f, 0, 4);
	put_word(f, CONFIG, 4);
}

static struct text
wrap(struct file *f, const uint8_t *records, size_t n)
{
	struct file tables = { .big = f->big };
	size_t frames_at = 64 + n + put_tables(&tables);

	put_header(f, n, frames_at);
	bytes_put(&f->arena, &f->bytes, records, n);
	bytes_put(&f->arena, &f->bytes, tables.bytes.at, tables.bytes.n);
	arena_empty(&tables.arena);
	put_word(f, sizeof strings / sizeof *strings, 4);
	put_word(f, FRAMES, 4);
	put_word(f, f->bytes.n + 24, 8);
	put_word(f, 0, 8);
	put_word(f, 0, 8);
	return (struct text){ (const char *)f->bytes.at, f->bytes.n };
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct file f = { .big = n && *bytes & BIG };

	if (n && *bytes & RECORDS)
		fuzz_import(wrap(&f, bytes + 1, n - 1));
	else if (n)
		fuzz_import((struct text){ (const char *)bytes + 1, n - 1 });
	arena_empty(&f.arena);
	return 0;
}
