/* SPDX-License-Identifier: MIT */
#include "capture/child.h"

#include "base/text.h"
#include "capture/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
redirect(int output, bool stream_on_stdout)
{
	if (output >= 0)
		return dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0;
	return !stream_on_stdout || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

/* In the child: becomes the command, or tells through the pipe why it cannot. */
static _Noreturn void
become(char *const command[], int output, bool stream_on_stdout, int tell)
{
	int why;

	signals_restore();
	if (redirect(output, stream_on_stdout))
		execvp(command[0], command);
	why = errno;
	(void)!write(tell, &why, sizeof why);
	_exit(CHILD_CANNOT_EXECUTE);
}

/* What the child wrote into the pipe before it ended; 0: exec closed it. */
static int
hear(int pipe)
{
	int why = 0;
	ssize_t n;

	do
		n = read(pipe, &why, sizeof why);
	while (n < 0 && errno == EINTR);
	return n == sizeof why ? why : 0;
}

/* What was meant by a command that is no program. */
static bool
hint_at_meant(char *const command[], int why, struct err *e)
{
	const char *name = command[0];

	if (why == ENOENT && name[0] && !name[strspn(name, "0123456789")])
		return err_hint(e, "tsample -p %s", name);
	if (text_ends(text_of(name), TEXT(".py")) && access(name, F_OK) == 0)
		return err_hint(e, "tsample -- python3 %s", name);
	for (size_t i = 1; why == ENOENT && command[i]; i++)
		if (strcmp(command[i], "-p") == 0)
			return err_hint(e, "options go before the command, and -p takes none");
	return false;
}

static bool
refuse(struct child *c, char *const command[], int why, struct err *e)
{
	c->status = why == ENOENT ? CHILD_NOT_FOUND : CHILD_CANNOT_EXECUTE;
	c->ended = true;
	waitpid(c->pid, NULL, 0);
	err_set(e, "%s: %s", command[0],
	        why == ENOENT ? "there is no such command" : strerror(why));
	return hint_at_meant(command, why, e);
}

bool
child_start(struct child *c, char *const command[], const char *output, bool stream_on_stdout,
            struct err *e)
{
	int tell[2], why, file = -1;

	*c = (struct child){ .status = CHILD_FAILED };
	if (output)
		file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (output && file < 0)
		return err_set(e, "%s: %s", output, strerror(errno));
	if (pipe2(tell, O_CLOEXEC) != 0)
		return err_set(e, "cannot make a pipe: %s", strerror(errno));
	signals_forward();
	c->pid = fork();
	if (c->pid < 0)
		return err_set(e, "cannot fork: %s", strerror(errno));
	if (c->pid == 0)
		become(command, file, stream_on_stdout, tell[1]);
	signals_forward_to(c->pid);
	close(tell[1]);
	why = hear(tell[0]);
	close(tell[0]);
	if (file >= 0)
		close(file);
	return why ? refuse(c, command, why, e) : true;
}

bool
child_has_news(void)
{
	if (!signals.child)
		return false;
	signals.child = 0; /* before the look, so that what comes from here on is news again */
	return true;
}

int
child_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool
child_is_end(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED || info->si_code == CLD_KILLED ||
	       info->si_code == CLD_DUMPED;
}

bool
child_ended(struct child *c, bool wait)
{
	siginfo_t info = { 0 };
	int got;

	if (c->ended || c->pid <= 0)
		return c->ended;
	do
		got = waitid(P_PID, (id_t)c->pid, &info,
		             WEXITED | WNOWAIT | (wait ? 0 : WNOHANG));
	while (got < 0 && errno == EINTR);
	if (got == 0 ? !child_is_end(&info) : errno != ECHILD)
		return false;
	signals_forward_to(0); /* when it is reaped, its number may become another process's */
	waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG);
	c->ended = true;
	if (got < 0)
		return true; /* somebody else has reaped it: its status is unknown */
	c->status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	return true;
}
