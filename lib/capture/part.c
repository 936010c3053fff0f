/* SPDX-License-Identifier: MIT */
/* The parts of a run, and what their outcomes tell. */
#include "capture/run.h"
#include "capture/signals.h"

enum { ROOM_BYTES = 1 << 20 }; /* so that the end of a part and the begin of another fit */

static const uint64_t RESTART_NS = 9000000000; /* tstream(5): at least every 10 s */

void
part_begin(struct capture *c, uint64_t from)
{
	c->writer = writer_new(
		&c->writer_arena,
		(struct writer_options){ STREAM_RAW, "tsample", c->o->level, RESTART_NS, true },
		output_sink(&c->output));
	writer_begin(c->writer, from);
	writer_may_drop(c->writer, output_has_room);
	writer_run(c->writer, &c->run);
}

/* Adds *o, sign times: 1 or, modulo 2^64, -1. */
static void
add(struct stream_outcome *to, const struct stream_outcome *o, uint64_t sign)
{
	to->ticks += sign * o->ticks;
	to->samples += sign * o->samples;
	for (int i = 0; i < STREAM_LOSS_END; i++)
		to->losses[i] += sign * o->losses[i];
}

struct writer_dropped
part_dropped(const struct capture *c)
{
	struct writer_dropped sum = c->dropped;

	if (c->writer) {
		sum.ticks += writer_dropped(c->writer).ticks;
		sum.samples += writer_dropped(c->writer).samples;
	}
	return sum;
}

uint64_t
part_bytes(const struct capture *c)
{
	return c->bytes + (c->writer ? writer_bytes(c->writer) : 0);
}

/* Of the whole run: ticks that were taken and dropped count as lost. */
static struct stream_outcome
count(const struct capture *c)
{
	struct writer_dropped dropped = part_dropped(c);
	struct stream_outcome o = {
		.ticks = c->ticks - dropped.ticks,
		.samples = c->counts.samples - dropped.samples,
		.losses = { [STREAM_LOSS_TORN] = c->counts.torn,
		            [STREAM_LOSS_RETRIED] = c->counts.retried,
		            [STREAM_LOSS_UNREADABLE] = c->counts.unreadable,
		            [STREAM_LOSS_TRUNCATED] = c->counts.truncated,
		            [STREAM_LOSS_GONE] = c->counts.lost },
	};

	for (int i = 0; i < STREAM_LOSS_END; i++)
		o.losses[i] += c->clock.missed[i];
	o.losses[STREAM_LOSS_FULL] += dropped.ticks;
	return o;
}

void
part_tell(struct capture *c, uint64_t to, enum stream_reason reason)
{
	const struct stream_outcome *told = writer_told(c->writer);
	struct stream_outcome o = count(c);

	add(&o, &c->past, UINT64_MAX);
	add(&o, told, UINT64_MAX);
	o.from = told->to ? told->to : c->past.to;
	o.to = to;
	o.reason = reason;
	writer_outcome(c->writer, &o);
}

void
part_end(struct capture *c, uint64_t to, enum stream_reason reason)
{
	writer_resume(c->writer, to);
	part_tell(c, to, reason);
	if (c->texts)
		texts_write(c->texts, c->writer, &c->files_read, &c->files_changed);
	writer_end(c->writer);
	add(&c->past, writer_told(c->writer), 1);
	if (writer_told(c->writer)->to)
		c->past.to = writer_told(c->writer)->to;
	c->dropped = part_dropped(c);
	c->bytes = part_bytes(c);
	c->writer = NULL;
	arena_empty(&c->writer_arena);
}

/* Whether a part is due; not as long as blocks are dropped, for it could not be ended. */
static bool
is_due(struct capture *c, uint64_t now)
{
	return (signals.reopen || now >= c->rotate_ns) &&
	       output_has_room(&c->output, ROOM_BYTES);
}

void
part_change(struct capture *c, uint64_t now, uint64_t units)
{
	int fd;

	if (!is_due(c, now))
		return;
	signals.reopen = 0;
	while (now >= c->rotate_ns)
		c->rotate_ns += c->o->rotate_ns;
	fd = output_next(&c->output, &c->tool->err);
	if (fd < 0) {
		tool_fail(c->tool);
		return;
	}
	part_end(c, units, STREAM_GOES_ON);
	output_switch(&c->output, fd);
	part_begin(c, units);
	for (size_t i = 0; i < c->targets.n; i++)
		target_tell(c->targets.at[i], c->writer, run_choice(c));
}
