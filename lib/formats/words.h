/* SPDX-License-Identifier: MIT */
/* formats/words.h: parts of a text, each taken off its beginning. */
#ifndef FORMATS_WORDS_H
#define FORMATS_WORDS_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* False: the text does not begin with it. */
bool words_take(struct text *t, struct text prefix);

/* A number of at most 64 bits, of decimal or hexadecimal digits; false: there is none. */
bool words_take_count(struct text *t, uint64_t *n);
bool words_take_hex(struct text *t, uint64_t *n);

/* Either: hexadecimal digits follow "0x". */
bool words_take_id(struct text *t, uint64_t *n);

#endif
