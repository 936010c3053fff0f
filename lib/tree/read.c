/* SPDX-License-Identifier: MIT */
/* From streams into a tree. */
#include "tree/reading.h"

enum { MS_NS = 1000000 };

__extension__ typedef unsigned __int128 wide;

static struct stack_memo *
stack_of(struct reading *r, uint32_t stack)
{
	if (stack >= r->stacks.room || !r->stacks.at[stack].marks)
		reading_learn_stack(r, stack);
	return &r->stacks.at[stack];
}

/* What is known of a thread; NULL: it is not wanted. */
static struct thread_memo *
thread_of(struct reading *r, uint32_t thread)
{
	struct thread_memo *memo = memo_at(&r->arena, &r->threads, thread);

	if (memo->is == THREAD_NEW)
		memo->is = reading_learn_thread(r, memo, thread);
	return memo->is == THREAD_WANTED ? memo : NULL;
}

/* The series of a thread in a state, plus one; 0: the thread, or its state, is not wanted. */
static uint32_t
series1_of(struct reading *r, uint32_t thread, uint8_t state, uint64_t samples)
{
	struct thread_memo *memo = thread_of(r, thread);
	bool unknown = false;

	if (memo && memo->series1 && memo->state == state)
		return memo->series1;
	if (!memo)
		return 0;
	if (!choice_wants_state(r->choice, state, &unknown)) {
		r->tree->unknown_state += unknown ? samples : 0;
		return 0;
	}
	memo->state = state;
	return memo->series1 = tree_add_series(r->tree, r->run, memo->row, state) + 1;
}

/* What people must know of a window in a run without ticks. */
static void
note_window(struct reading *r)
{
	uint64_t to_ns = r->choice->to_ns ? r->choice->to_ns : UINT64_MAX;

	if (r->choice->from_ns == 0 && r->choice->to_ns == 0)
		return;
	r->tree->without_epochs |= r->run->about.unit_ns == 0 || (!r->raw && r->epoch_ms == 0);
	if (r->window.from_ns == r->choice->from_ns && r->window.to_ns == to_ns)
		return;
	if (!r->tree->rounded || r->window.from_ns < r->tree->rounded_from_ns)
		r->tree->rounded_from_ns = r->window.from_ns;
	if (!r->tree->rounded || r->window.to_ns > r->tree->rounded_to_ns)
		r->tree->rounded_to_ns = r->window.to_ns;
	r->tree->rounded = true;
}

/* The first of a run's units that are not before ns. */
static uint64_t
unit_at(uint64_t ns, uint64_t unit_ns)
{
	if (unit_ns == 0 || ns == UINT64_MAX)
		return ns ? UINT64_MAX : 0;
	return ns / unit_ns + (ns % unit_ns != 0);
}

static void
begin_run(struct reading *r, const struct stream_run *about)
{
	struct stream_run run = choice_run(r->choice, *about);

	if (r->raw)
		run.epoch_ms = run.unit_ns ? 1 : 0;
	run.side = r->compares ? run.side : r->choice->side;
	r->epoch_ms = run.epoch_ms;
	r->run = tree_add_run(r->tree, &run);
	r->window = choice_window(r->choice, r->raw ? 0 : run.epoch_ms);
	r->first = unit_at(run.unit_ns ? r->window.from_ns : 0, run.unit_ns);
	r->end = unit_at(run.unit_ns ? r->window.to_ns : UINT64_MAX, run.unit_ns);
	r->epoch_from = r->epoch_to = 0;
	r->has_last = false;
	if (r->threads.room)
		memset(r->threads.at, 0, r->threads.room * sizeof *r->threads.at);
	note_window(r);
}

/* Adds to the cell that the stack was counted in last, if it is this one. */
static void
count(struct reading *r, struct stack_memo *stack, struct tree_cell cell)
{
	struct tree_run *run = r->run;
	struct tree_cell *c = stack->cell < run->cells.n ? &run->cells.at[stack->cell] : NULL;

	if (c && c->node == cell.node && c->series == cell.series && c->epoch == cell.epoch)
		cell_add(c, cell.samples, cell.weight);
	else
		stack->cell = tree_add_cell(r->tree, run, cell);
}

/* Which epoch a time lies in; asked anew only when the last one is over. */
static void
find_epoch(struct reading *r, uint64_t at)
{
	r->epoch = tree_epoch(r->tree, r->run, at);
	r->epoch_from = tree_epoch_start(r->run, r->epoch);
	r->epoch_to = tree_epoch_start(r->run, (uint64_t)r->epoch + 1);
}

/* Without time, samples are all that there is. */
static uint64_t
sample_weight(const struct reading *r, const struct stream_sample *s)
{
	return r->run->about.unit_ns ? s->weight : s->samples;
}

/* Most samples are as the one before. */
static bool
is_as_last(const struct reading *r, const struct stream_sample *s)
{
	return r->has_last && s->stack == r->last.stack && s->thread == r->last.thread &&
	       s->state == r->last.state && s->at < r->epoch_to && s->at < r->end;
}

static void
hand_on(struct reading *r, const struct stream_sample *s, uint32_t thread, uint32_t node)
{
	const struct tree_watcher *w = r->choice->watcher;

	w->sample(w->context, r->run, thread, node, s);
}

/* Whether it counts; of a thread that is seen in parts, not each part does at each tick. */
static bool
has_weight(const struct reading *r, const struct stream_sample *s)
{
	return s->samples || s->weight || (r->choice->watcher && r->choice->weightless);
}

static void
take_sample(struct reading *r, const struct stream_sample *s)
{
	struct stack_memo *stack;
	struct tree_cell cell;
	uint32_t series1;

	if (is_as_last(r, s)) {
		cell_add(&r->run->cells.at[r->last_cell], s->samples, sample_weight(r, s));
		return;
	}
	r->tree->seen = true;
	if (s->at < r->first || s->at >= r->end || !has_weight(r, s))
		return;
	r->tree->in_time = true;
	series1 = series1_of(r, s->thread, s->state, s->samples);
	if (series1 == 0)
		return;
	stack = stack_of(r, s->stack);
	if ((stack->marks & STACK_WANTED) != STACK_WANTED)
		return;
	if (r->choice->watcher) {
		hand_on(r, s, r->run->series.at[series1 - 1].thread, stack->node);
		return;
	}
	if (s->at < r->epoch_from || s->at >= r->epoch_to)
		find_epoch(r, s->at);
	cell = (struct tree_cell){ .series = series1 - 1,
		                   .node = stack->node,
		                   .samples = s->samples,
		                   .epoch = r->epoch & (TREE_EPOCHS - 1) };
	cell.weight = sample_weight(r, s);
	count(r, stack, cell);
	r->has_last = true;
	r->last = *s;
	r->last_cell = stack->cell;
}

/* Whether an epoch of folded content is one of those that were asked for. */
static bool
wants_epoch(const struct reading *r, uint64_t epoch)
{
	uint64_t at = number_multiply(epoch, number_multiply(r->epoch_ms, MS_NS));

	return r->epoch_ms == 0 || (at >= r->window.from_ns && at < r->window.to_ns);
}

/* The epoch of so many milliseconds that a time in units is in. */
static uint64_t
epoch_at(uint64_t at, uint64_t unit_ns, uint64_t epoch_ms)
{
	return epoch_ms ? (uint64_t)((wide)at * unit_ns / ((wide)epoch_ms * MS_NS)) : 0;
}

static void
take_cell(struct reading *r, const struct stream_cell *c)
{
	struct stack_memo *stack;
	struct tree_cell cell;
	uint32_t series1;

	if (c->samples == 0 && c->weight == 0)
		return;
	r->tree->seen = true;
	if (!wants_epoch(r, c->epoch))
		return;
	r->tree->in_time = true;
	series1 = series1_of(r, c->thread, c->state, c->samples);
	if (series1 == 0)
		return;
	stack = stack_of(r, c->stack);
	if ((stack->marks & STACK_WANTED) != STACK_WANTED)
		return;
	cell = (struct tree_cell){ .series = series1 - 1,
		                   .node = stack->node,
		                   .weight = c->weight };
	cell.epoch = cell_epoch(r->tree, r->run, c->epoch, r->epoch_ms) & (TREE_EPOCHS - 1);
	cell_add(&cell, c->samples, 0);
	stack->cell = tree_add_cell(r->tree, r->run, cell);
}

static void
take_outcome(struct reading *r, const struct stream_outcome *outcome)
{
	struct stream_outcome o = *outcome;

	reading_learn_names(r);
	if (!choice_clip(r->window, r->run->about.unit_ns, &o))
		return;
	if (r->choice->watcher && r->choice->watcher->outcome)
		r->choice->watcher->outcome(r->choice->watcher->context, r->run, &o);
	tree_add_outcome(r->tree, r->run, &o);
}

/* Of folded content it is one epoch's already. */
static void
take_ran(struct reading *r, const struct stream_ran *x)
{
	const struct thread_memo *memo = thread_of(r, (uint32_t)x->thread);
	struct tree_ran ran = { .units = x->to - x->from,
		                .ran_ns = x->ran_ns,
		                .waited_ns = x->waited_ns };
	uint64_t epoch;

	if (!memo)
		return;
	if (r->choice->watcher && r->choice->watcher->ran && r->raw)
		r->choice->watcher->ran(r->choice->watcher->context, r->run, memo->row, x);
	if (r->raw) {
		tree_share_ran(r->tree, r->run, memo->row, x,
		               (struct tree_span){ r->first, r->end });
		r->epoch_from = r->epoch_to = 0; /* epochs may be longer now */
		return;
	}
	epoch = epoch_at(x->from, r->run->about.unit_ns, r->epoch_ms);
	if (!wants_epoch(r, epoch))
		return;
	ran.thread = memo->row;
	ran.epoch = cell_epoch(r->tree, r->run, epoch, r->epoch_ms);
	tree_add_ran(r->tree, r->run, ran);
}

static void
take_exit(struct reading *r, const struct stream_exit *outcome)
{
	struct stream_exit x = *outcome;
	const struct stream_process *p = stream_process(r->stream, x.process);

	if (!choice_wants_process(r->choice, p) || x.at < r->first || x.at > r->end)
		return;
	x.process = tree_add_process(r->tree, r->run, p);
	tree_add_exit(r->tree, r->run, &x);
}

static void
take(struct reading *r, enum stream_event event, const struct stream_item *item)
{
	switch (event) {
	case STREAM_SAMPLE:
		take_sample(r, &item->sample);
		break;
	case STREAM_CELL:
		take_cell(r, &item->cell);
		break;
	case STREAM_OUTCOME:
		take_outcome(r, &item->outcome);
		break;
	case STREAM_EXIT:
		take_exit(r, &item->exit);
		break;
	case STREAM_RAN:
		take_ran(r, &item->ran);
		break;
	case STREAM_PORTABLE:
		tree_add_portable(r->tree, r->run, item->portable.type, item->portable.body);
		break;
	default:
		break;
	}
}

static struct reading *
begin_stream(struct tree *t, struct stream *s, const struct tree_choice *choice)
{
	struct reading *r = t->reading;

	if (!r)
		r = t->reading = arena_new(t->a, struct reading);
	if (!r->stream) {
		*r = (struct reading){ .tree = t, .stream = s };
		reading_forget(r);
	}
	r->choice = choice;
	t->idle_dropped |= choice->idle == TREE_IDLE_DROP;
	return r;
}

static void
end_stream(struct reading *r)
{
	r->tree->unknown += stream_unknown(r->stream);
	reading_forget(r);
	r->stream = NULL;
}

/* False, once for a stream, sets *e: what is wanted cannot be chosen from the run. */
static bool
take_run(struct reading *r, const struct stream_run *run, const char *name, struct err *e)
{
	struct err again;
	bool first = !r->run_refused;

	if (choice_can_choose(r->choice, run, name, first ? e : &again)) {
		begin_run(r, run);
		return true;
	}
	r->run = NULL;
	r->run_refused = true;
	return !first;
}

/* A record of a stream that is taken. False sets *e. */
static bool
take_event(struct reading *r, enum stream_event event, const struct stream_item *item,
           const char *name, struct err *e)
{
	if (event == STREAM_RUN)
		return take_run(r, item->run, name, e);
	if (event == STREAM_COMPARE || event == STREAM_MATCH || event == STREAM_VERDICT)
		return reading_take_diff(r, event, item, name, e);
	if (r->run)
		take(r, event, item);
	return true;
}

bool
tree_read(struct tree *t, struct stream *s, const char *name, const struct tree_choice *choice,
          struct err *e)
{
	struct reading *r = begin_stream(t, s, choice);
	struct stream_item item;
	enum stream_event event;

	while ((event = stream_next(s, &item, e)) != STREAM_END) {
		if (event == STREAM_DAMAGED)
			return false;
		if (event == STREAM_RESTART) {
			reading_forget(r);
			continue;
		}
		if (!r->refused && !reading_takes_content(r) && !reading_refuse(r, name, e))
			return false;
		r->raw = stream_content(s) == STREAM_RAW;
		if (!r->refused && !take_event(r, event, &item, name, e))
			return false;
	}
	end_stream(r);
	return true;
}
