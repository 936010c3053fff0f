/* SPDX-License-Identifier: MIT */
/* Collapsed text with two counts a line: what is none of it gets a second one. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena a = { 0 };
	VEC(char) text = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n' && *bytes != '#') {
			*vec_push(&a, &text) = ' ';
			*vec_push(&a, &text) = '1';
		}
		*vec_push(&a, &text) = (char)bytes[i];
	}
	fuzz_import((struct text){ text.n ? text.at : "", text.n });
	arena_empty(&a);
	return 0;
}
