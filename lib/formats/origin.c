/* SPDX-License-Identifier: MIT */
#include "formats/origin.h"

struct text
origin_package(struct text path)
{
	static const char *const folders[] = { "/site-packages/", "/dist-packages/" };
	struct text name = { "", 0 };

	for (size_t i = 0; path.n && i < sizeof folders / sizeof *folders; i++) {
		const char *at = memmem(path.at, path.n, folders[i], strlen(folders[i]));
		const char *end;

		if (!at)
			continue;
		name.at = at + strlen(folders[i]);
		name.n = path.n - (size_t)(name.at - path.at);
		end = memchr(name.at, '/', name.n);
		if (end)
			name.n = (size_t)(end - name.at);
		else if (text_ends(name, TEXT(".py")))
			name.n -= 3;
	}
	return name;
}

static bool
is_library(struct text path)
{
	static const char *const folders[] = { "/lib/python3", "/lib64/python3" };

	if (text_starts(path, TEXT("<frozen ")))
		return true;
	for (size_t i = 0; path.n && i < sizeof folders / sizeof *folders; i++)
		if (memmem(path.at, path.n, folders[i], strlen(folders[i])))
			return true;
	return false;
}

enum origin
origin_of(enum stream_kind kind, struct text path)
{
	if (kind != STREAM_KIND_PYTHON)
		return kind == STREAM_KIND_NATIVE ? ORIGIN_NATIVE : ORIGIN_MARKER;
	if (origin_package(path).n)
		return ORIGIN_PACKAGES;
	return is_library(path) ? ORIGIN_LIBRARY : ORIGIN_PROJECT;
}
