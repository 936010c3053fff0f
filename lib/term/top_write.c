/* SPDX-License-Identifier: MIT */
/*
 * A child writes: what cannot be written ends a process (base/out.h), which
 * must not be the one that has the terminal, and it has the tree as it is now
 * while the reader goes on.
 */
#include "term/top_inside.h"
#include "term/top_screen.h"
#include "tree/save.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
write_and_end(struct top *t, const char *path, int said)
{
	top_screen_forget();
	dup2(said, STDERR_FILENO);
	tree_settle(t->tree);
	tree_save(t->tree, t->tool, path, NULL);
	_exit(0);
}

/* The first line that the child said, or nothing. */
static struct text
first_line(struct arena *a, int fd)
{
	char said[512];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof said && (got = read(fd, said + n, sizeof said - n)) > 0)
		n += (size_t)got;
	for (size_t i = 0; i < n; i++)
		if (said[i] == '\n')
			n = i;
	return text_copy(a, (struct text){ said, n });
}

void
top_write(struct top *t, const char *path)
{
	int said[2], status = 1;
	pid_t child;

	if (pipe(said) != 0 || (child = fork()) < 0) {
		t->message = text_of(strerror(errno));
		return;
	}
	if (child == 0)
		write_and_end(t, path, said[1]);
	close(said[1]);
	t->message = first_line(t->a, said[0]);
	close(said[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (status == 0)
		t->message = text_print(t->a, "written: %s", path);
}
