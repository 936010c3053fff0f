/* SPDX-License-Identifier: MIT */
/* What the kernel does with a thread, and how many threads are asked about. */
#include "remote/activity.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;

static void
check(bool good, const char *what, size_t row)
{
	if (good)
		return;
	fprintf(stderr, "activity: %s: row %zu\n", what, row);
	failures++;
}

/* A child that, once it has said so, spins for ever or waits for what never comes. */
static pid_t
begin_child(bool spins)
{
	int ready[2], never[2];
	pid_t pid;
	char c;

	if (pipe(ready) || pipe(never) || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		if (write(ready[1], "", 1) == 1)
			while (spins || read(never[0], &c, 1) != 1)
				;
		_exit(1);
	}
	if (read(ready[0], &c, 1) != 1)
		abort();
	for (unsigned i = 0; i < 2; i++) {
		close(ready[i]);
		close(never[i]);
	}
	return pid;
}

/* As activity_open() has it where the kernel keeps the better file from us. */
static void
fall_back(struct activity *x)
{
	char path[64];

	activity_close(x);
	x->room->held++;
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)x->pid, (int)x->tid);
	x->fd = open(path, O_RDONLY | O_CLOEXEC);
	x->by_letter = true;
}

static void
test_activity_of(bool spins, bool by_letter)
{
	enum activity_state wanted = spins ? ACTIVITY_RUNS : ACTIVITY_SLEEPS;
	struct activity_account account = { 0 };
	struct activity_room room = { .most = 1 };
	pid_t pid = begin_child(spins);
	struct activity x = activity_of(pid, pid);

	activity_open(&x, &room);
	if (by_letter)
		fall_back(&x);
	while (activity_now(&x) != wanted)
		; /* on its way from saying so to waiting */
	while (activity_account(&x, &account) && account.ran_ns == 0)
		;
	check(account.ran_ns > 0, "account", spins);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	check(activity_now(&x) == ACTIVITY_UNKNOWN, "of a thread that is no more", spins);
	check(!activity_account(&x, &account), "account of a thread that is no more", spins);
	activity_close(&x);
	check(room.held == 0, "nothing is held", spins);
}

enum { MANY = 20 };

/* Descriptors that there are in all, and threads that may be held. */
static const struct {
	uint32_t descriptors, most;
} rooms[] = { { 64, 8 }, { 64, 0 }, { 64, MANY }, { 10, MANY } };

/* More threads than may be held: the rest is unknown, and can be held when others are let go. */
static void
test_activity_room(size_t row)
{
	bool enough = rooms[row].descriptors > MANY;
	struct activity_room room = { .most = rooms[row].most };
	struct activity many[MANY];
	uint32_t known = 0;
	pid_t pid = begin_child(true);

	setrlimit(RLIMIT_NOFILE,
	          &(struct rlimit){ rooms[row].descriptors, rooms[row].descriptors });
	for (unsigned i = 0; i < MANY; i++) {
		many[i] = activity_of(pid, pid);
		activity_open(&many[i], &room);
		known += activity_now(&many[i]) == ACTIVITY_RUNS;
		check(many[i].refused == (many[i].fd < 0), "refused", i);
	}
	check(known == room.held && known + room.refused == MANY, "known or refused", row);
	check(enough ? known == room.most : known < MANY, "known", row);
	activity_close(&many[0]);
	if (many[MANY - 1].refused)
		activity_open(&many[MANY - 1], &room);
	check(known == 0 || activity_now(&many[MANY - 1]) == ACTIVITY_RUNS,
	      "there is room again", row);
	for (unsigned i = 0; i < MANY; i++)
		activity_close(&many[i]);
	check(room.held == 0, "nothing is held", row);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* In a child, because a limit stays lowered, and the search for leaks at our end opens files. */
static void
test_activity_rooms(void)
{
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0) {
			failures = 0;
			test_activity_room(i);
			_exit(failures != 0);
		}
		check(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, "room", i);
	}
}

int
main(void)
{
	struct activity unknown = activity_of(getpid(), 0);
	struct activity_room room = { .most = 1 };

	for (unsigned i = 0; i < 4; i++)
		test_activity_of(i & 1, i & 2);
	activity_open(&unknown, &room);
	check(activity_now(&unknown) == ACTIVITY_UNKNOWN, "of thread 0", 0);
	test_activity_rooms();
	return failures != 0;
}
