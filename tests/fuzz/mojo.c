/* SPDX-License-Identifier: MIT */
/* Austin's binary files, from the version on: the magic is put before it. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *file = malloc(n + 3);

	memcpy(file, "MOJ", 3);
	if (n)
		memcpy(file + 3, bytes, n);
	fuzz_import((struct text){ file, n + 3 });
	free(file);
	return 0;
}
