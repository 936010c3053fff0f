/* SPDX-License-Identifier: MIT */
#include "remote/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	NAME_MAX_BYTES = 64,
	FLAG_KERNEL_THREAD = 0x00200000, /* PF_KTHREAD in the kernel's sched.h */
};

bool
proc_is_ours(struct err *e)
{
	char self[16];
	ssize_t n = readlink("/proc/self", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = '\0';
	if (strtol(self, NULL, 10) == getpid())
		return true;
	err_set(e, n < 0 ? "/proc is not mounted here: processes cannot be looked into"
	                 : "/proc is that of another pid namespace");
	return err_hint(e, "mount -t proc proc /proc");
}

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

/* Fields of /proc/PID/stat behind the name, from 3 on (proc_pid_stat(5)). */
enum {
	STAT_STATE = 3,
	STAT_PARENT = 4,
	STAT_FLAGS = 9,
	STAT_START = 22,
	STAT_IMAGE = 26,
	STAT_EXIT_CODE = 52,
	STAT_FIELDS = 53,
};

/* The name stands in brackets and may hold brackets itself; the last one ends it. */
bool
proc_stat(pid_t pid, struct proc_stat *s)
{
	char path[NAME_MAX_BYTES], line[4096];
	unsigned long long fields[STAT_FIELDS] = { 0 };
	int fd, at = STAT_PARENT;
	const char *after;
	ssize_t n;

	*s = (struct proc_stat){ 0 };
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	n = read(fd, line, sizeof line - 1);
	close(fd);
	after = n > 0 ? memrchr(line, ')', (size_t)n) : NULL;
	if (!after)
		return false;
	line[n] = '\0';
	if (line + n - after < 3)
		return false;
	s->state = after[2];
	for (char *next = (char *)after + 3; at<STAT_FIELDS && * next> '\n'; at++)
		fields[at] = strtoull(next, &next, 10);
	s->parent = (pid_t)fields[STAT_PARENT];
	s->kernel_thread = fields[STAT_FLAGS] & FLAG_KERNEL_THREAD;
	s->start_ticks = fields[STAT_START];
	memcpy(s->image, fields + STAT_IMAGE, sizeof s->image);
	s->exit_code = (int)fields[STAT_EXIT_CODE];
	return at > STAT_START;
}

uint64_t
proc_age_ns(const struct proc_stat *s)
{
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK), now;
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	now = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	return now > s->start_ticks * tick_ns ? now - s->start_ticks * tick_ns : 0;
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

/* The value of the line "key:" of what status holds. */
static struct text
status_line(struct text status, const char *key)
{
	struct text rest = status, name = text_of(key);

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

struct text
proc_status(struct arena *a, pid_t pid, const char *key)
{
	return status_line(proc_text(a, pid, "status", PROC_STATUS_BYTES), key);
}

/* NSpid lists the number in each namespace, the innermost last. */
pid_t
proc_innermost(struct text status)
{
	struct text numbers = status_line(status, "NSpid");
	const char *last = numbers.at;

	for (size_t i = 0; i < numbers.n; i++)
		if (numbers.at[i] == ' ' || numbers.at[i] == '\t')
			last = numbers.at + i + 1;
	return numbers.n ? (pid_t)strtol(last, NULL, 10) : 0;
}

pid_t
proc_inner_pid(pid_t pid)
{
	struct arena scratch = { 0 };
	pid_t inner = proc_innermost(proc_text(&scratch, pid, "status", PROC_STATUS_BYTES));

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

int
proc_share_memory(pid_t a, pid_t b)
{
	long order = syscall(SYS_kcmp, a, b, KCMP_VM, 0, 0);

	return order < 0 ? -1 : order == 0;
}

bool
proc_executable(pid_t pid, dev_t *device, ino_t *inode)
{
	char path[NAME_MAX_BYTES];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	if (stat(path, &st) != 0)
		return false;
	*device = st.st_dev;
	*inode = st.st_ino;
	return true;
}

/* The second is everywhere, but where containers pretend, it may be of another namespace. */
static const char *const newest_files[] = { "/proc/sys/kernel/ns_last_pid", "/proc/loadavg" };

void
proc_newest_open(struct proc_newest *n)
{
	n->fd = -1;
	for (size_t i = 0; i < 2 && n->fd < 0; i++)
		n->fd = open(newest_files[i], O_RDONLY | O_CLOEXEC);
}

pid_t
proc_newest(const struct proc_newest *n)
{
	char line[256];
	ssize_t got = n->fd < 0 ? -1 : pread(n->fd, line, sizeof line - 1, 0);
	const char *last = line;

	if (got <= 0)
		return 0;
	line[line[got - 1] == '\n' ? got - 1 : got] = '\0';
	if (strrchr(line, ' '))
		last = strrchr(line, ' ') + 1;
	return (pid_t)strtol(last, NULL, 10);
}
