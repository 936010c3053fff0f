/* SPDX-License-Identifier: MIT */
#include "stream/level.h"

#include "base/quantity.h"
#include "base/text.h"

enum { LEVEL_MAX = 19 };

int
stream_level(const struct tool *t, const char *how, int usual)
{
	struct text given = text_of(how ? how : "zstd");
	uint64_t level;

	if (text_equal(given, TEXT("zstd")))
		return usual;
	if (text_equal(given, TEXT("none")))
		return 0;
	if (!text_starts(given, TEXT("zstd:")) || !quantity_count(how + 5, &level) ||
	    level < 1 || level > LEVEL_MAX)
		tool_usage(t, "--compress: \"%s\" is none of none, zstd, zstd:1 to zstd:%d",
		           how, LEVEL_MAX);
	return (int)level;
}
