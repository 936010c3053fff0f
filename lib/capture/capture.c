/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include "base/version.h"
#include "capture/child.h"
#include "capture/clock.h"
#include "capture/output.h"
#include "capture/privilege.h"
#include "capture/report.h"
#include "capture/signals.h"
#include "capture/target.h"
#include "remote/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
	UNITS = 16,                /* in an interval (tstream(5) leaves it to the writer) */
	FLUSH_NS = 80000000,       /* readable within 100 ms, and the time to write it */
	OUTCOME_NS = 1000000000,   /* how often losses are told */
	CHILDREN_MAX = 256,
	PATIENCE_NS = 1000000,     /* between looks for CPython in a process that has just begun */
	QUICK_TRIES = 10,
	YOUTH_NS = 1000000000,     /* the age until which a process may yet become CPython */
};

static const uint64_t RESTART_NS = 9000000000; /* tstream(5): at least every 10 s */

struct capture {
	struct tool *tool;
	const struct capture_options *o;
	struct output output;
	struct writer *writer;
	struct arena writer_arena;
	struct stream_run run;
	struct clock clock;
	struct target target;
	struct child child;
	struct target_counts counts;   /* of the whole run */
	struct stream_outcome told;    /* what the outcomes so far have told */
	uint64_t ticks, units;         /* taken; the time of the last one */
	uint64_t next_process, next_thread;
	uint64_t bytes;                /* of the parts that are ended */
	bool begun;                    /* the first part has begun */
	uint64_t flush_ns, outcome_ns; /* when they are due */
	enum stream_loss busy;         /* why ticks would be missed now */
	enum stream_reason reason;
	struct err last;               /* why no CPython was found lately */
};

static bool
is_command(const struct capture *c)
{
	return c->o->pid == 0;
}

static uint64_t
units_at(const struct capture *c, uint64_t now)
{
	return (now - c->run.monotonic_ns) / c->run.unit_ns;
}

static struct text
first_line_of(struct arena *a, const char *path)
{
	char buffer[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buffer, sizeof buffer);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return (struct text){ 0 };
	return text_copy(a, (struct text){ buffer, strcspn(buffer, "\n") < (size_t)n
	                                                   ? strcspn(buffer, "\n")
	                                                   : (size_t)n });
}

static uint64_t
wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
describe_run(struct capture *c)
{
	const struct capture_options *o = c->o;
	struct stream_run *run = &c->run;
	char host[256] = "";

	if (getrandom(run->id, sizeof run->id, 0) != sizeof run->id ||
	    getrandom(&run->seed, sizeof run->seed, 0) != sizeof run->seed)
		run->seed = clock_now();
	run->seed = o->no_jitter ? 0 : run->seed | 1;
	run->interval_ns = (uint64_t)(1e9 / o->rate_hz + 0.5);
	run->unit_ns = run->interval_ns / UNITS ? run->interval_ns / UNITS : 1;
	run->wall_ns = wall_ns();
	run->monotonic_ns = clock_now();
	run->flags = (is_command(c) ? STREAM_LAUNCHED : 0u) |
	             (o->all_threads ? STREAM_ALL_THREADS : 0u) |
	             (o->no_cmdline ? STREAM_NO_CMDLINE : 0u);
	gethostname(host, sizeof host - 1);
	run->tool = TEXT("tsample");
	run->version = TEXT(TACHYTOOLS_VERSION);
	run->host = text_copy(c->tool->arena, text_of(host));
	run->boot = first_line_of(c->tool->arena, "/proc/sys/kernel/random/boot_id");
	run->options = text_of(o->words);
}

/* A part is what goes into one output: the whole run, unless the output is reopened. */
static void
begin_part(struct capture *c)
{
	c->writer = writer_new(&c->writer_arena,
	                       (struct writer_options){ STREAM_RAW, "tsample", c->o->level,
	                                                RESTART_NS, true },
	                       output_sink(&c->output));
	writer_run(c->writer, &c->run);
}

/* What was counted since the last outcome. */
static void
tell_outcome(struct capture *c, uint64_t to, enum stream_reason reason)
{
	struct stream_outcome now = { .to = to, .ticks = c->ticks, .samples = c->counts.samples },
	                      news;

	for (int i = 0; i < STREAM_LOSS_END; i++)
		now.losses[i] = c->clock.missed[i];
	now.losses[STREAM_LOSS_TORN] = c->counts.torn;
	now.losses[STREAM_LOSS_RETRIED] = c->counts.retried;
	now.losses[STREAM_LOSS_UNREADABLE] = c->counts.unreadable;
	now.losses[STREAM_LOSS_TRUNCATED] = c->counts.truncated;
	now.losses[STREAM_LOSS_GONE] = c->counts.lost;
	news = now;
	news.from = c->told.to;
	news.reason = reason;
	news.ticks -= c->told.ticks;
	news.samples -= c->told.samples;
	for (int i = 0; i < STREAM_LOSS_END; i++)
		news.losses[i] -= c->told.losses[i];
	writer_outcome(c->writer, &news);
	c->told = now;
}

static void
end_part(struct capture *c, uint64_t to, enum stream_reason reason)
{
	tell_outcome(c, to, reason);
	writer_flush(c->writer);
	writer_end(c->writer);
	c->bytes += writer_bytes(c->writer);
	arena_empty(&c->writer_arena);
}

static struct target_choice
choice(struct capture *c)
{
	return (struct target_choice){ c->o->all_threads, !c->o->no_cmdline, &c->next_thread };
}

/* Sampling begins: the run's time is counted from here. */
static void
begin_run(struct capture *c)
{
	describe_run(c);
	clock_begin(&c->clock, c->run.monotonic_ns, c->run.interval_ns, c->run.seed);
	c->flush_ns = c->run.monotonic_ns + FLUSH_NS;
	c->outcome_ns = c->run.monotonic_ns + OUTCOME_NS;
	begin_part(c);
	c->begun = true;
}

static void
reopen(struct capture *c)
{
	uint64_t now = units_at(c, clock_now());

	signals.reopen = 0;
	end_part(c, now, STREAM_GOES_ON);
	if (!output_reopen(&c->output, &c->tool->err))
		tool_fail(c->tool);
	begin_part(c);
	if (c->target.python)
		target_tell(&c->target, c->writer, choice(c), now);
}

static void
flush(struct capture *c, uint64_t now)
{
	if (now >= c->outcome_ns) {
		tell_outcome(c, units_at(c, now), STREAM_GOES_ON);
		c->outcome_ns = now + OUTCOME_NS;
	}
	writer_flush(c->writer);
	c->flush_ns = now + FLUSH_NS;
	signals.flush = 0;
	if (clock_now() - now > c->run.interval_ns)
		c->busy = STREAM_LOSS_FULL;
}

/* Why the run is over, if it is. */
static bool
is_over(struct capture *c, uint64_t now)
{
	if (signals.end)
		c->reason = STREAM_INTERRUPTED;
	else if (c->begun && !writer_alive(c->writer))
		c->reason = STREAM_OUTPUT_ENDED;
	else if (c->begun && c->o->duration_ns && now - c->run.monotonic_ns >= c->o->duration_ns)
		c->reason = STREAM_REACHED;
	else if (signals.child && child_ended(&c->child, false))
		c->reason = STREAM_TARGET_ENDED;
	return c->reason != STREAM_GOES_ON;
}

/* Waits for the moment, minding what signals ask and what is due; false: the run is over. */
static bool
wait_until(struct capture *c, uint64_t deadline)
{
	for (uint64_t now;;) {
		if (signals.reopen)
			reopen(c);
		now = clock_now();
		if (signals.flush || now >= c->flush_ns)
			flush(c, now);
		if (is_over(c, now))
			return false;
		if (now >= deadline)
			return true;
		if (c->o->duration_ns && deadline > c->run.monotonic_ns + c->o->duration_ns)
			deadline = c->run.monotonic_ns + c->o->duration_ns;
		clock_sleep(deadline < c->flush_ns ? deadline : c->flush_ns);
	}
}

/* One tick. False: the run is over. */
static bool
tick(struct capture *c)
{
	uint64_t due = clock_due(&c->clock, clock_now(), c->busy), now, units;

	c->busy = STREAM_LOSS_SLOW;
	if (!wait_until(c, due))
		return false;
	if (c->o->samples && c->counts.samples >= c->o->samples) {
		c->reason = STREAM_REACHED;
		return false;
	}
	now = clock_now();
	clock_take(&c->clock, now, signals.resumed ? STREAM_LOSS_SUSPENDED : STREAM_LOSS_LATE);
	signals.resumed = 0;
	units = units_at(c, now);
	if (units <= c->units && c->ticks)
		units = c->units + 1;
	target_refresh(&c->target, c->writer, choice(c), now, units);
	writer_tick(c->writer, units);
	target_sample(&c->target, c->writer, &c->counts);
	c->units = units;
	c->ticks++;
	return true;
}

/* Breadth first, so that of several the one nearest to the command is taken. */
static bool
open_descendant(struct capture *c, pid_t root)
{
	pid_t queue[CHILDREN_MAX] = { root };
	struct arena scratch = { 0 };
	unsigned n = 1;
	bool found = false;

	for (unsigned i = 0; i < n && !found; i++) {
		found = target_open(&c->target, queue[i], c->next_process, &c->last);
		if (!found)
			n += proc_children(&scratch, queue[i], queue + n, CHILDREN_MAX - n);
	}
	arena_empty(&scratch);
	return found;
}

/*
 * How long to wait before looking for CPython again. A start is quick, or is
 * none: then looking, which took took_ns, may cost a twentieth of a CPU.
 */
static uint64_t
patience_ns(unsigned tries, uint64_t took_ns)
{
	uint64_t patience = tries < QUICK_TRIES ? PATIENCE_NS : took_ns * 20;

	return patience < PATIENCE_NS ? PATIENCE_NS : patience;
}

/* Whether the process is another program than it was: then a start has just begun. */
static bool
is_another_program(pid_t pid, struct text *program, struct arena *a)
{
	struct arena scratch = { 0 };
	struct text now = proc_link(&scratch, pid, "exe");
	bool other = !text_equal(now, *program);

	if (other)
		*program = text_copy(a, now);
	arena_empty(&scratch);
	return other;
}

/* Looks for CPython in the command or the process until it has come up; false: there is none. */
static bool
seek(struct capture *c)
{
	pid_t pid = is_command(c) ? c->child.pid : c->o->pid;
	struct text program = { 0 };

	for (unsigned tries = 0;; tries++) {
		uint64_t now = clock_now();

		if (is_over(c, now))
			return false;
		if (is_another_program(pid, &program, c->tool->arena))
			tries = 0;
		if (!c->target.python && !open_descendant(c, pid) && !is_command(c) &&
		    kill(pid, 0) != 0) {
			c->reason = STREAM_TARGET_ENDED;
			return false;
		}
		if (c->target.python && target_ready(&c->target))
			return true;
		if (c->target.python && !remote_alive(c->target.remote))
			target_close(&c->target);
		clock_sleep(now + patience_ns(tries, clock_now() - now));
	}
}

/* The process has ended, or is another program now. */
static void
let_go(struct capture *c)
{
	pid_t pid = remote_pid(c->target.remote);
	struct stream_exit x = { .process = c->target.process, .at = units_at(c, clock_now()) };
	bool alive = remote_alive(c->target.remote);

	if (!alive) {
		if (pid == c->child.pid && child_ended(&c->child, true)) {
			x.known = 1;
			x.status = (uint64_t)c->child.status;
		}
		writer_exit(c->writer, &x);
		if (c->child.ended || !is_command(c))
			c->reason = STREAM_TARGET_ENDED;
	}
	target_close(&c->target);
	c->next_process++;
}

static void
sample(struct capture *c)
{
	while (c->reason == STREAM_GOES_ON && seek(c)) {
		if (!c->begun)
			begin_run(c);
		while (!c->target.gone && tick(c))
			;
		if (c->target.gone || (c->reason == STREAM_TARGET_ENDED && c->target.python))
			let_go(c);
	}
	if (!c->begun)
		begin_run(c);
}

static void
finish(struct capture *c)
{
	uint64_t now = units_at(c, clock_now());
	struct report report = { .unit_ns = c->run.unit_ns, .asked_hz = c->o->rate_hz };

	if (c->ticks && now <= c->units)
		now = c->units + 1;
	end_part(c, now, c->reason);
	report.total = c->told;
	report.threads = (uint32_t)c->next_thread;
	report.others = c->target.others;
	report.bytes = c->bytes;
	if (output_fault(&c->output, &c->tool->err))
		tool_fail(c->tool);
	else if (!c->o->quiet && c->output.error == 0 && (c->ticks || !is_command(c)))
		report_print(&report);
}

static int
status_of_command(struct capture *c)
{
	if (c->ticks == 0 && !c->o->quiet) {
		tool_say(c->tool, "%s: no CPython was seen in it: it ran unsampled", c->o->command[0]);
		if (c->last.fact[0] && !c->child.ended)
			tool_say(c->tool, "%s", c->last.fact);
	}
	child_ended(&c->child, true);
	return c->child.status;
}

static int
run_command(struct capture *c)
{
	bool to_stdout;

	if (!output_open(&c->output, c->o->output, &c->tool->err)) {
		tool_fail(c->tool);
		return CHILD_FAILED;
	}
	to_stdout = !c->output.path && !c->o->child_output;
	if (!child_start(&c->child, c->o->command, c->o->child_output, to_stdout, &c->tool->err)) {
		tool_fail(c->tool);
		return c->child.status;
	}
	if (to_stdout && !c->o->quiet)
		tool_say(c->tool, "standard output is the stream's: the command's goes to standard error");
	privilege_drop();
	prctl(PR_SET_TIMERSLACK, 1);
	sample(c);
	finish(c);
	return status_of_command(c);
}

/* How long ago the process was started; much, where that cannot be told. */
static uint64_t
age_ns(pid_t pid)
{
	struct proc_stat stat;
	struct timespec t;
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);

	if (!proc_stat(pid, &stat) || stat.state == 'Z' || clock_gettime(CLOCK_BOOTTIME, &t) != 0)
		return UINT64_MAX;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec - stat.start_ticks * tick_ns;
}

/* "python3 app.py & tsample -p $!" meets a process that has yet to become CPython. */
static bool
open_given(struct capture *c)
{
	while (!target_open(&c->target, c->o->pid, 0, &c->tool->err)) {
		if (signals.end || age_ns(c->o->pid) > YOUTH_NS)
			return false;
		clock_sleep(clock_now() + PATIENCE_NS);
	}
	c->tool->err = (struct err){ 0 };
	return true;
}

static int
run_attached(struct capture *c)
{
	signals_watch();
	if (!open_given(c) || !output_open(&c->output, c->o->output, &c->tool->err))
		tool_die(c->tool);
	privilege_drop();
	prctl(PR_SET_TIMERSLACK, 1);
	sample(c);
	finish(c);
	if (c->output.error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	return tool_end(c->tool);
}

int
capture_run(struct tool *t, const struct capture_options *options)
{
	struct capture c = { .tool = t, .o = options, .busy = STREAM_LOSS_SLOW };

	if (!privilege_check(&t->err))
		tool_die(t);
	return is_command(&c) ? run_command(&c) : run_attached(&c);
}
