/* SPDX-License-Identifier: MIT */
#include "base/tool.h"

#include "base/out.h"
#include "base/text.h"
#include "base/version.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
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

static _Noreturn void
print_help(const struct about *about)
{
	printf("%s: %s\n\nusage: %s %s\n\n", about->name, about->sentence, about->name,
	       about->synopsis);
	opt_print(about->options);
	printf("\nexamples:\n%s", about->examples);
	exit(0);
}

struct tool
tool_begin(const struct about *about, int argc, char **argv)
{
	static char *from_stdin[] = { (char *)"-", NULL };
	struct tool t = { .about = about, .arena = &eternal };
	struct opt_asked asked = { 0 };
	int first = opt_parse(t.arena, about->options, about->runs_command, argc, argv, &asked,
	                      &t.err);

	if (first < 0)
		tool_usage(&t, "%s", t.err.fact);
	if (asked.help)
		print_help(about);
	if (asked.version) {
		printf("%s (tachytools) %s\n", about->name, TACHYTOOLS_VERSION);
		exit(0);
	}
	t.operands = argv + first;
	if (!t.operands[0] && !about->runs_command)
		t.operands = from_stdin;
	return t;
}

static void
on_alarm(int signal)
{
	static const char line[] = "still reading; press Ctrl-C again to end\n";

	(void)signal;
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

static void catch (int number, void (*handler)(int))
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
	catch (SIGALRM, on_alarm);
	catch (SIGINT, on_interrupt);
}

int
tool_end(struct tool *t)
{
	alarm(0);
	tool_fail(t);
	if (fflush(stdout) != 0) {
		fprintf(stderr, "%s: standard output: cannot write\n", t->about->name);
		return 1;
	}
	return t->status;
}
