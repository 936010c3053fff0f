/* SPDX-License-Identifier: MIT */
/* The reader: a thread that holds the lock while it takes in what came. */
#include "term/top_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Bytes go to --tee first, so that no fault of a reader costs them. */
static void
put_tee(struct top *t, const void *bytes, ssize_t n)
{
	const char *at = bytes;

	while (t->tee >= 0 && n > 0) {
		ssize_t put = write(t->tee, at, (size_t)n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			err_set(vec_push(t->a, &t->faults), "%s: %s", t->how->tee,
			        strerror(errno));
			close(t->tee);
			t->tee = -1;
			return;
		}
		at += put;
		n -= put;
	}
}

struct input {
	struct top *t;
	int fd;
};

/* The one that draws gets the lock when it wants to: a mutex alone is not fair. */
static ssize_t
read_input(void *context, void *to, size_t n)
{
	struct input *in = context;
	ssize_t got;

	while (in->t->wants)
		pthread_cond_wait(&in->t->turn, &in->t->lock);
	pthread_mutex_unlock(&in->t->lock);
	do
		got = read(in->fd, to, n);
	while (got < 0 && errno == EINTR);
	pthread_mutex_lock(&in->t->lock);
	put_tee(in->t, to, got);
	return got;
}

/* What is wrong with the stream is told when the view ends. */
static void
read_stream(struct top *t, struct stream *s, const char *name)
{
	struct tree_choice choice = live_choice(t->live);
	struct err e = { 0 };

	if (t->how->batch)
		choice.watcher = &t->watcher;
	while (!tree_read(t->tree, s, name, &choice, &e)) {
		*vec_push(t->a, &t->faults) = e;
		e = (struct err){ 0 };
	}
	stream_close(s);
}

void
top_read(struct top *t, const char *path)
{
	struct input in = { t, STDIN_FILENO };
	struct stream_input input = { read_input, &in };
	bool is_stdin = strcmp(path, "-") == 0;
	struct err e = { 0 };
	struct stream *s = NULL;

	pthread_mutex_lock(&t->lock);
	if (!is_stdin)
		in.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (in.fd < 0)
		err_set(&e, "%s: %s", path, strerror(errno));
	else
		s = stream_open_input(t->a, input, is_stdin ? "stdin" : path, &e);
	if (s)
		read_stream(t, s, is_stdin ? "stdin" : path);
	else
		*vec_push(t->a, &t->faults) = e;
	if (!is_stdin && in.fd >= 0)
		close(in.fd);
	t->ended = true;
	pthread_mutex_unlock(&t->lock);
}
