/* SPDX-License-Identifier: MIT */
/* Markers as they come: what a thread was at, its instructions, and what was lost. */
#include "formats/gecko_inside.h"

#include "tree/name.h"

/* The state of a thread by fact and value, whose lanes come first. */
static const struct {
	enum stream_state_shift fact;
	enum gecko_mark marks[4];
} facts[] = {
	[GECKO_LANE_CPU] = { STREAM_CPU, { 0, GECKO_MARK_ON_CPU, GECKO_MARK_OFF_CPU } },
	[GECKO_LANE_GIL] = { STREAM_GIL,
	                     { 0, GECKO_MARK_HAS_GIL, GECKO_MARK_WANTS_GIL,
	                       GECKO_MARK_NO_GIL } },
	[GECKO_LANE_EXCEPTION] = { STREAM_EXCEPTION,
	                           { 0, GECKO_MARK_EXCEPTION, GECKO_MARK_NO_EXCEPTION } },
	[GECKO_LANE_GC] = { STREAM_GC, { 0, GECKO_MARK_COLLECTS } },
};

static void
put_marker(struct gecko *g, struct spool_chain *c, const struct gecko_marker *m)
{
	spool_put(g->spool, c, m->mark);
	spool_put(g->spool, c, m->from);
	spool_put(g->spool, c, m->units);
	if (m->mark < GECKO_MARK_OPCODE)
		return;
	spool_put(g->spool, c, m->what);
	spool_put(g->spool, c, m->count);
}

bool
gecko_take_marker(struct spool_reading *in, struct gecko_marker *m)
{
	uint64_t mark;

	if (!spool_take(in, &mark))
		return false;
	*m = (struct gecko_marker){ .mark = (enum gecko_mark)mark };
	spool_take(in, &m->from);
	spool_take(in, &m->units);
	return m->mark < GECKO_MARK_OPCODE ||
	       (spool_take(in, &m->what) && spool_take(in, &m->count));
}

/* Ends what is open in a lane at a time, and opens a mark there, or none. */
static void
turn(struct gecko *g, struct gecko_thread *h, enum gecko_lane lane, enum gecko_mark mark,
     struct gecko_marker now)
{
	if (h->open[lane].mark == mark && h->open[lane].frame == now.what)
		return;
	if (h->open[lane].mark) {
		put_marker(g, &h->markers,
		           &(struct gecko_marker){ h->open[lane].mark, h->open[lane].from,
		                                   now.from - h->open[lane].from,
		                                   h->open[lane].frame, 0 });
		h->marks++;
	}
	h->open[lane].mark = mark;
	h->open[lane].frame = (uint32_t)now.what;
	h->open[lane].from = now.from;
}

/* Where Python code is not told from other code, nobody knows. */
static enum gecko_mark
code_of(const struct gecko *g, const struct gecko_run *r, uint32_t frame)
{
	enum stream_kind kind = tree_frame_kind(g->tree, frame);

	if (kind == STREAM_KIND_NATIVE || kind == STREAM_KIND_NO_PYTHON)
		return GECKO_MARK_NATIVE;
	if (kind == STREAM_KIND_PYTHON && r->run->about.flags & STREAM_NATIVE)
		return GECKO_MARK_PYTHON;
	return GECKO_NO_MARK;
}

void
gecko_mark(struct gecko *g, const struct gecko_run *r, struct gecko_thread *h,
           const struct gecko_row *row, uint8_t state)
{
	uint32_t frame = tree_node(g->tree, row->node)->frame;
	struct gecko_marker now = { .from = row->at };
	bool opcode = row->node && tree_frame(g->tree, frame)->opcode;

	for (int lane = 0; lane <= GECKO_LANE_GC; lane++)
		turn(g, h, (enum gecko_lane)lane,
		     facts[lane].marks[stream_state(state, facts[lane].fact)], now);
	if (h->node == row->node)
		return;
	h->node = row->node;
	turn(g, h, GECKO_LANE_CODE, row->node ? code_of(g, r, frame) : GECKO_NO_MARK, now);
	now.what = opcode ? frame : 0;
	turn(g, h, GECKO_LANE_OPCODE, opcode ? GECKO_MARK_OPCODE : GECKO_NO_MARK, now);
}

void
gecko_mark_end(struct gecko *g, struct gecko_thread *h, uint64_t at)
{
	for (int lane = 0; lane < GECKO_LANES; lane++)
		turn(g, h, (enum gecko_lane)lane, GECKO_NO_MARK,
		     (struct gecko_marker){ .from = at });
	h->node = 0;
}

/* By what a loss counts. */
static enum gecko_mark
loss_mark(enum stream_loss loss)
{
	const char *unit = stream_loss_unit(loss);

	if (unit && strcmp(unit, "tick") == 0)
		return GECKO_MARK_MISSED;
	return unit && strcmp(unit, "read") == 0 ? GECKO_MARK_REPEATED : GECKO_MARK_SPOILT;
}

void
gecko_mark_losses(struct gecko *g, struct gecko_run *r, const struct stream_outcome *o)
{
	for (int loss = 0; loss < STREAM_LOSS_END; loss++) {
		struct gecko_marker m = { loss_mark((enum stream_loss)loss), o->from,
			                  o->to - o->from, (uint64_t)loss, o->losses[loss] };

		if (m.count == 0)
			continue;
		put_marker(g, &r->losses, &m);
		r->marks++;
	}
}
