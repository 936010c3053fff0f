/* SPDX-License-Identifier: MIT */
#include "heat/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 512 }; /* the mark lies within these */

const struct text heat_folder_mark = {
	"<meta name=\"generator\" content=\"theat -D\">\n",
	sizeof "<meta name=\"generator\" content=\"theat -D\">\n" - 1,
};

/* What the name of a file of ours tells. */
struct page_name {
	unsigned long long number; /* 0: the index */
	bool unfinished;           /* out_open() had not given it its name yet */
};

static size_t
count_digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* "index.html", "1.html" and so on; behind an unfinished one ".PID.part". */
static bool
read_name(const char *name, struct page_name *to)
{
	size_t n = strncmp(name, "index", 5) == 0 ? 5 : *name == '0' ? 0 : count_digits(name);

	if (n == 0 || n > 10 || strncmp(name + n, ".html", 5) != 0)
		return false;
	to->number = *name == 'i' ? 0 : strtoull(name, NULL, 10);
	name += n + 5;
	to->unfinished = *name == '.';
	n = to->unfinished ? count_digits(name + 1) : 0;
	return n ? strcmp(name + 1 + n, ".part") == 0 : *name == '\0';
}

/* Of a page that was not finished perhaps nothing is there yet. */
static bool
has_mark(int folder, const char *name, bool unfinished)
{
	int fd =
		openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char head[HEAD_BYTES];
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, head, sizeof head);
	close(fd);
	return (n == 0 && unfinished) ||
	       (n > 0 && memmem(head, (size_t)n, heat_folder_mark.at, heat_folder_mark.n));
}

static bool
is_ours(int folder, const char *name, struct page_name *to)
{
	return read_name(name, to) && has_mark(folder, name, to->unfinished);
}

/* Of several files the first by name is told. */
static bool
check_files(DIR *dir, const char *folder, struct err *e)
{
	char other[sizeof((struct dirent *)0)->d_name] = "";
	struct page_name name;
	struct dirent *entry;

	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && (!*other || strcmp(entry->d_name, other) < 0) &&
		    !is_ours(dirfd(dir), entry->d_name, &name))
			strcpy(other, entry->d_name);
	if (!*other)
		return true;
	err_set(e, "%s: has files that are not of theat, such as %s", folder, other);
	return err_hint(e, "name a new folder");
}

/* Whether a folder that is not there can be made. */
static bool
check_place(const char *folder, struct err *e)
{
	struct arena scratch = { 0 };
	char *above = dirname(
		memcpy(arena_alloc(&scratch, strlen(folder) + 1), folder, strlen(folder) + 1));
	bool fine = access(above, W_OK | X_OK) == 0 ||
	            err_set(e, "%s: %s", folder, strerror(errno));

	arena_empty(&scratch);
	return fine;
}

bool
heat_folder_check(const char *folder, struct err *e)
{
	DIR *dir = opendir(folder);
	bool fine;

	if (!dir && errno == ENOENT)
		return check_place(folder, e);
	if (!dir || faccessat(dirfd(dir), ".", W_OK | X_OK, 0) != 0)
		fine = err_set(e, "%s: %s", folder, strerror(errno));
	else
		fine = check_files(dir, folder, e);
	if (dir)
		closedir(dir);
	return fine;
}

/* The pages of higher numbers; unfinished: those, and any that was not finished. */
static void
remove_pages(const char *folder, unsigned long long above, bool unfinished)
{
	DIR *dir = opendir(folder);
	struct page_name name;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_ours(dirfd(dir), entry->d_name, &name) &&
		    (name.number > above || (unfinished && name.unfinished)))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static bool
remove_index(const char *folder, struct err *e)
{
	struct arena scratch = { 0 };
	struct text path = text_print(&scratch, "%s/index.html", folder);
	bool gone = unlink(path.at) == 0 || errno == ENOENT ||
	            err_set(e, "%s: %s", path.at, strerror(errno));

	arena_empty(&scratch);
	return gone;
}

/* What was there is looked at again: reading the input may have taken long. */
bool
heat_folder_begin(const char *folder, struct err *e)
{
	if (mkdir(folder, 0777) == 0)
		return true;
	if (errno != EEXIST)
		return err_set(e, "%s: %s", folder, strerror(errno));
	if (!heat_folder_check(folder, e) || !remove_index(folder, e))
		return false;
	remove_pages(folder, ULLONG_MAX, true);
	return true;
}

void
heat_folder_end(const char *folder, uint32_t pages)
{
	remove_pages(folder, pages, false);
}
