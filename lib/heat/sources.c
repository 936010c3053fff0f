/* SPDX-License-Identifier: MIT */
#include "heat/sources.h"

#include "base/library.h"
#include "base/source.h"
#include "tree/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A folder of this machine, and which part of the target's paths it stands for. */
struct place {
	struct text from; /* empty: all */
	int fd;
};

struct heat_sources {
	const struct tree *tree;
	struct tree_sources *sampled;
	VEC(struct place) places; /* in the order in which they are looked at */
	uint64_t began_ns[3];     /* of each side the first run's start; 0: unknown */
};

/* A file of this machine. */
struct found {
	struct text bytes;
	uint64_t written_ns; /* since 1970-01-01 UTC */
};

static bool
add_place(struct heat_sources *s, struct arena *a, struct text from, const char *folder,
          struct err *e)
{
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set(e, "%s: %s", folder, strerror(errno));
	*vec_push(a, &s->places) = (struct place){ from, fd };
	return true;
}

static void
note_start(uint64_t *first, uint64_t wall_ns)
{
	if (wall_ns && (*first == 0 || wall_ns < *first))
		*first = wall_ns;
}

struct heat_sources *
heat_sources_open(struct arena *a, const struct tree *t, const char *root,
                  const same_maps *maps, struct err *e)
{
	struct heat_sources *s = arena_new(a, struct heat_sources);

	s->tree = t;
	s->sampled = tree_sources(a, t);
	for (size_t i = 0; i < maps->n; i++)
		if (!add_place(s, a, maps->at[i].from, text_copy(a, maps->at[i].to).at, e))
			return NULL;
	if (root && !add_place(s, a, TEXT(""), root, e))
		return NULL;
	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct stream_run *run = &tree_run(t, i)->about;

		note_start(&s->began_ns[0], run->wall_ns);
		if (run->side < 3)
			note_start(&s->began_ns[run->side], run->wall_ns);
	}
	return s;
}

/* Never waits: a fifo or a device opens at once, or not, and is no regular file. */
static int
open_below(int folder, const char *path, struct stat *st)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);

	if (fd >= 0 &&
	    (fstat(fd, st) != 0 || !S_ISREG(st->st_mode) || st->st_size > HEAT_SOURCE_MAX)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A file that becomes longer or shorter meanwhile is as long as what was read. */
static struct text
read_up_to(struct arena *a, int fd, size_t most)
{
	char *at = arena_alloc(a, most + 1);
	size_t n = 0;
	ssize_t got;

	while (n < most && (got = read(fd, at + n, most - n)) > 0)
		n += (size_t)got;
	return (struct text){ at, n };
}

static bool
read_below(struct arena *a, int folder, struct text path, struct found *to)
{
	struct stat st;
	int fd;

	if (path.n == 0 || memchr(path.at, 0, path.n))
		return false;
	fd = open_below(folder, text_copy(a, path).at, &st);
	if (fd < 0)
		return false;
	to->bytes = read_up_to(a, fd, (size_t)st.st_size);
	to->written_ns =
		(uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
	close(fd);
	return true;
}

/* The rest of a path that lies below from; what is only spelled alike does not. */
static bool
lies_below(struct text path, struct text from, struct text *rest)
{
	if (!text_starts(path, from))
		return false;
	*rest = (struct text){ path.at + from.n, path.n - from.n };
	return from.n == 0 || from.at[from.n - 1] == '/' || (rest->n && rest->at[0] == '/');
}

static bool
find_here(const struct heat_sources *s, struct arena *a, struct text path, struct found *to)
{
	struct text rest;

	if (path.n && path.at[0] == '<')
		return false;
	for (size_t i = 0; i < s->places.n; i++)
		if (lies_below(path, s->places.at[i].from, &rest) &&
		    read_below(a, s->places.at[i].fd, rest, to))
			return true;
	return false;
}

/* A frozen module, in that library. */
static bool
find_frozen(const struct heat_sources *s, struct text library, struct arena *a,
            struct text path, struct found *to)
{
	if (s->places.n == 0 || library.n == 0 || !library_is_frozen(path))
		return false;
	for (size_t i = 0; i < LIBRARY_FILES; i++)
		if (find_here(s, a, library_file(a, library, path, i), to))
			return true;
	return false;
}

static uint32_t
count_lines(struct text text)
{
	uint32_t n = text.n && text.at[text.n - 1] != '\n';

	if (text.n == 0)
		return 0;
	for (const char *at = text.at, *end = at + text.n;
	     (at = memchr(at, '\n', (size_t)(end - at))); at++)
		n++;
	return n;
}

/* Whether lines were seen that the text does not have. */
static bool
is_too_short(const struct heat *h, uint32_t file, struct text text)
{
	const struct heat_file *f = &h->files.at[file];

	return f->lines && h->lines.at[f->first + f->lines - 1].line > count_lines(text);
}

struct heat_source
heat_source_of(const struct heat_sources *s, const struct heat *h, uint32_t file, uint64_t side,
               struct arena *a)
{
	struct text path = tree_string(s->tree, h->files.at[file].path), bytes;
	struct heat_source source = { 0 };
	struct found found = { 0 };
	bool here =
		find_here(s, a, path, &found) || find_frozen(s, h->library, a, path, &found);
	uint64_t began_ns = s->began_ns[side < 3 ? side : 0];

	switch (tree_source_of(s->sampled, path, side, a, &bytes)) {
	case TREE_SOURCE_ONE:
		source.state = here && !text_equal(found.bytes, bytes) ? HEAT_SOURCE_LATER
		                                                       : HEAT_SOURCE_SAMPLED;
		break;
	case TREE_SOURCE_SEVERAL:
		source.state = HEAT_SOURCE_SEVERAL;
		break;
	case TREE_SOURCE_NONE:
		if (!here)
			return source;
		bytes = found.bytes;
		source.state = began_ns == 0                 ? HEAT_SOURCE_UNDATED
		               : found.written_ns > began_ns ? HEAT_SOURCE_CHANGED
		                                             : HEAT_SOURCE_FOUND;
		break;
	}
	source.text = source_text(a, bytes, &source.odd);
	if (source.state >= HEAT_SOURCE_FOUND && is_too_short(h, file, source.text))
		source.state = HEAT_SOURCE_CHANGED;
	return source;
}
