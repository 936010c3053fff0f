/* SPDX-License-Identifier: MIT */
#include "capture/output.h"

#include "capture/clock.h"
#include "capture/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LOOK_NS = 100000000, /* how often who waits looks whether a signal gives it up */
	MIND_NS = 10000000,  /* and for what has to be minded where no signal tells of it */
	PATIENCE_NS = 1000000000,
};

static bool
is_fifo(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* A FIFO without a reader is refused, for to wait for one cannot be given up. */
static int
open_path(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);

	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	else if (errno == ENXIO && is_fifo(path))
		err_set(e, "%s: nobody reads this FIFO", path);
	else
		err_set(e, "%s: %s", path[0] ? path : "the empty name", strerror(errno));
	return fd;
}

/* Time passes, in which what has to be minded is, or a signal comes. */
static void
rest(struct output *o)
{
	if (o->mind)
		o->mind(o->minder);
	clock_doze(clock_now() + MIND_NS);
}

/* The same when it has a reader, or a signal gives it up. */
static int
open_when_read(struct output *o, struct tool *t, bool quiet)
{
	uint64_t begin = clock_now();
	int fd;

	while ((fd = open_path(o->path, &t->err)) < 0 && is_fifo(o->path) && !signals.end) {
		if (!quiet && clock_now() - begin > PATIENCE_NS) {
			tool_say(t, "%s: nobody reads this FIFO yet; Ctrl-C gives it up",
			         o->path);
			quiet = true;
		}
		rest(o);
	}
	if (fd >= 0)
		t->err = (struct err){ 0 };
	return fd;
}

static enum output_full
full_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return OUTPUT_FULL_DROP;
	return OUTPUT_FULL_WAIT;
}

static bool
are_same(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* /dev/null and the like can be shared. */
static bool
leads_into(int fd, int stream)
{
	struct stat st;

	return fd >= 0 && are_same(fd, stream) && fstat(fd, &st) == 0 && !S_ISCHR(st.st_mode);
}

bool
output_open(struct output *o, struct tool *t, struct output_choice choice)
{
	const char *path = choice.path && strcmp(choice.path, "-") != 0 ? choice.path : NULL;

	*o = (struct output){ .a = t->arena,
		              .path = path,
		              .fd = STDOUT_FILENO,
		              .rotate = choice.rotate,
		              .rotation = { .a = t->arena, .path = path, .keep = choice.keep },
		              .mind = o->mind,
		              .minder = o->minder };
	if (path)
		o->fd = o->rotate ? output_next(o, &t->err)
		                  : open_when_read(o, t, choice.quiet);
	if (o->fd < 0)
		return false;
	if (leads_into(choice.beside, o->fd))
		return err_set(&t->err, "--stats-json: descriptor %d is the stream's own",
		               choice.beside);
	o->full = choice.full == OUTPUT_FULL_DEFAULT ? full_of(o->fd) : choice.full;
	if (path || !isatty(o->fd))
		return true;
	err_set(&t->err, "standard output: a binary stream is not for a terminal");
	return err_hint(&t->err, "add \"-o FILE\" or \"| tfold -t\"");
}

void
output_begin(struct output *o)
{
	if (o->path)
		(void)!ftruncate(o->fd, 0); /* a device or a pipe has nothing to lose */
}

/* What was given up may still be on its way: it must meet an output of nobody's, not a number. */
void
output_release(struct output *o)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	close(ends[0]);
	dup2(ends[1], o->fd);
	close(ends[1]);
}

/* A file that was not renamed keeps what it has: two streams in one file are a stream. */
int
output_next(struct output *o, struct err *e)
{
	int fd;

	if (o->rotate)
		return rotation_next(&o->rotation, clock_wall(), e);
	if (!o->path) {
		err_set(e, "standard output: it cannot be opened again");
		return -1;
	}
	if ((fd = open_path(o->path, e)) < 0)
		return -1;
	if (are_same(fd, o->fd)) {
		close(fd);
		return o->fd;
	}
	(void)!ftruncate(fd, 0);
	return fd;
}

void
output_switch(struct output *o, int fd)
{
	if (fd == o->fd)
		return;
	if (!o->queue)
		close(o->fd);
	else
		while (!queue_close(o->queue, o->fd) && !o->error)
			output_drain(o, clock_now() + LOOK_NS);
	o->fd = fd;
}

/*
 * Whether signals give up what waits. While the loop waits for room, the first
 * one of all asks for the end of the run, and cannot be heard before.
 */
static bool
is_given_up(int asked, bool drains)
{
	return signals.asked > asked + (asked == 0 && !drains);
}

/* Looks at the queue until it does, or it has failed, or signals give it up; n is 0: drains. */
static bool
wait_for(struct output *o, size_t n, uint64_t until_ns)
{
	int asked = signals.asked;
	bool done = false;

	for (uint64_t now = clock_now(); !done && !o->error && now < until_ns;
	     now = clock_now()) {
		uint64_t look = now + LOOK_NS < until_ns ? now + LOOK_NS : until_ns;

		if (o->mind) {
			rest(o);
			look = 0;
		}
		done = n ? queue_wait(o->queue, n, look) : queue_drain(o->queue, look);
		o->error = queue_error(o->queue);
		if (!done && !o->error && is_given_up(asked, n == 0))
			o->error = ECANCELED;
	}
	return done && !o->error;
}

static bool
put(void *context, const void *bytes, size_t n)
{
	struct output *o = context;

	if (!o->queue && !(o->queue = queue_new(o->a))) {
		o->error = errno;
		return false;
	}
	if (!queue_fits(o->queue, n)) {
		o->waited = true;
		wait_for(o, n, UINT64_MAX);
	}
	if (!o->error)
		o->error = queue_error(o->queue);
	if (!o->error)
		queue_put(o->queue, o->fd, bytes, n);
	return !o->error;
}

struct writer_sink
output_sink(struct output *o)
{
	return (struct writer_sink){ put, o };
}

bool
output_has_room(void *context, size_t n)
{
	struct output *o = context;

	return o->full == OUTPUT_FULL_WAIT || !o->queue || queue_fits(o->queue, n);
}

bool
output_drain(struct output *o, uint64_t until_ns)
{
	return !o->queue || o->error || wait_for(o, 0, until_ns);
}

size_t
output_waiting(struct output *o)
{
	return o->queue ? queue_waiting(o->queue) : 0;
}

bool
output_fault(const struct output *o, struct err *e)
{
	const char *name = o->rotate ? rotation_newest(&o->rotation).at
	                   : o->path ? o->path
	                             : "standard output";

	if (o->error == 0 || o->error == EPIPE)
		return false;
	if (o->error == ECANCELED)
		err_set(e, "%s: what its reader has not read is given up", name);
	else
		err_set(e, "%s: %s; sampling ends here", name, strerror(o->error));
	return true;
}
