/* SPDX-License-Identifier: MIT */
#include "cpython/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	SELF = -1,
	FILE_MAX = 1 << 16, /* bytes of a file of offsets */
};

/* The largest offset or size that can be meant, by what the field is part of. */
enum {
	LIMIT_RUNTIME = 16 << 20,
	LIMIT_INTERPRETER = 4 << 20,
	LIMIT_THREAD = 4096, /* what is read of a thread lies early in it */
	LIMIT_GIL = 256,
	LIMIT_GC = 512,
	LIMIT_HANDLED = 64,
	LIMIT_CFRAME = 64,
	LIMIT_CHUNK = 64,
	LIMIT_FRAME = 256,
	LIMIT_HEAP_FRAME = 1024,
	LIMIT_CODE = 1024,
	LIMIT_MONITORING = 256,
	LIMIT_GENERATOR = 256,
	LIMIT_OBJECT = 4096,
	LIMIT_KEYS = 64,
};

/* An anchor is spelled without its prefix, like a name, so that fields.def reads well. */
#define FIELD(name, group, width, anchor) ANCHOR_##name = FIELD_##name,
enum {
	ANCHOR_SELF = SELF,
#include "share/cpython/fields.def"
};
#undef FIELD

static const struct {
	const char *name;
	uint32_t limit, width;
	int anchor;
} fields[FIELDS] = {
#define FIELD(name, group, width, anchor) { #name, LIMIT_##group, width, ANCHOR_##anchor },
#include "share/cpython/fields.def"
#undef FIELD
};

#if defined(__aarch64__)
#define OFFSET(name, debug, x86_64, aarch64) .name = aarch64,
#else
#define OFFSET(name, debug, x86_64, aarch64) .name = x86_64,
#endif

static const struct layout layouts[] = {
	{
		.minor = 8,
#include "share/cpython/3.8.def"
	},
	{
		.minor = 9,
#include "share/cpython/3.9.def"
	},
	{
		.minor = 10,
#include "share/cpython/3.10.def"
	},
	{
		.minor = 11,
#include "share/cpython/3.11.def"
	},
	{
		.minor = 12,
#include "share/cpython/3.12.def"
	},
	{
		.minor = 13,
#include "share/cpython/3.13.def"
	},
	{
		.minor = 13,
		.free_threaded = true,
#include "share/cpython/3.13t.def"
	},
	{
		.minor = 14,
#include "share/cpython/3.14.def"
	},
	{
		.minor = 14,
		.free_threaded = true,
#include "share/cpython/3.14t.def"
	},
	{
		.minor = 15,
#include "share/cpython/3.15.def"
	},
	{
		.minor = 15,
		.free_threaded = true,
#include "share/cpython/3.15t.def"
	},
};
#undef OFFSET

/* Both builds of a version have the same _Py_DebugOffsets. */
#define OFFSET(name, debug, x86_64, aarch64) .name = debug,
static const struct layout debug_places[] = {
	{
		.minor = 13,
#include "share/cpython/3.13.def"
	},
	{
		.minor = 14,
#include "share/cpython/3.14.def"
	},
	{
		.minor = 15,
#include "share/cpython/3.15.def"
	},
};
#undef OFFSET

enum { LAYOUTS = sizeof layouts / sizeof *layouts };
enum { DEBUG_PLACES = sizeof debug_places / sizeof *debug_places };

bool
layout_of(unsigned minor, bool free_threaded, struct layout *l)
{
	for (unsigned i = 0; i < LAYOUTS; i++)
		if (layouts[i].minor == minor && layouts[i].free_threaded == free_threaded) {
			*l = layouts[i];
			return true;
		}
	return false;
}

const char *
layout_versions(void)
{
	static char versions[LAYOUTS * sizeof "3.99, "];
	size_t n = 0;

	for (unsigned i = 0; i < LAYOUTS; i++)
		if (!layouts[i].free_threaded)
			n += (size_t)snprintf(versions + n, sizeof versions - n, "%s3.%u",
			                      n ? ", " : "", layouts[i].minor);
	return versions;
}

static uint64_t
number_at(const unsigned char *bytes, uint32_t at)
{
	uint64_t n;

	memcpy(&n, bytes + at, sizeof n);
	return n;
}

bool
layout_has_debug(const unsigned char *bytes, uint32_t *version, bool *free_threaded)
{
	uint64_t v = number_at(bytes, DEBUG_VERSION_AT),
		 t = number_at(bytes, DEBUG_FREE_THREADED_AT);

	if (memcmp(bytes + DEBUG_COOKIE_AT, "xdebugpy", 8) != 0 || v >> 24 != 3 || t > 1 ||
	    (v >> 16 & 0xff) < DEBUG_SINCE)
		return false;
	*version = (uint32_t)v;
	*free_threaded = t == 1;
	return true;
}

/* What is read of width bytes there lies inside of its group, aligned. */
static bool
is_sane(enum field f, uint64_t value)
{
	return value <= fields[f].limit - fields[f].width &&
	       (fields[f].width == 0 || value % fields[f].width == 0);
}

static bool
refuse(enum field f, uint64_t value, struct err *e)
{
	return err_set(e, "_Py_DebugOffsets: %s is %#llx, which cannot be", fields[f].name,
	               (unsigned long long)value);
}

bool
layout_debug(struct layout *l, const unsigned char *bytes, struct err *e)
{
	const struct layout *places = debug_places;
	struct layout told = *l;

	while (places->minor != l->minor)
		if (++places == debug_places + DEBUG_PLACES)
			return err_set(e, "3.%u: its _Py_DebugOffsets is not known", l->minor);
	for (enum field f = 0; f < FIELDS; f++) {
		uint64_t value = told.at[f];

		if (places->at[f] != NONE && told.at[f] != NONE)
			value = number_at(bytes, places->at[f]);
		if (told.at[f] != NONE && !is_sane(f, value))
			return refuse(f, value, e);
		told.at[f] = (uint32_t)value;
	}
	for (enum field f = 0; f < FIELDS; f++)
		if (fields[f].anchor != SELF && places->at[f] == NONE && told.at[f] != NONE)
			told.at[f] += told.at[fields[f].anchor] - l->at[fields[f].anchor];
	for (enum field f = 0; f < FIELDS; f++)
		if (told.at[f] != NONE && !is_sane(f, told.at[f]))
			return refuse(f, told.at[f], e);
	*l = told;
	return true;
}

static struct text
take_word(struct text *rest)
{
	struct text word;

	while (rest->n && strchr(" \t\r", rest->at[0]))
		*rest = (struct text){ rest->at + 1, rest->n - 1 };
	word = (struct text){ rest->at, 0 };
	while (word.n < rest->n && !strchr(" \t\r", rest->at[word.n]))
		word.n++;
	*rest = (struct text){ rest->at + word.n, rest->n - word.n };
	return word;
}

/* Decimal, or "-" for none. */
static bool
parse_value(struct text word, uint32_t *value)
{
	uint64_t n = 0;

	*value = NONE;
	if (text_equal(word, TEXT("-")))
		return true;
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || n > UINT32_MAX / 16)
			return false;
		n = n * 10 + (uint64_t)(word.at[i] - '0');
	}
	*value = (uint32_t)n;
	return word.n > 0;
}

/* "3.15" or "3.15t" */
static bool
parse_like(struct text word, struct layout *l)
{
	bool t = text_ends(word, TEXT("t"));
	uint32_t minor;

	return text_starts(word, TEXT("3.")) &&
	       parse_value((struct text){ word.at + 2, word.n - 2 - t }, &minor) &&
	       layout_of(minor, t, l);
}

static bool
set_field(struct layout *l, struct text name, struct text word)
{
	uint32_t value;

	if (text_equal(name, TEXT("like")))
		return parse_like(word, l);
	if (!parse_value(word, &value))
		return false;
	if (text_equal(name, TEXT("minor"))) {
		l->minor = value;
		return value < 100;
	}
	for (enum field f = 0; f < FIELDS; f++)
		if (text_equal(name, text_of(fields[f].name))) {
			l->at[f] = value;
			return value == NONE || is_sane(f, value);
		}
	return false;
}

static bool
parse_line(struct layout *l, struct text line)
{
	const char *comment = line.n ? memchr(line.at, '#', line.n) : NULL;
	struct text name, value;

	if (comment)
		line.n = (size_t)(comment - line.at);
	name = take_word(&line);
	value = take_word(&line);
	return name.n == 0 ||
	       (value.n > 0 && take_word(&line).n == 0 && set_field(l, name, value));
}

bool
layout_parse(struct layout *l, struct text lines, const char *name, struct err *e)
{
	unsigned number = 1;

	*l = (struct layout){ 0 };
	memset(l->at, 0xff, sizeof l->at);
	for (; lines.n; number++) {
		const char *end = memchr(lines.at, '\n', lines.n);
		size_t n = end ? (size_t)(end - lines.at) : lines.n;

		if (!parse_line(l, (struct text){ lines.at, n }))
			return err_set(e, "%s: line %u: this is no field and its offset", name,
			               number);
		n += end != NULL;
		lines = (struct text){ lines.at + n, lines.n - n };
	}
	if (l->minor == 0) {
		err_set(e, "%s: it does not say which version it is for", name);
		return err_hint(e, "begin the file with \"like 3.15\", or add \"minor 15\"");
	}
	if (l->frame_size == NONE || l->code_line == NONE || l->runtime_interpreters == NONE) {
		err_set(e, "%s: offsets are missing", name);
		return err_hint(e, "begin the file with \"like 3.15\"");
	}
	return true;
}

bool
layout_load(struct layout *l, const char *name, struct err *e)
{
	char lines[FILE_MAX];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, lines, sizeof lines);

	if (n < 0)
		err_set(e, "%s: %s", name, strerrordesc_np(errno));
	if (n == FILE_MAX)
		err_set(e, "%s: this is no file of offsets: it is too long", name);
	if (fd >= 0)
		close(fd);
	return n >= 0 && n < FILE_MAX &&
	       layout_parse(l, (struct text){ lines, (size_t)n }, name, e);
}
