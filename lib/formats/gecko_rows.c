/* SPDX-License-Identifier: MIT */
/*
 * Rows as numbers of a chain. The first number of a row is the time since the
 * row before, times 8, plus the CPU state of a sample, or ACCOUNT.
 */
#include "formats/gecko_inside.h"

enum { ACCOUNT = 4 };

void
gecko_put_row(struct gecko *g, struct gecko_thread *h, const struct gecko_row *row)
{
	spool_put(g->spool, &h->samples, (row->at - h->at) << 3 | row->cpu);
	spool_put(g->spool, &h->samples, row->weight);
	spool_put(g->spool, &h->samples, row->node);
	h->at = row->at;
	h->rows++;
	h->accounted |= row->cpu != 0;
}

void
gecko_put_ran(struct gecko *g, struct gecko_thread *h, const struct stream_ran *x)
{
	spool_put(g->spool, &h->samples, ACCOUNT);
	spool_put(g->spool, &h->samples, x->from);
	spool_put(g->spool, &h->samples, x->to - x->from);
	spool_put(g->spool, &h->samples, x->ran_ns);
	h->accounted = true;
}

void
gecko_read_rows(struct gecko_rows *rows, const struct gecko *g, const struct gecko_thread *h)
{
	rows->row = (struct gecko_row){ 0 };
	spool_read(&rows->in, g->spool, &h->samples);
}

enum gecko_is
gecko_take_row(struct gecko_rows *rows)
{
	struct spool_reading *in = &rows->in;
	uint64_t head, node = 0;

	if (!spool_take(in, &head))
		return GECKO_END;
	if (head & ACCOUNT) {
		spool_take(in, &rows->ran.from);
		spool_take(in, &rows->ran.to);
		rows->ran.to += rows->ran.from;
		spool_take(in, &rows->ran.ran_ns);
		return GECKO_RAN;
	}
	rows->row.at += head >> 3;
	rows->row.cpu = head & 3;
	spool_take(in, &rows->row.weight);
	spool_take(in, &node);
	rows->row.node = (uint32_t)node;
	return GECKO_ROW;
}
