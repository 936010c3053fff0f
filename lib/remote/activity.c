/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID/task/TID/syscall says "running" of a thread that is on a CPU or
 * waits for one, else where it is blocked: no other file tells it as fast. It
 * wants the rights that reading memory wants, and a kernel that has it;
 * without it, stat has the letter of the state (proc_pid_stat(5)).
 */
#include "remote/activity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	PATH_BYTES = 64,
	ANSWER_BYTES = 256, /* the letter of stat stands among the first 40 */
};

static int
open_file(const struct activity *x, const char *name)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)x->pid, (int)x->tid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void
open_as(struct activity *x, const char *name, bool by_letter)
{
	x->fd = open_file(x, name);
	x->by_letter = by_letter;
	x->room->held += x->fd >= 0;
	if (x->fd >= 0 && activity_now(x) == ACTIVITY_UNKNOWN)
		activity_close(x);
}

/* Others may have taken what there is, in spite of the room that we were given. */
static bool
is_full(const struct activity_room *room)
{
	return room->held == room->most || errno == EMFILE || errno == ENFILE;
}

struct activity
activity_of(pid_t pid, pid_t tid)
{
	return (struct activity){ .pid = pid, .tid = tid, .fd = -1 };
}

void
activity_open(struct activity *x, struct activity_room *room)
{
	if (x->tid <= 0)
		return;
	x->room = room;
	errno = 0;
	if (room->held < room->most)
		open_as(x, "syscall", false);
	if (x->fd < 0 && room->held < room->most)
		open_as(x, "stat", true);
	x->refused = x->fd < 0 && is_full(room);
	room->refused += x->refused;
}

void
activity_close(struct activity *x)
{
	if (x->fd < 0)
		return;
	close(x->fd);
	x->fd = -1;
	x->room->held--;
}

/* The name before the letter may hold brackets itself; the last one ends it. */
static enum activity_state
state_by_letter(const char *stat, size_t n)
{
	const char *after = memrchr(stat, ')', n);

	if (!after || after + 2 >= stat + n || strchr("ZXx", after[2]))
		return ACTIVITY_UNKNOWN;
	return after[2] == 'R' ? ACTIVITY_RUNS : ACTIVITY_SLEEPS;
}

enum activity_state
activity_now(const struct activity *x)
{
	char answer[ANSWER_BYTES];
	ssize_t n;

	if (x->fd < 0 || (n = pread(x->fd, answer, sizeof answer, 0)) <= 0)
		return ACTIVITY_UNKNOWN;
	if (x->by_letter)
		return state_by_letter(answer, (size_t)n);
	return answer[0] == 'r' ? ACTIVITY_RUNS : ACTIVITY_SLEEPS;
}

bool
activity_account(const struct activity *x, struct activity_account *account)
{
	char answer[ANSWER_BYTES];
	unsigned long long ran, waited;
	ssize_t n = 0;
	int fd;

	if (x->tid <= 0 || (fd = open_file(x, "schedstat")) < 0)
		return false;
	n = read(fd, answer, sizeof answer - 1);
	close(fd);
	answer[n > 0 ? n : 0] = '\0';
	if (sscanf(answer, "%llu %llu", &ran, &waited) != 2)
		return false;
	*account = (struct activity_account){ ran, waited };
	return true;
}
