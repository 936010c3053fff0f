/* SPDX-License-Identifier: MIT */
#include "term/top_inside.h"

#include "base/out.h"
#include "base/time.h"
#include "term/top_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LOOK_PART = 20,     /* looking and drawing take at most such a part of the time */
	PATIENCE_MS = 2000, /* for the end of a stream whose pipeline was interrupted */
};

static void
take_lock(struct top *t)
{
	t->wants = true;
	pthread_mutex_lock(&t->lock);
	t->wants = false;
	pthread_cond_signal(&t->turn);
}

static void *
reader(void *context)
{
	struct top *t = context;

	for (char **path = t->tool->operands; *path; path++)
		top_read(t, *path);
	return NULL;
}

/* Looks when that is due, draws, and minds keys until the user ends it. */
static void
show(struct top *t)
{
	uint64_t due = 0, now, took;

	while (!t->quit && !top_screen_ends()) {
		int key;

		take_lock(t);
		now = time_now();
		if (now >= due && !t->frozen)
			top_look(t);
		top_draw(t);
		took = time_now() - now;
		pthread_mutex_unlock(&t->lock);
		if (now >= due)
			due = now + (t->interval_ns > took * LOOK_PART ? t->interval_ns
			                                               : took * LOOK_PART);
		now = time_now();
		key = top_screen_key(due > now ? (int)((due - now) / 1000000) + 1 : 0);
		if (key < 0)
			continue;
		take_lock(t);
		top_key(t, key);
		pthread_mutex_unlock(&t->lock);
	}
}

/* After Ctrl-C the sampler ends, and what it still writes belongs to --tee. */
static void
wait_for_end(struct top *t)
{
	for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
		bool ended;

		take_lock(t);
		ended = t->ended;
		pthread_mutex_unlock(&t->lock);
		if (ended)
			return;
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
}

static int
run_on_terminal(struct top *t)
{
	pthread_t thread;

	if (!top_screen_open(&t->tool->err))
		tool_die(t->tool);
	if (pthread_create(&thread, NULL, reader, t) != 0) {
		top_screen_close();
		err_set(&t->tool->err, "no thread can be started");
		tool_die(t->tool);
	}
	show(t);
	top_screen_close();
	if (top_screen_ends() == SIGINT)
		wait_for_end(t);
	take_lock(t);
	t->frozen = false;
	top_look(t);
	top_tell(t);
	return tool_end(t->tool);
}

/* Whether an input is that file. */
static bool
is_input(const struct top *t, const struct stat *file)
{
	for (char **path = t->tool->operands; *path; path++) {
		struct stat input;
		bool is_stdin = strcmp(*path, "-") == 0;

		if ((is_stdin ? fstat(STDIN_FILENO, &input) : stat(*path, &input)) == 0 &&
		    S_ISREG(input.st_mode) && input.st_dev == file->st_dev &&
		    input.st_ino == file->st_ino)
			return true;
	}
	return false;
}

/* What is there in a regular file goes, unless that is what we read. */
static void
open_tee(struct top *t)
{
	const char *path = t->how->tee;
	struct err *e = &t->tool->err;
	struct stat file;

	t->tee = -1;
	if (!path)
		return;
	t->tee = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (t->tee < 0 || fstat(t->tee, &file) != 0)
		err_set(e, "%s: %s", path, strerror(errno));
	else if (is_input(t, &file))
		err_set(e, "%s: the stream comes from there", path);
	else if (S_ISREG(file.st_mode) && ftruncate(t->tee, 0) != 0)
		err_set(e, "%s: %s", path, strerror(errno));
	else
		return;
	tool_die(t->tool);
}

int
top_run(struct tool *tool, const struct top_how *how)
{
	struct top *t = arena_new(tool->arena, struct top);

	*t = (struct top){ .tool = tool, .how = how, .a = tool->arena };
	t->tree = tree_new(t->a);
	t->live = live_new(t->a, t->tree);
	t->interval_ns = how->interval_ns;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->turn, NULL);
	open_tee(t);
	return how->batch ? top_batch(t) : run_on_terminal(t);
}
