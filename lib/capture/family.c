/* SPDX-License-Identifier: MIT */
#include "capture/family.h"

#include "base/time.h"
#include "capture/kin.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MS_NS = 1000000,
	LOOK_NS = 2 * MS_NS, /* between looks whether somebody has forked */
	CALM_NS =
		4 * MS_NS, /* the same when ticks are as seldom, and nobody has forked lately */
	BUSY_NS = 1000 * MS_NS,    /* for so long somebody has lately */
	WALK_NS = 1000 * MS_NS,    /* between walks through all children, for who was missed */
	BLIND_WALK_NS = 5 * MS_NS, /* the same where births are not told by a number */
	VISIT_NS = MS_NS,          /* of visiting members, in one look */
	NEW_MAX = 256,             /* numbers that are looked at one by one, in one look */
	LATE_TRIES = 2,
	CHILDREN_MAX = 4096,
};

struct family *
family_new(struct arena *a, bool command)
{
	struct family *f = arena_new(a, struct family);

	f->k.arena = a;
	f->adopts = command && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
	proc_newest_open(&f->newest);
	return f;
}

/* A thread has a number too; only a whole process has a pidfd. */
static bool
is_process(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/*
 * By the parent; or, when that has ended before we looked, by the image: only
 * forks of a member have it, where the root does not share it with its parent.
 */
static bool
is_member(const struct family *f, const struct proc_stat *s)
{
	if (kin_find(&f->k, s->parent) || (f->adopts && s->parent == getpid()))
		return true;
	return memcmp(s->image, f->foreign, sizeof f->foreign) != 0 &&
	       kin_of_image(&f->k, s->image);
}

/* Who was there at the beginning may be old. */
static uint64_t
since(const struct family *f, const struct proc_stat *s, uint64_t now)
{
	uint64_t age = f->look_ns ? 0 : proc_age_ns(s);

	return age < now ? now - age : 0;
}

/* Makes it a member if it is one. False: no process has that number yet, or any more. */
static bool
meet(struct family *f, pid_t pid, uint64_t now)
{
	struct kin *known = kin_find(&f->k, pid);
	struct proc_stat s;

	if (!proc_stat(pid, &s))
		return false;
	if (known && known->start_ticks == s.start_ticks)
		return true;
	if (known)
		kin_remove(&f->k, known);
	if (stat_has_ended(&s) || s.kernel_thread || !is_member(f, &s) || !is_process(pid))
		return true;
	f->born_ns = f->visit_ns = now;
	kin_add(&f->k, pid, &s, since(f, &s, now));
	return true;
}

/* The kernel gives the number a moment before there is a process. */
static void
meet_late(struct family *f, uint64_t now)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < f->lates; i++)
		if (!meet(f, f->late[i].pid, now) && ++f->late[i].tries < LATE_TRIES)
			f->late[kept++] = f->late[i];
	f->lates = kept;
}

static void
meet_new(struct family *f, pid_t newest, uint64_t now)
{
	meet_late(f, now);
	if (newest < f->last || newest - f->last > NEW_MAX)
		f->walk_ns = now;
	else
		for (pid_t pid = f->last + 1; pid <= newest; pid++)
			if (!meet(f, pid, now) && f->lates < LATE_MAX)
				f->late[f->lates++] = (struct late){ pid, 0 };
	f->last = newest;
}

/* Meets the children of all members; those that are found have theirs met too. */
static void
walk(struct family *f, uint64_t now)
{
	struct arena scratch = { 0 };
	pid_t *children = arena_array(&scratch, pid_t, CHILDREN_MAX);
	uint64_t patience = f->last ? WALK_NS : BLIND_WALK_NS, begin = time_ran(), cost;

	for (size_t i = 0; i < f->k.kin.n; i++) {
		pid_t pid = f->k.kin.at[i].pid;
		unsigned n = pid ? proc_children(&scratch, pid, children, CHILDREN_MAX) : 0;

		while (n-- > 0)
			meet(f, children[n], now);
	}
	arena_empty(&scratch);
	cost = (time_ran() - begin) * (f->last ? 500 : 50);
	f->walk_ns = now + (cost > patience ? cost : patience);
}

static void
visit_due(struct capture *c, uint64_t now)
{
	struct family *f = c->family;
	size_t n = f->k.kin.n, i = 0;
	uint64_t at = now;

	if (now < f->visit_ns)
		return;
	f->visit_ns = UINT64_MAX;
	for (; i < n && at - now < VISIT_NS; i++) {
		struct kin *x = &f->k.kin.at[(f->from + i) % n];

		if (x->pid && x->look_ns <= now) {
			kin_visit(c, x, now);
			at = clock_now();
		}
		if (x->pid && x->look_ns < f->visit_ns)
			f->visit_ns = x->look_ns;
	}
	f->from = n ? (f->from + i) % n : 0;
	if (i < n)
		f->visit_ns = now;
}

static bool
is_calm(const struct family *f, pid_t newest, uint64_t now)
{
	return newest == f->last && f->lates == 0 && now < f->walk_ns && now < f->visit_ns;
}

/* Meets who is new, and visits who is due; how long it is to rest then. */
static uint64_t
look(struct capture *c, pid_t newest, uint64_t now)
{
	struct family *f = c->family;
	uint64_t begin = time_ran(), ran, took;

	meet_new(f, newest, now);
	if (now >= f->walk_ns)
		walk(f, now);
	visit_due(c, now);
	ran = time_ran() - begin;
	took = clock_now() - now;
	return ran * 4 > took / 4 ? ran * 4 : took / 4;
}

uint64_t
family_due(const struct family *f)
{
	return f->look_ns;
}

void
family_look(struct capture *c, uint64_t now)
{
	struct family *f = c->family;
	pid_t newest = proc_newest(&f->newest);
	uint64_t rest, patience;

	if (seek_given_has_ended(c)) {
		c->reason = STREAM_TARGET_ENDED;
		return;
	}
	rest = is_calm(f, newest, now) ? 0 : look(c, newest, now);
	patience = now - f->born_ns < BUSY_NS          ? LOOK_NS / 2
	           : c->run.interval_ns >= 2 * CALM_NS ? CALM_NS
	                                               : LOOK_NS;
	f->look_ns = now + (rest > patience ? rest : patience);
}

void
family_begin(struct capture *c, pid_t root)
{
	struct family *f = c->family;
	struct proc_stat s, parent;
	uint64_t now = clock_now();

	f->last = proc_newest(&f->newest);
	if (!proc_stat(root, &s))
		return;
	if (!f->adopts && proc_stat(s.parent, &parent) &&
	    memcmp(parent.image, s.image, sizeof s.image) == 0)
		memcpy(f->foreign, s.image, sizeof s.image);
	kin_add(&f->k, root, &s, since(f, &s, now));
	walk(f, now);
	family_look(c, now);
}

bool
family_is_met(const struct family *f)
{
	for (size_t i = 0; i < f->k.kin.n; i++) {
		const struct kin *x = &f->k.kin.at[i];

		if (x->pid && x->attach_ns <= x->since_ns)
			return false;
	}
	return true;
}

void
family_lost(struct family *f, const struct target *t)
{
	for (size_t i = 0; i < f->k.kin.n; i++) {
		struct kin *x = &f->k.kin.at[i];

		if (!x->pid || x->target != t)
			continue;
		x->target = NULL;
		x->program = 0;
		x->look_ns = x->attach_ns = x->since_ns = clock_now();
		f->look_ns = f->visit_ns = x->look_ns;
	}
}

void
family_bury(struct capture *c)
{
	siginfo_t dead = { 0 };
	int status;

	while (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       child_is_end(&dead) && dead.si_pid != c->child.pid) {
		struct kin *x = kin_find(&c->family->k, dead.si_pid);

		if (waitpid(dead.si_pid, &status, WNOHANG) == dead.si_pid && x && x->target)
			target_ended(x->target, status);
		dead.si_pid = 0;
	}
}
