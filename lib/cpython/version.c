/* SPDX-License-Identifier: MIT */
/*
 * Which version a CPython before 3.11 is: it has no Py_Version to read. What
 * Py_GetVersion() gives, "3.9.18 (main, Nov 21 2026, 10:00:00) \n[GCC 12.2.0]", lies
 * in its memory once it has started; the size of _PyRuntime tells the minor
 * version of a build that has no other options; and names of files tell it mostly.
 */
#include "cpython/find.h"

#include <string.h>

enum {
	SCAN_MAX = 8 << 20,  /* bytes of an object's data */
	BLOCK = 32 << 10,    /* of them at once */
	VERSION_BYTES = 250, /* of the text */
	FINAL = 0xf0,        /* of PY_VERSION_HEX: no alpha, beta, candidate */
	FIRST = 6,
	LAST = 10, /* minor versions that it may be */
};

#if defined(__aarch64__)
enum { WIDER = 16 }; /* two mutexes of glibc, by 8 bytes each */
#else
enum { WIDER = 0 };
#endif

static const struct {
	uint64_t size; /* of _PyRuntime */
	unsigned minor;
} sizes[] = {
	{ 1520 + WIDER, 7 },
	{ 1464 + WIDER, 8 },
	{ 656 + WIDER, 9 },
	{ 672 + WIDER, 10 },
};

unsigned
version_digits(const char **at, const char *end)
{
	unsigned n = 0;

	for (; *at < end && **at >= '0' && **at <= '9' && n < 1000; ++*at)
		n = n * 10 + (unsigned)(**at - '0');
	return n;
}

uint32_t
version_of_text(struct text text)
{
	const char *at = text.at,
		   *end = text.at + (text.n < VERSION_BYTES ? text.n : VERSION_BYTES);
	unsigned minor, micro;

	if (!text_starts(text, TEXT("3.")))
		return 0;
	at += 2;
	minor = version_digits(&at, end);
	if (minor < FIRST || minor > LAST || at == end || *at++ != '.')
		return 0;
	micro = version_digits(&at, end);
	if (micro > 255 || end - at < 3 || at[-1] == '.' || at[0] != ' ' || at[1] != '(' ||
	    !memchr(at, '[', (size_t)(end - at)))
		return 0;
	return 3u << 24 | minor << 16 | micro << 8 | FINAL;
}

/* Looks for the text in memory; the blocks overlap. */
static uint32_t
scan(struct arena *a, struct remote *r, uint64_t from, uint64_t end)
{
	char *bytes = arena_alloc(a, BLOCK);
	uint32_t version = 0;

	for (; from < end && !version; from += BLOCK - VERSION_BYTES) {
		size_t n = end - from < BLOCK ? (size_t)(end - from) : BLOCK;
		const char *at = bytes;

		if (!remote_read(r, from, bytes, n))
			return 0;
		while (!version &&
		       (at = memmem(at, (size_t)(bytes + n - at), "3.", 2)) != NULL) {
			version =
				version_of_text((struct text){ at, (size_t)(bytes + n - at) });
			at++;
		}
	}
	return version;
}

uint32_t
version_scan(struct arena *a, struct remote *r, const struct maps *maps, uint64_t address)
{
	const struct map *m = maps_find(maps, address);
	const struct map *end = maps->at + maps->n;
	uint64_t from, to;

	if (!m)
		return 0;
	from = m->start;
	to = m->end;
	/* What is all zeros in the file follows without one. */
	if (++m < end && m->start == to && m->inode == 0 && m->writable)
		to = m->end;
	return scan(a, r, from, to - from < SCAN_MAX ? to : from + SCAN_MAX);
}

unsigned
version_by_size(uint64_t size)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i].size == size)
			return sizes[i].minor;
	return 0;
}
