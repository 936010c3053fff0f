/* SPDX-License-Identifier: MIT */
/* Lines of what samples refer to, and of what is known of a run. */
#include "formats/jsonl.h"
#include "tree/name.h"
#include "tree/process.h"
#include "tree/source.h"

static void
tell_run(struct jsonl *l, size_t run)
{
	const struct stream_run *about = &l->runs.at[run].run->about;
	char id[2 * STREAM_RUN_ID_BYTES];
	struct json *j = jsonl_open(l, "run");

	export_run_id(about, id);
	json_number(j, "run", run);
	json_text(j, "id", (struct text){ id, sizeof id });
	json_text(j, "mode", tree_mode_text(about->mode));
	json_bool(j, "timed", about->unit_ns > 0);
	if (about->interval_ns)
		json_number(j, "interval_ns", about->interval_ns);
	if (about->wall_ns)
		json_number(j, "wall_ns", about->wall_ns);
	json_text(j, "tool", about->tool);
	json_text(j, "version", about->version);
	json_text(j, "host", about->host);
	json_text(j, "options", about->options);
	jsonl_close(l);
}

size_t
jsonl_run(struct jsonl *l, struct tree_run *r)
{
	if (l->last < l->runs.n && l->runs.at[l->last].run == r)
		return l->last;
	for (l->last = 0; l->last < l->runs.n; l->last++)
		if (l->runs.at[l->last].run == r)
			return l->last;
	*vec_push(l->x->a, &l->runs) = (struct jsonl_run){ .run = r };
	tell_run(l, l->last);
	return l->last;
}

uint32_t
jsonl_process(struct jsonl *l, size_t run, uint32_t process)
{
	struct jsonl_run *r = &l->runs.at[run];
	const struct stream_process *p = &r->run->processes.at[process];
	bool told = numbers_has(&r->processes, process);
	uint32_t number = numbers_of(l->x->a, &r->processes, process);
	struct arena scratch = { 0 };
	struct json *j;

	if (told)
		return number;
	j = jsonl_open(l, "process");
	json_number(j, "run", run);
	json_number(j, "process", number);
	json_number(j, "pid", p->pid);
	if (p->parent)
		json_number(j, "parent", p->parent);
	json_text(j, "name", tree_process_text(&scratch, r->run, p));
	json_text(j, "script", tree_script_text(&scratch, r->run, p));
	json_text(j, "python", tree_python_text(&scratch, p->python));
	jsonl_time(j, "started_ns", r->run, p->started);
	jsonl_close(l);
	arena_empty(&scratch);
	return number;
}

static void
tell_thread(struct jsonl *l, size_t run, uint32_t number, uint32_t process)
{
	struct jsonl_run *r = &l->runs.at[run];
	const struct stream_thread *h = &r->run->threads.at[r->threads.used.at[number]];
	struct json *j = jsonl_open(l, "thread");

	r->names.at[number] = h->name;
	json_number(j, "run", run);
	json_number(j, "thread", number);
	json_number(j, "process", process);
	json_text(j, "name", h->name);
	json_bool(j, "main", h->flags & STREAM_MAIN_THREAD);
	if (h->native_id)
		json_number(j, "native_id", h->native_id);
	if (h->python_id)
		json_number(j, "python_id", h->python_id);
	json_number(j, "interpreter", h->interpreter);
	jsonl_close(l);
}

static uint32_t
process_of(struct jsonl *l, size_t run, uint32_t thread)
{
	struct arena scratch = { 0 };
	uint32_t row = tree_process_rows(&scratch, l->runs.at[run].run)[thread];

	arena_empty(&scratch);
	return jsonl_process(l, run, row);
}

uint32_t
jsonl_thread(struct jsonl *l, size_t run, uint32_t thread)
{
	struct jsonl_run *r = &l->runs.at[run];
	bool told = numbers_has(&r->threads, thread);
	uint32_t number = numbers_of(l->x->a, &r->threads, thread);

	if (told)
		return number;
	*vec_push(l->x->a, &r->names) = (struct text){ 0 };
	tell_thread(l, run, number, process_of(l, run, thread));
	return number;
}

void
jsonl_names(struct jsonl *l, size_t run)
{
	struct jsonl_run *r = &l->runs.at[run];

	for (uint32_t i = 0; i < r->names.n; i++) {
		uint32_t thread = r->threads.used.at[i];

		if (!text_equal(r->names.at[i], r->run->threads.at[thread].name))
			tell_thread(l, run, i, process_of(l, run, thread));
	}
}

static void
tell_kind(struct json *j, enum stream_kind kind)
{
	const char *name = stream_kind_name(kind);

	if (kind != STREAM_KIND_PYTHON)
		json_text(j, "kind", name ? text_of(name) : TEXT("?"));
}

static uint32_t
frame_number(struct jsonl *l, uint32_t frame)
{
	const struct tree *t = l->x->tree;
	bool told = numbers_has(&l->frames, frame);
	uint32_t number = numbers_of(l->x->a, &l->frames, frame);
	const struct stream_frame *f = tree_frame(t, frame);
	const struct stream_function *function = tree_function(t, f->function);
	const struct {
		const char *key;
		uint32_t n; /* plus one, or 0 */
	} places[] = {
		{ "line", f->line + (f->line != 0) },
		{ "end_line", f->end_line + (f->end_line != 0) },
		{ "column", f->column1 },
		{ "end_column", f->end_column1 },
	};
	struct json *j;

	if (told)
		return number;
	j = jsonl_open(l, "frame");
	json_number(j, "frame", number);
	tell_kind(j, function->kind);
	json_text(j, "function", tree_frame_name(t, frame));
	if (function->file)
		json_text(j, "file", tree_string(t, function->file));
	if (function->line)
		json_number(j, function->kind == STREAM_KIND_TASK ? "task" : "first_line",
		            function->line);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].n)
			json_number(j, places[i].key, places[i].n - 1);
	if (f->opcode)
		json_text(j, "opcode", tree_string(t, f->opcode));
	jsonl_close(l);
	return number;
}

/* The root is 0, and is told by nothing. */
static uint32_t
stack_number(const struct jsonl *l, uint32_t node)
{
	return node ? l->nodes.of1.at[node] : 0;
}

uint32_t
jsonl_stack(struct jsonl *l, uint32_t node)
{
	struct arena scratch = { 0 };
	VEC(uint32_t) path = { 0 };
	uint32_t at = node;

	for (; at && !numbers_has(&l->nodes, at); at = tree_node(l->x->tree, at)->parent)
		*vec_push(&scratch, &path) = at;
	while (path.n) {
		const struct tree_node *of = tree_node(l->x->tree, path.at[--path.n]);
		uint32_t frame = frame_number(l, of->frame);
		struct json *j = jsonl_open(l, "stack");

		json_number(j, "stack", 1 + numbers_of(l->x->a, &l->nodes, path.at[path.n]));
		json_number(j, "parent", stack_number(l, of->parent));
		json_number(j, "frame", frame);
		jsonl_close(l);
	}
	arena_empty(&scratch);
	return stack_number(l, node);
}

static const char *
reason_word(uint64_t reason)
{
	static const char *const words[] = { "goes on",     "target ended", "reached",
		                             "interrupted", "output ended", "failed" };

	return reason < sizeof words / sizeof *words ? words[reason] : "unknown";
}

void
jsonl_outcome(struct jsonl *l, size_t run, const struct stream_outcome *o)
{
	const struct tree_run *r = l->runs.at[run].run;
	struct json *j = jsonl_open(l, "outcome");

	json_number(j, "run", run);
	jsonl_time(j, "from_ns", r, o->from);
	jsonl_time(j, "to_ns", r, o->to);
	json_number(j, "ticks", o->ticks);
	json_number(j, "samples", o->samples);
	json_text(j, "reason", text_of(reason_word(o->reason)));
	json_open(j, "losses", '{');
	for (int i = 0; i < STREAM_LOSS_END; i++) {
		const char *text = stream_loss_text((enum stream_loss)i);

		if (o->losses[i])
			json_number(j, text ? text : "unknown", o->losses[i]);
	}
	json_close(j, '}');
	jsonl_close(l);
}

static void
tell_exit(struct jsonl *l, size_t run, const struct stream_exit *x)
{
	const struct tree_run *r = l->runs.at[run].run;
	uint32_t process = 0, number;
	struct json *j;

	while (r->processes.at[process].id != x->process)
		process++;
	number = jsonl_process(l, run, process);
	j = jsonl_open(l, "exit");
	json_number(j, "run", run);
	json_number(j, "process", number);
	jsonl_time(j, "at_ns", r, x->at);
	if (x->known)
		json_number(j, "status", x->status);
	jsonl_close(l);
}

void
jsonl_facts(struct jsonl *l, size_t run)
{
	const struct tree_run *r = l->runs.at[run].run;

	for (size_t i = 0; i < r->exits.n; i++)
		tell_exit(l, run, &r->exits.at[i]);
	for (size_t i = 0; i < r->portables.n; i++) {
		struct stream_portable p = { r->portables.at[i].type, r->portables.at[i].body };
		struct json *j;

		if (p.type != STREAM_RECORD_label)
			continue;
		j = jsonl_open(l, "label");
		json_number(j, "run", run);
		json_text(j, "key", stream_label(&p).key);
		json_text(j, "value", stream_label(&p).value);
		jsonl_close(l);
	}
}

void
jsonl_sources(struct jsonl *l)
{
	struct arena a = { 0 }, scratch = { 0 };
	struct tree *t = l->x->tree;
	const struct tree_sources *sources = tree_sources(&a, t);
	struct numbers files = { 0 };
	struct text text;

	for (uint32_t i = 1; i < tree_function_count(t); i++) {
		uint32_t file = tree_function(t, i)->file;

		if (file == 0 || numbers_has(&files, file))
			continue;
		numbers_of(&a, &files, file);
		if (!tree_source_text(sources, tree_string(t, file), &scratch, &text))
			continue;
		json_text(jsonl_open(l, "source"), "file", tree_string(t, file));
		json_text(&l->json, "text", text);
		jsonl_close(l);
		arena_empty(&scratch);
	}
	arena_empty(&a);
}
