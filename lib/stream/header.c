/* SPDX-License-Identifier: MIT */
#include "stream/header.h"

#include "stream/block.h"

#include <zlib.h>

enum { CHECKED = 20 }; /* bytes of the header that its own check covers */

static const unsigned char magic[4] = { 0x93, 't', 's', 't' };

static void
put_le(unsigned char *p, uint32_t n, int bytes)
{
	for (; bytes--; n >>= 8)
		*p++ = (unsigned char)n;
}

static uint32_t
take_le(const unsigned char *p, int bytes)
{
	uint32_t n = 0;

	while (bytes--)
		n = n << 8 | p[bytes];
	return n;
}

uint32_t
header_check(const void *bytes, size_t n)
{
	return (uint32_t)crc32_z(0, bytes, n);
}

void
block_header(unsigned char header[STREAM_HEADER_BYTES], unsigned flags, unsigned number,
             const void *bytes, size_t stored, size_t raw)
{
	memcpy(header, magic, sizeof magic);
	header[4] = STREAM_VERSION;
	header[5] = (unsigned char)flags;
	put_le(header + 6, number, 2);
	put_le(header + 8, (uint32_t)stored, 4);
	put_le(header + 12, (uint32_t)raw, 4);
	put_le(header + 16, header_check(bytes, stored), 4);
	put_le(header + CHECKED, header_check(header, CHECKED), 4);
}

bool
header_begins(const unsigned char *p, size_t n)
{
	return memcmp(p, magic, n < sizeof magic ? n : sizeof magic) == 0;
}

unsigned char
header_first(void)
{
	return magic[0];
}

const char *
header_read(const unsigned char *p, struct header *h)
{
	*h = (struct header){ .version = p[4],
		              .flags = p[5],
		              .number = take_le(p + 6, 2),
		              .stored = take_le(p + 8, 4),
		              .raw = take_le(p + 12, 4),
		              .check = take_le(p + 16, 4) };
	if (!header_begins(p, sizeof magic))
		return "no block begins here";
	if (take_le(p + CHECKED, 4) != header_check(p, CHECKED))
		return "the check of a block's header is wrong";
	if (h->version != STREAM_VERSION)
		return "the block has another version than 1";
	if (h->flags & ~(unsigned)(BLOCK_RESTART | BLOCK_ZSTD))
		return "the block has an unknown flag";
	if (h->stored > STREAM_STORED_MAX || h->raw > STREAM_BLOCK_MAX ||
	    (!(h->flags & BLOCK_ZSTD) && h->stored != h->raw))
		return "the length of a block is out of range";
	return NULL;
}
