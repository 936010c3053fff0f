/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "term/ranking.h"
#include "tree/about.h"
#include "tree/name.h"

static void
write_sum(struct json *j, const struct key_sum *sum)
{
	json_number(j, "self", sum->self);
	json_number(j, "total", sum->total);
	json_number(j, "self_samples", sum->self_samples);
	json_number(j, "total_samples", sum->total_samples);
}

static void
write_function(struct json *j, const struct ranking *r, const struct ranking_row *row)
{
	uint32_t line = tree_frame_line(r->tree, row->frame, true);
	uint32_t first = tree_frame_first_line(r->tree, row->frame);

	json_text(j, "name", tree_frame_name(r->tree, row->frame));
	json_text(j, "file", tree_frame_file(r->tree, row->frame));
	if (first)
		json_number(j, "first_line", first);
	if (line && r->by == RANKING_LINE)
		json_number(j, "line", line);
}

/* A state that is not known of any sample is left out. */
static void
write_states(struct json *j, const struct ranking_person *p)
{
	static const char *const names[STATES_END][2] = {
		[STATES_ON_CPU] = { "on_cpu", "on_cpu_known" },
		[STATES_HOLDS_GIL] = { "holds_gil", "holds_gil_known" },
		[STATES_WANTS_GIL] = { "wants_gil", "wants_gil_known" },
		[STATES_IN_EXCEPTION] = { "in_exception", "in_exception_known" },
		[STATES_IN_GC] = { "in_gc", "in_gc_known" },
	};

	for (size_t i = 0; i < STATES_END; i++) {
		if (p->states[i].known == 0)
			continue;
		json_number(j, names[i][0], p->states[i].is);
		json_number(j, names[i][1], p->states[i].known);
	}
}

static void
write_row(struct json *j, const struct ranking *r, const struct ranking_row *row)
{
	struct arena scratch = { 0 };

	json_open(j, NULL, '{');
	json_text(j, "place", ranking_place(&scratch, r, row));
	if (r->by == RANKING_THREAD || r->by == RANKING_PROCESS) {
		json_number(j, "total", row->sum.total);
		json_number(j, "total_samples", row->sum.total_samples);
		write_states(j, &r->people.at[row->person]);
	} else {
		write_function(j, r, row);
		write_sum(j, &row->sum);
	}
	json_close(j, '}');
	arena_empty(&scratch);
}

static void
write_whole(struct json *j, const struct ranking *r)
{
	struct arena scratch = { 0 };
	struct tree_about about = tree_about(r->tree, &scratch);

	json_text(j, "script", about.script);
	json_text(j, "python", about.python);
	json_text(j, "mode", about.mode);
	json_number(j, "runs", about.runs);
	json_number(j, "processes", about.processes);
	json_number(j, "threads", about.threads);
	json_number(j, "ticks", about.ticks);
	json_number(j, "watched_ns", about.watched_ns);
	json_number(j, "total", r->whole.total);
	json_number(j, "total_samples", r->whole.total_samples);
	arena_empty(&scratch);
}

void
ranking_write_json(const struct ranking *r, struct ranking_how how, struct out *o)
{
	static const char *const bys[] = { "function", "line",   "file",
		                           "module",   "thread", "process" };
	struct json j = { .out = o };
	size_t shown = how.limit && how.limit < r->n ? (size_t)how.limit : r->n;

	json_open(&j, NULL, '{');
	json_text(&j, "by", text_of(bys[r->by]));
	json_text(&j, "unit", r->unit == VIEW_NS ? TEXT("ns") : TEXT("samples"));
	json_bool(&j, "incomplete", how.incomplete);
	write_whole(&j, r);
	json_open(&j, "rows", '[');
	for (size_t i = 0; i < shown; i++)
		write_row(&j, r, &r->rows[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	out_byte(o, '\n');
}
