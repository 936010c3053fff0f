/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a CPython, samples it from inside: a signal handler looks at the
 * innermost frame of the main thread, at the very moment that a timer tells. What is
 * seen from outside is compared with that.
 *
 * INSIDE names the file that it writes, "samples function" a line. INSIDE_AT has the
 * offsets, all in bytes: of the frame in the thread's state, or of the CFrame, then
 * of the frame in that or -1; of a frame's code, the next outer frame, its owner;
 * of a code object's qualified name; of the characters of a short str.
 * SIGUSR1 begins; SIGUSR2 writes, and ends the process.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 1 << 14, OWNED_BY_C = 3, NAME_BYTES = 200, EVERY_NS = 213000 };

struct row {
	const char *code;
	unsigned n;
};

extern void *PyGILState_GetThisThreadState(void);

static long thread_frame, cframe_frame, frame_code, frame_previous, frame_owner, code_name,
	str_characters;
static struct row rows[ROWS];
static const char *thread;
static int out;

/* Memory may have gone, and then there is none; a signal handler must not meet it. */
static int
get(const char *from, void *to, size_t n)
{
	struct iovec here = { to, n }, there = { (void *)(uintptr_t)from, n };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)n;
}

static const char *
pointer_at(const char *from)
{
	const char *p = NULL;

	return from && get(from, &p, sizeof p) ? p : NULL;
}

/* The code of the innermost frame of a function. */
static const char *
innermost(void)
{
	const char *frame = pointer_at(thread + thread_frame);
	char owner;

	if (cframe_frame >= 0 && frame)
		frame = pointer_at(frame + cframe_frame);
	while (frame && get(frame + frame_owner, &owner, 1) && owner >= OWNED_BY_C)
		frame = pointer_at(frame + frame_previous);
	return frame ? pointer_at(frame + frame_code) : NULL;
}

static void
tick(int signal)
{
	const char *code = innermost();
	size_t i = (uintptr_t)code / 16 % ROWS;

	(void)signal;
	for (size_t n = 0; rows[i].n && rows[i].code != code; n++) {
		if (n == ROWS)
			_exit(5);
		i = (i + 1) % ROWS;
	}
	rows[i].code = code;
	rows[i].n++;
}

static void
begin(int signal)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };
	struct itimerspec every = { { 0, EVERY_NS }, { 0, EVERY_NS } };
	timer_t timer;

	(void)signal;
	thread = PyGILState_GetThisThreadState();
	event._sigev_un._tid = (int)syscall(SYS_gettid);
	if (!thread || timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
	    timer_settime(timer, 0, &every, NULL) != 0)
		_exit(3);
}

static void
end(int signal)
{
	(void)signal;
	for (size_t i = 0; i < ROWS; i++) {
		char line[NAME_BYTES + 32], name[NAME_BYTES + 1] = "";
		uintptr_t code = (uintptr_t)rows[i].code & ~(uintptr_t)7;
		const char *text = code ? pointer_at((const char *)code + code_name) : NULL;
		int n;

		if (!rows[i].n)
			continue;
		if (!text || !get(text + str_characters, name, NAME_BYTES))
			strcpy(name, "?");
		n = snprintf(line, sizeof line, "%u %s\n", rows[i].n, name);
		if (write(out, line, (size_t)n) != n)
			_exit(4);
	}
	_exit(0);
}

static void
handle(int signal, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigaction(signal, &action, NULL);
}

__attribute__((constructor)) static void
prepare(void)
{
	const char *file = getenv("INSIDE"), *at = getenv("INSIDE_AT");

	if (!file || !at ||
	    sscanf(at, "%ld %ld %ld %ld %ld %ld %ld", &thread_frame, &cframe_frame, &frame_code,
	           &frame_previous, &frame_owner, &code_name, &str_characters) != 7)
		return;
	out = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	handle(SIGPROF, tick);
	handle(SIGUSR1, begin);
	handle(SIGUSR2, end);
}
