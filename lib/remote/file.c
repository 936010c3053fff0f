/* SPDX-License-Identifier: MIT */
/*
 * The target's files. A name in its maps is the target's word: it may have
 * been replaced since, or lead through links of its own. So a file counts only
 * when the kernel itself hands it out for the mapping, or when its device and
 * inode are those of the mapping; and an absolute link inside of another root
 * never leads into ours.
 */
#include "remote/maps.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* O_PATH first: a fifo or a device must not notice that we looked at it. */
static int
reopen_regular(int place, const struct map *same)
{
	char path[64];
	struct stat st;
	int fd = -1;

	if (place < 0)
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", place);
	if (fstat(place, &st) == 0 && S_ISREG(st.st_mode) &&
	    (!same || (st.st_dev == same->device && st.st_ino == same->inode)))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	close(place);
	return fd;
}

static int
open_map_file(struct remote *r, const struct map *m)
{
	char path[96];

	snprintf(path, sizeof path, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64,
	         (int)remote_pid(r), m->start, m->end);
	return reopen_regular(open(path, O_PATH | O_CLOEXEC), NULL);
}

static int
open_exe(struct remote *r, const struct map *m)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)remote_pid(r));
	return reopen_regular(open(path, O_PATH | O_CLOEXEC), m);
}

static int
open_in_root(struct remote *r, const struct map *m)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	char path[64], name[PATH_MAX];
	int root, fd;

	if (m->path.n >= sizeof name)
		return -1;
	memcpy(name, m->path.at, m->path.n);
	name[m->path.n] = '\0';
	snprintf(path, sizeof path, "/proc/%d/root", (int)remote_pid(r));
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
	close(root);
	return reopen_regular(fd, m);
}

int
map_open(struct remote *r, const struct map *m)
{
	int fd = -1;

	if (m->inode == 0)
		return -1;
	if ((fd = open_map_file(r, m)) < 0 && (fd = open_exe(r, m)) < 0 && !m->deleted)
		fd = open_in_root(r, m);
	return fd;
}
