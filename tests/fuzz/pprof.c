/* SPDX-License-Identifier: MIT */
/* Profiles of pprof, compressed or not, and such without what they begin with. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	/* Two types of values, "a" in the unit "count" and "b" in "ns". */
	static const char first[] = "\012\004\010\001\020\002\012\004\010\003\020\004"
				    "2\0002\001a2\005count2\001b2\002ns";
	size_t begin = n && *bytes == '+' ? sizeof first - 1 : 0;
	char *text = malloc(n + begin + 1);

	memcpy(text, first, begin);
	if (n)
		memcpy(text + begin, bytes + (begin > 0), n - (begin > 0));
	fuzz_import((struct text){ text, n + begin - (begin > 0) });
	free(text);
	return 0;
}
