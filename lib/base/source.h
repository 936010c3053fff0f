/* SPDX-License-Identifier: MIT */
/*
 * base/source.h: the bytes of a source file as its text.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/text.h"

/*
 * The text as UTF-8, on a, with "\n" as the only end of a line. It is taken as
 * PEP 263 says: by its byte order mark, by a comment in its first two lines, or
 * as UTF-8. Broken bytes become \xNN. *odd is empty, or else what people must
 * know of it; it is on a.
 */
struct text source_text(struct arena *a, struct text bytes, struct text *odd);

#endif
