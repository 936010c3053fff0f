/* SPDX-License-Identifier: MIT */
/* What the user must know when the view is over. */
#include "term/top_inside.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
	TAIL_LINES = 20, /* of what a program said that failed */
	TAIL_BYTES = 16384,
};

/* The end of the file; false: it cannot be read. */
static bool
read_tail(struct arena *a, const char *path, struct text *to)
{
	char *bytes = arena_alloc(a, TAIL_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = fd < 0 ? -1 : 0;

	if (end > 0)
		n = pread(fd, bytes, TAIL_BYTES, end > TAIL_BYTES ? end - TAIL_BYTES : 0);
	if (fd >= 0)
		close(fd);
	*to = (struct text){ bytes, n < 0 ? 0 : (size_t)n };
	return n >= 0;
}

/* Where the last lines begin. */
static size_t
last_lines(struct text t)
{
	size_t at = t.n, lines = 0;

	while (at && lines < TAIL_LINES)
		lines += t.at[--at] == '\n' && at + 1 < t.n;
	return lines == TAIL_LINES ? at + 1 : at;
}

/* The last lines of what the program said. */
static void
show_tail(struct top *t, const char *path)
{
	struct arena scratch = { 0 };
	struct text tail;

	if (!read_tail(&scratch, path, &tail))
		tool_say(t->tool, "%s: it cannot be read", path);
	for (size_t at = last_lines(tail); at < tail.n;) {
		const char *end = memchr(tail.at + at, '\n', tail.n - at);
		size_t n = end ? (size_t)(end - tail.at) - at : tail.n - at;
		struct text line = text_visible(&scratch, (struct text){ tail.at + at, n });

		fprintf(stderr, "%.*s\n", TEXT_ARG(line));
		at += n + 1;
	}
	arena_empty(&scratch);
}

void
top_tell(struct top *t)
{
	bool failed;
	struct text ending = top_ending(t->a, t, &failed);

	for (size_t i = 0; i < t->faults.n; i++) {
		t->tool->err = t->faults.at[i];
		tool_fail(t->tool);
	}
	if (!failed)
		return;
	tool_say(t->tool, "%.*s", (int)ending.n - 2, ending.at + 2);
	if (t->how->child_output)
		show_tail(t, t->how->child_output);
}
