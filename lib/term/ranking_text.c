/* SPDX-License-Identifier: MIT */
#include "base/quantity.h"
#include "term/figures.h"
#include "term/ranking.h"
#include "term/table.h"
#include "tree/about.h"
#include "tree/name.h"

/* What a column of a table tells. */
enum cell {
	CELL_SELF_SHARE,
	CELL_SELF_TIME,
	CELL_SELF_SAMPLES,
	CELL_SHARE,
	CELL_TIME,
	CELL_SAMPLES,
	CELL_STATE, /* and the next ones: each of enum states */
	CELL_PLACE = CELL_STATE + STATES_END,
};

struct cells {
	struct column column;
	enum cell cell;
};

/* Hot is what has a tenth of all in itself. */
enum { HOT_PART = 10 };

/* clang-format off */
static const struct cells of_functions[] = {
	{ { .title = "self %", .right = true }, CELL_SELF_SHARE },
	{ { .title = "self time", .right = true }, CELL_SELF_TIME },
	{ { .title = "self n", .right = true, .spare = 1 }, CELL_SELF_SAMPLES },
	{ { .title = "total %", .right = true }, CELL_SHARE },
	{ { .title = "total time", .right = true }, CELL_TIME },
	{ { .title = "total n", .right = true, .spare = 2 }, CELL_SAMPLES },
	{ { .title = "place", .flexible = 32, .keeps_end = true }, CELL_PLACE },
};

static const struct cells of_people[] = {
	{ { .title = "share %", .right = true }, CELL_SHARE },
	{ { .title = "time", .right = true }, CELL_TIME },
	{ { .title = "n", .right = true, .spare = 1 }, CELL_SAMPLES },
	{ { .title = "CPU %", .right = true, .spare = 2 }, CELL_STATE + STATES_ON_CPU },
	{ { .title = "GIL %", .right = true, .spare = 3 }, CELL_STATE + STATES_HOLDS_GIL },
	{ { .title = "wants GIL %", .right = true, .spare = 4 }, CELL_STATE + STATES_WANTS_GIL },
	{ { .title = "exception %", .right = true, .spare = 6 }, CELL_STATE + STATES_IN_EXCEPTION },
	{ { .title = "GC %", .right = true, .spare = 5 }, CELL_STATE + STATES_IN_GC },
	{ { .title = "who", .flexible = 24, .keeps_end = true }, CELL_PLACE },
};
/* clang-format on */

enum {
	FUNCTION_CELLS = sizeof of_functions / sizeof *of_functions,
	PEOPLE_CELLS = sizeof of_people / sizeof *of_people,
	CELLS_MAX = PEOPLE_CELLS,
};

/* The columns of a table, and what is in them. */
struct sheet {
	struct column columns[CELLS_MAX];
	enum cell cells[CELLS_MAX];
	size_t n;
};

/* What the cell tells is not known in this profile. */
static bool
is_unknown(const struct ranking *r, enum cell cell)
{
	if (cell == CELL_TIME || cell == CELL_SELF_TIME)
		return r->unit != VIEW_NS;
	return (cell == CELL_SAMPLES || cell == CELL_SELF_SAMPLES) &&
	       r->whole.total_samples == 0 && r->whole.total;
}

static struct sheet
sheet_of(const struct ranking *r)
{
	bool people = r->by == RANKING_THREAD || r->by == RANKING_PROCESS;
	const struct cells *from = people ? of_people : of_functions;
	size_t n = people ? PEOPLE_CELLS : FUNCTION_CELLS;
	struct sheet s = { .n = 0 };

	for (size_t i = 0; i < n; i++) {
		if (is_unknown(r, from[i].cell))
			continue;
		s.columns[s.n] = from[i].column;
		s.cells[s.n++] = from[i].cell;
	}
	return s;
}

static struct text
text_of_cell(struct arena *a, const struct ranking *r, const struct ranking_row *row,
             enum cell cell)
{
	const struct ranking_share *state;

	switch (cell) {
	case CELL_SELF_SHARE:
		return figure_share(a, row->sum.self, r->whole.total);
	case CELL_SHARE:
		return figure_share(a, row->sum.total, r->whole.total);
	case CELL_SELF_TIME:
		return quantity_print_ns(a, row->sum.self);
	case CELL_TIME:
		return quantity_print_ns(a, row->sum.total);
	case CELL_SELF_SAMPLES:
		return text_grouped(a, row->sum.self_samples);
	case CELL_SAMPLES:
		return text_grouped(a, row->sum.total_samples);
	case CELL_PLACE:
		return ranking_place(a, r, row);
	default:
		state = &r->people.at[row->person].states[cell - CELL_STATE];
		return figure_share(a, state->is, state->known);
	}
}

static enum role
role_of(const struct ranking *r, const struct ranking_row *row, enum cell cell)
{
	if (cell == CELL_SELF_SHARE && row->sum.self >= r->whole.total / HOT_PART &&
	    row->sum.self)
		return ROLE_HOT;
	if (cell == CELL_PLACE && tree_frame_kind(r->tree, row->frame) != STREAM_KIND_PYTHON)
		return ROLE_FAINT;
	return ROLE_PLAIN;
}

static void
write_more(struct arena *a, const struct ranking *r, size_t shown, struct out *o,
           struct screen s)
{
	struct text n = text_grouped(a, r->n - shown), share;
	uint64_t self = 0;

	for (size_t i = shown; i < r->n; i++)
		self += r->rows[i].sum.self;
	share = figure_share(a, self, r->whole.total);
	screen_text(o, s, ROLE_FAINT,
	            text_print(a, "and %.*s more with %.*s %% of all: -n %zu shows them",
	                       TEXT_ARG(n), TEXT_ARG(share), r->n));
	out_byte(o, '\n');
}

static void
write_table(const struct ranking *r, uint64_t limit, struct out *o, struct screen s)
{
	struct arena scratch = { 0 };
	struct sheet sheet = sheet_of(r);
	struct table *t = table_new(&scratch, sheet.columns, sheet.n);
	size_t shown = limit && limit < r->n ? (size_t)limit : r->n;

	for (size_t i = 0; i < shown; i++)
		for (size_t k = 0; k < sheet.n; k++)
			table_text(t, role_of(r, &r->rows[i], sheet.cells[k]),
			           text_of_cell(&scratch, r, &r->rows[i], sheet.cells[k]));
	table_write(t, o, s);
	if (shown < r->n)
		write_more(&scratch, r, shown, o, s);
	arena_empty(&scratch);
}

/* The script, or the file that timport(1) read. */
static struct text
title_of(struct arena *a, const struct tree_about *about)
{
	bool imported = text_equal(about->tool, TEXT("timport"));

	return text_visible(a, about->script.n || !imported ? about->script : about->options);
}

static void
write_head(const struct ranking *r, struct out *o, struct screen s)
{
	struct arena scratch = { 0 };
	struct tree_about about = tree_about(r->tree, &scratch);
	struct text title = title_of(&scratch, &about);
	struct text samples = figure_number(&scratch, r->whole.total_samples, "sample");
	struct text threads = figure_number(&scratch, about.threads, "thread");
	struct text runs = figure_number(&scratch, about.runs, "run");

	screen_text(o, s, ROLE_TITLE, title);
	out_text(o, title.n ? TEXT(": ") : TEXT(""));
	if (r->unit == VIEW_NS)
		out_print(o, "%s of thread-time, ",
		          quantity_print_ns(&scratch, r->whole.total).at);
	if (!is_unknown(r, CELL_SAMPLES))
		out_print(o, "%.*s, ", TEXT_ARG(samples));
	out_print(o, "%.*s, %.*s\n\n", TEXT_ARG(threads), TEXT_ARG(runs));
	arena_empty(&scratch);
}

void
ranking_write(const struct ranking *r, struct ranking_how how, struct out *o, struct screen s)
{
	if (how.incomplete)
		out_print(o, "Incomplete: a part of the input was damaged or refused, and is "
		             "not here.\n");
	if (!how.bare)
		write_head(r, o, s);
	write_table(r, how.limit, o, s);
	if (!how.bare)
		ranking_write_summary(r, o, s);
}
