/* SPDX-License-Identifier: MIT */
/*
 * The kernel only says no. The causes below are looked for in the order in
 * which the kernel checks them (ptrace(2), "Ptrace access mode checking"), and
 * the first one with evidence is named, as likely: a security module can
 * refuse without leaving a trace.
 */
#include "remote/refusal.h"

#include "remote/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CAP_PTRACE = 19 }; /* CAP_SYS_PTRACE, capabilities(7) */

/* What is known of us and of them when the kernel has refused. */
struct evidence {
	int error;
	bool capable;   /* we have CAP_SYS_PTRACE, in our own user namespace */
	bool same_user; /* real, effective and saved user of both are one */
	bool same_namespace;
	bool dumpable; /* as the owner of /proc/PID shows it */
	long filter;   /* our seccomp mode */
	long scope;    /* Yama's ptrace_scope, -1 without Yama */
};

static long
number_of(struct text t)
{
	return t.n ? strtol(t.at, NULL, 10) : -1;
}

static long
yama_scope(void)
{
	char text[16] = "";
	ssize_t n = -1;
	int fd = open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	return n > 0 ? strtol(text, NULL, 10) : -1;
}

/* "1000\t1000\t1000\t1000": real, effective, saved, of the file system. */
static bool
is_all(struct text users, long user)
{
	const char *at = users.at;

	for (int i = 0; i < 3 && users.n; i++) {
		char *end;

		if (strtol(at, &end, 10) != user || end == at)
			return false;
		at = end;
	}
	return users.n > 0;
}

/* A process that is not dumpable shows its own files as root's (proc(5)). */
static bool
is_dumpable(pid_t pid, long user)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
	return stat(path, &st) != 0 || (long)st.st_uid == user;
}

/* Whether our own user namespace is not the first one: only that maps every user to itself. */
static bool
is_inner(struct arena *a)
{
	struct text map = proc_text(a, getpid(), "uid_map", 256);
	unsigned long inside, outside, n;

	return map.n && sscanf(map.at, "%lu %lu %lu", &inside, &outside, &n) == 3 &&
	       !(inside == 0 && outside == 0 && n == UINT32_MAX);
}

/* What we may not even look at, in spite of the capability, is not of our namespace. */
static bool
is_same_namespace(struct arena *a, pid_t pid, bool capable)
{
	struct text ours = proc_link(a, getpid(), "ns/user"),
		    theirs = proc_link(a, pid, "ns/user");

	return theirs.n ? text_equal(ours, theirs) : !(capable && is_inner(a));
}

static struct evidence
gather(struct arena *a, pid_t pid, int error)
{
	struct text users = proc_status(a, pid, "Uid");
	struct text caps = proc_status(a, getpid(), "CapEff");
	bool capable = caps.n && strtoull(caps.at, NULL, 16) >> CAP_PTRACE & 1;
	long user = number_of(users);

	return (struct evidence){
		.error = error,
		.capable = capable,
		.same_user = user >= 0 && user == (long)getuid() && is_all(users, user),
		.same_namespace = is_same_namespace(a, pid, capable),
		.dumpable = is_dumpable(pid, user),
		.filter = number_of(proc_status(a, getpid(), "Seccomp")),
		.scope = yama_scope(),
	};
}

static bool
other_namespace(const struct evidence *v)
{
	return !v->same_namespace && (v->capable || v->same_user);
}

static bool
other_user(const struct evidence *v)
{
	return !v->same_user && !v->capable;
}

static bool
not_dumpable(const struct evidence *v)
{
	return !v->dumpable && !v->capable;
}

static bool
yama_forbids_all(const struct evidence *v)
{
	return v->scope == 3;
}

static bool
yama_forbids(const struct evidence *v)
{
	return v->scope > 0 && !v->capable;
}

static bool
filtered(const struct evidence *v)
{
	return v->filter == 2 || v->error == ENOSYS;
}

static bool
in_spite_of_all(const struct evidence *v)
{
	return v->capable;
}

static bool
always(const struct evidence *v)
{
	(void)v;
	return true;
}

/* The first row that applies is told. The hint may name the process by %1$d, and our program by %2$s. */
static const struct cause {
	bool (*applies)(const struct evidence *);
	const char *fact, *hint;
} causes[] = {
	{ other_namespace, "it lives in another user namespace, where our rights do not hold",
	  "nsenter --target %1$d --user --preserve-credentials, with our command behind it" },
	{ other_user, "it belongs to another user and we lack CAP_SYS_PTRACE",
	  "sudo %2$s -p %1$d" },
	{ not_dumpable,
	  "it is not dumpable (set-uid, or PR_SET_DUMPABLE is 0) and we lack CAP_SYS_PTRACE",
	  "sudo %2$s -p %1$d" },
	{ yama_forbids_all,
	  "/proc/sys/kernel/yama/ptrace_scope is 3: nobody may, until the next boot",
	  "set kernel.yama.ptrace_scope to 1 in /etc/sysctl.d, and boot" },
	{ yama_forbids, "/proc/sys/kernel/yama/ptrace_scope allows parents or nobody",
	  "sudo %2$s -p %1$d" },
	{ filtered, "a seccomp filter is upon us (Seccomp: 2 in /proc/self/status)",
	  "docker run --cap-add=SYS_PTRACE, for the container that we run in" },
	{ in_spite_of_all, "some security module forbids it in spite of CAP_SYS_PTRACE",
	  "journalctl -k --grep audit, where it may have left a word" },
	{ always, "some security module forbids it, which left no evidence",
	  "sudo %2$s -p %1$d" },
};

bool
refusal_explain(pid_t pid, int error, struct err *e)
{
	struct arena scratch = { 0 };
	struct evidence v = gather(&scratch, pid, error);
	const struct cause *cause = causes;

	while (!cause->applies(&v))
		cause++;
	err_set(e, "process %d: its memory cannot be read (%s), likely because %s", (int)pid,
	        strerrordesc_np(error), cause->fact);
	err_hint(e, cause->hint, (int)pid, program_invocation_short_name);
	arena_empty(&scratch);
	return false;
}
