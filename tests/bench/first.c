/* SPDX-License-Identifier: MIT */
/*
 * "first COMMAND...": runs the command, and prints the milliseconds from before
 * the exec to the first byte of its standard output, to its end, and those of
 * CPU time that it took.
 */
#include "capture/clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double
since(uint64_t begin)
{
	return (double)(clock_now() - begin) / 1e6;
}

static double
milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int
main(int argc, char **argv)
{
	uint64_t begin = clock_now();
	struct rusage used;
	double first = 0;
	char bytes[4096];
	int out[2], status;
	pid_t pid;

	if (argc < 2 || pipe(out) || (pid = fork()) < 0)
		return 126;
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	close(out[1]);
	while (read(out[0], bytes, sizeof bytes) > 0)
		if (first == 0)
			first = since(begin);
	if (wait4(pid, &status, 0, &used) < 0)
		return 126;
	printf("%.3f %.3f %.3f\n", first, since(begin),
	       milliseconds(used.ru_utime) + milliseconds(used.ru_stime));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
