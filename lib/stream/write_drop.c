/* SPDX-License-Identifier: MIT */
/*
 * Blocks that the sink has no room for.
 *
 * The rest of a segment says nothing without the block that is dropped, so it
 * goes too. What was counted in it is kept apart until the block is put.
 */
#include "stream/writing.h"

enum {
	RESUME_BYTES = 1 << 20, /* room for it, so that a restart is worth its definitions */
	EXITS_MAX = 4096,       /* that wait to be told again */
};

void
writer_may_drop(struct writer *w, bool (*room)(void *context, size_t n))
{
	w->room = room;
}

bool
writing_has_room(const struct writer *w, size_t n)
{
	return !w->room || w->room(w->sink.context, n);
}

bool
writing_can_resume(const struct writer *w)
{
	return w->dropping && writing_has_room(w, RESUME_BYTES);
}

/* The oldest ones, which are put, or given up. */
static void
forget_exits(struct writer *w, size_t n)
{
	w->exits.n -= n;
	w->exits_open -= n < w->exits_open ? n : w->exits_open;
	if (w->exits.n)
		memmove(w->exits.at, w->exits.at + n, w->exits.n * sizeof *w->exits.at);
}

void
writing_keep(struct writer *w)
{
	w->open = (struct writer_dropped){ 0 };
	w->put = w->told;
	forget_exits(w, w->exits_open);
}

void
writing_drop(struct writer *w)
{
	w->dropping = true;
	w->dropped.ticks += w->open.ticks;
	w->dropped.samples += w->open.samples;
	w->open = (struct writer_dropped){ 0 };
	w->told = w->put;
	w->exits_open = 0;
}

/* What it is put into may be dropped again. */
static void
put_exit(struct writer *w, const struct stream_exit *x)
{
	writing_tell_process(w, x->process);
	writing_put_single(w, STREAM_RECORD_exit, x);
}

void
writing_tell_exits(struct writer *w)
{
	while (!w->dropping && w->exits_open < w->exits.n) {
		struct stream_exit x = w->exits.at[w->exits_open];

		put_exit(w, &x);
		w->exits_open += !w->dropping;
	}
}

void
writer_exit(struct writer *w, const struct stream_exit *x)
{
	writing_close_tick(w);
	put_exit(w, x);
	*vec_push(w->a, &w->exits) = *x;
	w->exits_open += !w->dropping;
	if (w->exits.n > EXITS_MAX)
		forget_exits(w, 1);
}

void
writing_count_outcome(struct writer *w, const struct stream_outcome *o)
{
	w->told.to = o->to;
	w->told.ticks += o->ticks;
	w->told.samples += o->samples;
	for (int i = 0; i < STREAM_LOSS_END; i++)
		w->told.losses[i] += o->losses[i];
}

void
writer_resume(struct writer *w, uint64_t at)
{
	writing_close_tick(w);
	if (writing_can_resume(w))
		writing_begin_segment(w, at > w->last_at ? at : w->last_at);
}

const struct stream_outcome *
writer_told(const struct writer *w)
{
	return &w->told;
}

struct writer_dropped
writer_dropped(const struct writer *w)
{
	return w->dropped;
}
