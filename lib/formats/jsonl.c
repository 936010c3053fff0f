/* SPDX-License-Identifier: MIT */
#include "formats/jsonl.h"

#include "base/version.h"
#include "tree/order.h"

enum { MS_NS = 1000000 };

struct json *
jsonl_open(struct jsonl *l, const char *type)
{
	l->json.comma = false;
	json_open(&l->json, NULL, '{');
	json_text(&l->json, "type", text_of(type));
	return &l->json;
}

void
jsonl_close(struct jsonl *l)
{
	json_close(&l->json, '}');
	out_byte(l->json.out, '\n');
}

void
jsonl_time(struct json *j, const char *key, const struct tree_run *r, uint64_t units)
{
	uint64_t ns;

	if (r->about.unit_ns == 0)
		return;
	if (__builtin_mul_overflow(units, r->about.unit_ns, &ns))
		ns = UINT64_MAX;
	json_number(j, key, ns);
}

static void
write_state(struct json *j, uint8_t state)
{
	for (size_t i = 0; i < EXPORT_STATES; i++) {
		const struct export_state *fact = &export_states[i];
		const char *value = fact->values[stream_state(state, fact->fact)];

		if (*value)
			json_text(j, fact->key, text_of(value));
	}
}

static void
take_sample(void *context, struct tree_run *r, uint32_t thread, uint32_t node,
            const struct stream_sample *s)
{
	struct jsonl *l = context;
	size_t run = jsonl_run(l, r);
	uint32_t number = jsonl_thread(l, run, thread), stack = jsonl_stack(l, node);
	struct json *j = jsonl_open(l, "sample");

	json_number(j, "run", run);
	json_number(j, "thread", number);
	json_number(j, "stack", stack);
	jsonl_time(j, "at_ns", r, s->at);
	jsonl_time(j, "weight_ns", r, s->weight);
	json_number(j, "samples", s->samples);
	write_state(j, s->state);
	jsonl_close(l);
	l->samples += s->samples;
}

static void
take_ran(void *context, struct tree_run *r, uint32_t thread, const struct stream_ran *x)
{
	struct jsonl *l = context;
	size_t run = jsonl_run(l, r);
	uint32_t number = jsonl_thread(l, run, thread);
	struct json *j = jsonl_open(l, "ran");

	json_number(j, "run", run);
	json_number(j, "thread", number);
	jsonl_time(j, "from_ns", r, x->from);
	jsonl_time(j, "to_ns", r, x->to);
	json_number(j, "ran_ns", x->ran_ns);
	json_number(j, "waited_ns", x->waited_ns);
	jsonl_close(l);
}

static void
take_outcome(void *context, struct tree_run *r, const struct stream_outcome *o)
{
	struct jsonl *l = context;

	jsonl_outcome(l, jsonl_run(l, r), o);
}

void
jsonl_begin(struct export *x)
{
	struct jsonl *l = arena_new(x->a, struct jsonl);
	struct json *j;

	l->x = x;
	l->json.out = x->out;
	x->own = l;
	x->watcher = (struct tree_watcher){ l, true, take_sample, take_ran, take_outcome };
	j = jsonl_open(l, "meta");
	json_number(j, "schema", JSONL_SCHEMA);
	json_text(j, "writer", TEXT("texport " TACHYTOOLS_VERSION));
	jsonl_close(l);
}

static void
write_cell(struct jsonl *l, size_t run, const struct tree_cell *c)
{
	const struct tree_run *r = l->runs.at[run].run;
	const struct tree_series *series = &r->series.at[c->series];
	uint32_t thread = jsonl_thread(l, run, series->thread);
	uint32_t stack = jsonl_stack(l, c->node);
	struct json *j = jsonl_open(l, "cell");

	json_number(j, "run", run);
	json_number(j, "thread", thread);
	json_number(j, "stack", stack);
	if (r->about.epoch_ms) {
		json_number(j, "from_ns", c->epoch * r->about.epoch_ms * MS_NS);
		json_number(j, "to_ns", (c->epoch + 1) * r->about.epoch_ms * MS_NS);
	}
	json_number(j, "samples", c->samples);
	jsonl_time(j, "weight_ns", r, c->weight);
	write_state(j, series->state);
	jsonl_close(l);
	l->samples += c->samples;
}

/* Of raw content all of this was told as it came. */
static void
write_folded(struct jsonl *l, size_t run, const uint32_t *places)
{
	struct tree_run *r = l->runs.at[run].run;
	struct arena scratch = { 0 };
	const uint32_t *rows = tree_cells_in_order(&scratch, l->x->tree, r, places);

	for (size_t i = 0; i < r->cells.n; i++)
		write_cell(l, run, &r->cells.at[rows[i]]);
	for (size_t i = 0; r->cells.n && i < r->rans.n; i++) {
		const struct tree_ran *x = &r->rans.at[i];
		uint64_t from = tree_epoch_start(r, x->epoch);

		take_ran(l, r, x->thread,
		         &(struct stream_ran){ x->thread, from, from + x->units, x->ran_ns,
		                               x->waited_ns });
	}
	arena_empty(&scratch);
}

bool
jsonl_export(struct export *x, struct err *e)
{
	struct arena scratch = { 0 };
	struct jsonl *l = x->own;
	const uint32_t *places = tree_node_places(&scratch, x->tree);
	struct json *j;

	(void)e;
	for (size_t i = 0; i < tree_run_count(x->tree); i++) {
		size_t run = jsonl_run(l, tree_run(x->tree, i));

		write_folded(l, run, places);
		jsonl_names(l, run);
		jsonl_facts(l, run);
	}
	jsonl_sources(l);
	j = jsonl_open(l, "end");
	json_number(j, "samples", l->samples);
	if (x->how.incomplete)
		json_text(j, "incomplete", text_of(x->how.incomplete));
	jsonl_close(l);
	arena_empty(&scratch);
	return true;
}
