/* SPDX-License-Identifier: MIT */
/*
 * formats/gzip.h: an output that is compressed as it flows.
 *
 * Equal bytes come out as equal bytes: the header has neither a time nor a name.
 */
#ifndef FORMATS_GZIP_H
#define FORMATS_GZIP_H

#include "base/out.h"

struct gzip;

/* Lives on a until gzip_end(), which leaves the output open. */
struct gzip *gzip_begin(struct arena *a, struct out *o);
void gzip_put(struct gzip *z, const void *bytes, size_t n);
void gzip_end(struct gzip *z);

#endif
