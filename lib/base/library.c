/* SPDX-License-Identifier: MIT */
#include "base/library.h"

/* Behind "/lib/python3.11/", "/lib64/python3.13t/" or "/python311.zip/". */
struct text
library_below(struct text path)
{
	struct text rest = text_behind(path, TEXT("/lib/python3"));
	const char *slash;

	if (rest.n == 0)
		rest = text_behind(path, TEXT("/lib64/python3"));
	if (rest.n == 0)
		rest = text_behind(path, TEXT("/python3"));
	if (rest.n == 0 || !(slash = memchr(rest.at, '/', rest.n)))
		return TEXT("");
	for (const char *c = rest.at; c < slash; c++)
		if (!strchr(".0123456789tzip", *c))
			return TEXT("");
	return (struct text){ slash + 1, rest.n - (size_t)(slash + 1 - rest.at) };
}

struct text
library_of(struct text path)
{
	struct text below = library_below(path);

	if (below.n == 0 || text_starts(below, TEXT("site-packages/")) ||
	    text_starts(below, TEXT("dist-packages/")))
		return TEXT("");
	return (struct text){ path.at, path.n - below.n };
}

static const struct text frozen = { "<frozen ", 8 };

bool
library_is_frozen(struct text name)
{
	return text_starts(name, frozen) && text_ends(name, TEXT(">"));
}

struct text
library_file(struct arena *a, struct text folder, struct text name, size_t number)
{
	static const char *const ends[LIBRARY_FILES] = { ".py", "/__init__.py" };
	struct text module = { name.at + frozen.n, name.n - frozen.n - 1 };
	char *at = memcpy(arena_alloc(a, module.n + 1), module.at, module.n);

	for (size_t i = 0; i < module.n; i++)
		at[i] = at[i] == '.' ? '/' : at[i];
	module.at = at;
	return text_join(a, (struct text[]){ folder, module, text_of(ends[number]) }, 3);
}
