/* SPDX-License-Identifier: MIT */
/*
 * formats/unpack.h: what is packed, in bounded memory.
 *
 * A small input never asks for large memory: what unpacks to more than
 * UNPACK_RATIO times its size, and UNPACK_FREE bytes, is refused. Profiles are
 * far from that: the times of samples vary.
 */
#ifndef FORMATS_UNPACK_H
#define FORMATS_UNPACK_H

#include "base/text.h"

enum { UNPACK_RATIO = 64, UNPACK_FREE = 256 << 10 };

/*
 * The packed bytes as they were, on a. NULL, or what is wrong with them; then
 * *bytes are those before it. Bytes behind the end of the packed ones are wrong.
 */
const char *unpack_zstd(struct arena *a, struct text packed, struct text *bytes);
const char *unpack_gzip(struct arena *a, struct text packed, struct text *bytes);

#endif
