/* SPDX-License-Identifier: MIT */
#include "remote/remote.h"

#include "remote/proc.h"
#include "remote/refusal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct remote {
	pid_t pid;
	pid_t asked; /* for its memory: the first thread, or if that has ended another one */
	int pidfd;
	uint64_t start_ticks;
	int mem;      /* /proc/PID/mem of the program that it ran when it was opened; or -1 */
	bool by_file; /* memory is read by that, for process_vm_readv does not */
	struct remote_count count;
};

static bool
has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0) != 0;
}

static bool
is_readable_process(pid_t pid, int pidfd, uint64_t *start_ticks, struct err *e)
{
	struct arena scratch = { 0 };
	struct text name = text_visible(&scratch, proc_comm(&scratch, pid));
	struct proc_stat stat;

	if (!proc_stat(pid, &stat))
		err_set(e, "process %d: there is no such process", (int)pid);
	else if (stat.state == 'Z' && pidfd >= 0 && !has_ended(pidfd))
		err_set(e,
		        "process %d: %.*s goes on without its main thread, which has ended, "
		        "and cannot be looked into any more",
		        (int)pid, TEXT_ARG(name));
	else if (stat.state == 'Z' || stat.state == 'X')
		err_set(e, "process %d: %.*s has ended and waits for its parent %d", (int)pid,
		        TEXT_ARG(name), (int)stat.parent);
	else if (stat.kernel_thread)
		err_set(e, "process %d: %.*s is a thread of the kernel", (int)pid,
		        TEXT_ARG(name));
	else
		e->fact[0] = '\0';
	*start_ticks = stat.start_ticks;
	arena_empty(&scratch);
	return e->fact[0] == '\0';
}

static int
open_memory(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* What is said to who reads address 0, which is never mapped: EFAULT, if it is permitted. */
static int
ask_for_nothing(pid_t tid)
{
	struct iovec here = { &(char){ 0 }, 1 }, there = { NULL, 1 };

	return process_vm_readv(tid, &here, 1, &there, 1, 0) < 0 ? errno : EFAULT;
}

/*
 * A filter that does not have the call answers ENOSYS; some containers say EPERM for
 * that, so the file is tried as well.
 */
static bool
is_permitted(struct remote *r, struct err *e)
{
	int error, said;

	r->mem = open_memory(r->pid);
	error = errno;
	said = ask_for_nothing(r->pid);
	if (said == EFAULT)
		return true;
	if (said == ESRCH)
		return err_set(e, "process %d: it has just ended", (int)r->pid);
	r->by_file = r->mem >= 0;
	return r->by_file || refusal_explain(r->pid, error, e);
}

/* Only whole processes have a pidfd; a thread's number is refused with the right one. */
static bool
explain_no_pidfd(pid_t pid, int error, struct err *e)
{
	struct arena scratch = { 0 };
	struct text whole = proc_status(&scratch, pid, "Tgid");

	if (whole.n && strtol(whole.at, NULL, 10) != pid) {
		err_set(e, "process %d: it is a thread of process %.*s", (int)pid,
		        TEXT_ARG(whole));
		err_hint(e, "%s -p %.*s", program_invocation_short_name, TEXT_ARG(whole));
	} else {
		err_set(e, "process %d: pidfd_open: %s", (int)pid, strerrordesc_np(error));
	}
	arena_empty(&scratch);
	return false;
}

struct remote *
remote_open(struct arena *a, pid_t pid, struct err *e)
{
	struct remote *r = arena_new(a, struct remote);

	/* Opened first: facts read afterwards are then this process's, while it lives. */
	*r = (struct remote){ .pid = pid, .asked = pid, .mem = -1 };
	r->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (r->pidfd < 0) {
		int error = errno;

		if (is_readable_process(pid, -1, &r->start_ticks, e))
			explain_no_pidfd(pid, error, e);
		return NULL;
	}
	if (is_readable_process(pid, r->pidfd, &r->start_ticks, e) && is_permitted(r, e))
		return r;
	remote_close(r);
	return NULL;
}

void
remote_close(struct remote *r)
{
	close(r->pidfd);
	if (r->mem >= 0)
		close(r->mem);
}

pid_t
remote_pid(const struct remote *r)
{
	return r->pid;
}

bool
remote_by_file(const struct remote *r)
{
	return r->by_file;
}

bool
remote_ended(const struct remote *r)
{
	return has_ended(r->pidfd);
}

/* The file stays with the memory that the process had: without that, nothing is read, and no error. */
static bool
memory_is_no_more(int mem)
{
	return pread(mem, &(char){ 0 }, 1, 0) == 0;
}

/* One that is about to end has no memory either; one with more rights now does not show it. */
static bool
executes_another(const struct remote *r)
{
	int now;
	bool other;

	if (r->mem < 0 || !memory_is_no_more(r->mem))
		return false;
	now = open_memory(r->pid);
	other = now < 0 ? errno == EACCES || errno == EPERM : !memory_is_no_more(now);
	if (now >= 0)
		close(now);
	return other && !remote_ended(r);
}

bool
remote_alive(const struct remote *r)
{
	return !remote_ended(r) && !executes_another(r);
}

/* As linux/pidfd.h has it since 6.15. */
struct exit_info {
	uint64_t mask, cgroup;
	uint32_t pids[3], ids[8];
	int32_t exit_code;
};

enum { INFO_EXIT = 1 << 3 };

static bool
exit_told(const struct remote *r, int *status)
{
	struct exit_info info = { .mask = INFO_EXIT };

	if (ioctl(r->pidfd, _IOWR(0xff, 11, struct exit_info), &info) != 0 ||
	    !(info.mask & INFO_EXIT))
		return false;
	*status = info.exit_code;
	return true;
}

bool
remote_outcome(const struct remote *r, int *status)
{
	struct proc_stat stat;

	if (exit_told(r, status))
		return true;
	/* A number that is used again is another process's, which is no zombie of this one's. */
	if (proc_stat(r->pid, &stat) && stat.state == 'Z' &&
	    stat.start_ticks == r->start_ticks) {
		*status = stat.exit_code;
		return true;
	}
	return exit_told(r, status); /* its parent may have waited for it just now */
}

struct remote_count
remote_count(const struct remote *r)
{
	return r->count;
}

bool
remote_read(struct remote *r, uint64_t from, void *to, size_t n)
{
	return remote_read_pieces(r, &(struct remote_piece){ from, to, n }, 1) == (ssize_t)n;
}

static ssize_t
read_by_file(struct remote *r, const struct remote_piece *pieces, unsigned n)
{
	ssize_t got, sum = 0;

	for (unsigned i = 0; i < n; i++) {
		got = pread(r->mem, pieces[i].to, pieces[i].n, (off_t)pieces[i].from);
		r->count.calls++;
		r->count.bytes += got > 0 ? (uint64_t)got : 0;
		if (got != (ssize_t)pieces[i].n)
			break;
		sum += got;
	}
	/* Without any byte: a process without memory has ended, else the address is wrong. */
	if (sum == 0)
		errno = remote_alive(r) ? EFAULT : ESRCH;
	return sum ? sum : -1;
}

/* The kernel may stop inside of a piece; only whole ones count. */
static ssize_t
whole_pieces(const struct remote_piece *pieces, unsigned n, ssize_t got)
{
	ssize_t sum = 0;

	for (unsigned i = 0; i < n && sum + (ssize_t)pieces[i].n <= got; i++)
		sum += (ssize_t)pieces[i].n;
	if (sum == 0)
		errno = EFAULT;
	return sum ? sum : -1;
}

/* A thread that has ended has no memory; the others of the process have it still, if any goes on. */
static bool
ask_another(struct remote *r)
{
	const struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *threads;

	snprintf(path, sizeof path, "/proc/%d/task", (int)r->pid);
	threads = remote_ended(r) ? NULL : opendir(path);
	while (threads && !found && (entry = readdir(threads)) != NULL) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		found = tid > 0 && ask_for_nothing(tid) == EFAULT;
		if (found)
			r->asked = tid;
	}
	if (threads)
		closedir(threads);
	errno = ESRCH;
	return found;
}

ssize_t
remote_read_pieces(struct remote *r, const struct remote_piece *pieces, unsigned n)
{
	struct iovec here[REMOTE_PIECES_MAX], there[REMOTE_PIECES_MAX];
	size_t want = 0;
	ssize_t got;

	if (n > REMOTE_PIECES_MAX)
		n = REMOTE_PIECES_MAX;
	if (n == 0)
		return 0;
	if (r->by_file)
		return read_by_file(r, pieces, n);
	for (unsigned i = 0; i < n; i++) {
		here[i] = (struct iovec){ pieces[i].to, pieces[i].n };
		there[i] = (struct iovec){ (void *)(uintptr_t)pieces[i].from, pieces[i].n };
		want += pieces[i].n;
	}
	got = process_vm_readv(r->asked, here, n, there, n, 0);
	if (got < 0 && errno == ESRCH && ask_another(r))
		got = process_vm_readv(r->asked, here, n, there, n, 0);
	r->count.calls++;
	r->count.bytes += got > 0 ? (uint64_t)got : 0;
	return got < 0 || got == (ssize_t)want ? got : whole_pieces(pieces, n, got);
}
