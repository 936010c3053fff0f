/* SPDX-License-Identifier: MIT */
#include "remote/maps.h"

#include "remote/proc.h"

#include <sys/sysmacros.h>

/* A cursor over one line. Each take_ moves on, or leaves bad set. */
struct cursor {
	const char *at, *end;
	bool bad;
};

static unsigned
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return 16;
}

static uint64_t
take_number(struct cursor *c, unsigned base)
{
	const char *begin = c->at;
	uint64_t n = 0;

	for (; c->at < c->end && digit(*c->at) < base; c->at++) {
		if (n > UINT64_MAX / 16)
			c->bad = true;
		n = n * base + digit(*c->at);
	}
	if (c->at == begin)
		c->bad = true;
	return n;
}

static void
take_char(struct cursor *c, char want)
{
	if (c->at < c->end && *c->at == want)
		c->at++;
	else
		c->bad = true;
}

/* "rwxp": whether the letter stands there. */
static bool
take_flag(struct cursor *c, char letter)
{
	if (c->at == c->end) {
		c->bad = true;
		return false;
	}
	return *c->at++ == letter;
}

static struct text
take_path(struct cursor *c, bool *deleted)
{
	struct text path;

	while (c->at < c->end && *c->at == ' ')
		c->at++;
	path = (struct text){ c->at, (size_t)(c->end - c->at) };
	*deleted = text_ends(path, TEXT(" (deleted)"));
	if (*deleted)
		path.n -= sizeof " (deleted)" - 1;
	return path;
}

/* "start-end rwxp offset major:minor inode   path" */
static bool
parse_line(struct text line, struct map *m)
{
	struct cursor c = { line.at, line.at + line.n, false };
	unsigned major, minor;

	m->start = take_number(&c, 16);
	take_char(&c, '-');
	m->end = take_number(&c, 16);
	take_char(&c, ' ');
	m->readable = take_flag(&c, 'r');
	m->writable = take_flag(&c, 'w');
	m->executable = take_flag(&c, 'x');
	take_flag(&c, 'p');
	take_char(&c, ' ');
	m->offset = take_number(&c, 16);
	take_char(&c, ' ');
	major = (unsigned)take_number(&c, 16);
	take_char(&c, ':');
	minor = (unsigned)take_number(&c, 16);
	take_char(&c, ' ');
	m->device = makedev(major, minor);
	m->inode = take_number(&c, 10);
	m->path = take_path(&c, &m->deleted);
	return !c.bad && m->start < m->end;
}

void
maps_parse(struct arena *a, struct text text, struct maps *maps)
{
	while (text.n && maps->n < MAPS_MAX) {
		const char *newline = memchr(text.at, '\n', text.n);
		size_t n = newline ? (size_t)(newline - text.at) : text.n;
		struct map m;

		if (parse_line((struct text){ text.at, n }, &m))
			*vec_push(a, maps) = m;
		n += newline != NULL;
		text = (struct text){ text.at + n, text.n - n };
	}
}

struct maps
maps_read(struct arena *a, pid_t pid)
{
	struct maps maps = { 0 };

	maps_parse(a, proc_text(a, pid, "maps", MAPS_BYTES_MAX), &maps);
	return maps;
}

const struct map *
maps_find(const struct maps *maps, uint64_t address)
{
	for (size_t i = 0; i < maps->n; i++)
		if (address - maps->at[i].start < maps->at[i].end - maps->at[i].start)
			return &maps->at[i];
	return NULL;
}
