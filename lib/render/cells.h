/* SPDX-License-Identifier: MIT */
/*
 * render/cells.h: what threads in their states spent in the nodes of a view, by epoch.
 *
 * A slot is a series (a thread in a state) during an epoch; a cell is what a
 * slot has in a node. Above a number of cells neighbouring epochs are joined,
 * then threads, then states, until there are no more than that, or one is left.
 */
#ifndef RENDER_CELLS_H
#define RENDER_CELLS_H

#include "render/column.h"
#include "render/people.h"
#include "tree/view.h"

enum { CELLS_MAX = 1000000 }; /* of a page */

struct cell {
	uint32_t place; /* of its node */
	uint32_t slot;  /* series times the number of epochs, plus the epoch */
	uint64_t samples, weight;
};

struct cell_series {
	uint32_t thread; /* a row of people */
	uint8_t state;
};

struct cells {
	size_t n;
	struct cell *at;                /* by place, then slot; no two are equal */
	VEC(struct cell_series) series; /* by thread, then state */
	uint64_t epoch_ms;              /* 0: one epoch holds all */
	uint32_t epochs;                /* how many, at least 1 */
	uint64_t quantum;               /* all weights are multiples of it */
	uint64_t each;                  /* quanta that a sample weighs on the whole */
	uint64_t recorded_ms;           /* epochs before any were joined */
	bool threads_joined, states_joined;
};

/* places[n] is where node n of the view comes; all are below the number of nodes. */
struct cells *cells_of(struct arena *a, const struct view *v, const struct people *p,
                       const uint32_t *places, size_t most);

/* How many cells from number from on are of the node at place. */
size_t cells_in(const struct cells *cells, size_t from, uint32_t place);

/* The columns of cells, and epochs and series, as render/flame.h tells. */
void cells_write(struct json *j, const struct cells *cells, enum view_unit unit,
                 struct column *c);
void cells_write_slots(struct json *j, const struct cells *cells, const struct people *p,
                       struct column *c);

/* What was joined, as texts of an array that the caller has opened. */
void cells_write_notes(struct json *j, const struct cells *cells);

#endif
