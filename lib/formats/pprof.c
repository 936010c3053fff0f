/* SPDX-License-Identifier: MIT */
/*
 * The profile of pprof: a message of protocol buffers, compressed with gzip.
 *
 * A cell without its epoch is a sample: its numbers, its stack from the inside
 * out, and as labels its thread, process and state, its run where there are
 * several, and the labels of its run. Strings, functions and locations are
 * numbered as they are first used.
 */
#include "base/version.h"
#include "formats/export.h"
#include "formats/gzip.h"
#include "formats/numbers.h"
#include "formats/protobuf.h"
#include "tree/about.h"
#include "tree/name.h"
#include "tree/order.h"
#include "tree/process.h"

/* The fields of the messages that are used. */
enum profile_field {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING = 6,
	PROFILE_TIME = 9,
	PROFILE_DURATION = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_COMMENT = 13,
	PROFILE_DEFAULT_TYPE = 14,
};
enum type_field { TYPE_TYPE = 1, TYPE_UNIT = 2 };
enum sample_field { SAMPLE_LOCATIONS = 1, SAMPLE_VALUES = 2, SAMPLE_LABEL = 3 };
enum label_field { LABEL_KEY = 1, LABEL_TEXT = 2, LABEL_NUMBER = 3 };
enum location_field { LOCATION_ID = 1, LOCATION_LINE = 4 };
enum line_field { LINE_FUNCTION = 1, LINE_LINE = 2, LINE_COLUMN = 3 };
enum function_field {
	FUNCTION_ID = 1,
	FUNCTION_NAME = 2,
	FUNCTION_FILE = 4,
	FUNCTION_LINE = 5,
};

struct pprof {
	struct arena a;
	struct tree *tree;
	struct gzip *gzip;
	struct tree_about about;
	struct message profile, inner, innermost; /* each of them in the one before */
	struct numbers strings, functions, frames;
	bool samples;              /* besides time, or instead of it */
	const uint32_t *processes; /* of each thread of the run its process's row */
};

/* Hands on what is written of the profile. */
static void
hand_on(struct pprof *p)
{
	gzip_put(p->gzip, p->profile.bytes.at, p->profile.bytes.n);
	p->profile.bytes.n = 0;
}

static uint64_t
string_of(struct pprof *p, struct text text)
{
	return numbers_of(&p->a, &p->strings, tree_intern_string(p->tree, text));
}

static void
put_type(struct pprof *p, enum profile_field field, struct text type, struct text unit)
{
	message_number(&p->inner, TYPE_TYPE, string_of(p, type));
	message_number(&p->inner, TYPE_UNIT, string_of(p, unit));
	message_put(&p->profile, field, &p->inner);
}

/* What the times are of: "wall", "cpu", "gil", "exception", or tasks. */
static struct text
type_of_time(const struct pprof *p)
{
	uint64_t mode = tree_run_count(p->tree) ? tree_run(p->tree, 0)->about.mode : 0;

	if (p->about.mode.n && mode <= STREAM_MODE_EXCEPTION)
		return p->about.mode;
	return p->about.mode.n ? TEXT("tasks") : TEXT("wall");
}

static void
put_label(struct pprof *p, struct text key, struct text text)
{
	message_number(&p->innermost, LABEL_KEY, string_of(p, key));
	message_number(&p->innermost, LABEL_TEXT, string_of(p, text));
	message_put(&p->inner, SAMPLE_LABEL, &p->innermost);
}

static void
put_number(struct pprof *p, struct text key, uint64_t n)
{
	if (n == 0)
		return;
	message_number(&p->innermost, LABEL_KEY, string_of(p, key));
	message_number(&p->innermost, LABEL_NUMBER, n);
	message_put(&p->inner, SAMPLE_LABEL, &p->innermost);
}

static void
put_state(struct pprof *p, uint8_t state)
{
	for (size_t i = 0; i < EXPORT_STATES; i++) {
		const struct export_state *fact = &export_states[i];
		const char *value = fact->values[stream_state(state, fact->fact)];

		if (*value)
			put_label(p, text_of(fact->key), text_of(value));
	}
}

static void
put_thread(struct pprof *p, const struct tree_run *r, uint32_t row)
{
	struct arena scratch = { 0 };
	const struct stream_thread *h = &r->threads.at[row];
	const struct stream_process *process = &r->processes.at[p->processes[row]];
	struct text name = tree_process_text(&scratch, r, process);

	put_label(p, TEXT("thread"), tree_thread_text(&scratch, h));
	put_number(p, TEXT("thread_id"), h->native_id);
	if (name.n)
		put_label(p, TEXT("process"), name);
	put_number(p, TEXT("pid"), process->pid);
	arena_empty(&scratch);
}

static void
put_run(struct pprof *p, const struct tree_run *r)
{
	char id[2 * STREAM_RUN_ID_BYTES];

	export_run_id(&r->about, id);
	if (tree_run_count(p->tree) > 1)
		put_label(p, TEXT("run"), (struct text){ id, sizeof id });
	for (size_t i = 0; i < r->portables.n; i++) {
		struct stream_portable label = { r->portables.at[i].type,
			                         r->portables.at[i].body };

		if (label.type == STREAM_RECORD_label)
			put_label(p, stream_label(&label).key, stream_label(&label).value);
	}
}

/* A stack is told without what is finer than line and column. */
static uint32_t
plain_frame(struct tree *t, uint32_t frame)
{
	struct stream_frame f = *tree_frame(t, frame);

	f.end_line = f.end_column1 = f.opcode = 0;
	return tree_intern_frame(t, &f);
}

static void
put_stack(struct pprof *p, uint32_t node)
{
	for (; node; node = tree_node(p->tree, node)->parent) {
		uint32_t frame = plain_frame(p->tree, tree_node(p->tree, node)->frame);

		message_pack(&p->innermost, 1 + numbers_of(&p->a, &p->frames, frame));
	}
	message_put(&p->inner, SAMPLE_LOCATIONS, &p->innermost);
}

/* Cells of one thread, state and node, whose epochs follow one another: one sample. */
static size_t
put_sample(struct pprof *p, const struct tree_run *r, const uint32_t *rows, size_t n)
{
	const struct tree_cell *first = &r->cells.at[rows[0]];
	uint64_t samples = 0, weight = 0;
	size_t i = 0;

	for (; i < n; i++) {
		const struct tree_cell *c = &r->cells.at[rows[i]];

		if (c->node != first->node || c->series != first->series)
			break;
		samples += c->samples;
		weight += view_weight(VIEW_NS, r, c);
	}
	put_stack(p, first->node);
	if (p->samples)
		message_pack(&p->innermost, samples);
	if (p->about.time)
		message_pack(&p->innermost, weight);
	message_put(&p->inner, SAMPLE_VALUES, &p->innermost);
	put_thread(p, r, r->series.at[first->series].thread);
	put_state(p, r->series.at[first->series].state);
	put_run(p, r);
	message_put(&p->profile, PROFILE_SAMPLE, &p->inner);
	hand_on(p);
	return i;
}

static void
put_samples(struct pprof *p)
{
	const uint32_t *places = tree_node_places(&p->a, p->tree);

	for (size_t i = 0; i < tree_run_count(p->tree); i++) {
		const struct tree_run *r = tree_run(p->tree, i);
		struct arena scratch = { 0 };
		const uint32_t *rows = tree_cells_in_order(&scratch, p->tree, r, places);

		p->processes = tree_process_rows(&scratch, r);
		for (size_t k = 0; k < r->cells.n;)
			k += put_sample(p, r, rows + k, r->cells.n - k);
		arena_empty(&scratch);
	}
}

static void
put_locations(struct pprof *p)
{
	for (size_t i = 0; i < p->frames.used.n; i++) {
		const struct stream_frame *f = tree_frame(p->tree, p->frames.used.at[i]);

		message_number(&p->innermost, LINE_FUNCTION,
		               1 + numbers_of(&p->a, &p->functions, f->function));
		message_number(&p->innermost, LINE_LINE, f->line);
		message_number(&p->innermost, LINE_COLUMN, f->column1);
		message_number(&p->inner, LOCATION_ID, i + 1);
		message_put(&p->inner, LOCATION_LINE, &p->innermost);
		message_put(&p->profile, PROFILE_LOCATION, &p->inner);
		hand_on(p);
	}
}

/* Without a system's name: what has one that is equal is taken for C++, and "<module>" cut off. */
static void
put_functions(struct pprof *p)
{
	for (size_t i = 0; i < p->functions.used.n; i++) {
		uint32_t function = p->functions.used.at[i];
		const struct stream_function *f = tree_function(p->tree, function);
		struct text name = tree_function_name(p->tree, function);
		struct text file = tree_function_file(p->tree, function);

		message_number(&p->inner, FUNCTION_ID, i + 1);
		message_number(&p->inner, FUNCTION_NAME, string_of(p, name));
		message_number(&p->inner, FUNCTION_FILE, string_of(p, file));
		message_number(&p->inner, FUNCTION_LINE,
		               f->kind == STREAM_KIND_PYTHON ? f->line : 0);
		message_put(&p->profile, PROFILE_FUNCTION, &p->inner);
		hand_on(p);
	}
}

/* Strings are UTF-8 there. */
static void
put_strings(struct pprof *p)
{
	for (size_t i = 0; i < p->strings.used.n; i++) {
		struct arena scratch = { 0 };
		struct text string = tree_string(p->tree, p->strings.used.at[i]);

		message_text(&p->profile, PROFILE_STRING, text_valid(&scratch, string));
		hand_on(p);
		arena_empty(&scratch);
	}
}

static void
put_comment(struct pprof *p, struct text text)
{
	message_pack(&p->inner, string_of(p, text));
}

static void
put_comments(struct pprof *p, const char *incomplete)
{
	tree_notes notes = tree_notes_of(p->tree, &p->a);

	put_comment(p, TEXT("texport " TACHYTOOLS_VERSION));
	for (int i = 0; i < STREAM_LOSS_END; i++) {
		const char *text = stream_loss_text((enum stream_loss)i);
		unsigned long long n = p->about.losses[i];

		if (n)
			put_comment(p, text_print(&p->a, "%s: %llu", text ? text : "lost", n));
	}
	for (size_t i = 0; i < notes.n; i++)
		put_comment(p, notes.at[i]);
	if (incomplete)
		put_comment(p, text_of(incomplete));
	message_put(&p->profile, PROFILE_COMMENT, &p->inner);
}

/* When the first run, or what there is of it, began. */
static uint64_t
start_ns(const struct tree *t)
{
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct tree_run *r = tree_run(t, i);
		uint64_t ns = r->about.wall_ns;

		if (ns && r->outcomes.n)
			ns += r->outcomes.at[0].from * r->about.unit_ns;
		first = ns && ns < first ? ns : first;
	}
	return first == UINT64_MAX ? 0 : first;
}

static void
put_head(struct pprof *p, const char *incomplete)
{
	struct text time = type_of_time(p), ns = TEXT("nanoseconds");

	string_of(p, TEXT(""));
	p->samples = p->about.samples || !p->about.time;
	if (p->samples)
		put_type(p, PROFILE_SAMPLE_TYPE, TEXT("samples"), TEXT("count"));
	if (p->about.time) {
		put_type(p, PROFILE_SAMPLE_TYPE, time, ns);
		put_type(p, PROFILE_PERIOD_TYPE, time, ns);
		message_number(&p->profile, PROFILE_PERIOD, p->about.asked_ns);
		message_number(&p->profile, PROFILE_DEFAULT_TYPE, string_of(p, time));
	}
	message_number(&p->profile, PROFILE_TIME, start_ns(p->tree));
	message_number(&p->profile, PROFILE_DURATION, p->about.watched_ns);
	put_comments(p, incomplete);
	hand_on(p);
}

bool
pprof_export(struct export *x, struct err *e)
{
	struct pprof p = { .tree = x->tree };

	(void)e;
	p.profile.a = p.inner.a = p.innermost.a = &p.a;
	p.about = tree_about(x->tree, &p.a);
	p.gzip = gzip_begin(&p.a, x->out);
	put_head(&p, x->how.incomplete);
	put_samples(&p);
	put_locations(&p);
	put_functions(&p);
	put_strings(&p);
	gzip_end(p.gzip);
	arena_empty(&p.a);
	return true;
}
