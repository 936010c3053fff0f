/* SPDX-License-Identifier: MIT */
/*
 * make DIRECTORY: writes the damaged streams there.
 *
 * A stream here is a first block, in which all is well, and a second one, in
 * which something is not: in its header, or in its records. Both have their
 * checks, so that only what is meant to be wrong is wrong.
 */
#include "tests/damaged/make.h"

#include "stream/fields.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

struct arena arena;
struct bytes out, raw;
size_t second;
ZSTD_CCtx *compressor;

void
put(const void *bytes, size_t n)
{
	bytes_put(&arena, &raw, bytes, n);
}

void
put_record(uint8_t type, const void *body, size_t n)
{
	bytes_byte(&arena, &raw, type);
	bytes_number(&arena, &raw, n);
	put(body, n);
}

static void
put_object(uint8_t type, const void *object)
{
	struct bytes body = { 0 };

	fields_put(&arena, &body, (enum stream_record)type, object);
	put_record(type, body.at, body.n);
}

void
put_begin(enum stream_content content, uint8_t number, uint8_t at)
{
	const char body[] = { (char)content, (char)number, (char)at, 1, 'd' };

	put_record(STREAM_RECORD_begin, body, sizeof body);
}

void
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

void
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
void
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

void
put_end(void)
{
	put_record(STREAM_RECORD_end, NULL, 0);
}

/* The same of another segment, which is well. */
void
put_good(uint8_t number, unsigned blocks)
{
	put_begin(STREAM_RAW, number, 100);
	put_run(STREAM_RAW);
	put_world();
	RECORD(STREAM_RECORD_ticks, "\3\1\0\4\5\100");
	put_end();
	put_block(BLOCK_RESTART, blocks);
}

/* Makes the check of the second block's header right again. */
static void
seal(void)
{
	uint32_t check = (uint32_t)crc32_z(0, out.at + second, 20);

	for (int i = 0; i < 4; i++)
		out.at[second + 20 + (size_t)i] = (unsigned char)(check >> 8 * i);
}

static const struct {
	const char *name;
	size_t at;
	const char *bytes;
	size_t n;
	bool sealed;
} headers[] = {
#define HEADER(name, at, bytes, sealed) { name, at, bytes, sizeof(bytes) - 1, sealed },
#include "tests/damaged/headers.def"
#undef HEADER
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

static const struct {
	const char *name;
	enum stream_content content;
	const char *bytes;
	size_t n;
} records[] = {
#define RECORDS(name, content, bytes) { name, STREAM_##content, bytes, sizeof(bytes) - 1 },
#include "tests/damaged/records.def"
#undef RECORDS
};

static void
write_records(size_t i)
{
	put_first(records[i].content, 0);
	put(records[i].bytes, records[i].n);
	put_end();
	put_block(0, 1);
}

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
	for (size_t i = 0; i < streams_count; i++) {
		streams[i].write();
		save(streams[i].name);
	}
	ZSTD_freeCCtx(compressor);
	return 0;
}
