/* SPDX-License-Identifier: MIT */
#include "formats/gzip.h"

#include <assert.h>
#include <zlib.h>

enum { LEVEL = 6, WITH_HEADER = 16, MEMORY = 8, HELD = 32 << 10 };

struct gzip {
	z_stream z;
	struct out *out;
	struct arena arena; /* zlib's memory */
	unsigned char held[HELD];
};

static void *
zlib_alloc(void *arena, unsigned n, unsigned size)
{
	return arena_alloc(arena, (size_t)n * size);
}

/* It goes with the arena. */
static void
zlib_free(void *arena, void *p)
{
	(void)arena;
	(void)p;
}

struct gzip *
gzip_begin(struct arena *a, struct out *o)
{
	struct gzip *z = arena_new(a, struct gzip);
	int status;

	z->out = o;
	z->z = (z_stream){ .zalloc = zlib_alloc, .zfree = zlib_free, .opaque = &z->arena };
	status = deflateInit2(&z->z, LEVEL, Z_DEFLATED, MAX_WBITS + WITH_HEADER, MEMORY,
	                      Z_DEFAULT_STRATEGY);
	assert(status == Z_OK);
	return z;
}

static void
squeeze(struct gzip *z, int flush)
{
	int status;

	do {
		z->z.next_out = z->held;
		z->z.avail_out = HELD;
		status = deflate(&z->z, flush);
		assert(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR);
		out_put(z->out, z->held, HELD - z->z.avail_out);
	} while (z->z.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END));
}

void
gzip_put(struct gzip *z, const void *bytes, size_t n)
{
	assert(n <= UINT32_MAX);
	z->z.next_in = (unsigned char *)bytes;
	z->z.avail_in = (unsigned)n;
	squeeze(z, Z_NO_FLUSH);
}

void
gzip_end(struct gzip *z)
{
	squeeze(z, Z_FINISH);
	deflateEnd(&z->z);
	arena_empty(&z->arena);
}
