/* SPDX-License-Identifier: MIT */
#include "render/cells.h"

#include "base/number.h"

#include <stdlib.h>

/* While cells are gathered, a slot is thread, state and epoch, as bits. */
enum { EPOCH_BITS = 6, STATE_BITS = 8, STATES = 1 << STATE_BITS };

/* Epochs as long as the longest of any run; 0 where a run with samples has none. */
static uint64_t
longest_epoch(const struct tree *t)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct tree_run *r = tree_run(t, i);

		if (r->cells.n && r->about.epoch_ms == 0)
			return 0;
		if (r->about.epoch_ms > longest)
			longest = r->about.epoch_ms;
	}
	return longest;
}

static struct cell
cell_of(const struct view *v, const struct people *p, size_t run, const struct tree_cell *c,
        uint64_t epoch_ms)
{
	const struct tree_run *r = tree_run(v->tree, run);
	const struct tree_series *series = &r->series.at[c->series];
	uint64_t epoch = epoch_ms ? c->epoch / (epoch_ms / r->about.epoch_ms) : 0;
	uint32_t thread = people_row(p, run, series->thread);

	return (struct cell){
		.place = v->of[c->node],
		.slot = (thread << STATE_BITS | series->state) << EPOCH_BITS | (uint32_t)epoch,
		.samples = c->samples,
		.weight = view_weight(v->unit, r, c),
	};
}

static int
compare_slots(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;

	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

/* Puts the cells of all runs in order. */
static void
gather(struct arena *a, struct cells *cells, const struct view *v, const struct people *p,
       const uint32_t *places)
{
	struct arena scratch = { 0 };
	uint32_t *ends = arena_array(&scratch, uint32_t, (size_t)v->count + 1);
	size_t total = 0;

	for (size_t i = 0; i < tree_run_count(v->tree); i++) {
		const struct tree_run *r = tree_run(v->tree, i);

		total += r->cells.n;
		for (size_t k = 0; k < r->cells.n; k++)
			ends[places[v->of[r->cells.at[k].node]] + 1]++;
	}
	for (size_t i = 0; i < v->count; i++)
		ends[i + 1] += ends[i];
	cells->at = arena_array(a, struct cell, total);
	cells->n = total;
	for (size_t i = 0; i < tree_run_count(v->tree); i++) {
		const struct tree_run *r = tree_run(v->tree, i);

		for (size_t k = 0; k < r->cells.n; k++) {
			struct cell c = cell_of(v, p, i, &r->cells.at[k], cells->epoch_ms);

			c.place = places[c.place];
			cells->at[ends[c.place]++] = c;
		}
	}
	for (uint32_t i = 0, from = 0; i < v->count; from = ends[i++])
		if (ends[i] - from > 1)
			qsort(cells->at + from, ends[i] - from, sizeof *cells->at,
			      compare_slots);
	arena_empty(&scratch);
}

/* Joins neighbours that are equal; cells without anything go. */
static void
join_equal(struct cells *cells)
{
	size_t n = 0;

	for (size_t i = 0; i < cells->n; i++) {
		struct cell *c = &cells->at[i], *last = n ? &cells->at[n - 1] : NULL;

		if (last && last->place == c->place && last->slot == c->slot) {
			last->samples += c->samples;
			last->weight += c->weight;
		} else if (c->samples || c->weight) {
			cells->at[n++] = *c;
		}
	}
	cells->n = n;
}

/* How many cells there are when so many of the low bits do not tell them apart. */
static size_t
count_without(const struct cells *cells, unsigned bits)
{
	size_t n = 0;

	for (size_t i = 0; i < cells->n; i++)
		n += i == 0 || cells->at[i - 1].place != cells->at[i].place ||
		     cells->at[i - 1].slot >> bits != cells->at[i].slot >> bits;
	return n;
}

/* Slots in each of which the mask lets less be seen; those of a node are put in order anew. */
static void
mask_slots(struct cells *cells, uint32_t mask)
{
	for (size_t i = 0, from = 0; i < cells->n; i++) {
		cells->at[i].slot &= mask;
		if (i + 1 < cells->n && cells->at[i + 1].place == cells->at[i].place)
			continue;
		qsort(cells->at + from, i + 1 - from, sizeof *cells->at, compare_slots);
		from = i + 1;
	}
	join_equal(cells);
}

static void
join_epochs(struct cells *cells, size_t most)
{
	unsigned bits = 0;

	while (bits < EPOCH_BITS && count_without(cells, bits) > most)
		bits++;
	if (bits == 0 || cells->epoch_ms == 0)
		return;
	for (size_t i = 0; i < cells->n; i++) {
		uint32_t slot = cells->at[i].slot, epoch = slot & ((1 << EPOCH_BITS) - 1);

		cells->at[i].slot = slot - epoch + (epoch >> bits);
	}
	cells->epoch_ms = bits < EPOCH_BITS ? cells->epoch_ms << bits : 0;
	join_equal(cells);
}

static void
join(struct cells *cells, size_t most)
{
	join_equal(cells);
	join_epochs(cells, most);
	if (cells->n > most) {
		cells->threads_joined = true;
		mask_slots(cells, (1u << (STATE_BITS + EPOCH_BITS)) - 1);
	}
	if (cells->n > most) {
		cells->states_joined = true;
		mask_slots(cells, 0);
	}
}

/* Numbers the series that are there, and with them the slots. */
static void
number_slots(struct arena *a, struct cells *cells)
{
	struct arena scratch = { 0 };
	size_t n = ((size_t)PEOPLE_THREADS + 1) << STATE_BITS;
	uint32_t *numbers = arena_array(&scratch, uint32_t, n), low = (1 << EPOCH_BITS) - 1;

	cells->epochs = 1;
	for (size_t i = 0; i < cells->n; i++) {
		uint32_t slot = cells->at[i].slot;

		numbers[slot >> EPOCH_BITS] = 1;
		if ((slot & low) >= cells->epochs)
			cells->epochs = (slot & low) + 1;
	}
	for (size_t i = 0; i < n; i++) {
		if (!numbers[i])
			continue;
		numbers[i] = (uint32_t)cells->series.n;
		*vec_push(a, &cells->series) =
			(struct cell_series){ (uint32_t)(i >> STATE_BITS),
			                      (uint8_t)(i & (STATES - 1)) };
	}
	for (size_t i = 0; i < cells->n; i++) {
		uint32_t slot = cells->at[i].slot;

		cells->at[i].slot = numbers[slot >> EPOCH_BITS] * cells->epochs + (slot & low);
	}
	arena_empty(&scratch);
}

static void
measure(struct cells *cells)
{
	double samples = 0, weight = 0;

	for (size_t i = 0; i < cells->n; i++) {
		cells->quantum = number_divisor(cells->at[i].weight, cells->quantum);
		samples += (double)cells->at[i].samples;
		weight += (double)cells->at[i].weight;
	}
	if (cells->quantum == 0)
		cells->quantum = 1;
	if (samples > 0)
		cells->each = (uint64_t)(weight / samples / (double)cells->quantum + 0.5);
}

struct cells *
cells_of(struct arena *a, const struct view *v, const struct people *p, const uint32_t *places,
         size_t most)
{
	struct cells *cells = arena_new(a, struct cells);

	cells->recorded_ms = cells->epoch_ms = longest_epoch(v->tree);
	gather(a, cells, v, p, places);
	join(cells, most);
	number_slots(a, cells);
	measure(cells);
	return cells;
}

size_t
cells_in(const struct cells *cells, size_t from, uint32_t place)
{
	size_t i = from;

	while (i < cells->n && cells->at[i].place == place)
		i++;
	return i - from;
}
