/* SPDX-License-Identifier: MIT */
#include "capture/output.h"

#include "capture/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GRACE_MS = 1000 };

static bool
open_path(struct output *o, int flags, struct err *e)
{
	int fd = open(o->path, flags, 0666);

	if (fd < 0)
		return err_set(e, "%s: %s", o->path[0] ? o->path : "the empty name",
		               strerror(errno));
	if (o->fd != STDOUT_FILENO)
		close(o->fd);
	o->fd = fd;
	o->error = 0;
	return true;
}

bool
output_open(struct output *o, const char *path, struct err *e)
{
	*o = (struct output){ .path = path && strcmp(path, "-") != 0 ? path : NULL,
		              .fd = STDOUT_FILENO };
	if (o->path)
		return open_path(o, O_WRONLY | O_CREAT | O_CLOEXEC, e);
	if (!isatty(o->fd))
		return true;
	err_set(e, "standard output: a binary stream is not for a terminal");
	return err_hint(e, "add \"-o FILE\" or \"| tfold -t\"");
}

void
output_begin(struct output *o)
{
	if (o->path)
		(void)!ftruncate(o->fd, 0); /* a device or a pipe has nothing to lose */
}

void
output_release(struct output *o)
{
	int nothing = o->path ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nothing < 0)
		return;
	dup2(nothing, STDOUT_FILENO);
	close(nothing);
}

bool
output_reopen(struct output *o, struct err *e)
{
	if (!o->path)
		return err_set(e, "standard output: it cannot be opened again");
	return open_path(o, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, e);
}

/* Only what is whole may stay in a file; a pipe has gone its way. */
static void
take_back(const struct output *o, size_t n)
{
	off_t end = lseek(o->fd, 0, SEEK_CUR);
	struct stat st;

	if (n && end >= (off_t)n && fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)!ftruncate(o->fd, end - (off_t)n);
}

/*
 * Whether a write that failed is to be tried again. Somebody who asks us to end
 * need not wait for a reader that has stopped reading.
 */
static bool
may_wait(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };

	if (errno != EINTR && errno != EAGAIN)
		return false;
	if (poll(&ready, 1, signals.end ? GRACE_MS : -1) == 0)
		errno = EPIPE;
	return errno != EPIPE;
}

static bool
put(void *context, const void *bytes, size_t n)
{
	struct output *o = context;

	for (size_t done = 0; done < n;) {
		ssize_t wrote = write(o->fd, (const char *)bytes + done, n - done);

		if (wrote < 0 && may_wait(o->fd))
			continue;
		if (wrote < 0) {
			o->error = errno;
			take_back(o, done);
			return false;
		}
		done += (size_t)wrote;
	}
	return true;
}

struct writer_sink
output_sink(struct output *o)
{
	return (struct writer_sink){ put, o };
}

bool
output_fault(const struct output *o, struct err *e)
{
	if (o->error == 0 || o->error == EPIPE)
		return false;
	err_set(e, "%s: %s; sampling ends here", o->path ? o->path : "standard output",
	        strerror(o->error));
	return true;
}
