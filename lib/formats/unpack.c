/* SPDX-License-Identifier: MIT */
#include "formats/unpack.h"

#include "base/vec.h"

#include <zlib.h>
#include <zstd.h>

enum { STEP = 64 << 10, WINDOW_LOG_MAX = 23, GZIP_ONLY = 16 };

#define CUT "it is cut"
#define TOO_LARGE "it unpacks to more than 64 times its size"

/* What is unpacked so far. */
struct unpacking {
	struct arena *a;
	VEC(char) all;
	size_t most;
};

static struct unpacking
begin(struct arena *a, struct text packed)
{
	return (struct unpacking){ .a = a, .most = packed.n * UNPACK_RATIO + UNPACK_FREE };
}

/* Makes room for more. False: there is too much already. */
static bool
make_room(struct unpacking *u)
{
	if (u->all.n > u->most)
		return false;
	vec_reserve(u->a, &u->all, u->all.n + STEP);
	return true;
}

/* More of it; NULL while it goes on or when it is done. */
static const char *
zstd_more(ZSTD_DCtx *z, struct unpacking *u, ZSTD_inBuffer *in, bool *done)
{
	ZSTD_outBuffer out = { u->all.at + u->all.n, u->all.room - u->all.n, 0 };
	size_t status = ZSTD_decompressStream(z, &out, in);

	u->all.n += out.pos;
	if (ZSTD_isError(status))
		return ZSTD_getErrorName(status);
	*done = status == 0;
	if (*done)
		return in->pos < in->size ? "bytes follow its end" : NULL;
	return in->pos == in->size && out.pos < out.size ? CUT : NULL;
}

const char *
unpack_zstd(struct arena *a, struct text packed, struct text *bytes)
{
	struct unpacking u = begin(a, packed);
	ZSTD_inBuffer in = { packed.at, packed.n, 0 };
	ZSTD_DCtx *z = ZSTD_createDCtx();
	const char *wrong = NULL;
	bool done = false;

	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	while (!wrong && !done)
		wrong = make_room(&u) ? zstd_more(z, &u, &in, &done) : TOO_LARGE;
	ZSTD_freeDCtx(z);
	*bytes = (struct text){ u.all.at, u.all.n };
	return wrong;
}

static const char *
gzip_more(z_stream *z, struct unpacking *u, bool *done)
{
	int status;

	z->next_out = (unsigned char *)u->all.at + u->all.n;
	z->avail_out = (unsigned)(u->all.room - u->all.n);
	status = inflate(z, Z_NO_FLUSH);
	u->all.n = u->all.room - z->avail_out;
	*done = status == Z_STREAM_END;
	if (status == Z_OK && z->avail_out == 0)
		return NULL;
	if (status == Z_OK || status == Z_BUF_ERROR)
		return CUT;
	return *done ? NULL : z->msg ? z->msg : "it is damaged";
}

/* Several gzip files, one behind the other, are one. */
const char *
unpack_gzip(struct arena *a, struct text packed, struct text *bytes)
{
	struct unpacking u = begin(a, packed);
	z_stream z = { .next_in = (unsigned char *)packed.at, .avail_in = (unsigned)packed.n };
	const char *wrong = packed.n == z.avail_in ? NULL : "it is too large";
	bool done = false;

	inflateInit2(&z, MAX_WBITS + GZIP_ONLY);
	while (!wrong && !(done && z.avail_in == 0)) {
		if (done)
			inflateReset(&z);
		wrong = make_room(&u) ? gzip_more(&z, &u, &done) : TOO_LARGE;
	}
	inflateEnd(&z);
	*bytes = (struct text){ u.all.at, u.all.n };
	return wrong;
}
