/* SPDX-License-Identifier: MIT */
#include "capture/rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 1000 };

/* Where the suffix of a path begins: its last dot, unless the name begins with that. */
static size_t
suffix_of(struct text path)
{
	for (size_t i = path.n; i-- > 1 && path.at[i] != '/';)
		if (path.at[i] == '.' && path.at[i - 1] != '/')
			return i;
	return path.n;
}

struct text
rotation_name(struct arena *a, const char *path, uint64_t wall_ns, unsigned try)
{
	struct text whole = text_of(path), again = { "", 0 };
	size_t stem = suffix_of(whole);
	time_t seconds = (time_t)(wall_ns / 1000000000u);
	char stamp[32];
	struct tm utc;

	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime_r(&seconds, &utc));
	if (try > 1)
		again = text_print(a, "_%u", try); /* sorts behind the "." of the suffix */
	return text_print(a, "%.*s-%s%.*s%s", (int)stem, path, stamp, TEXT_ARG(again),
	                  path + stem);
}

static bool
is_still(const struct rotation_part *part, const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0 && st.st_dev == part->device && st.st_ino == part->inode;
}

static void
remove_oldest(struct rotation *r)
{
	struct arena scratch = { 0 };
	const struct rotation_part *oldest = &r->parts.at[0];
	const char *name = rotation_name(&scratch, r->path, oldest->wall_ns, oldest->try).at;

	if (is_still(oldest, name))
		unlink(name);
	arena_empty(&scratch);
	memmove(r->parts.at, r->parts.at + 1, --r->parts.n * sizeof *r->parts.at);
}

static void
remember(struct rotation *r, int fd, uint64_t wall_ns, unsigned try)
{
	struct stat st;

	r->newest = (struct rotation_part){ .wall_ns = wall_ns, .try = try };
	if (r->keep == 0 || fstat(fd, &st) != 0)
		return;
	*vec_push(r->a, &r->parts) =
		(struct rotation_part){ wall_ns, try, st.st_dev, st.st_ino };
	while (r->parts.n > r->keep)
		remove_oldest(r);
}

int
rotation_next(struct rotation *r, uint64_t wall_ns, struct err *e)
{
	struct arena scratch = { 0 };
	const char *name = r->path;
	unsigned try = 0;
	int fd;

	do {
		name = rotation_name(&scratch, r->path, wall_ns, ++try).at;
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (fd < 0 && errno == EEXIST && try < TRIES);
	if (fd < 0)
		err_set(e, "%s: %s", name, strerror(errno));
	else
		remember(r, fd, wall_ns, try);
	arena_empty(&scratch);
	return fd;
}

struct text
rotation_newest(const struct rotation *r)
{
	return rotation_name(r->a, r->path, r->newest.wall_ns, r->newest.try);
}
