/* SPDX-License-Identifier: MIT */
/* Without a terminal: tables at even distances of the stream's own time. */
#include "base/out.h"
#include "term/top_inside.h"

#include <stdlib.h>

static void
print(struct top *t)
{
	struct arena scratch = { 0 };
	size_t rows = t->how->rows ? (size_t)t->how->rows : SIZE_MAX;

	top_look(t);
	for (int i = 0; i < TOP_HEAD_LINES; i++) {
		out_text(t->out, top_head(&scratch, t, i));
		out_byte(t->out, '\n');
	}
	out_byte(t->out, '\n');
	if (t->shown.n)
		table_write(top_table(&scratch, t, 0, rows), t->out, screen_of(NULL));
	out_byte(t->out, '\n');
	out_flush(t->out);
	t->printed++;
	arena_empty(&scratch);
}

static int
end(struct top *t)
{
	out_close(t->out);
	top_tell(t);
	return tool_end(t->tool);
}

/* A table is due before the first tick that is not in it. */
static void
take_sample(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
            const struct stream_sample *s)
{
	struct top *t = context;
	const struct live *l = t->live;
	bool is_tick = l->run != run || l->at != s->at;

	for (; is_tick && l->clock_ns >= t->due_ns; t->due_ns += t->interval_ns) {
		print(t);
		if (t->printed < t->how->batch)
			continue;
		exit(end(t));
	}
	t->live->watcher.sample(t->live, run, thread, node, s);
}

int
top_batch(struct top *t)
{
	t->watcher = t->live->watcher;
	t->watcher.context = t;
	t->watcher.sample = take_sample;
	t->due_ns = t->interval_ns;
	t->out = out_open(t->a, NULL, OUT_TEXT, &t->tool->err);
	if (!t->out)
		tool_die(t->tool);
	for (char **path = t->tool->operands; *path; path++) {
		if (strcmp(*path, "-") == 0)
			tool_reads_stdin(t->tool);
		top_read(t, *path);
	}
	if (t->live->begun || t->faults.n == 0)
		print(t);
	return end(t);
}
