/* SPDX-License-Identifier: MIT */
/*
 * What the scheduler accounted to threads. A record is shared over the epochs
 * that it touches by what would be accounted up to each bound, rounded down:
 * so shares add up to the record, and longer epochs have the sums of shorter ones.
 */
#include "tree/inside.h"

__extension__ typedef unsigned __int128 wide;

void
tree_add_ran(struct tree *t, struct tree_run *r, struct tree_ran ran)
{
	uint64_t hash = hash_number((uint64_t)ran.thread << 32 | ran.epoch);
	struct index_probe probe = index_probe(&r->index->rans, hash);

	while (index_next(&r->index->rans, &probe)) {
		struct tree_ran *known = &r->rans.at[probe.row];

		if (known->thread != ran.thread || known->epoch != ran.epoch)
			continue;
		known->units = number_add(known->units, ran.units);
		known->ran_ns = number_add(known->ran_ns, ran.ran_ns);
		known->waited_ns = number_add(known->waited_ns, ran.waited_ns);
		return;
	}
	index_add(t->a, &r->index->rans, hash, (uint32_t)r->rans.n);
	*vec_push(t->a, &r->rans) = ran;
}

void
rans_coarsen(struct tree *t, struct tree_run *r, unsigned shift)
{
	size_t n = r->rans.n;

	index_clear(&r->index->rans);
	r->rans.n = 0;
	for (size_t i = 0; i < n; i++) {
		struct tree_ran ran = r->rans.at[i];

		ran.epoch = shift < 32 ? ran.epoch >> shift : 0;
		tree_add_ran(t, r, ran);
	}
}

/* Of n in all of the record, what is accounted up to at. */
static uint64_t
until(const struct stream_ran *x, uint64_t n, uint64_t at)
{
	return x->to > x->from ? (uint64_t)((wide)n * (at - x->from) / (x->to - x->from)) : n;
}

static struct tree_ran
piece(const struct stream_ran *x, uint64_t from, uint64_t to)
{
	if (x->from == x->to)
		return (struct tree_ran){ .ran_ns = x->ran_ns, .waited_ns = x->waited_ns };
	return (struct tree_ran){
		.units = to - from,
		.ran_ns = until(x, x->ran_ns, to) - until(x, x->ran_ns, from),
		.waited_ns = until(x, x->waited_ns, to) - until(x, x->waited_ns, from),
	};
}

void
tree_share_ran(struct tree *t, struct tree_run *r, uint32_t thread, const struct stream_ran *x,
               struct tree_span span)
{
	uint64_t at = x->from > span.first ? x->from : span.first;
	uint64_t end = x->to < span.end ? x->to : span.end;

	if (at > end || (at == end && (x->from < x->to || at == span.end)))
		return;
	tree_epoch(t, r, end > at ? end - 1 : at);
	do {
		uint32_t epoch = tree_epoch(t, r, at);
		uint64_t next = tree_epoch_start(r, (uint64_t)epoch + 1);
		struct tree_ran ran;

		next = next < end ? next : end;
		ran = piece(x, at, next);
		ran.thread = thread;
		ran.epoch = epoch;
		tree_add_ran(t, r, ran);
		at = next;
	} while (at < end);
}
