/* SPDX-License-Identifier: MIT */
/*
 * "cost FILE COMMAND...": runs the command, and writes to FILE the milliseconds
 * that passed until it had ended, those of CPU time that it took, and the kB of
 * memory that it had at most. Its status is the command's.
 */
#include "capture/clock.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double
milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int
main(int argc, char **argv)
{
	FILE *out = argc > 2 ? fopen(argv[1], "we") : NULL;
	uint64_t begin = clock_now();
	pid_t pid = out ? fork() : -1;
	struct rusage used;
	int status;

	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0)
		return 126;
	fprintf(out, "%.3f %.3f %ld\n", (double)(clock_now() - begin) / 1e6,
	        milliseconds(used.ru_utime) + milliseconds(used.ru_stime), used.ru_maxrss);
	return fclose(out) || !WIFEXITED(status) ? 126 : WEXITSTATUS(status);
}
