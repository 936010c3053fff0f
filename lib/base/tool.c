/* SPDX-License-Identifier: MIT */
#include "base/tool.h"

#include "base/completion.h"
#include "base/out.h"
#include "base/text.h"
#include "base/version.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena eternal;

static void
say(const char *prefix, const char *format, va_list list)
{
	struct arena scratch = { 0 };
	struct text line = text_visible(&scratch, text_vprint(&scratch, format, list));

	fprintf(stderr, "%s: %.*s\n", prefix, TEXT_ARG(line));
	arena_empty(&scratch);
}

void
tool_say(const struct tool *t, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say(t->about->name, format, list);
	va_end(list);
}

static void
hint(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say("hint", format, list);
	va_end(list);
}

void
tool_usage(const struct tool *t, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say(t->about->name, format, list);
	va_end(list);
	hint("try \"%s --help\"", t->about->name);
	exit(2);
}

void
tool_fail(struct tool *t)
{
	if (!t->err.fact[0])
		return;
	tool_say(t, "%s", t->err.fact);
	if (t->err.hint[0])
		hint("%s", t->err.hint);
	t->err = (struct err){ 0 };
	t->status = 1;
}

void
tool_die(struct tool *t)
{
	tool_fail(t);
	out_abandon();
	exit(1);
}

/* What was printed must have arrived: the status when all is well, else 1. */
static int
flushed(const struct about *about, int status)
{
	if (fflush(stdout) == 0)
		return status;
	fprintf(stderr, "%s: standard output: %s\n", about->name, strerror(errno));
	return 1;
}

/*
 * A file must never get the number of a standard descriptor that was closed
 * before us: messages would end up in it. Using one of these still fails.
 */
static void
hold_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
}

static _Noreturn void
print_help(const struct about *about)
{
	printf("%s: %s\n\nusage: %s %s\n\n", about->name, about->sentence, about->name,
	       about->synopsis);
	if (about->operands)
		printf("%s\n", about->operands);
	opt_print(about->options);
	printf("\nexamples:\n%s", about->examples);
	exit(flushed(about, 0));
}

struct tool
tool_begin(const struct about *about, int argc, char **argv)
{
	static char *from_stdin[] = { (char *)"-", NULL };
	struct tool t = { .about = about, .arena = &eternal };
	struct opt_asked asked = { 0 };
	int first;

	hold_standard_descriptors();
	/* For make install; it is in no table, so that abbreviations do not meet it. */
	if (argc == 3 && strcmp(argv[1], "--completion") == 0 &&
	    completion_print(about, argv[2]))
		exit(flushed(about, 0));
	first = opt_parse(t.arena, about->options, about->runs_command, argc, argv, &asked,
	                  &t.err);
	if (first < 0)
		tool_usage(&t, "%s", t.err.fact);
	if (asked.help)
		print_help(about);
	if (asked.version) {
		printf("%s (tachytools) %s\n", about->name, TACHYTOOLS_VERSION);
		exit(flushed(about, 0));
	}
	t.operands = argv + first;
	if (!t.operands[0] && !about->runs_command)
		t.operands = from_stdin;
	return t;
}

/* Told only while the input goes on: what it gave may take longer to finish. */
static void
on_alarm(int signal)
{
	static const char line[] = ": still reading; press Ctrl-C again to end\n";
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	(void)signal;
	if (poll(&input, 1, 0) > 0 && input.revents & POLLHUP && !(input.revents & POLLIN))
		return;
	(void)!write(STDERR_FILENO, program_invocation_short_name,
	             strlen(program_invocation_short_name));
	(void)!write(STDERR_FILENO, line, sizeof line - 1);
}

static void
on_interrupt(int number)
{
	static volatile sig_atomic_t times;

	if (times++ == 0) {
		alarm(1);
		return;
	}
	out_abandon();
	signal(number, SIG_DFL);
	raise(number);
}

static void
handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigaction(number, &action, NULL);
}

/* What was started with SIGINT ignored (a background job, nohup) keeps ignoring it. */
void
tool_reads_stdin(struct tool *t)
{
	struct sigaction now;
	struct stat st;

	(void)t;
	if (fstat(STDIN_FILENO, &st) != 0 || !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
		return;
	if (sigaction(SIGINT, NULL, &now) != 0 || now.sa_handler == SIG_IGN)
		return;
	handle(SIGALRM, on_alarm);
	handle(SIGINT, on_interrupt);
}

int
tool_end(struct tool *t)
{
	alarm(0);
	tool_fail(t);
	return flushed(t->about, t->status);
}
