/* SPDX-License-Identifier: MIT */
#include "remote/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	NAME_MAX_BYTES = 64,
	FLAG_KERNEL_THREAD = 0x00200000, /* PF_KTHREAD in the kernel's sched.h */
};

struct text
proc_text(struct arena *a, pid_t pid, const char *name, size_t max)
{
	char path[NAME_MAX_BYTES + 64];
	size_t room = 4096 < max ? 4096 : max, n = 0;
	char *at = arena_alloc(a, room + 1);
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return (struct text){ at, 0 };
	while (n < max && (got = read(fd, at + n, room - n)) > 0) {
		n += (size_t)got;
		if (n == room && room < max) {
			size_t wider = room > max / 2 ? max : room * 2;

			at = arena_resize(a, at, room + 1, wider + 1);
			room = wider;
		}
	}
	close(fd);
	at[n] = '\0';
	return (struct text){ at, n };
}

/* The name stands in brackets and may hold brackets itself; the last one ends it. */
bool
proc_stat(pid_t pid, struct proc_stat *s)
{
	struct arena scratch = { 0 };
	struct text stat = proc_text(&scratch, pid, "stat", 4096);
	const char *after = stat.n ? memrchr(stat.at, ')', stat.n) : NULL;
	unsigned flags = 0;
	int parent = 0;
	unsigned long long start = 0;
	int found = 0;

	*s = (struct proc_stat){ 0 };
	if (after)
		found = sscanf(after + 1,
		               " %c %d %*s %*s %*s %*s %u %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		               "%*s %*s %*s %llu",
		               &s->state, &parent, &flags, &start);
	s->parent = parent;
	s->kernel_thread = flags & FLAG_KERNEL_THREAD;
	s->start_ticks = start;
	arena_empty(&scratch);
	return found == 4;
}

struct text
proc_comm(struct arena *a, pid_t pid)
{
	struct text comm = proc_text(a, pid, "comm", NAME_MAX_BYTES);

	if (comm.n && comm.at[comm.n - 1] == '\n')
		comm.n--;
	return comm;
}

struct text
proc_link(struct arena *a, pid_t pid, const char *name)
{
	char path[NAME_MAX_BYTES + 64], to[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	n = readlink(path, to, sizeof to);
	return text_copy(a, (struct text){ to, n < 0 ? 0 : (size_t)n });
}

struct text
proc_program(struct arena *a, pid_t pid)
{
	struct text exe = proc_link(a, pid, "exe");

	return text_visible(a, exe.n ? exe : proc_comm(a, pid));
}

static struct text
trim(struct text t)
{
	for (; t.n && (t.at[0] == ' ' || t.at[0] == '\t'); t.at++)
		t.n--;
	while (t.n && (t.at[t.n - 1] == ' ' || t.at[t.n - 1] == '\t'))
		t.n--;
	return t;
}

struct text
proc_status(struct arena *a, pid_t pid, const char *key)
{
	struct text rest = proc_text(a, pid, "status", 65536), name = text_of(key);

	while (rest.n) {
		const char *end = memchr(rest.at, '\n', rest.n);
		size_t n = end ? (size_t)(end - rest.at) : rest.n;

		if (n > name.n && rest.at[name.n] == ':' && text_starts(rest, name))
			return trim((struct text){ rest.at + name.n + 1, n - name.n - 1 });
		rest = (struct text){ rest.at + n, rest.n - n };
		if (end)
			rest = (struct text){ rest.at + 1, rest.n - 1 };
	}
	return (struct text){ "", 0 };
}

/* NSpid lists the number in each namespace, the innermost last. */
pid_t
proc_inner_pid(pid_t pid)
{
	struct arena scratch = { 0 };
	struct text numbers = proc_status(&scratch, pid, "NSpid");
	const char *last = numbers.at;
	pid_t inner = pid;

	for (size_t i = 0; i < numbers.n; i++)
		if (numbers.at[i] == ' ' || numbers.at[i] == '\t')
			last = numbers.at + i + 1;
	if (numbers.n)
		inner = (pid_t)strtol(last, NULL, 10);
	arena_empty(&scratch);
	return inner > 0 ? inner : pid;
}

static unsigned
take_pids(struct text list, pid_t *to, unsigned max)
{
	const char *at = list.at;
	unsigned n = 0;

	while (n < max) {
		char *end;
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		if (pid > 0)
			to[n++] = (pid_t)pid;
		at = end;
	}
	return n;
}

unsigned
proc_children(struct arena *a, pid_t pid, pid_t *children, unsigned max)
{
	char path[NAME_MAX_BYTES];
	struct dirent *entry;
	unsigned n = 0;
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	if (!(tasks = opendir(path)))
		return 0;
	while (n < max && (entry = readdir(tasks)))
		if (entry->d_name[0] != '.') {
			snprintf(path, sizeof path, "task/%.20s/children", entry->d_name);
			n += take_pids(proc_text(a, pid, path, 65536), children + n, max - n);
		}
	closedir(tasks);
	return n;
}
