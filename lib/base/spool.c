/* SPDX-License-Identifier: MIT */
#include "base/spool.h"

#include "base/out.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void
cannot(const char *place)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, place, strerror(errno));
	out_abandon();
	_Exit(1);
}

static const char *
folder(void)
{
	const char *place = getenv("TMPDIR");

	return place && *place ? place : "/tmp";
}

struct spool *
spool_new(struct arena *a)
{
	struct spool *s = arena_new(a, struct spool);

	s->a = a;
	s->next = 1;
	return s;
}

/* Not every file system has files without a name from the start. */
static int
make_file(struct arena *a)
{
	int fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *path;

	if (fd >= 0)
		return fd;
	path = (char *)text_print(a, "%s/tachytools-XXXXXX", folder()).at;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		cannot(folder());
	unlink(path);
	return fd;
}

static void
write_chunk(struct spool *s, const unsigned char *bytes, uint64_t place)
{
	size_t n = SPOOL_BYTES;
	off_t to = (off_t)(place * SPOOL_BYTES);
	ssize_t done;

	while (n) {
		done = pwrite(s->fd, bytes + SPOOL_BYTES - n, n, to);
		if (done < 0 && errno != EINTR)
			cannot(folder());
		n -= done > 0 ? (size_t)done : 0;
		to += done > 0 ? done : 0;
	}
}

/* Writes what is held; the chunk tells where the next one will be. */
static void
put_away(struct spool *s, struct spool_chain *c)
{
	uint64_t head[2] = { 0, (uint64_t)(c->at - c->held) };

	if (!s->fd)
		s->fd = make_file(s->a);
	if (!c->place)
		c->first = c->place = s->next++;
	head[0] = s->next++;
	memcpy(c->held, head, sizeof head);
	write_chunk(s, c->held, c->place);
	c->place = head[0];
}

void
spool_turn(struct spool *s, struct spool_chain *c)
{
	if (c->held)
		put_away(s, c);
	else
		c->held = arena_alloc(s->a, SPOOL_BYTES);
	c->at = c->held + SPOOL_HEAD;
}

void
spool_read(struct spool_reading *r, const struct spool *s, const struct spool_chain *c)
{
	r->spool = s;
	r->chain = c;
	r->place = c->first;
	r->at = r->end = r->bytes;
	if (c->held && !c->first) {
		r->at = c->held + SPOOL_HEAD;
		r->end = c->at;
	}
}

bool
spool_more(struct spool_reading *r)
{
	uint64_t head[2];
	ssize_t n;

	if (r->place == 0)
		return false;
	if (r->place == r->chain->place) {
		r->place = 0;
		r->at = r->chain->held + SPOOL_HEAD;
		r->end = r->chain->at;
		return r->at < r->end;
	}
	do {
		n = pread(r->spool->fd, r->bytes, SPOOL_BYTES, (off_t)(r->place * SPOOL_BYTES));
	} while (n < 0 && errno == EINTR);
	if (n != SPOOL_BYTES)
		cannot(folder());
	memcpy(head, r->bytes, sizeof head);
	r->place = head[0];
	r->at = r->bytes + SPOOL_HEAD;
	r->end = r->bytes + head[1];
	return true;
}
