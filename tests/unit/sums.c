/* SPDX-License-Identifier: MIT */
/* Blocks that seem to lie in each other are checked in a time that is as long as the input. */
#include "stream/sums.h"
#include "stream/block.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

static uint64_t summed, summed_most = UINT64_MAX;

/* In the place of zlib's, so that it counts; bit by bit, as the polynomial says. */
uLong
crc32_z(uLong crc, const Bytef *bytes, z_size_t n)
{
	static uint32_t table[256];

	for (uint32_t i = 0; !table[255] && i < 256; i++) {
		uint32_t row = i;

		for (int bit = 0; bit < 8; bit++)
			row = row & 1 ? row >> 1 ^ 0xedb88320 : row >> 1;
		table[i] = row;
	}
	summed += n;
	if (summed > summed_most) {
		printf("more than %lu bytes are summed up\n", summed_most);
		exit(1);
	}
	for (crc ^= 0xffffffff; n; n--)
		crc = table[(crc ^ *bytes++) & 0xff] ^ crc >> 8;
	return crc ^ 0xffffffff;
}

/* Pieces of any length, from places that do not fall. */
static int
check_pieces(void)
{
	enum { BYTES = 4 << 20, PIECES = 3000 };
	struct arena a = { 0 };
	unsigned char *bytes = arena_alloc(&a, BYTES);
	struct sums s = { 0 };
	size_t at = 0;
	int failed = 0;

	srand(1);
	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (unsigned char)rand();
	for (int i = 0; i < PIECES && !failed; i++) {
		size_t n = (size_t)rand() % (i % 2 ? 1000 : 200000);

		at += (size_t)rand() % (i % 100 ? 1000 : 100000);
		if (at + n > BYTES)
			break;
		failed = sums_check(&a, &s, bytes + at, at, n) != crc32_z(0, bytes + at, n);
		if (failed)
			printf("the sum of %zu bytes at %zu is another one\n", n, at);
	}
	arena_empty(&a);
	return failed;
}

/* Whole headers of blocks of a megabyte, each of which holds those behind it. */
static int
check_headers(void)
{
	enum { HEADERS = 100000, STORED = 1 << 20 };
	char path[] = "/tmp/sums-XXXXXX";
	unsigned char header[STREAM_HEADER_BYTES], *body = calloc(1, STORED);
	struct arena a = { 0 };
	struct block block;
	struct err e;
	FILE *f = fdopen(mkstemp(path), "w+");
	uint64_t damages = 0;
	struct blocks *b;

	block_header(header, BLOCK_RESTART | BLOCK_ZSTD, 0, body, STORED, STORED);
	for (int i = 0; i < HEADERS; i++)
		fwrite(header, sizeof header, 1, f);
	rewind(f);
	b = blocks_new(&a, dup(fileno(f)), "f");
	summed_most = summed + (uint64_t)HEADERS * sizeof header * 40;
	while (blocks_next(b, &block, &e) == BLOCK_DAMAGED)
		damages++;
	summed_most = UINT64_MAX;
	blocks_close(b);
	arena_empty(&a);
	fclose(f);
	free(body);
	unlink(path);
	if (damages != HEADERS)
		printf("%lu of %d blocks are damaged\n", damages, HEADERS);
	return damages != HEADERS;
}

int
main(void)
{
	return check_pieces() | check_headers();
}
