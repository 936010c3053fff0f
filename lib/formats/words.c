/* SPDX-License-Identifier: MIT */
#include "formats/words.h"

enum { HEX = 16, DECIMAL = 10 };

static unsigned
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + DECIMAL;
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + DECIMAL : HEX;
}

bool
words_take(struct text *t, struct text prefix)
{
	if (!text_starts(*t, prefix))
		return false;
	t->at += prefix.n;
	t->n -= prefix.n;
	return true;
}

static bool
take_number(struct text *t, unsigned base, uint64_t *n)
{
	size_t i = 0;

	for (*n = 0; i < t->n && digit_of(t->at[i]) < base; i++)
		if (__builtin_mul_overflow(*n, (uint64_t)base, n) ||
		    __builtin_add_overflow(*n, (uint64_t)digit_of(t->at[i]), n))
			return false;
	t->at += i;
	t->n -= i;
	return i > 0;
}

bool
words_take_count(struct text *t, uint64_t *n)
{
	return take_number(t, DECIMAL, n);
}

bool
words_take_hex(struct text *t, uint64_t *n)
{
	return take_number(t, HEX, n);
}

bool
words_take_id(struct text *t, uint64_t *n)
{
	bool hex = words_take(t, TEXT("0x")) || words_take(t, TEXT("0X"));

	return take_number(t, hex ? HEX : DECIMAL, n);
}
