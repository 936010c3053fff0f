/* SPDX-License-Identifier: MIT */
/* Members of a family, one at a time: they end, execute other programs, and become targets. */
#include "capture/kin.h"

#include "base/time.h"

enum {
	MS_NS = 1000000,
	SETTLE_NS = MS_NS, /* a fork that is about to execute another program has done so */
	UNSURE_NS = 10 * MS_NS,  /* the same, where it cannot be told whether it has */
	START_NS = 100 * MS_NS,  /* the age at which an interpreter has usually come up */
	DULL_NS = 64 * MS_NS,    /* the age at which a program is tried that held no CPython */
	REST_NS = 500 * MS_NS,   /* between looks at what is no CPython, at most */
	YOUTH_NS = 1000 * MS_NS, /* the age until which an interpreter is yet to have a frame */
	STRIKES = 4,
};

/* The member has ended. */
static void
leave(struct capture *c, struct kin *x)
{
	struct family *f = c->family;
	struct program *p = x->target ? NULL : kin_program(&f->k, x);

	if (p && x->attach_ns > x->since_ns)
		p->strikes++;
	if (x->target)
		run_spare(c, x->target);
	kin_remove(&f->k, x);
}

/* It executes another program now. */
static void
renew(struct capture *c, struct kin *x, const struct proc_stat *s, uint64_t now)
{
	if (x->target)
		run_spare(c, x->target);
	x->target = NULL;
	x->program = 0;
	memcpy(x->image, s->image, sizeof x->image);
	x->since_ns = x->attach_ns = c->family->born_ns = now;
}

/*
 * Whether it is too early to take it for what it is: in the midst of execve(2) it
 * has no image, and after vfork(2) its memory is its parent's.
 */
static bool
is_passing(const struct kin *x, const struct kin *from, const struct proc_stat *s, uint64_t age)
{
	int shared;

	if (!s->image[0])
		return age < UNSURE_NS;
	if (!from)
		return false;
	shared = proc_share_memory(x->pid, s->parent);
	return age < (shared < 0 ? UNSURE_NS : SETTLE_NS) || shared > 0;
}

/* Keeps what was found in a program for the next process that executes it. */
static void
learn(struct family *f, struct kin *x, const struct proc_stat *s)
{
	struct program *p = kin_program(&f->k, x);

	if (!p || p->python)
		return;
	p->python = python_program(f->k.arena, x->target->python);
	p->code = s->image[0];
}

static void
tell_refusal(struct capture *c, struct program *p, const struct err *e)
{
	c->last = *e;
	if (!run_is_unfit(e) || !p || p->told || c->o->quiet)
		return;
	p->told = true;
	tool_say(c->tool, "%s; it is left out", e->fact);
}

/* Whether so many processes of the program held no CPython that the next one hardly will. */
static bool
is_dull(const struct program *p)
{
	return p && !p->python && p->strikes >= STRIKES;
}

/* What is held may have been another process's number, or another program, a moment ago. */
static bool
is_the_same(const struct kin *x, const struct proc_stat *s)
{
	struct proc_stat now;

	return proc_stat(x->pid, &now) && now.start_ticks == x->start_ticks &&
	       memcmp(now.image, s->image, sizeof now.image) == 0;
}

/* Looks for CPython in a member. */
static void
attach(struct capture *c, struct kin *x, const struct proc_stat *s, uint64_t now)
{
	struct family *f = c->family;
	const struct kin *from = kin_forked_from(&f->k, x);
	struct program *p = kin_program(&f->k, x);
	struct target_hint hint = { 0 };
	struct arena scratch = { 0 };
	uint64_t age = now - x->since_ns, begin = time_ran();
	struct err e = { 0 };

	x->attach_ns = now + (age > MS_NS ? age : MS_NS);
	if (is_passing(x, from, s, age)) {
		x->attach_ns = now + MS_NS;
		return;
	}
	if (from) {
		hint.program = python_program(&scratch, from->target->python);
	} else if (p && p->python) {
		hint.program = python_program_is_whole(p->python) ? p->python : NULL;
		hint.bias = s->image[0] - p->code;
		x->attach_ns = now + (age > START_NS ? age : MS_NS);
	} else if (is_dull(p) && (age < DULL_NS || now < f->dull_ns)) {
		return;
	}
	x->target = run_open(c, x->pid, hint, &e);
	if (x->target && !is_the_same(x, s)) {
		run_spare(c, x->target);
		x->target = NULL;
	}
	if (x->target)
		learn(f, x, s);
	else
		tell_refusal(c, p, &e);
	if (!x->target && p && !p->python && age > DULL_NS)
		p->strikes++;
	if (is_dull(p))
		f->dull_ns = now + (time_ran() - begin) * 500;
	arena_empty(&scratch);
}

/* What has come up is sampled from the next tick on, and is visited again when it is lost. */
static void
look_at_target(struct capture *c, struct kin *x, uint64_t now)
{
	if (!target_ready(x->target, now - x->since_ns < YOUTH_NS))
		return;
	run_take(c, x->target);
	x->look_ns = UINT64_MAX;
}

static uint64_t
patience(const struct capture *c, const struct kin *x, uint64_t now)
{
	uint64_t age = now - x->since_ns, most = REST_NS + c->family->k.kin.n * 2 * MS_NS;

	if (age < (x->target ? START_NS : 4 * MS_NS))
		return MS_NS;
	age /= x->target ? 16 : age < START_NS ? 4 : 2;
	return age < most ? age : most;
}

/* What is no CPython for long is only asked which file it executes, which is cheap. */
static bool
rests(struct family *f, struct kin *x, uint64_t now)
{
	struct program *p = kin_program(&f->k, x);
	dev_t device;
	ino_t inode;

	return !x->target && p && now < x->attach_ns && now - x->since_ns > YOUTH_NS &&
	       proc_executable(x->pid, &device, &inode) && p->inode == inode &&
	       p->device == device;
}

static bool
has_room(struct capture *c, struct kin *x)
{
	struct family *f = c->family;

	if (x->target || c->held == 0 || c->held < c->files.processes)
		return true;
	if (!f->told_full && !c->o->quiet)
		tool_say(c->tool,
		         "%u processes are sampled; the others are left out until some end",
		         c->files.processes);
	f->told_full = true;
	return false;
}

void
kin_visit(struct capture *c, struct kin *x, uint64_t now)
{
	struct family *f = c->family;
	struct proc_stat s;

	x->look_ns = now + patience(c, x, now);
	if (rests(f, x, now))
		return;
	if (!proc_stat(x->pid, &s) || s.start_ticks != x->start_ticks || stat_has_ended(&s)) {
		leave(c, x);
		return;
	}
	if (s.image[0] && memcmp(s.image, x->image, sizeof s.image) != 0)
		renew(c, x, &s, now);
	if (!x->target && now >= x->attach_ns && has_room(c, x))
		attach(c, x, &s, now);
	x->look_ns = now + patience(c, x, now);
	if (x->target)
		look_at_target(c, x, now);
}
