/* SPDX-License-Identifier: MIT */
/* ttop(1): watch what a program does. */
#include "base/tool.h"
#include "term/top.h"

#include <string.h>
#include <unistd.h>

enum { ROWS = 15 };

static struct top_how how = { .interval_ns = 250000000, .rows = ROWS };
static uint64_t interval_ns = UINT64_MAX; /* not given */

static const struct opt options[] = {
	OPT_NS(0, "interval", "TIME", &interval_ns, "between two looks (250ms; of --batch 1s)"),
	OPT_COUNT(0, "batch", "N", &how.batch, "print N tables, without a terminal"),
	OPT_COUNT('n', "limit", "N", &how.rows, "rows of a table of --batch (15)"),
	OPT_TEXT(0, "tee", "FILE", &how.tee, "keep the stream there"),
	OPT_TEXT(0, "child-output", "FILE", &how.child_output,
	         "as tsample was given it: shown when the program fails"),
	OPT_END,
};

static const struct about about = {
	.name = "ttop",
	.synopsis = "[options] [stream ...]",
	.sentence = "watch what a program does",
	.examples =
		"  tsample -q -p 4242 | ttop\n"
		"  tsample -q --child-output log -- python3 app.py | ttop --child-output log\n"
		"  tsample -q -p 4242 | ttop --tee run.bin --batch 3\n",
	.options = options,
};

int
main(int argc, char **argv)
{
	struct tool tool = tool_begin(&about, argc, argv);

	how.interval_ns = how.batch ? 1000000000 : how.interval_ns;
	if (interval_ns != UINT64_MAX)
		how.interval_ns = interval_ns;
	if (how.interval_ns < 1000000)
		tool_usage(&tool, "--interval: it must be 1ms or more");
	if (strcmp(tool.operands[0], "-") == 0 && isatty(STDIN_FILENO)) {
		err_set(&tool.err, "standard input: a terminal, and no stream");
		err_hint(&tool.err, "tsample -q -p PID | ttop");
		tool_die(&tool);
	}
	return top_run(&tool, &how);
}
