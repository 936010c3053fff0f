/* SPDX-License-Identifier: MIT */
/*
 * capture/kin.h: the members of a family, and the programs that they run.
 * Known to family.c, visit.c and kin.c only.
 */
#ifndef CAPTURE_KIN_H
#define CAPTURE_KIN_H

#include "base/index.h"
#include "base/vec.h"
#include "capture/family.h"
#include "remote/proc.h"

/* A file that is executed. */
struct program {
	dev_t device;
	ino_t inode;
	struct python_program *python; /* NULL: no CPython was found in it so far */
	uint64_t code;                 /* where its code began when that was found */
	unsigned strikes;              /* times that it was looked into, and had no CPython */
	bool told;                     /* that its CPython cannot be read */
};

/* A member. Its number and start name it; pid 0: the row is free. */
struct kin {
	pid_t pid;
	uint64_t start_ticks;
	uint64_t image[3];  /* see proc_stat() */
	uint64_t since_ns;  /* when this image was seen first */
	uint64_t look_ns;   /* when it is looked at again; UINT64_MAX: its target is sampled */
	uint64_t attach_ns; /* when CPython is looked for again */
	uint32_t program;   /* 1 + its row; 0: unknown yet */
	struct target *target; /* sampled from when it has come up; or NULL */
};

struct kinship {
	struct arena *arena;
	VEC(struct kin) kin;
	struct index by_pid;
	size_t dead; /* free rows, which the index still knows */
	VEC(struct program) programs;
};

enum { LATE_MAX = 64 };

/* A number that was given, but no process had it yet. */
struct late {
	pid_t pid;
	unsigned tries;
};

struct family {
	struct kinship k;
	struct proc_newest newest;
	pid_t last; /* the newest number that was looked at */
	struct late late[LATE_MAX];
	unsigned lates;
	bool adopts;
	uint64_t foreign[3]; /* an image that others than the family have too */
	uint64_t look_ns, walk_ns, born_ns;
	uint64_t visit_ns; /* when the first member is to be visited */
	uint64_t dull_ns;  /* when a program that held no CPython may be looked into again */
	size_t from;       /* the row to begin visits with */
	bool told_full;
};

static inline bool
stat_has_ended(const struct proc_stat *s)
{
	return s->state == 'Z' || s->state == 'X';
}

/* The member with that number, or NULL. Rows may move when one is added. */
struct kin *kin_find(const struct kinship *k, pid_t pid);

/* A member that has the image, or NULL. */
struct kin *kin_of_image(const struct kinship *k, const uint64_t *image);

/* A member with a target that has the image of child, or NULL. */
const struct kin *kin_forked_from(const struct kinship *k, const struct kin *child);

/* Adds a process whose facts are s, and whose image is as old as since; false: there are too many. */
bool kin_add(struct kinship *k, pid_t pid, const struct proc_stat *s, uint64_t since);

void kin_remove(struct kinship *k, struct kin *x);

/* The program that x executes, which is looked up when it is unknown; NULL: that cannot be told. */
struct program *kin_program(struct kinship *k, struct kin *x);

/* visit.c: looks whether a member has ended, executes another program, or is CPython. */
void kin_visit(struct capture *c, struct kin *x, uint64_t now);

#endif
