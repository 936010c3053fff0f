/* SPDX-License-Identifier: MIT */
#include "term/dumping.h"
#include "term/width.h"
#include "tree/name.h"
#include "tree/process.h"

enum { REPEATED = 3 }; /* frames of one place that are shown */

struct writing {
	struct dump *d;
	struct out *o;
	struct screen screen;
	const struct dump_thread *thread; /* that is written */
	struct arena scratch;             /* of a frame */
};

/* A text that may hold any byte. */
static void
write_text(struct writing *w, enum role role, struct text text)
{
	screen_text(w->o, w->screen, role, text_visible(&w->scratch, text));
}

static void
write_blank(struct writing *w, size_t n)
{
	while (n--)
		out_byte(w->o, ' ');
}

static void
write_process(struct writing *w, const struct stream_process *p)
{
	struct text name = p ? tree_process_text(&w->scratch, w->d->run, p) : TEXT("");
	struct text python = p ? tree_python_text(&w->scratch, p->python) : TEXT("");

	if (p && p->pid)
		out_print(w->o, "Process %llu", (unsigned long long)p->pid);
	else
		out_print(w->o, "Process");
	if (name.n)
		out_print(w->o, ", ");
	write_text(w, ROLE_TITLE, name);
	if (python.n)
		out_print(w->o, ", Python %.*s", TEXT_ARG(python));
	out_print(w->o, " (most recent call last)\n");
}

/* "Thread 4243 "worker", main, python id 0x7f..., interpreter 1: off CPU, wants the GIL" */
static void
write_thread(struct writing *w, const struct dump_thread *t)
{
	const struct stream_thread *h = t->thread;
	const char *words[DUMP_STATES], *before = ": ";

	out_print(w->o, "\nThread");
	if (h->native_id)
		out_print(w->o, " %llu", (unsigned long long)h->native_id);
	if (h->name.n) {
		out_print(w->o, " \"");
		write_text(w, ROLE_TITLE, h->name);
		out_print(w->o, "\"");
	}
	if (h->flags & STREAM_MAIN_THREAD)
		out_print(w->o, ", main");
	if (h->python_id)
		out_print(w->o, ", Python id 0x%llx", (unsigned long long)h->python_id);
	if (h->interpreter)
		out_print(w->o, ", interpreter %llu", (unsigned long long)h->interpreter);
	dump_state_words(t->state, words);
	for (size_t i = 0; i < DUMP_STATES; i++)
		if (words[i]) {
			out_print(w->o, "%s%s", before, words[i]);
			before = ", ";
		}
	out_byte(w->o, '\n');
}

/* Blanks stand for what would move the text; each byte stays where it is. */
static struct text
flatten(struct arena *a, struct text line)
{
	char *to = arena_alloc(a, line.n + 1);

	for (size_t i = 0; i < line.n; i++)
		to[i] = line.at[i] == '\t' || line.at[i] == '\f' || line.at[i] == '\r'
		                ? ' '
		                : line.at[i];
	while (line.n && to[line.n - 1] == ' ')
		line.n--;
	return (struct text){ to, line.n };
}

/* Columns of the first n bytes of the line, as it is shown. */
static size_t
columns_of(struct writing *w, struct text line, size_t n)
{
	struct text start = { line.at, n < line.n ? n : line.n };

	return width_of(text_visible(&w->scratch, start));
}

/* Marks what is executed, unless that is all of the line. */
static void
write_marks(struct writing *w, const struct stream_frame *f, struct text line, size_t indent,
            size_t margin)
{
	size_t from = f->column1 ? f->column1 - 1 : 0,
	       to = f->end_column1 ? f->end_column1 - 1 : 0;

	if (f->column1 == 0)
		return;
	if (f->end_line > f->line || to > line.n)
		to = line.n;
	if (from < indent)
		from = indent;
	if (from >= to || (from == indent && to == line.n))
		return;
	from = columns_of(w, line, from) - indent;
	to = columns_of(w, line, to) - indent;
	write_blank(w, margin + from);
	for (size_t i = from; i < to; i++)
		out_byte(w->o, '^');
	out_byte(w->o, '\n');
}

static void
write_source(struct writing *w, uint32_t frame, size_t margin)
{
	const struct stream_frame *f = tree_frame(w->d->tree, frame);
	struct text line = flatten(&w->scratch, dump_line(w->d, w->thread, frame));
	size_t indent = 0;

	while (indent < line.n && line.at[indent] == ' ')
		indent++;
	if (indent == line.n)
		return;
	write_blank(w, margin);
	write_text(w, ROLE_PLAIN, (struct text){ line.at + indent, line.n - indent });
	out_byte(w->o, '\n');
	write_marks(w, f, line, indent, margin);
}

static void
write_function(struct writing *w, uint32_t frame)
{
	const struct tree *t = w->d->tree;
	const struct stream_frame *f = tree_frame(t, frame);
	struct text file = tree_frame_file(t, frame);

	if (file.n) {
		out_print(w->o, "File \"");
		write_text(w, ROLE_PLAIN, file);
		out_print(w->o, "\", ");
		if (f->line)
			out_print(w->o, "line %u, ", f->line);
		out_print(w->o, "in ");
	}
	write_text(w, ROLE_TITLE, tree_frame_name(t, frame));
	if (f->opcode) {
		out_print(w->o, " [");
		write_text(w, ROLE_PLAIN, tree_string(t, f->opcode));
		out_print(w->o, "]");
	}
	out_byte(w->o, '\n');
}

static void
write_node(struct writing *w, uint32_t node, unsigned tasks)
{
	const struct tree *t = w->d->tree;
	uint32_t frame = tree_node(t, node)->frame;
	size_t margin = 2 + 2 * (size_t)tasks;

	switch (tree_frame_kind(t, frame)) {
	case STREAM_KIND_TASK:
		write_blank(w, margin - 2);
		out_print(w->o, "Task ");
		write_text(w, ROLE_TITLE, tree_frame_name(t, frame));
		out_byte(w->o, '\n');
		return;
	case STREAM_KIND_PYTHON:
		write_blank(w, margin);
		write_function(w, frame);
		write_source(w, frame, margin + 2);
		return;
	default:
		write_blank(w, margin);
		write_text(w, ROLE_FAINT, tree_frame_name(t, frame));
		out_byte(w->o, '\n');
	}
}

/* How many nodes in a row from the first on are the same place, each inside of the one before. */
static size_t
count_same(const struct tree *t, const uint32_t *nodes, size_t n)
{
	uint32_t frame = tree_node(t, nodes[0])->frame;
	size_t same = 1;

	while (same < n && tree_node(t, nodes[same])->frame == frame &&
	       tree_node(t, nodes[same])->parent == nodes[same - 1])
		same++;
	return same;
}

/* Of a function that calls itself from one place over and over, the first frames tell all. */
static void
write_stacks(struct writing *w, const struct dump_thread *thread)
{
	const struct tree *t = w->d->tree;
	struct dump_depth depth = { 0 };
	unsigned tasks = 0;

	for (size_t i = 0, same; i < thread->n; i += same) {
		const uint32_t *nodes = &thread->nodes[i];

		same = count_same(t, nodes, thread->n - i);
		for (size_t k = 0; k < same; k++) {
			tasks = dump_depth_of(&depth, t, nodes[k]);
			if (k < REPEATED)
				write_node(w, nodes[k], tasks);
			arena_empty(&w->scratch);
		}
		if (same > REPEATED) {
			write_blank(w, 2 + 2 * (size_t)tasks);
			out_print(w->o, "[the same %zu more time%s]\n", same - REPEATED,
			          same == REPEATED + 1 ? "" : "s");
		}
	}
	arena_empty(&depth.arena);
}

void
dump_write(struct dump *d, struct out *o, struct screen s)
{
	struct arena scratch = { 0 };
	struct dump_threads threads = dump_threads(&scratch, d);
	struct writing w = { .d = d, .o = o, .screen = s };

	for (size_t i = 0; i < threads.n; i++) {
		const struct dump_thread *t = &threads.at[i];

		if (i && t->process != t[-1].process)
			out_byte(o, '\n');
		if (i == 0 || t->process != t[-1].process)
			write_process(&w, t->process);
		w.thread = t;
		write_thread(&w, t);
		write_stacks(&w, t);
	}
	arena_empty(&w.scratch);
	arena_empty(&scratch);
}
