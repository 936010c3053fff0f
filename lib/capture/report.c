/* SPDX-License-Identifier: MIT */
#include "capture/report.h"

#include <stdio.h>
#include <sys/resource.h>

enum {
	MANY = 100, /* samples, of which a share says something */
	LONG_S = 1, /* of a shorter run most of the CPU is spent to begin it */
};

struct reason {
	enum stream_loss loss;
	const char *word;
};

static const struct reason missed[] = {
	{ STREAM_LOSS_LATE, "late" },
	{ STREAM_LOSS_SLOW, "slow" },
	{ STREAM_LOSS_SUSPENDED, "suspended" },
	{ STREAM_LOSS_FULL, "output full" },
	{ 0, NULL },
};

static struct text
counted(struct arena *a, uint64_t n, const char *word)
{
	struct text number = text_grouped(a, n);

	return text_print(a, "%.*s %s%s", TEXT_ARG(number), word, n == 1 ? "" : "s");
}

/* Whole from 1000 on; fractions matter only below. */
static struct text
hertz(struct arena *a, double hz)
{
	return hz >= 1000 ? text_grouped(a, (uint64_t)(hz + 0.5)) : text_print(a, "%.4g", hz);
}

struct text
report_missed(struct arena *a, const uint64_t losses[STREAM_LOSS_END])
{
	struct text causes = { "", 0 };
	uint64_t sum = 0;

	for (const struct reason *r = missed; r->word; r++) {
		sum += losses[r->loss];
		if (losses[r->loss])
			causes = text_print(a, "%.*s%s%s %s", TEXT_ARG(causes),
			                    causes.n ? ", " : "",
			                    text_grouped(a, losses[r->loss]).at, r->word);
	}
	return text_print(a, causes.n ? "missed %s (%.*s)" : "missed %s",
	                  text_grouped(a, sum).at, TEXT_ARG(causes));
}

static void
print_loss(struct arena *a, const struct stream_outcome *o, enum stream_loss loss,
           const char *word)
{
	if (o->losses[loss])
		fprintf(stderr, ", %s %s", word, text_grouped(a, o->losses[loss]).at);
}

static double
cpu_seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void
print_circumstances(struct arena *a, const struct report *r)
{
	double seconds = (double)(r->total.to - r->total.from) * (double)r->unit_ns / 1e9;
	double cpu = cpu_seconds();

	fprintf(stderr, "%s Hz achieved of %s asked, in %.2f s; %s",
	        hertz(a, seconds > 0 ? (double)r->total.ticks / seconds : 0).at,
	        hertz(a, r->asked_hz).at, seconds, counted(a, r->threads, "thread").at);
	if (r->processes > 1)
		fprintf(stderr, " of %s processes", text_grouped(a, r->processes).at);
	if (r->others)
		fprintf(stderr, ", %s not sampled (-a samples all)",
		        counted(a, r->others, "other thread").at);
	fprintf(stderr, ", %s", counted(a, r->total.samples, "sample").at);
	if (r->left_out)
		fprintf(stderr, ", %s left out by --mode", text_grouped(a, r->left_out).at);
	fprintf(stderr, "; CPU used %.2f s", cpu);
	if (seconds >= LONG_S)
		fprintf(stderr, " (%.1f %%)", cpu / seconds * 100);
	fprintf(stderr, "; %s written", counted(a, r->bytes, "byte").at);
	if (r->total.samples)
		fprintf(stderr, " (%.1f a sample)",
		        (double)r->bytes / (double)r->total.samples);
	fputc('\n', stderr);
}

/* Whether tasks were met, and what the times are then. */
static void
print_tasks(struct arena *a, const struct report *r)
{
	if (r->tasks_mode < STREAM_MODE_ASYNC_RUNNING)
		return;
	if (r->loops == 0) {
		fputs("asyncio was not met: no loop ran and there was no task\n"
		      "hint: without --async-aware threads are sampled as they are\n",
		      stderr);
		return;
	}
	fputs(counted(a, r->tasks, "task").at, stderr);
	if (r->tasks_mode == STREAM_MODE_ASYNC_ALL)
		fputs("; all times are task-time: of every task that awaits none, also while "
		      "it waits",
		      stderr);
	else
		fputs("; where no task ran, the stack is the thread's", stderr);
	if (r->shortened)
		fprintf(stderr, "; not all tasks and their awaiters were followed, in %s",
		        counted(a, r->shortened, "sample").at);
	fputc('\n', stderr);
}

static void
print_stopped(const struct report *r)
{
	double ns = (double)(r->total.to - r->total.from) * (double)r->unit_ns;

	if (r->stopped_ns)
		fprintf(stderr,
		        "threads were stopped for %.2f s (%.1f %%), for %.2f ms at the "
		        "longest\n",
		        (double)r->stopped_ns / 1e9,
		        ns > 0 ? (double)r->stopped_ns / ns * 100 : 0,
		        (double)r->stopped_most_ns / 1e6);
}

/* Where much is torn, what helps. */
static void
print_hint(const struct report *r)
{
	if (r->total.samples >= MANY && r->stopped_ns == 0 &&
	    r->total.losses[STREAM_LOSS_TORN] > r->total.samples / 4)
		fputs("hint: --blocking stops a thread while it is read, and tears next to "
		      "nothing\n",
		      stderr);
}

void
report_print(const struct report *r)
{
	struct arena scratch = { 0 };
	const struct stream_outcome *o = &r->total;

	fprintf(stderr, "%s", counted(&scratch, o->ticks, "tick").at);
	fprintf(stderr, ", %s", report_missed(&scratch, o->losses).at);
	fprintf(stderr, ", torn %s", text_grouped(&scratch, o->losses[STREAM_LOSS_TORN]).at);
	fprintf(stderr, ", retried %s",
	        text_grouped(&scratch, o->losses[STREAM_LOSS_RETRIED]).at);
	print_loss(&scratch, o, STREAM_LOSS_UNREADABLE, "unreadable");
	print_loss(&scratch, o, STREAM_LOSS_TRUNCATED, "truncated");
	print_loss(&scratch, o, STREAM_LOSS_GONE, "gone");
	fputc('\n', stderr);
	print_circumstances(&scratch, r);
	print_stopped(r);
	print_tasks(&scratch, r);
	print_hint(r);
	arena_empty(&scratch);
}
