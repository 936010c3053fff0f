/* SPDX-License-Identifier: MIT */
#include "cpython/find.h"

#include "cpython/layout.h"
#include "remote/elf.h"
#include "remote/proc.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OBJECTS_MAX = 4096 };

/* The order in which objects are tried: an executable may be a mere stub of a library. */
enum rank { LIBRARY, EXECUTABLE, OTHER, RANKS };

static bool
read_file(void *from, uint64_t at, void *to, size_t n)
{
	const int *fd = from;

	return at <= INT64_MAX - n && pread(*fd, to, n, (off_t)at) == (ssize_t)n;
}

static bool
read_memory(void *from, uint64_t at, void *to, size_t n)
{
	return remote_read(from, at, to, n);
}

static bool
holds(struct text t, const char *piece)
{
	return t.n && memmem(t.at, t.n, piece, strlen(piece));
}

static unsigned
take_digits(const char **at, const char *end)
{
	unsigned n = 0;

	for (; *at < end && **at >= '0' && **at <= '9' && n < 1000; ++*at)
		n = n * 10 + (unsigned)(**at - '0');
	return n;
}

bool
find_named_version(struct text path, unsigned *major, unsigned *minor)
{
	struct text name = text_basename(path);
	const char *end = name.at + name.n, *at;

	at = name.n ? memmem(name.at, name.n, "python", 6) : NULL;
	if (!at)
		return false;
	at += 6;
	*major = take_digits(&at, end);
	if (*major == 0 || at == end || *at++ != '.' || at == end || *at < '0' || *at > '9')
		return false;
	*minor = take_digits(&at, end);
	return true;
}

static bool
is_executable(struct remote *r, const struct map *m)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)remote_pid(r));
	return stat(path, &st) == 0 && st.st_ino == m->inode && st.st_dev == m->device;
}

static enum rank
rank_of(struct remote *r, const struct map *m)
{
	if (holds(text_basename(m->path), "libpython"))
		return LIBRARY;
	return is_executable(r, m) ? EXECUTABLE : OTHER;
}

/* What the object at f says of the runtime. False: it has none. */
static bool
look_into(struct elf *f, struct remote *r, uint64_t bias, struct runtime *found)
{
	struct elf_place place;

	if (!elf_section(f, ".PyRuntime", &place) && !elf_symbol(f, "_PyRuntime", &place))
		return false;
	*found = (struct runtime){ .address = bias + place.address };
	if (elf_symbol(f, "Py_Version", &place))
		remote_read(r, bias + place.address, &found->version, sizeof found->version);
	found->debug = elf_symbol(f, "_Py_NegativeRefcount", &place);
	return true;
}

/* By its file, which has sections; else by what of it is mapped. */
static bool
look_at(struct remote *r, const struct map *m, struct runtime *found)
{
	int fd = map_open(r, m);
	struct elf f;
	uint64_t bias;
	bool seen = false;

	if (fd >= 0) {
		seen = elf_open_file(&f, read_file, &fd) && elf_bias(&f, m, &bias) &&
		       look_into(&f, r, bias, found);
		close(fd);
	}
	if (fd < 0 && m->offset == 0)
		seen = elf_open_memory(&f, read_memory, r, m->start) &&
		       look_into(&f, r, f.bias, found);
	return seen;
}

/* Completes what was found by _Py_DebugOffsets, by the version, or by the file's name. */
static bool
complete(struct remote *r, const struct map *m, struct runtime *found)
{
	unsigned char bytes[DEBUG_BYTES];
	uint32_t version;
	unsigned major;

	if (!remote_read(r, found->address, bytes, sizeof bytes))
		return false;
	found->has_debug = layout_has_debug(bytes, &version, &found->free_threaded);
	if (found->has_debug)
		found->version = version;
	if (found->version >> 24 == 3)
		found->minor = found->version >> 16 & 0xff;
	else if (find_named_version(m->path, &major, &found->minor))
		return major == 3;
	return true;
}

static bool
is_seen(const struct maps *maps, size_t i)
{
	const struct map *m = &maps->at[i];

	for (size_t k = i > 64 ? i - 64 : 0; k < i; k++)
		if (maps->at[k].inode == m->inode && maps->at[k].device == m->device)
			return true;
	return false;
}

bool
find_runtime(struct arena *a, struct remote *r, struct runtime *found)
{
	struct maps maps = maps_read(a, remote_pid(r));
	unsigned char *ranks = arena_alloc(a, maps.n);
	unsigned objects = 0;

	for (size_t i = 0; i < maps.n; i++) {
		bool object = maps.at[i].inode && objects < OBJECTS_MAX && !is_seen(&maps, i);

		ranks[i] = object ? (unsigned char)rank_of(r, &maps.at[i]) : RANKS;
		objects += object;
	}
	for (enum rank rank = LIBRARY; rank < RANKS; rank++)
		for (size_t i = 0; i < maps.n; i++)
			if (ranks[i] == rank && look_at(r, &maps.at[i], found) &&
			    complete(r, &maps.at[i], found))
				return true;
	return false;
}
