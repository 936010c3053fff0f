/* SPDX-License-Identifier: MIT */
/* Damage that takes more than a row of a table. */
#include "tests/damaged/make.h"

#include <string.h>

static void
two_blocks(void)
{
	put_first(STREAM_RAW, 0);
	RECORD(STREAM_RECORD_ticks, "\101\2");
	put_end();
	put_block(0, 1);
}

static void
cut_in_header(void)
{
	two_blocks();
	out.n = second + 10;
}

static void
cut_in_block(void)
{
	two_blocks();
	out.n = second + STREAM_HEADER_BYTES + 2;
}

static void
cut_between_blocks(void)
{
	two_blocks();
	out.n = second;
}

static void
cut_and_joined(void)
{
	cut_in_block();
	put_good(0, 0);
}

static void
ended_by_joining(void)
{
	cut_between_blocks();
	put_good(0, 0);
}

static void
damaged_in_the_middle(void)
{
	two_blocks();
	out.at[second + STREAM_HEADER_BYTES] ^= 1;
	put_good(1, 2);
}

static void
wrong_in_the_middle(void)
{
	put_first(STREAM_RAW, 0);
	RECORD(STREAM_RECORD_ticks, "\x41\x63");
	put_block(0, 1);
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(0, 2);
	put_good(1, 3);
}

static void
segment_missing(void)
{
	put_first(STREAM_RAW, 0);
	put_good(2, 1);
}

static void
blocks_missing(void)
{
	cut_between_blocks();
	put_good(1, 2);
}

/* The second segment is folded. */
static void
content_changes(void)
{
	put_first(STREAM_RAW, 0);
	put_begin(STREAM_FOLDED, 1, 0);
	put_block(BLOCK_RESTART, 1);
	put_good(2, 1);
}

static void
begins_late(void)
{
	put_good(3, 1);
}

static void
begins_without_restart(void)
{
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(0, 1);
	put_good(0, 0);
}

static void
restart_without_begin(void)
{
	put_run(STREAM_RAW);
	put_block(BLOCK_RESTART, 0);
	put_good(0, 0);
}

static void
begin_of_another_content(void)
{
	put_begin(3, 0, 0);
	put_block(BLOCK_RESTART, 0);
	put_good(0, 0);
}

static void
begin_empty(void)
{
	put_block(BLOCK_RESTART, 0);
	put_good(0, 0);
}

static void
before_its_run(void)
{
	put_begin(STREAM_RAW, 0, 0);
	RECORD(STREAM_RECORD_label, "\1k\1v");
	put_block(BLOCK_RESTART, 0);
}

static void
block_after_the_end(void)
{
	two_blocks();
	RECORD(STREAM_RECORD_strings, "\1c");
	put_block(0, 2);
}

static void
text_after_the_end(void)
{
	two_blocks();
	bytes_put(&arena, &out, "bye\n", 4);
}

static void
begin_zstd(void)
{
	ZSTD_CCtx_reset(compressor, ZSTD_reset_session_and_parameters);
	put_first(STREAM_RAW, BLOCK_ZSTD);
}

static void
zstd_garbage(void)
{
	begin_zstd();
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(BLOCK_ZSTD, 1);
	memset(out.at + second + STREAM_HEADER_BYTES, 0xff, 4);
	block_header(out.at + second, BLOCK_ZSTD, 1, out.at + second + STREAM_HEADER_BYTES,
	             out.n - second - STREAM_HEADER_BYTES, 3);
}

/* The same stored bytes hold one byte more than, or less than, the header says. */
static void
zstd_length(size_t says)
{
	begin_zstd();
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(BLOCK_ZSTD, 1);
	block_header(out.at + second, BLOCK_ZSTD, 1, out.at + second + STREAM_HEADER_BYTES,
	             out.n - second - STREAM_HEADER_BYTES, says);
}

static void
zstd_more(void)
{
	zstd_length(2);
}

static void
zstd_less(void)
{
	zstd_length(4);
}

/* A second frame in a segment. */
static void
zstd_frames(void)
{
	begin_zstd();
	RECORD(STREAM_RECORD_ticks, "\x40");
	ZSTD_CCtx_reset(compressor, ZSTD_reset_session_only);
	put_block(BLOCK_ZSTD, 1);
}

/* A window of 16 MiB. */
static void
zstd_window(void)
{
	ZSTD_CCtx_reset(compressor, ZSTD_reset_session_and_parameters);
	ZSTD_CCtx_setParameter(compressor, ZSTD_c_windowLog, 24);
	put_first(STREAM_RAW, BLOCK_ZSTD);
}

static void
put_zeros(size_t n)
{
	static const char zeros[1 << 10];

	for (; n; n -= n < sizeof zeros ? n : sizeof zeros)
		put(zeros, n < sizeof zeros ? n : sizeof zeros);
}

/* Nine blocks of a mebibyte each, of a record that readers skip. */
static void
segment_too_long(void)
{
	begin_zstd();
	for (unsigned i = 1; i < 10; i++) {
		bytes_byte(&arena, &raw, 0x20);
		bytes_number(&arena, &raw, STREAM_BLOCK_MAX - 4);
		put_zeros(STREAM_BLOCK_MAX - 4);
		put_block(BLOCK_ZSTD, i);
	}
}

static void
string_too_long(void)
{
	begin_zstd();
	bytes_byte(&arena, &raw, STREAM_RECORD_strings);
	bytes_number(&arena, &raw, STREAM_TEXT_MAX + 4);
	bytes_number(&arena, &raw, STREAM_TEXT_MAX + 1);
	put_zeros(STREAM_TEXT_MAX + 1);
	put_block(BLOCK_ZSTD, 1);
}

/* Each stack is in the one before. */
static void
stack_too_deep(void)
{
	begin_zstd();
	bytes_byte(&arena, &raw, STREAM_RECORD_stacks);
	bytes_number(&arena, &raw, 2 * STREAM_DEPTH_MAX);
	for (int i = 0; i < STREAM_DEPTH_MAX; i++)
		put("\0\2", 2);
	put_block(BLOCK_ZSTD, 1);
}

/* A million empty strings: a few bytes that would ask for much memory. */
static void
too_many_strings(void)
{
	begin_zstd();
	for (unsigned i = 1; i < 3; i++) {
		bytes_byte(&arena, &raw, STREAM_RECORD_strings);
		bytes_number(&arena, &raw, STREAM_NUMBER_MAX - 4);
		put_zeros(STREAM_NUMBER_MAX - 4);
		put_block(BLOCK_ZSTD, i);
	}
}

static void
text(void)
{
	bytes_put(&arena, &out, "main;work 3\n", 12);
}

static void
empty(void)
{
}

const struct damaged streams[] = {
	{ "cut-in-header", cut_in_header },
	{ "cut-in-block", cut_in_block },
	{ "cut-between-blocks", cut_between_blocks },
	{ "cut-and-joined", cut_and_joined },
	{ "ended-by-joining", ended_by_joining },
	{ "damaged-in-the-middle", damaged_in_the_middle },
	{ "wrong-in-the-middle", wrong_in_the_middle },
	{ "segment-missing", segment_missing },
	{ "blocks-missing", blocks_missing },
	{ "content-changes", content_changes },
	{ "begins-late", begins_late },
	{ "begins-without-restart", begins_without_restart },
	{ "restart-without-begin", restart_without_begin },
	{ "begin-of-another-content", begin_of_another_content },
	{ "begin-empty", begin_empty },
	{ "before-its-run", before_its_run },
	{ "block-after-the-end", block_after_the_end },
	{ "text-after-the-end", text_after_the_end },
	{ "zstd-garbage", zstd_garbage },
	{ "zstd-more", zstd_more },
	{ "zstd-less", zstd_less },
	{ "zstd-frames", zstd_frames },
	{ "zstd-window", zstd_window },
	{ "segment-too-long", segment_too_long },
	{ "string-too-long", string_too_long },
	{ "stack-too-deep", stack_too_deep },
	{ "too-many-strings", too_many_strings },
	{ "text", text },
	{ "empty", empty },
};

const size_t streams_count = sizeof streams / sizeof *streams;
