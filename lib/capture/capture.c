/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include "capture/privilege.h"
#include "capture/report.h"
#include "capture/run.h"
#include "capture/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

static void
finish(struct capture *c)
{
	uint64_t now = run_units(c, clock_now());
	struct report report = { .unit_ns = c->run.unit_ns, .asked_hz = c->o->rate_hz };

	if (c->ticks && now <= c->units)
		now = c->units + 1;
	run_end(c, now);
	report.total = c->told;
	report.threads = (uint32_t)c->next_thread;
	report.others = c->others;
	report.bytes = c->bytes;
	if (output_fault(&c->output, &c->tool->err))
		tool_fail(c->tool);
	else if (!c->o->quiet && c->output.error == 0 && (c->ticks || !run_is_command(c)))
		report_print(&report);
}

static int
status_of_command(struct capture *c)
{
	if (c->ticks == 0 && !c->o->quiet) {
		tool_say(c->tool, "%s: no running CPython was seen in it: it is unsampled",
		         c->o->command[0]);
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
	if (!child_start(&c->child, c->o->command, c->o->child_output, to_stdout,
	                 &c->tool->err)) {
		tool_fail(c->tool);
		return c->child.status;
	}
	output_begin(&c->output);
	if (to_stdout && !c->o->quiet)
		tool_say(c->tool, "standard output is the stream's: the command's goes to "
		                  "standard error");
	privilege_drop();
	prctl(PR_SET_TIMERSLACK, 1);
	loop_sample(c);
	finish(c);
	output_release(&c->output);
	return status_of_command(c);
}

static int
run_attached(struct capture *c)
{
	signals_watch();
	if (!seek_given(c) || !output_open(&c->output, c->o->output, &c->tool->err))
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

int
capture_run(struct tool *t, const struct capture_options *options)
{
	struct capture c = { .tool = t, .o = options, .busy = STREAM_LOSS_SLOW };

	if (!privilege_check(&t->err)) {
		tool_fail(t);
		return run_is_command(&c) ? CHILD_FAILED : 1;
	}
	return run_is_command(&c) ? run_command(&c) : run_attached(&c);
}
