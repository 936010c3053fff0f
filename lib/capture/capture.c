/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include "capture/family.h"
#include "capture/privilege.h"
#include "capture/report.h"
#include "capture/signals.h"
#include "remote/proc.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

enum { PATIENCE_NS = 1000000000 };

/* The run is over: what was sampled waits for its reader, and so do we. */
static void
wait_for_reader(struct capture *c)
{
	struct arena scratch = { 0 };

	c->output.full = OUTPUT_FULL_WAIT;
	if (output_drain(&c->output, clock_now() + PATIENCE_NS))
		return;
	if (!c->o->quiet && !c->output.error)
		tool_say(c->tool,
		         "%s bytes wait for the reader of the output; Ctrl-C gives "
		         "them up",
		         text_grouped(&scratch, output_waiting(&c->output)).at);
	output_drain(&c->output, UINT64_MAX);
	arena_empty(&scratch);
}

static void
end_sources(struct capture *c)
{
	struct arena scratch = { 0 };
	struct text changed = text_grouped(&scratch, c->files_changed);

	if (c->sources)
		sources_close(c->sources);
	if (c->files_changed && !c->o->quiet)
		tool_say(c->tool,
		         "%.*s source file%s changed after the process began and %s left out",
		         TEXT_ARG(changed), c->files_changed == 1 ? "" : "s",
		         c->files_changed == 1 ? "is" : "are");
	arena_empty(&scratch);
}

static void
finish(struct capture *c)
{
	uint64_t now = run_units(c, clock_now());
	struct report report = { .unit_ns = c->run.unit_ns, .asked_hz = c->o->rate_hz };

	if (c->ticks && now <= c->units)
		now = c->units + 1;
	wait_for_reader(c);
	for (size_t i = 0; i < c->targets.n; i++)
		target_account_all(c->targets.at[i], c->writer, now);
	part_end(c, now, c->reason);
	wait_for_reader(c);
	end_sources(c);
	output_release(&c->output);
	run_tell(c, clock_now(), true);
	report.total = c->past;
	report.threads = (uint32_t)(c->next_thread - c->counts.lanes);
	report.processes = c->next_process;
	report.tasks_mode = c->o->mode;
	report.tasks = c->last_task;
	report.loops = c->counts.loops;
	report.shortened = c->counts.shortened;
	report.others = c->others;
	report.left_out = c->counts.left_out;
	report.bytes = c->bytes;
	report.stopped_ns = c->stopped.sum_ns;
	report.stopped_most_ns = c->stopped.most_ns;
	if (output_fault(&c->output, &c->tool->err))
		tool_fail(c->tool);
	else if (!c->o->quiet && !c->o->once && c->output.error == 0 &&
	         (c->ticks || !run_is_command(c)))
		report_print(&report);
}

static int
status_of_command(struct capture *c)
{
	if (c->family)
		prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0); /* orphans are not ours any more */
	if (c->ticks == 0 && !c->o->quiet && !c->unfit) {
		tool_say(c->tool, "%s: no running CPython was seen in it: it is unsampled",
		         c->o->command[0]);
		if (c->last.fact[0] && !c->child.ended)
			tool_say(c->tool, "%s", c->last.fact);
	}
	/* A thread that slept where no signal reached it is let go when it wakes. */
	while (c->hold && !hold_suspend(c->hold) && !child_ended(&c->child, false))
		;
	child_ended(&c->child, true);
	return c->child.status;
}

/* False: threads of the process cannot be stopped. */
static bool
begin_hold(struct capture *c, pid_t pid)
{
	if (!c->o->blocking)
		return true;
	signals_hold();
	if (!hold_probe(pid, &c->tool->err))
		return false;
	c->hold = hold_new(c->tool->arena);
	c->output.mind = loop_serve;
	c->output.minder = c;
	return true;
}

static int
run_command(struct capture *c)
{
	bool to_stdout;

	run_begin_sources(c);
	if (!output_open(&c->output, c->tool, c->o->output)) {
		tool_fail(c->tool);
		return CHILD_FAILED;
	}
	if (c->o->subprocesses)
		c->family = family_new(c->tool->arena, true);
	to_stdout = !c->output.path && !c->o->child_output;
	if (!child_start(&c->child, c->o->command, c->o->child_output, to_stdout,
	                 &c->tool->err)) {
		tool_fail(c->tool);
		return c->child.status;
	}
	output_begin(&c->output);
	if (to_stdout && !c->o->quiet)
		tool_say(c->tool, "standard output is the stream's: the command's goes to "
		                  "standard error");
	if (!begin_hold(c, c->child.pid))
		tool_fail(c->tool);
	privilege_drop();
	prctl(PR_SET_TIMERSLACK, 1);
	if (c->family)
		family_begin(c, c->child.pid);
	loop_sample(c);
	finish(c);
	return status_of_command(c);
}

static int
run_attached(struct capture *c)
{
	signals_watch();
	run_begin_sources(c);
	if (!seek_given(c) || !begin_hold(c, c->o->pid) ||
	    !output_open(&c->output, c->tool, c->o->output))
		tool_die(c->tool);
	output_begin(&c->output);
	privilege_drop();
	prctl(PR_SET_TIMERSLACK, 1);
	loop_sample(c);
	finish(c);
	if (c->output.error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	return tool_end(c->tool);
}

/* What the run needs, before anything is done. */
static bool
prepare(struct capture *c)
{
	struct err *e = &c->tool->err;

	if (!privilege_check(e) || !proc_is_ours(e))
		return false;
	if (c->o->offsets)
		c->offsets = python_offsets(c->tool->arena, c->o->offsets, e);
	return c->offsets || !c->o->offsets;
}

int
capture_run(struct tool *t, const struct capture_options *options)
{
	struct capture c = { .tool = t, .o = options };

	if (!prepare(&c)) {
		tool_fail(t);
		return run_is_command(&c) ? CHILD_FAILED : 1;
	}
	return run_is_command(&c) ? run_command(&c) : run_attached(&c);
}
