/* SPDX-License-Identifier: MIT */
/*
 * make DIRECTORY: writes the damaged streams there.
 *
 * A stream here is a first block, in which all is well, and a second one, in
 * which something is not: in its header, or in its records. Both have their
 * checks, so that only what is meant to be wrong is wrong.
 */
#include "stream/block.h"
#include "stream/fields.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static struct arena arena;
static struct bytes out, raw;
static size_t second; /* where the second block begins */
static ZSTD_CCtx *compressor;

static void
put(const void *bytes, size_t n)
{
	bytes_put(&arena, &raw, bytes, n);
}

static void
put_record(uint8_t type, const void *body, size_t n)
{
	bytes_byte(&arena, &raw, type);
	bytes_number(&arena, &raw, n);
	put(body, n);
}

#define RECORD(type, body) put_record((type), (body), sizeof(body) - 1)

static void
put_object(uint8_t type, const void *object)
{
	struct bytes body = { 0 };

	fields_put(&arena, &body, (enum stream_record)type, object);
	put_record(type, body.at, body.n);
}

static void
put_begin(enum stream_content content, uint8_t number, uint8_t at)
{
	const char body[] = { (char)content, (char)number, (char)at, 1, 'd' };

	put_record(STREAM_RECORD_begin, body, sizeof body);
}

static void
put_run(enum stream_content content)
{
	struct stream_run run = { .side = content == STREAM_DIFF,
		                  .unit_ns = 1000,
		                  .interval_ns = 16000,
		                  .epoch_ms = content ? 1 : 0 };

	memset(run.id, 0x99, sizeof run.id);
	put_object(STREAM_RECORD_run, &run);
}

/* A process, a thread, two stacks. */
static void
put_world(void)
{
	put_object(STREAM_RECORD_process, &(struct stream_process){ .pid = 7 });
	put_object(STREAM_RECORD_thread, &(struct stream_thread){ .native_id = 7 });
	RECORD(STREAM_RECORD_strings, "\1a\1b");
	RECORD(STREAM_RECORD_functions, "\0\1\0\0\0\2\0\0");
	RECORD(STREAM_RECORD_frames, "\2\0\3\0");
	RECORD(STREAM_RECORD_stacks, "\1\2\0\3");
}

static void
put_block(unsigned flags, unsigned number)
{
	unsigned char header[STREAM_HEADER_BYTES];
	const void *stored = raw.at;
	size_t n = raw.n;

	if (flags & BLOCK_ZSTD) {
		size_t room = ZSTD_compressBound(n) + 64;
		ZSTD_inBuffer in = { raw.at, raw.n, 0 };
		ZSTD_outBuffer to = { arena_alloc(&arena, room), room, 0 };

		if (ZSTD_compressStream2(compressor, &to, &in, ZSTD_e_flush) != 0)
			abort();
		stored = to.dst;
		n = to.pos;
	}
	second = out.n;
	block_header(header, flags, number, stored, n, raw.n);
	bytes_put(&arena, &out, header, sizeof header);
	bytes_put(&arena, &out, stored, n);
	raw.n = 0;
}

/* What is kept whatever comes behind it: two ticks, at 16 and 32, or two cells. */
static void
put_first(enum stream_content content, unsigned flags)
{
	put_begin(content, 0, 0);
	put_run(content);
	put_world();
	if (content == STREAM_RAW)
		RECORD(STREAM_RECORD_ticks, "\x43\1\0\3\0\x41\3");
	else
		RECORD(STREAM_RECORD_cells, "\0\0\4\1\0\2\40\2\1\0\1\20");
	put_block(BLOCK_RESTART | flags, 0);
}

static void
put_end(void)
{
	put_record(STREAM_RECORD_end, NULL, 0);
}

/* The same of another segment, which is well. */
static void
put_good(uint8_t number)
{
	put_begin(STREAM_RAW, number, 100);
	put_run(STREAM_RAW);
	put_world();
	RECORD(STREAM_RECORD_ticks, "\3\1\0\4\5\100");
	put_end();
	put_block(BLOCK_RESTART, 0);
}

/* Makes the check of the second block's header right again. */
static void
seal(void)
{
	uint32_t check = (uint32_t)crc32_z(0, out.at + second, 20);

	for (int i = 0; i < 4; i++)
		out.at[second + 20 + (size_t)i] = (unsigned char)(check >> 8 * i);
}

#define BYTES(literal) (literal), sizeof(literal) - 1

/* The second block's bytes from at on become these; whether its header's check is right. */
static const struct {
	const char *name;
	size_t at;
	const char *bytes;
	size_t n;
	bool sealed;
} headers[] = {
	{ "magic", 0, BYTES("\x92"), false },
	{ "version", 4, BYTES("\2"), true },
	{ "flag", 5, BYTES("\4"), true },
	{ "number", 6, BYTES("\2"), true },
	{ "restart-number", 5, BYTES("\1"), true },
	{ "mixed", 5, BYTES("\2"), true },
	{ "stored-length", 8, BYTES("\1\0\x20\0"), true },
	{ "raw-length", 12, BYTES("\1\0\x10\0"), true },
	{ "lengths", 12, BYTES("\0"), true },
	{ "block-check", 24, BYTES("\0"), false },
	{ "header-check", 20, BYTES("\0\0\0\0"), false },
};

static void
write_header(size_t i)
{
	put_first(STREAM_RAW, 0);
	RECORD(STREAM_RECORD_ticks, "\101\2");
	put_end();
	put_block(0, 1);
	memcpy(out.at + second + headers[i].at, headers[i].bytes, headers[i].n);
	if (headers[i].sealed)
		seal();
}

/* The records of the second block. Each is what is wrong, or what makes it so; the end follows. */
static const struct {
	const char *name;
	enum stream_content content;
	const char *bytes;
	size_t n;
} records[] = {
	{ "second-begin", STREAM_RAW, BYTES("\x81\5\0\1\0\1d") },
	{ "second-run", STREAM_RAW, BYTES("\x82\1\0") },
	{ "run-cut", STREAM_FOLDED, BYTES("\x82\5\1\2\3\4\5") },
	{ "run-side", STREAM_FOLDED,
	  BYTES("\x82\x1e\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "run-epoch", STREAM_FOLDED,
	  BYTES("\x82\x1e\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\0\0\0\0\0\0\0\0\3\0\0\0\0\0") },
	{ "run-time", STREAM_FOLDED,
	  BYTES("\x82\x27\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\0"
	        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\1\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "string-undefined", STREAM_RAW, BYTES("\x88\4\0\3\0\0") },
	{ "file-undefined", STREAM_RAW, BYTES("\x88\4\0\1\x63\0") },
	{ "function-undefined", STREAM_RAW, BYTES("\x89\2\4\0") },
	{ "function-none", STREAM_RAW, BYTES("\x89\2\0\0") },
	{ "function-line", STREAM_RAW, BYTES("\x88\x08\0\1\0\x80\x80\x80\x80\x08") },
	{ "frame-undefined", STREAM_RAW, BYTES("\x8a\2\0\4") },
	{ "frame-none", STREAM_RAW, BYTES("\x8a\2\0\0") },
	{ "frame-shape", STREAM_RAW, BYTES("\x89\2\2\x20") },
	{ "frame-line", STREAM_RAW, BYTES("\x89\3\2\1\1") },
	{ "frame-opcode", STREAM_RAW, BYTES("\x89\4\2\x10\x80\2") },
	{ "parent-undefined", STREAM_RAW, BYTES("\x8a\2\4\2") },
	{ "stack-undefined", STREAM_RAW, BYTES("\x8b\2\x41\4") },
	{ "stack-listed-undefined", STREAM_RAW, BYTES("\x8b\5\x43\1\0\5\0") },
	{ "thread-undefined", STREAM_RAW, BYTES("\x8b\5\x43\1\1\1\0") },
	{ "process-undefined", STREAM_RAW, BYTES("\x84\7\1\1\0\0\0\0\0") },
	{ "exit-undefined", STREAM_RAW, BYTES("\x05\4\1\0\0\0") },
	{ "process-id", STREAM_RAW, BYTES("\x83\x0a\x80\x80\x40\0\0\0\0\0\0\0") },
	{ "thread-id", STREAM_RAW, BYTES("\x84\x09\x80\x80\x40\0\0\0\0\0\0") },
	{ "process-cut", STREAM_RAW, BYTES("\x83\x08\1\0\0\0\0\0\0\1") },
	{ "thread-cut", STREAM_RAW, BYTES("\x84\1\1") },
	{ "exit-cut", STREAM_RAW, BYTES("\x05\1\0") },
	{ "record-cut", STREAM_RAW, BYTES("\x8b\x40\x40") },
	{ "string-cut", STREAM_RAW, BYTES("\x87\2\2c") },
	{ "definition-cut", STREAM_RAW, BYTES("\x88\5\0\1\0\0\0") },
	{ "tick-cut", STREAM_RAW, BYTES("\x8b\4\x43\1\0\1") },
	{ "varint-long", STREAM_RAW, BYTES("\x8b\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\2") },
	{ "varint-endless", STREAM_RAW,
	  BYTES("\x8b\x0b\xc0\x80\x80\x80\x80\x80\x80\x80\x80\x80\0") },
	{ "tick-time", STREAM_RAW,
	  BYTES("\x8b\x15\x40\xfc\xff\xff\xff\xff\xff\xff\xff\xff\1"
	        "\xfc\xff\xff\xff\xff\xff\xff\xff\xff\1") },
	{ "two-ticks", STREAM_RAW, BYTES("\x8b\3\x41\2\0") },
	{ "end-unwatched", STREAM_RAW, BYTES("\x84\7\1\0\0\0\0\0\0\x8b\4\x43\1\1\0") },
	{ "end-again", STREAM_RAW, BYTES("\x8b\x08\x43\1\0\0\x43\1\0\0") },
	{ "change-unlisted", STREAM_RAW, BYTES("\x8b\6\x43\1\0\0\x41\2") },
	{ "content-ticks", STREAM_FOLDED, BYTES("\x8b\1\x40") },
	{ "content-cells", STREAM_RAW, BYTES("\x8c\7\0\0\4\1\0\1\1") },
	{ "content-match", STREAM_FOLDED, BYTES("\x90\2\2\2") },
	{ "critical", STREAM_RAW, BYTES("\xa0\3new") },
	{ "critical-portable", STREAM_RAW, BYTES("\xe0\3new") },
	{ "after-end", STREAM_RAW, BYTES("\xbf\0\x8b\1\x40") },
	{ "outcome-cut", STREAM_RAW, BYTES("\x06\6\0\1\2\3\4\1") },
	{ "outcome-span", STREAM_RAW, BYTES("\x06\6\2\1\0\0\0\0") },
	{ "label-cut", STREAM_RAW, BYTES("\x4d\2\1k") },
	{ "source-cut", STREAM_RAW, BYTES("\x4e\3\1fh") },
	{ "source-piece", STREAM_RAW,
	  BYTES("\x4e\x27\1f01234567890123456789012345678901\2\1\2xy") },
	{ "cells-cut", STREAM_FOLDED, BYTES("\x8c\1\0") },
	{ "cell-cut", STREAM_FOLDED, BYTES("\x8c\6\0\0\4\1\0\1") },
	{ "cell-none", STREAM_FOLDED, BYTES("\x8c\4\0\0\4\0") },
	{ "cell-epochs-cut", STREAM_FOLDED, BYTES("\x8c\x08\0\0\4\2\0\1\1\1") },
	{ "cell-epoch-again", STREAM_FOLDED, BYTES("\x8c\x0a\0\0\4\2\5\1\1\0\1\1") },
	{ "cell-stack-undefined", STREAM_FOLDED, BYTES("\x8c\7\0\0\x08\1\0\1\1") },
	{ "cell-stack-negative", STREAM_FOLDED, BYTES("\x8c\7\0\0\1\1\0\1\1") },
	{ "cell-thread-undefined", STREAM_FOLDED, BYTES("\x8c\7\1\0\4\1\0\1\1") },
	{ "compare-scale", STREAM_DIFF, BYTES("\x8f\x08\0\0\1\0\0\0\0\0") },
	{ "compare-cut", STREAM_DIFF, BYTES("\x8f\3\0\1\1") },
	{ "compare-range", STREAM_DIFF, BYTES("\x8f\x08\5\1\1\0\0\0\0\0") },
	{ "match-undefined", STREAM_DIFF, BYTES("\x90\2\2\4") },
	{ "match-cut", STREAM_DIFF, BYTES("\x90\3\2\2\2") },
	{ "verdict-undefined", STREAM_DIFF, BYTES("\x91\x0f\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "verdict-range", STREAM_DIFF, BYTES("\x91\x0f\2\5\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "verdict-cut", STREAM_DIFF, BYTES("\x91\1\2") },
};

static void
write_records(size_t i)
{
	put_first(records[i].content, 0);
	put(records[i].bytes, records[i].n);
	put_end();
	put_block(0, 1);
}

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
	put_good(0);
}

static void
ended_by_joining(void)
{
	cut_between_blocks();
	put_good(0);
}

static void
damaged_in_the_middle(void)
{
	two_blocks();
	out.at[second + STREAM_HEADER_BYTES] ^= 1;
	put_good(1);
}

static void
wrong_in_the_middle(void)
{
	put_first(STREAM_RAW, 0);
	RECORD(STREAM_RECORD_ticks, "\x41\x63");
	put_block(0, 1);
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(0, 2);
	put_good(1);
}

static void
segment_missing(void)
{
	put_first(STREAM_RAW, 0);
	put_good(2);
}

static void
begins_late(void)
{
	put_good(3);
}

static void
begins_without_restart(void)
{
	RECORD(STREAM_RECORD_ticks, "\x40");
	put_block(0, 1);
	put_good(0);
}

static void
restart_without_begin(void)
{
	put_run(STREAM_RAW);
	put_block(BLOCK_RESTART, 0);
	put_good(0);
}

static void
begin_of_another_content(void)
{
	put_begin(3, 0, 0);
	put_block(BLOCK_RESTART, 0);
	put_good(0);
}

static void
begin_empty(void)
{
	put_block(BLOCK_RESTART, 0);
	put_good(0);
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

static const struct {
	const char *name;
	void (*write)(void);
} others[] = {
	{ "cut-in-header", cut_in_header },
	{ "cut-in-block", cut_in_block },
	{ "cut-between-blocks", cut_between_blocks },
	{ "cut-and-joined", cut_and_joined },
	{ "ended-by-joining", ended_by_joining },
	{ "damaged-in-the-middle", damaged_in_the_middle },
	{ "wrong-in-the-middle", wrong_in_the_middle },
	{ "segment-missing", segment_missing },
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

/* Writes what was put, and begins anew. */
static void
save(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "%s.bin", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, out.at, out.n) != (ssize_t)out.n || close(fd) != 0) {
		perror(path);
		exit(1);
	}
	arena_empty(&arena);
	out = raw = (struct bytes){ 0 };
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

int
main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fprintf(stderr, "usage: make DIRECTORY\n");
		return 2;
	}
	compressor = ZSTD_createCCtx();
	for (size_t i = 0; i < COUNT(headers); i++) {
		write_header(i);
		save(headers[i].name);
	}
	for (size_t i = 0; i < COUNT(records); i++) {
		write_records(i);
		save(records[i].name);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		others[i].write();
		save(others[i].name);
	}
	ZSTD_freeCCtx(compressor);
	return 0;
}
