/* SPDX-License-Identifier: MIT */
/*
 * The child and we talk over a socket. A name goes there; back come a struct
 * answer and the text. A file system of the target's user may hang the child,
 * which costs us a second.
 */
#include "remote/source.h"

#include "remote/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 1000,
	GROUPS_MAX = 1024,
	SOCKET_FD = 3,      /* of the child, and its only one behind the standard ones */
	STEP_NS = 10000000, /* in which the start of a process is told, rounded down */
};

struct sources {
	pid_t child;
	int pidfd;         /* of the child, whose number may be another's when it has ended */
	int socket;        /* -1: the child is not asked any more */
	uint64_t begun_ns; /* the process, since 1970-01-01 UTC; at the latest */
};

/* What the process may do with files. */
struct rights {
	uid_t uid;
	gid_t gid;
	gid_t groups[GROUPS_MAX];
	size_t n;
	uint64_t capabilities;
};

struct answer {
	bool found;
	uint64_t n, changed_ns;
};

static bool
read_all(int fd, void *to, size_t n)
{
	char *at = to;

	while (n) {
		ssize_t got = read(fd, at, n);

		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
send_all(int fd, const void *from, size_t n)
{
	const char *at = from;

	while (n) {
		ssize_t put = send(fd, at, n, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		at += put;
		n -= (size_t)put;
	}
	return true;
}

/* The number at that place of a line of /proc/PID/status, from 0; what is not there is 0. */
static unsigned long
number_at(struct text line, size_t place)
{
	char *at = (char *)line.at;

	while (line.n && place--)
		strtoul(at, &at, 10);
	return line.n ? strtoul(at, NULL, 10) : 0;
}

/* Of the four users and groups those that file systems ask for. */
static struct rights
rights_of(pid_t pid)
{
	struct arena scratch = { 0 };
	struct text groups = proc_status(&scratch, pid, "Groups");
	struct text capabilities = proc_status(&scratch, pid, "CapEff");
	struct rights r = {
		.uid = (uid_t)number_at(proc_status(&scratch, pid, "Uid"), 3),
		.gid = (gid_t)number_at(proc_status(&scratch, pid, "Gid"), 3),
	};
	char *at = (char *)groups.at, *end = at + groups.n;

	while (groups.n && at < end && r.n < GROUPS_MAX)
		r.groups[r.n++] = (gid_t)strtoul(at, &at, 10);
	if (capabilities.n)
		r.capabilities = strtoull(capabilities.at, NULL, 16);
	arena_empty(&scratch);
	return r;
}

/* Of all capabilities keeps those to read that the process has too. */
static bool
keep_capabilities(uint64_t theirs)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };
	uint32_t wanted = (1u << CAP_DAC_READ_SEARCH | 1u << CAP_DAC_OVERRIDE);

	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	wanted &= (uint32_t)theirs & data[0].permitted;
	data[0] = (struct __user_cap_data_struct){ wanted, wanted, 0 };
	data[1] = (struct __user_cap_data_struct){ 0 };
	return syscall(SYS_capset, &header, data) == 0;
}

static bool
become(const struct rights *r)
{
	if (geteuid() == r->uid && geteuid() != 0)
		return keep_capabilities(0);
	return setgroups(r->n, r->groups) == 0 && setresgid(r->gid, r->gid, r->gid) == 0 &&
	       setresuid(r->uid, r->uid, r->uid) == 0 && keep_capabilities(r->capabilities);
}

/* Never waits: a fifo or a device opens at once, or not, and is no regular file. */
static int
open_regular(const int places[2], const char *path, struct answer *answer)
{
	bool absolute = path[0] == '/';
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve =
			(absolute ? RESOLVE_IN_ROOT : RESOLVE_BENEATH) | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, places[!absolute], path, &how, sizeof how);
	struct stat st;

	if (fd >= 0 &&
	    (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > SOURCE_BYTES_MAX)) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		return -1;
	*answer = (struct answer){ true, (uint64_t)st.st_size,
		                   (uint64_t)st.st_mtim.tv_sec * 1000000000u +
		                           (uint64_t)st.st_mtim.tv_nsec };
	return fd;
}

/* A file that became shorter meanwhile is as if it could not be read. */
static void
answer_for(int socket, const int places[2], const char *path)
{
	struct arena scratch = { 0 };
	struct answer answer = { 0 };
	int fd = open_regular(places, path, &answer);
	char *text = arena_alloc(&scratch, answer.n);

	if (fd >= 0 && !read_all(fd, text, answer.n))
		answer = (struct answer){ 0 };
	if (fd >= 0)
		close(fd);
	if (!send_all(socket, &answer, sizeof answer) || !send_all(socket, text, answer.n))
		_exit(1);
	arena_empty(&scratch);
}

/* The root and the working directory, which only we may open. */
static bool
open_places(pid_t pid, int places[2])
{
	static const char *const names[] = { "root", "cwd" };
	char path[64];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, names[i]);
		places[i] = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	return places[0] >= 0;
}

/* Waits for the target's number, and becomes who that is. */
static bool
join(int socket, int places[2])
{
	struct rights rights;
	pid_t pid;
	bool ready;

	if (!read_all(socket, &pid, sizeof pid))
		return false;
	rights = rights_of(pid);
	ready = open_places(pid, places) && become(&rights);
	return send_all(socket, &ready, sizeof ready) && ready;
}

/* The child, which ends with us and holds none of our descriptors, such as another child's. */
static _Noreturn void
serve(int socket)
{
	int places[2], nowhere;
	char path[PATH_MAX];
	uint32_t n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	signal(SIGINT, SIG_IGN);
	socket = dup3(socket, SOCKET_FD, O_CLOEXEC) < 0 ? socket : SOCKET_FD;
	close_range(SOCKET_FD + 1, ~0u, 0);
	nowhere = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++)
		dup2(nowhere, fd);
	if (!join(socket, places))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* another user's does not outlive us either */
	while (read_all(socket, &n, sizeof n) && n < sizeof path && read_all(socket, path, n)) {
		path[n] = '\0';
		answer_for(socket, places, path);
	}
	_exit(0);
}

/* Reads from the child what must come before the deadline; false: it is asked no more. */
static bool
receive(struct sources *s, void *to, size_t n, const struct timespec *deadline)
{
	char *at = to;

	while (n) {
		struct pollfd input = { .fd = s->socket, .events = POLLIN };
		struct timespec now;
		long left;
		ssize_t got = 0;

		clock_gettime(CLOCK_MONOTONIC, &now);
		left = (deadline->tv_sec - now.tv_sec) * 1000 +
		       (deadline->tv_nsec - now.tv_nsec) / 1000000;
		if (left > 0 && poll(&input, 1, (int)left) > 0)
			got = read(s->socket, at, n);
		if (got <= 0) {
			close(s->socket);
			s->socket = -1;
			return false;
		}
		at += got;
		n -= (size_t)got;
	}
	return true;
}

static struct timespec
deadline(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += PATIENCE_MS / 1000;
	return t;
}

static uint64_t
begun_ns(pid_t pid)
{
	struct proc_stat stat;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!proc_stat(pid, &stat))
		return UINT64_MAX;
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec - proc_age_ns(&stat) +
	       STEP_NS;
}

struct sources *
sources_begin(struct arena *a, struct err *e)
{
	struct sources *s = arena_new(a, struct sources);
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		err_set(e, "source files: %s", strerror(errno));
		return NULL;
	}
	s->child = fork();
	if (s->child == 0) {
		close(ends[0]);
		serve(ends[1]);
	}
	close(ends[1]);
	s->socket = ends[0];
	s->pidfd = s->child < 0 ? -1 : (int)syscall(SYS_pidfd_open, s->child, 0);
	if (s->pidfd >= 0)
		return s;
	close(s->socket);
	err_set(e, "source files: no child can be started");
	return NULL;
}

bool
sources_become(struct sources *s, pid_t pid, struct err *e)
{
	struct timespec until = deadline();
	bool ready = false;

	s->begun_ns = begun_ns(pid);
	if (send_all(s->socket, &pid, sizeof pid) && receive(s, &ready, sizeof ready, &until) &&
	    ready)
		return true;
	return err_set(e, "process %d: its source files cannot be read with its user's rights",
	               (int)pid);
}

void
sources_close(struct sources *s)
{
	if (s->socket >= 0)
		close(s->socket);
	syscall(SYS_pidfd_send_signal, s->pidfd, SIGKILL, NULL, 0);
	close(s->pidfd);
	while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
}

bool
sources_read(struct sources *s, struct arena *a, struct text path, struct text *to,
             bool *changed)
{
	struct timespec until = deadline();
	struct answer answer;
	uint32_t n = (uint32_t)path.n;
	char *text;

	if (s->socket < 0 || path.n == 0 || path.n >= PATH_MAX || memchr(path.at, 0, path.n) ||
	    !send_all(s->socket, &n, sizeof n) || !send_all(s->socket, path.at, path.n) ||
	    !receive(s, &answer, sizeof answer, &until) || !answer.found ||
	    answer.n > SOURCE_BYTES_MAX)
		return false;
	text = arena_alloc(a, answer.n + 1);
	if (!receive(s, text, answer.n, &until))
		return false;
	*to = (struct text){ text, answer.n };
	*changed = answer.changed_ns > s->begun_ns;
	return true;
}
