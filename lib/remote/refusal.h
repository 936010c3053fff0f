/* SPDX-License-Identifier: MIT */
/* remote/refusal.h: why the kernel does not let us read a process, as far as can be told. */
#ifndef REMOTE_REFUSAL_H
#define REMOTE_REFUSAL_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Words the refusal that error stands for: the fact names the likely cause and
 * what speaks for it, the hint the one command that helps. Always false.
 */
bool refusal_explain(pid_t pid, int error, struct err *e);

#endif
