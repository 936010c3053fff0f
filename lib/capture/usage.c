/* SPDX-License-Identifier: MIT */
#include "capture/usage.h"

#include "base/text.h"
#include "stream/level.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum {
	LEVEL = 1, /* of zstd: 3 writes 2 % less, of what is little, and begins 0.3 ms later */
	SECOND_NS = 1000000000,
};

/* The options as they were given, without the operands. */
static const char *
words_of(struct arena *a, char **argv, char **operands)
{
	struct text words = { "", 0 };

	for (argv++; argv != operands; argv++)
		words = text_print(a, "%.*s%s%s", TEXT_ARG(words), words.n ? " " : "", *argv);
	return words.at;
}

/* Of whom, how often, and how long. */
static void
check_run(const struct tool *t, const struct usage *u)
{
	const struct capture_options *how = &u->how;

	if (how->rate_hz > 1e6 || how->rate_hz < 0.001)
		tool_usage(t, "--rate: it must be from 0.001hz to 1mhz");
	if (how->duration_ns == 0)
		tool_usage(t, "--duration: it must be above 0");
	if (u->pid && t->operands[0])
		tool_usage(t, "%s: with -p there is no command", t->operands[0]);
	if (!u->pid && !t->operands[0])
		tool_usage(t, "give a process with -p, or a command");
	if (u->pid && how->child_output)
		tool_usage(t, "--child-output is for a command, not for -p");
	if (u->pid > INT_MAX)
		tool_usage(t, "--pid: %lu is no process id", (unsigned long)u->pid);
}

/* Of what is sampled. */
static void
check_mode(const struct tool *t, const struct usage *u)
{
	if (u->async_mode >= 0 && !u->async_aware)
		tool_usage(t, "--async-mode is for --async-aware");
	if (u->async_aware && u->mode != STREAM_MODE_WALL)
		tool_usage(t, "--async-aware samples tasks at all times: it takes no --mode");
}

/* Names of parts are made of the path: beside a device they would be files in /dev. */
static bool
is_rotatable(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

/* Of where the stream goes. */
static void
check_output(const struct tool *t, const struct capture_options *how)
{
	const char *path = how->output.path;
	bool rotates = how->rotate_ns != UINT64_MAX;

	if (how->rotate_ns < SECOND_NS)
		tool_usage(t, "--rotate: it must be 1s or more");
	if (rotates && (!path || strcmp(path, "-") == 0))
		tool_usage(t, "--rotate needs files: -o FILE");
	if (rotates && !is_rotatable(path))
		tool_usage(t, "--rotate needs a regular file, which %s is not", path);
	if (how->output.keep && !rotates)
		tool_usage(t, "--keep is for --rotate");
}

/* The descriptor; -1: none is asked for. */
static int
take_stats(struct tool *t, uint64_t given)
{
	int fd = given == 0 ? -1 : given > INT_MAX ? INT_MAX : (int)given;

	if (fd >= 0 && !stats_take(fd, &t->err))
		tool_usage(t, "%s", t->err.fact);
	return fd;
}

static enum stream_mode
mode_of(const struct usage *u)
{
	if (!u->async_aware)
		return (enum stream_mode)u->mode;
	return u->async_mode == 1 ? STREAM_MODE_ASYNC_ALL : STREAM_MODE_ASYNC_RUNNING;
}

/* 0 stands for no limit from here on. */
static uint64_t
limit_of(uint64_t given)
{
	return given == UINT64_MAX ? 0 : given;
}

void
usage_check(struct tool *t, struct usage *u, char **argv)
{
	struct capture_options *how = &u->how;

	how->level = stream_level(t, u->compress, LEVEL);
	check_run(t, u);
	check_mode(t, u);
	check_output(t, how);
	how->stats.json = how->output.beside = take_stats(t, u->stats_json);
	how->mode = mode_of(u);
	how->cpu |= how->mode == STREAM_MODE_CPU;
	how->duration_ns = limit_of(how->duration_ns);
	how->rotate_ns = limit_of(how->rotate_ns);
	how->output.rotate = how->rotate_ns;
	how->output.full = (enum output_full)u->full;
	how->output.quiet = how->quiet;
	how->pid = (pid_t)u->pid;
	how->command = t->operands;
	how->words = words_of(t->arena, argv, t->operands);
}
