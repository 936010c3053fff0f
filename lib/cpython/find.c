/* SPDX-License-Identifier: MIT */
#include "cpython/find.h"

#include "cpython/layout.h"
#include "remote/elf.h"
#include "remote/proc.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OBJECTS_MAX = 4096,
	WINDOW_BYTES = 16384,
	WINDOWS = 8,          /* of one file */
	WINDOWS_READ = 16384, /* in one search: files may be made to take hours */
};

/*
 * A file that is read here and there: a search through a table of symbols took
 * 14,000 system calls and 20 ms without the windows, and takes 50 with them.
 */
struct file {
	int fd;
	unsigned *left; /* windows that may yet be read */
	struct window {
		uint64_t at;
		size_t n; /* 0: nothing was read yet */
		unsigned char bytes[WINDOW_BYTES];
	} windows[WINDOWS];
};

/* The order in which objects are tried: an executable may be a mere stub of a library. */
enum rank { LIBRARY, EXECUTABLE, OTHER, RANKS };

/* Opens what is mapped there; fd is -1 if it cannot be. Its 128 KiB are not made zero. */
static void
file_open(struct file *f, struct remote *r, const struct map *m, unsigned *left)
{
	f->fd = map_open(r, m);
	f->left = left;
	for (unsigned i = 0; i < WINDOWS; i++)
		f->windows[i].n = 0;
}

/* The window that holds that place. */
static const struct window *
look_through(struct file *f, uint64_t at)
{
	uint64_t begin = at - at % WINDOW_BYTES;
	struct window *w = &f->windows[begin / WINDOW_BYTES % WINDOWS];
	ssize_t n;

	if (w->n && w->at == begin)
		return w;
	n = *f->left ? pread(f->fd, w->bytes, WINDOW_BYTES, (off_t)begin) : 0;
	*f->left -= *f->left > 0;
	w->n = n < 0 ? 0 : (size_t)n;
	w->at = begin;
	return w;
}

static bool
read_file(void *from, uint64_t at, void *to, size_t n)
{
	unsigned char *next = to;

	while (n && at <= INT64_MAX - WINDOW_BYTES) {
		const struct window *w = look_through(from, at);
		size_t skip = at - w->at, here = w->n > skip ? w->n - skip : 0;

		if (here > n)
			here = n;
		if (here == 0)
			return false;
		memcpy(next, w->bytes + skip, here);
		next += here;
		at += here;
		n -= here;
	}
	return n == 0;
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

bool
find_named_version(struct text path, unsigned *major, unsigned *minor)
{
	struct text name = text_basename(path);
	const char *end = name.at + name.n, *at;

	at = name.n ? memmem(name.at, name.n, "python", 6) : NULL;
	if (!at)
		return false;
	at += 6;
	*major = version_digits(&at, end);
	if (*major == 0 || at == end || *at++ != '.' || at == end || *at < '0' || *at > '9')
		return false;
	*minor = version_digits(&at, end);
	return true;
}

/* The file that the process executes; of inode 0, as no mapped file is, where it is not to be seen. */
static struct stat
executable_of(struct remote *r)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)remote_pid(r));
	return stat(path, &st) == 0 ? st : (struct stat){ .st_ino = 0 };
}

static enum rank
rank_of(const struct map *m, const struct stat *executable)
{
	if (holds(text_basename(m->path), "libpython"))
		return LIBRARY;
	return executable->st_ino == m->inode && executable->st_dev == m->device ? EXECUTABLE
	                                                                         : OTHER;
}

/* What the object at f says of the runtime. False: it has none. */
static bool
look_into(struct elf *f, struct remote *r, uint64_t bias, struct runtime *found)
{
	enum { RUNTIME, VERSION, NONE_OBJECT, REFERENCES, NAMES };
	struct elf_symbol names[NAMES] = {
		[RUNTIME] = { .name = "_PyRuntime" },
		[VERSION] = { .name = "Py_Version" },
		[NONE_OBJECT] = { .name = "_Py_NoneStruct" },
		[REFERENCES] = { .name = "_Py_NegativeRefcount" }, /* of debug builds only */
	};
	struct elf_place place;
	bool section = elf_section(f, ".PyRuntime", &place);

	elf_symbols(f, names, NAMES);
	if (!section && !names[RUNTIME].found)
		return false;
	if (!section)
		place = names[RUNTIME].place;
	*found = (struct runtime){ .address = bias + place.address, .size = place.size };
	if (names[VERSION].found)
		remote_read(r, bias + names[VERSION].place.address, &found->version,
		            sizeof found->version);
	if (names[NONE_OBJECT].found)
		found->none = bias + names[NONE_OBJECT].place.address;
	found->debug = names[REFERENCES].found;
	return true;
}

/* By its file, which has sections; else by what of it is mapped. */
static bool
look_at(struct remote *r, const struct map *m, unsigned *left, struct runtime *found)
{
	struct file file;
	struct elf f;
	uint64_t bias;
	bool seen = false;

	file_open(&file, r, m, left);
	if (file.fd >= 0) {
		seen = elf_open_file(&f, read_file, &file) && elf_bias(&f, m, &bias) &&
		       look_into(&f, r, bias, found);
		close(file.fd);
	}
	if (file.fd < 0 && m->offset == 0)
		seen = elf_open_memory(&f, read_memory, r, m->start) &&
		       look_into(&f, r, f.bias, found);
	return seen;
}

/*
 * Completes what was found by _Py_DebugOffsets or Py_Version; before 3.11 by
 * what Py_GetVersion() gives, the size of the runtime, or the file's name.
 */
static bool
complete(struct arena *a, struct remote *r, const struct maps *maps, const struct map *m,
         struct runtime *found)
{
	unsigned char bytes[DEBUG_BYTES];
	uint32_t version;
	unsigned major;

	if (!remote_read(r, found->address, bytes, sizeof bytes))
		return false;
	found->has_debug = layout_has_debug(bytes, &version, &found->free_threaded);
	if (found->has_debug)
		found->version = version;
	if (found->version == 0)
		found->version = version_scan(a, r, maps, found->address);
	if (found->version == 0)
		found->minor = version_by_size(found->size);
	if (found->version >> 24 == 3)
		found->minor = found->version >> 16 & 0xff;
	else if (found->minor == 0 && find_named_version(m->path, &major, &found->minor))
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
	struct stat executable = executable_of(r);
	unsigned char *ranks = arena_alloc(a, maps.n);
	unsigned objects = 0, left = WINDOWS_READ;

	for (size_t i = 0; i < maps.n; i++) {
		bool object = maps.at[i].inode && objects < OBJECTS_MAX && !is_seen(&maps, i);

		ranks[i] = object ? (unsigned char)rank_of(&maps.at[i], &executable) : RANKS;
		objects += object;
	}
	for (enum rank rank = LIBRARY; rank < RANKS; rank++)
		for (size_t i = 0; i < maps.n; i++)
			if (ranks[i] == rank && look_at(r, &maps.at[i], &left, found) &&
			    complete(a, r, &maps, &maps.at[i], found)) {
				found->whole = rank == EXECUTABLE;
				return true;
			}
	return false;
}

static bool
section_at(struct remote *r, const struct map *m, const char *section, uint64_t *address)
{
	unsigned left = WINDOWS_READ;
	struct file file;
	struct elf_place place;
	struct elf f;
	uint64_t bias;
	bool seen = false;

	file_open(&file, r, m, &left);
	if (file.fd < 0)
		return false;
	seen = elf_open_file(&f, read_file, &file) && elf_bias(&f, m, &bias) &&
	       elf_section(&f, section, &place);
	close(file.fd);
	if (seen)
		*address = bias + place.address;
	return seen;
}

bool
find_section(struct arena *a, struct remote *r, const char *piece, const char *section,
             uint64_t *address)
{
	struct maps maps = maps_read(a, remote_pid(r));
	struct stat executable = executable_of(r);
	unsigned objects = 0;

	for (size_t i = 0; i < maps.n && objects < OBJECTS_MAX; i++) {
		const struct map *m = &maps.at[i];

		if (!m->inode || is_seen(&maps, i))
			continue;
		objects++;
		if ((holds(text_basename(m->path), piece) ||
		     rank_of(m, &executable) != OTHER) &&
		    section_at(r, m, section, address))
			return true;
	}
	return false;
}
