/* SPDX-License-Identifier: MIT */
/* The bytes are told in render/flame.h. */
#include "render/cells.h"

enum cell_field { CELL_SLOT, CELL_SAMPLES, CELL_EXTRA };

/* 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
static uint64_t
zigzag(int64_t n)
{
	return (uint64_t)n << 1 ^ (uint64_t)(n >> 63);
}

static void
write_cells_column(const struct cells *cells, struct column *c, enum cell_field field)
{
	for (size_t i = 0; i < cells->n; i++) {
		const struct cell *cell = &cells->at[i];
		bool first = i == 0 || cell[-1].place != cell->place;

		switch (field) {
		case CELL_SLOT:
			column_put(c, first ? cell->slot : cell->slot - cell[-1].slot - 1);
			break;
		case CELL_SAMPLES:
			column_put(c, cell->samples);
			break;
		case CELL_EXTRA:
			column_put(c, zigzag((int64_t)(cell->weight / cells->quantum -
			                               cell->samples * cells->each)));
			break;
		}
	}
}

void
cells_write(struct json *j, const struct cells *cells, enum view_unit unit, struct column *c)
{
	static const char *const fields[] = { "slot", "samples", "extra" };

	json_open(j, "cells", '{');
	json_number(j, "n", cells->n);
	json_number(j, "root", cells_in(cells, 0, 0));
	json_number(j, "quantum", cells->quantum);
	json_number(j, "each", cells->each);
	for (enum cell_field field = CELL_SLOT; field <= CELL_EXTRA; field++) {
		if (field == CELL_EXTRA && unit == VIEW_SAMPLES)
			continue;
		column_begin(c, j, fields[field]);
		write_cells_column(cells, c, field);
		column_end(c);
	}
	json_close(j, '}');
}

static void
write_series(struct json *j, const struct cells *cells)
{
	json_open(j, "series", '[');
	for (size_t i = 0; i < cells->series.n; i++) {
		json_open(j, NULL, '[');
		json_number(j, NULL, cells->series.at[i].thread);
		json_number(j, NULL, cells->series.at[i].state);
		json_close(j, ']');
	}
	json_close(j, ']');
}

/* Microseconds are fine enough for shares of it. */
static void
write_epochs(struct json *j, const struct people *p, const struct cells *cells,
             struct column *c)
{
	struct arena scratch = { 0 };
	const uint64_t *watched = people_watched(&scratch, p, cells->epoch_ms, cells->epochs);
	size_t n = p->processes.n * cells->epochs;

	json_open(j, "epochs", '{');
	json_number(j, "ms", cells->epoch_ms);
	json_number(j, "count", cells->epochs);
	json_number(j, "n", n);
	column_begin(c, j, "watched");
	for (size_t i = 0; i < n; i++)
		column_put(c, watched[i] / 1000);
	column_end(c);
	json_close(j, '}');
	arena_empty(&scratch);
}

void
cells_write_slots(struct json *j, const struct cells *cells, const struct people *p,
                  struct column *c)
{
	write_epochs(j, p, cells, c);
	write_series(j, cells);
}

void
cells_write_notes(struct json *j, const struct cells *cells)
{
	struct arena scratch = { 0 };

	if (cells->epoch_ms < cells->recorded_ms || cells->epoch_ms > cells->recorded_ms)
		json_text(
			j, NULL,
			cells->epoch_ms
				? text_print(&scratch,
		                             "The profile is large: times are told apart by "
		                             "%llu ms here.",
		                             (unsigned long long)cells->epoch_ms)
				: TEXT("The profile is large: times are not told apart here."));
	if (cells->threads_joined)
		json_text(j, NULL,
		          cells->states_joined
		                  ? TEXT("The profile is large: threads and their states are "
		                         "not told apart here.")
		                  : TEXT("The profile is large: threads are not told apart "
		                         "here."));
	arena_empty(&scratch);
}
