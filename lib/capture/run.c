/* SPDX-License-Identifier: MIT */
#include "capture/run.h"

#include "base/version.h"
#include "capture/signals.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	UNITS = 16,              /* in an interval (tstream(5) leaves it to the writer) */
	FLUSH_NS = 80000000,     /* readable within 100 ms, and the time to write it */
	OUTCOME_NS = 1000000000, /* how often losses are told */
};

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
	run->wall_ns = clock_wall();
	run->monotonic_ns = clock_now();
	run->flags = (run_is_command(c) ? STREAM_LAUNCHED : 0u) |
	             (o->all_threads ? STREAM_ALL_THREADS : 0u) |
	             (o->no_cmdline ? STREAM_NO_CMDLINE : 0u) |
	             (o->cpu ? STREAM_CPU_STATE : 0u) | (c->hold ? STREAM_BLOCKING : 0u) |
	             (o->subprocesses ? STREAM_SUBPROCESSES : 0u) |
	             (o->opcodes ? STREAM_OPCODES : 0u) | (o->native ? STREAM_NATIVE : 0u) |
	             (o->no_gc ? STREAM_NO_GC : 0u);
	run->mode = o->mode;
	gethostname(host, sizeof host - 1);
	run->tool = TEXT("tsample");
	run->version = TEXT(TACHYTOOLS_VERSION);
	run->host = text_copy(c->tool->arena, text_of(host));
	run->boot = first_line_of(c->tool->arena, "/proc/sys/kernel/random/boot_id");
	run->options = text_of(o->words);
}

struct target_choice
run_choice(struct capture *c)
{
	const struct capture_options *o = c->o;

	return (struct target_choice){
		.all_threads = o->all_threads,
		.cmdline = !o->no_cmdline,
		.cpu = o->cpu || c->hold ? &c->room : NULL,
		.tells_cpu = o->cpu,
		.native = o->native,
		.no_gc = o->no_gc,
		.once = o->once,
		.details =
			(o->columns ? PLACE_COLUMNS : 0u) | (o->opcodes ? PLACE_OPCODES : 0u),
		.mode = o->mode,
		.hold = c->hold,
		.next_thread = &c->next_thread,
		.last_task = &c->last_task,
		.all = &c->targets,
	};
}

static void
say_by_file(struct capture *c, const struct target *t)
{
	if (c->by_file || !remote_by_file(t->remote))
		return;
	c->by_file = true;
	if (!c->o->quiet)
		tool_say(c->tool,
		         "process_vm_readv is not to be had here: /proc/PID/mem is read "
		         "instead, which is slower");
}

/* The first process is about to be looked into. */
static void
prepare(struct capture *c)
{
	c->places = places_new(c->tool->arena, c->texts);
	c->files = files_share(c->o->subprocesses, c->o->cpu || c->o->blocking);
	c->room.most = c->files.threads;
}

struct target *
run_open(struct capture *c, pid_t pid, struct target_hint hint, struct err *e)
{
	struct target *t = c->spare.n ? c->spare.at[--c->spare.n]
	                              : arena_new(c->tool->arena, struct target);

	if (!c->places)
		prepare(c);
	hint.places = c->places;
	hint.offsets = c->offsets;
	hint.tasks = c->o->mode >= STREAM_MODE_ASYNC_RUNNING;
	if (target_open(t, pid, &hint, e)) {
		c->held++;
		python_want(t->python, (c->o->opcodes ? PYTHON_WANT_OPCODES : 0u) |
		                               (c->o->native ? PYTHON_WANT_NATIVE : 0u));
		say_by_file(c, t);
		return t;
	}
	*vec_push(c->tool->arena, &c->spare) = t;
	return NULL;
}

void
run_say_refused(struct capture *c)
{
	if (c->refused || c->room.refused == 0)
		return;
	c->refused = true;
	if (!c->o->quiet && c->o->cpu)
		tool_say(c->tool,
		         "--cpu: %u threads are asked about, for no more files may be open "
		         "(ulimit -n); whether others run is unknown",
		         c->room.held);
}

/* A process id that no target has; a million processes later they come round. */
static uint64_t
free_process(struct capture *c)
{
	uint64_t id = c->next_process++ % STREAM_ID_MAX;

	for (size_t i = 0; c->next_process > STREAM_ID_MAX && i < c->targets.n; i++)
		if (c->targets.at[i]->process == id) {
			id = c->next_process++ % STREAM_ID_MAX;
			i = 0;
		}
	return id;
}

void
run_take(struct capture *c, struct target *t)
{
	if (c->next_process == 0)
		run_join_sources(c, remote_pid(t->remote));
	t->process = free_process(c);
	*vec_push(c->tool->arena, &c->targets) = t;
}

void
run_spare(struct capture *c, struct target *t)
{
	target_close(t);
	c->held--;
	*vec_push(c->tool->arena, &c->spare) = t;
}

void
run_begin_sources(struct capture *c)
{
	if (!c->o->source)
		return;
	c->sources = sources_begin(c->tool->arena, &c->tool->err);
	if (c->sources)
		c->texts = texts_new(c->tool->arena, c->sources);
	else
		tool_say(c->tool, "%s", c->tool->err.fact);
	c->tool->err.fact[0] = 0;
}

void
run_join_sources(struct capture *c, pid_t pid)
{
	struct err e = { 0 };

	if (c->sources && !sources_become(c->sources, pid, &e))
		tool_say(c->tool, "%s", e.fact);
}

/* Sampling begins: the run's time is counted from here. */
void
run_begin(struct capture *c)
{
	describe_run(c);
	clock_begin(&c->clock, c->run.monotonic_ns, c->run.interval_ns, c->run.seed);
	c->flush_ns = c->run.monotonic_ns + FLUSH_NS;
	c->outcome_ns = c->run.monotonic_ns + OUTCOME_NS;
	c->rotate_ns = c->o->rotate_ns ? c->run.monotonic_ns + c->o->rotate_ns : UINT64_MAX;
	stats_begin(&c->stats, c->o->stats, c->run.monotonic_ns);
	part_begin(c, 0);
	c->begun = true;
}

/* Reads of all targets, those that were let go included. */
static struct remote_count
count_reads(const struct capture *c)
{
	struct remote_count sum = c->reads;

	for (size_t i = 0; i < c->targets.n; i++) {
		struct remote_count n = remote_count(c->targets.at[i]->remote);

		sum.calls += n.calls;
		sum.bytes += n.bytes;
	}
	return sum;
}

void
run_tell(struct capture *c, uint64_t now, bool end)
{
	const struct target_counts *n = &c->counts;
	const uint64_t *missed = c->clock.missed;
	struct remote_count reads = count_reads(c);
	struct stats_now what = {
		.sums = { [STATS_ticks] = c->ticks,
		          [STATS_samples] = n->samples,
		          [STATS_left_out] = n->left_out,
		          [STATS_dropped_ticks] = part_dropped(c).ticks,
		          [STATS_missed_late] = missed[STREAM_LOSS_LATE],
		          [STATS_missed_slow] = missed[STREAM_LOSS_SLOW],
		          [STATS_missed_suspended] = missed[STREAM_LOSS_SUSPENDED],
		          [STATS_missed_full] = missed[STREAM_LOSS_FULL],
		          [STATS_torn] = n->torn,
		          [STATS_retried] = n->retried,
		          [STATS_unreadable] = n->unreadable,
		          [STATS_truncated] = n->truncated,
		          [STATS_gone] = n->lost,
		          [STATS_reads] = reads.calls,
		          [STATS_read_bytes] = reads.bytes,
		          [STATS_equal_samples] = n->equal,
		          [STATS_frames] = n->frames,
		          [STATS_reused_frames] = n->reused,
		          [STATS_written_bytes] = part_bytes(c),
		          [STATS_stopped_us] = c->stopped.sum_ns / 1000 },
		.waiting_bytes = output_waiting(&c->output),
		.processes = c->targets.n,
	};

	for (size_t i = 0; i < c->targets.n; i++)
		what.threads += c->targets.at[i]->threads.n;
	stats_tell(&c->stats, now, &what, end);
}

void
run_flush(struct capture *c, uint64_t now)
{
	if (now >= c->outcome_ns) {
		part_tell(c, run_units(c, now), STREAM_GOES_ON);
		c->outcome_ns = now + OUTCOME_NS;
	}
	writer_flush(c->writer);
	if (now >= c->stats.due_ns)
		run_tell(c, now, false);
	c->flush_ns = now + FLUSH_NS;
	signals.flush = 0;
}
