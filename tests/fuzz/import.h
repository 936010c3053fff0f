/* SPDX-License-Identifier: MIT */
/* fuzz/import.h: what every format must bear, whatever the bytes. */
#ifndef FUZZ_IMPORT_H
#define FUZZ_IMPORT_H

#include "tests/imports.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What a small input may take, and how much more for each of its bytes. */
enum { FREE_BYTES = 32 << 20, BYTES_EACH = 1 << 10 };

/* Imports them, reads the result, and holds the memory to its bound. */
static void
fuzz_import(struct text bytes)
{
	struct arena a = { 0 };
	struct imported got = import_bytes(&a, bytes, 0);

	assert(got.held <= FREE_BYTES + bytes.n * BYTES_EACH);
	assert(got.tree || got.faults.n);
	arena_empty(&a);
}

#endif
