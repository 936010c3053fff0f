/* SPDX-License-Identifier: MIT */
#include "capture/run.h"

#include "base/version.h"
#include "capture/signals.h"

#include <fcntl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
	UNITS = 16,              /* in an interval (tstream(5) leaves it to the writer) */
	FLUSH_NS = 80000000,     /* readable within 100 ms, and the time to write it */
	OUTCOME_NS = 1000000000, /* how often losses are told */
};

static const uint64_t RESTART_NS = 9000000000; /* tstream(5): at least every 10 s */

uint64_t
run_units(const struct capture *c, uint64_t now)
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
	return text_copy(a, (struct text){ buffer, (size_t)n - (buffer[n - 1] == '\n') });
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
	run->flags = (run_is_command(c) ? STREAM_LAUNCHED : 0u) |
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
	c->writer = writer_new(
		&c->writer_arena,
		(struct writer_options){ STREAM_RAW, "tsample", c->o->level, RESTART_NS, true },
		output_sink(&c->output));
	writer_run(c->writer, &c->run);
}

/* What was counted since the last outcome. */
static void
tell_outcome(struct capture *c, uint64_t to, enum stream_reason reason)
{
	struct stream_outcome now = { .to = to,
		                      .ticks = c->ticks,
		                      .samples = c->counts.samples },
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

struct target_choice
run_choice(struct capture *c)
{
	return (struct target_choice){ c->o->all_threads, !c->o->no_cmdline, &c->next_thread };
}

/* Sampling begins: the run's time is counted from here. */
void
run_begin(struct capture *c)
{
	describe_run(c);
	clock_begin(&c->clock, c->run.monotonic_ns, c->run.interval_ns, c->run.seed);
	c->flush_ns = c->run.monotonic_ns + FLUSH_NS;
	c->outcome_ns = c->run.monotonic_ns + OUTCOME_NS;
	begin_part(c);
	c->begun = true;
}

void
run_reopen(struct capture *c)
{
	uint64_t now = run_units(c, clock_now());

	signals.reopen = 0;
	end_part(c, now, STREAM_GOES_ON);
	if (!output_reopen(&c->output, &c->tool->err))
		tool_fail(c->tool);
	begin_part(c);
	if (c->target.python)
		target_tell(&c->target, c->writer, run_choice(c), now);
}

void
run_flush(struct capture *c, uint64_t now)
{
	if (now >= c->outcome_ns) {
		tell_outcome(c, run_units(c, now), STREAM_GOES_ON);
		c->outcome_ns = now + OUTCOME_NS;
	}
	writer_flush(c->writer);
	c->flush_ns = now + FLUSH_NS;
	signals.flush = 0;
	if (clock_now() - now > c->run.interval_ns)
		c->busy = STREAM_LOSS_FULL;
}

void
run_end(struct capture *c, uint64_t to)
{
	end_part(c, to, c->reason);
}
