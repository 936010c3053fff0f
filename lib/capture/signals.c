/* SPDX-License-Identifier: MIT */
#include "capture/signals.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

struct signals signals;

static volatile sig_atomic_t receiver;
static sigset_t mask_before;
static struct sigaction pipe_before, child_before; /* as the command is to have them */

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, 0 };

static void
on_signal(int number)
{
	switch (number) {
	case SIGUSR1:
		signals.flush = 1;
		break;
	case SIGUSR2:
		signals.reopen = 1;
		break;
	case SIGCHLD:
		signals.child = 1;
		break;
	case SIGTSTP:
		signals.suspend = 1;
		break;
	case SIGCONT:
		signals.resumed = 1;
		break;
	default:
		signals.end = 1;
		signals.asked++;
	}
}

/* SI_KERNEL: the terminal sent it, to every process of our group (sigaction(2)). */
static void
on_forwarded(int number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	signals.asked += number != SIGUSR1 && number != SIGUSR2;
	if (receiver > 0 &&
	    (info->si_code != SI_KERNEL || getpgid((pid_t)receiver) != getpgrp()))
		kill((pid_t)receiver, number);
	errno = saved;
}

static void
handle(int number, void (*plain)(int), void (*informed)(int, siginfo_t *, void *))
{
	struct sigaction action = { 0 }, now;

	if (informed) {
		action.sa_sigaction = informed;
		action.sa_flags = SA_SIGINFO;
	} else {
		action.sa_handler = plain;
	}
	/* What the parent had us ignore (nohup, a background job) stays ignored. */
	if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

static void
handle_both_ways(void)
{
	handle(SIGCONT, on_signal, NULL);
	signal(SIGPIPE, SIG_IGN);
}

void
signals_watch(void)
{
	static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, 0 };

	for (const int *n = watched; *n; n++)
		handle(*n, on_signal, NULL);
	handle_both_ways();
}

void
signals_hold(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGCHLD, SIG_DFL);
	handle(SIGCHLD, on_signal, NULL);
	handle(SIGTSTP, on_signal, NULL);
}

void
signals_suspend(void)
{
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	handle(SIGTSTP, on_signal, NULL);
	signals.suspend = 0;
}

void
signals_forward(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (const int *n = forwarded; *n; n++)
		sigaddset(&set, *n);
	sigprocmask(SIG_BLOCK, &set, &mask_before);
	for (const int *n = forwarded; *n; n++)
		handle(*n, NULL, on_forwarded);
	sigaction(SIGPIPE, NULL, &pipe_before);
	sigaction(SIGCHLD, NULL, &child_before);
	signal(SIGCHLD, SIG_DFL); /* ignored, its children would vanish unseen */
	handle(SIGCHLD, on_signal, NULL);
	handle_both_ways();
}

void
signals_forward_to(pid_t child)
{
	receiver = (sig_atomic_t)child;
	if (child)
		sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

/* A signal that waits must meet the command's own default, not a handler of ours. */
void
signals_restore(void)
{
	struct sigaction now;

	for (const int *n = forwarded; *n; n++)
		if (sigaction(*n, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			signal(*n, SIG_DFL);
	sigaction(SIGPIPE, &pipe_before, NULL);
	sigaction(SIGCHLD, &child_before, NULL);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}
