/* SPDX-License-Identifier: MIT */
#include "capture/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
output_open(struct output *o, const char *path, struct err *e)
{
	*o = (struct output){ .path = path && strcmp(path, "-") != 0 ? path : NULL,
		              .fd = STDOUT_FILENO };
	if (o->path)
		return output_reopen(o, e);
	if (!isatty(o->fd))
		return true;
	err_set(e, "standard output: a binary stream is not for a terminal");
	return err_hint(e, "add \"-o FILE\" or \"| tfold -t\"");
}

bool
output_reopen(struct output *o, struct err *e)
{
	int fd;

	if (!o->path)
		return err_set(e, "standard output: it cannot be opened again");
	fd = open(o->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_set(e, "%s: %s", o->path, strerror(errno));
	if (o->fd != STDOUT_FILENO)
		close(o->fd);
	o->fd = fd;
	o->error = 0;
	return true;
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

static bool
put(void *context, const void *bytes, size_t n)
{
	struct output *o = context;

	for (size_t done = 0; done < n;) {
		ssize_t wrote = write(o->fd, (const char *)bytes + done, n - done);

		if (wrote < 0 && errno == EINTR)
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
