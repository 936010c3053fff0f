/* SPDX-License-Identifier: MIT */
/*
 * capture/signals.h: what signals ask of a running sampler.
 *
 * With a process of somebody else's, SIGINT, SIGTERM and SIGHUP end the run,
 * SIGUSR1 flushes and SIGUSR2 reopens the output. With a command of ours,
 * these and SIGQUIT are handed to it, except when the terminal gave them to
 * the whole group already.
 */
#ifndef CAPTURE_SIGNALS_H
#define CAPTURE_SIGNALS_H

#include <signal.h>
#include <sys/types.h>

struct signals {
	volatile sig_atomic_t end, flush, reopen, child, resumed, suspend;
	volatile sig_atomic_t asked; /* how often to end, us or the command; never reset */
};

/* What was asked for since it was last looked at; whoever acts on it resets it. */
extern struct signals signals;

/* For a process that is only watched. */
void signals_watch(void);

/*
 * For a run that stops threads: SIGCHLD says that there is something to serve,
 * and is blocked but in clock_doze(); SIGTSTP is seen before it is obeyed, by
 * signals_suspend(), which returns when we are continued.
 */
void signals_hold(void);
void signals_suspend(void);

/*
 * For a command: call it before the fork, so that nothing is lost; then tell
 * the child's number, and 0 before it is reaped. signals_restore() belongs in the child, before exec.
 */
void signals_forward(void);
void signals_forward_to(pid_t child);
void signals_restore(void);

#endif
