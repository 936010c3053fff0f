/* SPDX-License-Identifier: MIT */
/*
 * capture/family.h: a process and all that descend from it.
 *
 * Who is new is known by the number that the newest process of the system got:
 * it is read every millisecond, which costs 0.6 us. Only the processes that
 * came since are asked for their parent; those that have one of the family
 * belong to it for as long as they live, whoever their parent is later.
 *
 * What is no CPython is looked into at ages that double, so it costs next to
 * nothing, and anew when it executes another program. CPython becomes a target
 * of the run, which tells when it ends or executes another program. What an
 * executed file holds is found once.
 */
#ifndef CAPTURE_FAMILY_H
#define CAPTURE_FAMILY_H

#include "capture/run.h"

struct family;

/*
 * The family of c's command or of the process that was given, from the arena.
 * Orphans of a command's family become children of ours; call it before the start.
 */
struct family *family_new(struct arena *a, bool command);

/* Its first member; the descendants that it has are found at once. */
void family_begin(struct capture *c, pid_t root);

/* When it is to be looked at again, by CLOCK_MONOTONIC. */
uint64_t family_due(const struct family *f);

/*
 * Looks for new members, and for CPython in those where it is time to: that
 * becomes a target of the run. Takes a bounded share of the time.
 */
void family_look(struct capture *c, uint64_t now);

/* Whether every member was looked into at least once. */
bool family_is_met(const struct family *f);

/* The target was let go: its process may be another program now. */
void family_lost(struct family *f, const struct target *t);

/* Buries orphans of the family that became ours. */
void family_bury(struct capture *c);

#endif
