/* SPDX-License-Identifier: MIT */
/*
 * capture/privilege.h: no more rights than reading needs.
 */
#ifndef CAPTURE_PRIVILEGE_H
#define CAPTURE_PRIVILEGE_H

#include "base/err.h"

/* False sets *e when the program runs set-uid or set-gid: its users are not its owner. */
bool privilege_check(struct err *e);

/*
 * Gives up every capability but CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH,
 * CAP_CHECKPOINT_RESTORE and CAP_KILL, for good: what is executed from here on
 * gets no more either (PR_SET_NO_NEW_PRIVS). Call it when the command has been
 * started. Keeps the capabilities without
 * CAP_SYS_PTRACE: then the right to read rests upon having no fewer
 * capabilities than the target (ptrace(2)).
 */
void privilege_drop(void);

#endif
