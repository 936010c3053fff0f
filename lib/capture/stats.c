/* SPDX-License-Identifier: MIT */
#include "capture/stats.h"

#include "base/text.h"
#include "capture/report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	SPAN_NS = 1000000000,
	PATIENCE_MS = 1000, /* with the reader of the last line */
};

static const char *const names[] = {
#define STAT(name) #name,
#include "capture/stats.def"
#undef STAT
};

/* What a line tells of. */
struct span {
	double at, seconds; /* since the run's start; its length */
	uint64_t sums[STATS_SUMS];
	struct stats_time time;
	const struct stats_now *now;
};

bool
stats_take(int fd, struct err *e)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return err_set(e, "--stats-json: descriptor %d is not open for writing", fd);
	if (fd > STDERR_FILENO)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return true;
}

void
stats_begin(struct stats *s, struct stats_options options, uint64_t now)
{
	*s = (struct stats){ .o = options, .start_ns = now, .since_ns = now };
	s->due_ns = stats_are_wanted(options) ? now + SPAN_NS : UINT64_MAX;
	s->terminal = isatty(STDERR_FILENO);
}

static void
add_time(struct stats_time *t, uint64_t ns, uint64_t samples)
{
	uint64_t each = ns / samples;

	if (t->samples == 0 || each < t->min_ns)
		t->min_ns = each;
	if (each > t->max_ns)
		t->max_ns = each;
	t->ns += ns;
	t->samples += samples;
}

void
stats_tick(struct stats *s, uint64_t ns, uint64_t samples)
{
	if (samples == 0)
		return;
	add_time(&s->lately, ns, samples);
	add_time(&s->all, ns, samples);
}

static double
ratio(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static double
microseconds(const struct stats_time *t)
{
	return ratio(t->ns, t->samples) / 1000;
}

/* poll(2) promises room for PIPE_BUF bytes, and no line has so many. */
static bool
put(int fd, struct text t, int patience_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int got;

	do
		got = poll(&ready, 1, patience_ms);
	while (got < 0 && errno == EINTR);
	return got == 1 && ready.revents & POLLOUT && write(fd, t.at, t.n) == (ssize_t)t.n;
}

static struct text
json_of(struct arena *a, const struct span *s, bool end)
{
	const struct stats_time *t = &s->time;
	struct text line = text_print(
		a,
		"{\"final\":%s,\"at_s\":%.6f,\"span_s\":%.6f,\"rate_hz\":%.3f,"
		"\"sample_us_mean\":%.3f,\"sample_us_min\":%.3f,\"sample_us_max\":%.3f",
		end ? "true" : "false", s->at, s->seconds,
		s->seconds > 0 ? (double)s->sums[STATS_ticks] / s->seconds : 0, microseconds(t),
		(double)t->min_ns / 1000, (double)t->max_ns / 1000);

	for (int i = 0; i < STATS_SUMS; i++)
		line = text_print(a, "%.*s,\"%s\":%lu", TEXT_ARG(line), names[i],
		                  (unsigned long)s->sums[i]);
	return text_print(a, "%.*s,\"waiting_bytes\":%lu,\"threads\":%lu,\"processes\":%lu}\n",
	                  TEXT_ARG(line), (unsigned long)s->now->waiting_bytes,
	                  (unsigned long)s->now->threads, (unsigned long)s->now->processes);
}

static struct text
missed_of(struct arena *a, const uint64_t *n)
{
	uint64_t losses[STREAM_LOSS_END] = {
		[STREAM_LOSS_LATE] = n[STATS_missed_late],
		[STREAM_LOSS_SLOW] = n[STATS_missed_slow],
		[STREAM_LOSS_SUSPENDED] = n[STATS_missed_suspended],
		[STREAM_LOSS_FULL] = n[STATS_missed_full] + n[STATS_dropped_ticks],
	};

	return report_missed(a, losses);
}

static struct text
line_of(struct arena *a, const struct span *s)
{
	const uint64_t *n = s->sums;
	const struct stats_time *t = &s->time;
	double hz = s->seconds > 0 ? (double)n[STATS_ticks] / s->seconds : 0;
	uint64_t bytes = n[STATS_samples] ? n[STATS_read_bytes] / n[STATS_samples] : 0;

	return text_print(a,
	                  "%s Hz, %.1f us a sample (%.1f to %.1f), %.1f reads, %s bytes, "
	                  "%.0f %% equal, %.0f %% reused, torn %s, %s",
	                  text_grouped(a, (uint64_t)(hz + 0.5)).at, microseconds(t),
	                  (double)t->min_ns / 1000, (double)t->max_ns / 1000,
	                  ratio(n[STATS_reads], n[STATS_samples]), text_grouped(a, bytes).at,
	                  100 * ratio(n[STATS_equal_samples], n[STATS_samples]),
	                  100 * ratio(n[STATS_reused_frames], n[STATS_frames]),
	                  text_grouped(a, n[STATS_torn]).at, missed_of(a, n).at);
}

/* One line that is written again and again, no wider than the terminal. */
static bool
put_on_terminal(struct arena *a, struct text line)
{
	struct winsize size;
	size_t width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1
	                       ? size.ws_col - 1u
	                       : line.n;

	if (line.n > width)
		line.n = width;
	return put(STDERR_FILENO, text_print(a, "\r%.*s\033[K", TEXT_ARG(line)), 0);
}

/* Whether a line was written; the last one on a terminal gives way to the closing lines. */
static bool
tell_people(const struct stats *s, struct arena *a, const struct span *span, bool end)
{
	struct text line = line_of(a, span);

	if (s->terminal)
		return put_on_terminal(a, end ? (struct text){ "", 0 } : line);
	return end || put(STDERR_FILENO, text_print(a, "%.*s\n", TEXT_ARG(line)), 0);
}

void
stats_tell(struct stats *s, uint64_t now, const struct stats_now *what, bool end)
{
	uint64_t since = end ? s->start_ns : s->since_ns;
	struct span span = { .at = (double)(now - s->start_ns) / 1e9,
		             .seconds = (double)(now - since) / 1e9,
		             .time = end ? s->all : s->lately,
		             .now = what };
	struct arena scratch = { 0 };
	bool told = false;

	for (int i = 0; i < STATS_SUMS; i++)
		span.sums[i] = what->sums[i] - (end ? 0 : s->told[i]);
	if (s->o.line)
		told = tell_people(s, &scratch, &span, end);
	if (s->o.json >= 0)
		told = put(s->o.json, json_of(&scratch, &span, end), end ? PATIENCE_MS : 0);
	arena_empty(&scratch);
	while (s->due_ns <= now)
		s->due_ns += SPAN_NS;
	if (!told)
		return;
	for (int i = 0; i < STATS_SUMS; i++)
		s->told[i] = what->sums[i];
	s->since_ns = now;
	s->lately = (struct stats_time){ 0 };
}
