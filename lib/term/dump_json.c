/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "term/dumping.h"
#include "tree/name.h"
#include "tree/process.h"

struct writing {
	struct dump *d;
	struct json j;
	const struct dump_thread *thread; /* that is written */
};

/* Facts that are 0 are not known, and left out. */
static void
write_number(struct json *j, const char *key, uint64_t n)
{
	if (n)
		json_number(j, key, n);
}

/* A column that is stored plus one. */
static void
write_column(struct json *j, const char *key, uint32_t column1)
{
	if (column1)
		json_number(j, key, column1 - 1);
}

static void
write_place(struct writing *w, uint32_t frame)
{
	const struct tree *t = w->d->tree;
	const struct stream_frame *f = tree_frame(t, frame);
	struct text file = tree_frame_file(t, frame), line = dump_line(w->d, w->thread, frame);

	if (file.n)
		json_text(&w->j, "file", file);
	write_number(&w->j, "first_line", tree_frame_first_line(t, frame));
	write_number(&w->j, "line", f->line);
	write_number(&w->j, "end_line", f->end_line);
	write_column(&w->j, "column", f->column1);
	write_column(&w->j, "end_column", f->end_column1);
	if (f->opcode)
		json_text(&w->j, "opcode", tree_string(t, f->opcode));
	if (line.n)
		json_text(&w->j, "source", line);
}

/* A task is left open: what is inside of it is in its frames. */
static void
write_node(struct writing *w, uint32_t node)
{
	const struct tree *t = w->d->tree;
	uint32_t frame = tree_node(t, node)->frame;
	enum stream_kind kind = tree_frame_kind(t, frame);
	struct text name = tree_frame_name(t, frame);

	json_open(&w->j, NULL, '{');
	if (kind == STREAM_KIND_TASK) {
		json_text(&w->j, "task", name);
		write_number(&w->j, "id", tree_frame_line(t, frame, true));
		json_open(&w->j, "frames", '[');
		return;
	}
	json_text(&w->j, kind == STREAM_KIND_PYTHON ? "name" : "marker", name);
	if (kind == STREAM_KIND_PYTHON)
		write_place(w, frame);
	json_close(&w->j, '}');
}

static void
close_tasks(struct json *j, unsigned *open, unsigned until)
{
	for (; *open > until; --*open) {
		json_close(j, ']');
		json_close(j, '}');
	}
}

static void
write_frames(struct writing *w, const struct dump_thread *t)
{
	const struct tree *tree = w->d->tree;
	struct dump_depth depth = { 0 };
	unsigned open = 0;

	json_open(&w->j, "frames", '[');
	for (size_t i = 0; i < t->n; i++) {
		uint32_t frame = tree_node(tree, t->nodes[i])->frame;
		bool is_task = tree_frame_kind(tree, frame) == STREAM_KIND_TASK;
		unsigned tasks = dump_depth_of(&depth, tree, t->nodes[i]);

		close_tasks(&w->j, &open, tasks - is_task);
		write_node(w, t->nodes[i]);
		open += is_task;
	}
	close_tasks(&w->j, &open, 0);
	json_close(&w->j, ']');
	arena_empty(&depth.arena);
}

static void
write_thread(struct writing *w, const struct dump_thread *t)
{
	const char *words[DUMP_STATES];

	w->thread = t;
	json_open(&w->j, NULL, '{');
	write_number(&w->j, "native_id", t->thread->native_id);
	write_number(&w->j, "python_id", t->thread->python_id);
	if (t->thread->name.n)
		json_text(&w->j, "name", t->thread->name);
	json_bool(&w->j, "main", t->thread->flags & STREAM_MAIN_THREAD);
	json_number(&w->j, "interpreter", t->thread->interpreter);
	json_open(&w->j, "state", '[');
	dump_state_words(t->state, words);
	for (size_t i = 0; i < DUMP_STATES; i++)
		if (words[i])
			json_text(&w->j, NULL, text_of(words[i]));
	json_close(&w->j, ']');
	write_frames(w, t);
	json_close(&w->j, '}');
}

static void
open_process(struct json *j, const struct tree_run *r, const struct stream_process *p)
{
	struct arena scratch = { 0 };

	json_open(j, NULL, '{');
	if (p) {
		write_number(j, "pid", p->pid);
		json_text(j, "name", tree_process_text(&scratch, r, p));
		json_text(j, "script", tree_script_text(&scratch, r, p));
		json_text(j, "python", tree_python_text(&scratch, p->python));
	}
	json_open(j, "threads", '[');
	arena_empty(&scratch);
}

void
dump_write_json(struct dump *d, struct out *o)
{
	struct arena scratch = { 0 };
	struct dump_threads threads = dump_threads(&scratch, d);
	struct writing w = { .d = d, .j = { .out = o } };

	json_open(&w.j, NULL, '{');
	json_open(&w.j, "processes", '[');
	for (size_t i = 0; i < threads.n; i++) {
		bool begins = i == 0 || threads.at[i].process != threads.at[i - 1].process;

		if (begins && i)
			json_close(&w.j, ']'), json_close(&w.j, '}');
		if (begins)
			open_process(&w.j, d->run, threads.at[i].process);
		write_thread(&w, &threads.at[i]);
	}
	if (threads.n)
		json_close(&w.j, ']'), json_close(&w.j, '}');
	json_close(&w.j, ']');
	json_close(&w.j, '}');
	out_byte(o, '\n');
	arena_empty(&scratch);
}
