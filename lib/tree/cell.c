/* SPDX-License-Identifier: MIT */
/*
 * Cells, and the epochs that they lie in. The length of epochs is the shortest
 * power of two that keeps their number below the limit: it depends on the last
 * non-empty epoch only, so it is the same however a run is cut.
 */
#include "tree/inside.h"

#include <assert.h>

enum { MS_NS = 1000000 };
static const uint64_t LONGEST_MS = (uint64_t)1 << 31; /* tstream(5) allows no longer ones */

__extension__ typedef unsigned __int128 wide;

uint32_t
tree_add_series(struct tree *t, struct tree_run *r, uint32_t thread, uint8_t state)
{
	uint64_t hash = hash_number((uint64_t)thread << 8 | state);
	struct index_probe probe = index_probe(&r->index->series, hash);

	while (index_next(&r->index->series, &probe))
		if (r->series.at[probe.row].thread == thread &&
		    r->series.at[probe.row].state == state)
			return probe.row;
	index_add(t->a, &r->index->series, hash, (uint32_t)r->series.n);
	*vec_push(t->a, &r->series) = (struct tree_series){ thread, state };
	return (uint32_t)r->series.n - 1;
}

uint32_t
tree_add_cell(struct tree *t, struct tree_run *r, struct tree_cell cell)
{
	uint64_t hash = hash_pair((uint64_t)cell.series << 32 | cell.node, cell.epoch);
	struct index_probe probe = index_probe(&r->index->cells, hash);

	while (index_next(&r->index->cells, &probe)) {
		struct tree_cell *c = &r->cells.at[probe.row];

		if (c->node == cell.node && c->series == cell.series &&
		    c->epoch == cell.epoch) {
			cell_add(c, cell.samples, cell.weight);
			return probe.row;
		}
	}
	assert(r->cells.n < UINT32_MAX - 1);
	index_add(t->a, &r->index->cells, hash, (uint32_t)r->cells.n);
	*vec_push(t->a, &r->cells) = cell;
	return (uint32_t)r->cells.n - 1;
}

void
cells_index(struct tree *t, struct tree_run *r)
{
	size_t n = r->cells.n;

	index_clear(&r->index->cells);
	r->cells.n = 0;
	for (size_t i = 0; i < n; i++)
		tree_add_cell(t, r, r->cells.at[i]);
}

void
tree_coarsen(struct tree *t, struct tree_run *r, uint64_t ms)
{
	unsigned shift = 0;

	if (r->about.epoch_ms == 0 || (ms && ms <= r->about.epoch_ms))
		return;
	if (ms > LONGEST_MS)
		ms = 0;
	while (shift < 63 && (ms == 0 || r->about.epoch_ms << shift < ms))
		shift++;
	r->about.epoch_ms = ms;
	if (r->rans.n)
		rans_coarsen(t, r, shift);
	if (r->cells.n == 0)
		return;
	for (size_t i = 0; i < r->cells.n; i++)
		r->cells.at[i].epoch =
			(uint64_t)r->cells.at[i].epoch >> shift & (TREE_EPOCHS - 1);
	cells_index(t, r);
}

uint32_t
tree_epoch(struct tree *t, struct tree_run *r, uint64_t at)
{
	uint64_t ms = r->about.epoch_ms;
	wide ns = (wide)at * r->about.unit_ns;

	if (ms == 0)
		return 0;
	while (ms <= LONGEST_MS && ns / ((wide)ms * MS_NS) >= t->epochs)
		ms *= 2;
	tree_coarsen(t, r, ms);
	return r->about.epoch_ms ? (uint32_t)(ns / ((wide)ms * MS_NS)) : 0;
}

uint32_t
cell_epoch(struct tree *t, struct tree_run *r, uint64_t epoch, uint64_t epoch_ms)
{
	uint64_t ms = r->about.epoch_ms;

	if (ms == 0)
		return 0;
	assert(epoch_ms && epoch_ms <= ms);
	epoch >>= __builtin_ctzll(ms) - __builtin_ctzll(epoch_ms);
	for (; ms <= LONGEST_MS && epoch >= t->epochs; epoch /= 2)
		ms *= 2;
	tree_coarsen(t, r, ms);
	return r->about.epoch_ms ? (uint32_t)epoch : 0;
}

uint64_t
tree_epoch_start(const struct tree_run *r, uint64_t epoch)
{
	wide ns = (wide)epoch * r->about.epoch_ms * MS_NS, start;

	if (epoch == 0)
		return 0;
	if (r->about.epoch_ms == 0 || r->about.unit_ns == 0)
		return UINT64_MAX;
	start = (ns + r->about.unit_ns - 1) / r->about.unit_ns;
	return start < UINT64_MAX ? (uint64_t)start : UINT64_MAX;
}

void
tree_limit_epochs(struct tree *t, uint32_t epochs)
{
	assert(epochs && epochs <= TREE_EPOCHS && (epochs & (epochs - 1)) == 0);
	t->epochs = epochs;
}
