/* SPDX-License-Identifier: MIT */
/* JSON of speedscope; what does not begin with "{" is the profiles of a file. */
#include "import.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char first[] =
		"{\"$schema\":\"https://www.speedscope.app/"
		"file-format-schema.json\",\"shared\":"
		"{\"frames\":[{\"name\":\"f\",\"file\":\"a\",\"line\":1},{\"name\":\"<GC>\"}]},"
		"\"exporter\":\"py-spy@1\",\"profiles\":[";
	bool whole = n && *bytes == '{';
	size_t begin = whole ? 0 : sizeof first - 1;
	char *text = malloc(n + begin + 2);

	memcpy(text, first, begin);
	if (n)
		memcpy(text + begin, bytes, n);
	memcpy(text + begin + n, "]}", 2);
	fuzz_import((struct text){ text, n + begin + (whole ? 0 : 2) });
	free(text);
	return 0;
}
