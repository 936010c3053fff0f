/* SPDX-License-Identifier: MIT */
#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HELD = 64 << 10 };

struct out {
	int fd;
	const char *path;      /* for messages */
	const char *temporary; /* NULL: written in place */
	size_t n;
	char held[HELD];
};

/* The one file that would be left half written; a tool has one result. */
static const char *volatile unfinished;

void
out_abandon(void)
{
	if (unfinished)
		unlink(unfinished);
	unfinished = NULL;
}

static void
on_end(int number)
{
	out_abandon();
	signal(number, SIG_DFL);
	raise(number);
}

/* A signal that ends us must not leave an unfinished file; one that is ignored or handled stays so. */
static void
abandon_on_signals(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, 0 };
	struct sigaction now, action = { .sa_handler = on_end };

	for (const int *n = ending; *n; n++)
		if (sigaction(*n, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			sigaction(*n, &action, NULL);
}

static _Noreturn void
cannot_write(const struct out *o)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, o->path,
	        strerror(errno));
	out_abandon();
	_Exit(1);
}

/*
 * A device or a pipe is written as it is: only a regular file can be replaced,
 * where a link leads to it, and it keeps its mode.
 */
static int
open_file(struct arena *a, struct out *o)
{
	bool is_there;
	struct stat st;
	char place[PATH_MAX];

	is_there = stat(o->path, &st) == 0;
	if (is_there && !S_ISREG(st.st_mode))
		return open(o->path, O_WRONLY | O_CLOEXEC);
	if (is_there && realpath(o->path, place))
		o->path = text_copy(a, text_of(place)).at;
	o->temporary = text_print(a, "%s.%d.part", o->path, (int)getpid()).at;
	o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (o->fd >= 0) {
		abandon_on_signals();
		unfinished = o->temporary;
		if (is_there)
			(void)!fchmod(o->fd, st.st_mode & 07777);
	}
	return o->fd;
}

static struct out *
refuse_terminal(enum out_kind kind, struct err *e)
{
	bool page = kind == OUT_PAGE;

	err_set(e, "standard output: a %s is not for a terminal",
	        page ? "page" : "binary stream");
	err_hint(e, page ? "add \"-o FILE\"" : "add \"-o FILE\" or \"| tfold -t\"");
	return NULL;
}

struct out *
out_open(struct arena *a, const char *path, enum out_kind kind, struct err *e)
{
	struct out *o = arena_new(a, struct out);

	if (!path || strcmp(path, "-") == 0) {
		*o = (struct out){ .fd = STDOUT_FILENO, .path = "standard output" };
		return kind == OUT_TEXT || !isatty(o->fd) ? o : refuse_terminal(kind, e);
	}
	o->path = path;
	o->fd = open_file(a, o);
	if (o->fd >= 0)
		return o;
	err_set(e, "%s: %s", path, strerror(errno));
	return NULL;
}

static void
write_all(const struct out *o, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(o->fd, p, n);

		if (done < 0 && (errno == EINTR || errno == EAGAIN)) {
			poll(&(struct pollfd){ .fd = o->fd, .events = POLLOUT }, 1, -1);
			continue;
		}
		if (done < 0)
			cannot_write(o);
		p += done;
		n -= (size_t)done;
	}
}

void
out_flush(struct out *o)
{
	write_all(o, o->held, o->n);
	o->n = 0;
}

void
out_put(struct out *o, const void *bytes, size_t n)
{
	if (n > HELD - o->n)
		out_flush(o);
	if (n > HELD) {
		write_all(o, bytes, n);
		return;
	}
	if (n)
		memcpy(o->held + o->n, bytes, n);
	o->n += n;
}

void
out_text(struct out *o, struct text t)
{
	out_put(o, t.at, t.n);
}

void
out_byte(struct out *o, char c)
{
	out_put(o, &c, 1);
}

void
out_number(struct out *o, uint64_t n)
{
	char digits[20], *at = digits + sizeof digits;

	do {
		*--at = (char)('0' + n % 10);
	} while (n /= 10);
	out_put(o, at, (size_t)(digits + sizeof digits - at));
}

void
out_print(struct out *o, const char *format, ...)
{
	struct arena scratch = { 0 };
	va_list list;

	va_start(list, format);
	out_text(o, text_vprint(&scratch, format, list));
	va_end(list);
	arena_empty(&scratch);
}

void
out_close(struct out *o)
{
	out_flush(o);
	if (close(o->fd) != 0 || (o->temporary && rename(o->temporary, o->path) != 0))
		cannot_write(o);
	unfinished = NULL;
}
