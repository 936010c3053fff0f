/* SPDX-License-Identifier: MIT */
/* Any text that is taken for perf-script(1)'s, behind a line that it begins with. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char first[] = "a 7/8 [001] 1.5: 10 cpu-clock:\n";
	size_t begin = n && *bytes == '+' ? strlen(first) : 0;
	char *text = malloc(n + begin + 1);

	memcpy(text, first, begin);
	if (n)
		memcpy(text + begin, bytes, n);
	fuzz_import((struct text){ text, n + begin });
	free(text);
	return 0;
}
