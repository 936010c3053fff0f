/* SPDX-License-Identifier: MIT */
/*
 * From streams into a tree. The numbers of a segment are looked up once, in
 * arrays that a restart forgets; a sample whose stack was seen before in the
 * same series and epoch costs an addition.
 */
#include "tree/choice.h"

#include <assert.h>

/* A stack of the segment. */
struct stack_memo {
	uint32_t node; /* in the tree */
	uint32_t cell; /* the row that it was last counted in; only a guess */
	uint8_t marks;
};

enum stack_mark {
	STACK_KNOWN = 1,  /* the other fields are set */
	STACK_KEPT = 2,   /* one of its frames matches --keep */
	STACK_INSIDE = 4, /* --under is one of its frames */
	STACK_WANTED = STACK_KNOWN | STACK_KEPT | STACK_INSIDE,
};

struct frame_memo {
	uint32_t frame; /* in the tree, as coarse as was asked; 0: not known yet */
	uint8_t marks;
};

/* A thread of the segment, as the current run has it. */
struct thread_memo {
	uint32_t row;
	uint32_t series1; /* that of the state it was last seen in, plus one */
	uint8_t state;
	enum thread_is { THREAD_NEW, THREAD_WANTED, THREAD_UNWANTED } is;
};

struct reading {
	struct arena arena; /* of one segment */
	VEC(struct stack_memo) stacks;
	VEC(struct frame_memo) frames;
	VEC(uint32_t) functions;
	VEC(uint32_t) strings;
	VEC(struct thread_memo) threads;
	VEC(uint32_t) path;

	struct tree *tree;
	struct stream *stream;
	const struct tree_choice *choice;
	struct tree_run *run;
	bool raw, refused;
	uint64_t unknown;     /* of this stream, counted already */
	uint64_t epoch_ms;    /* of the segment's run; the tree may have longer ones */
	struct choice_window window;   /* in nanoseconds */
	uint64_t first, end;           /* the same in units */
	uint32_t epoch;                /* of the last sample */
	uint64_t epoch_from, epoch_to; /* its units: up to, but not including, to */
	bool has_last;                 /* the next three hold */
	struct stream_sample last;
	uint32_t last_cell;            /* the row that it was counted in */
};

/* Element i of *memos, which grows by zeroes up to it. */
#define memo_at(a, memos, i)                                                                       \
	(vec_reserve((a), (memos), (size_t)(i) + 1), &(memos)->at[i])

static void
forget_segment(struct reading *r)
{
	arena_empty(&r->arena);
	memset(&r->stacks, 0, sizeof r->stacks);
	memset(&r->frames, 0, sizeof r->frames);
	memset(&r->functions, 0, sizeof r->functions);
	memset(&r->strings, 0, sizeof r->strings);
	memset(&r->threads, 0, sizeof r->threads);
	memset(&r->path, 0, sizeof r->path);
	r->run = NULL;
	r->refused = r->has_last = false;
}

static uint32_t
string_of(struct reading *r, uint32_t string)
{
	uint32_t *memo = memo_at(&r->arena, &r->strings, string);

	if (string && !*memo)
		*memo = tree_intern_string(r->tree, stream_string(r->stream, string));
	return *memo;
}

/* A marker that only repeats the name of its kind is the marker without a name. */
static uint32_t
function_of(struct reading *r, uint32_t function)
{
	uint32_t *memo = memo_at(&r->arena, &r->functions, function);
	struct stream_function f;
	const char *marker;

	if (*memo)
		return *memo;
	f = *stream_function(r->stream, function);
	f.name = string_of(r, f.name);
	f.file = string_of(r, f.file);
	marker = stream_kind_name(f.kind);
	if (marker && text_equal(r->tree->strings.at[f.name], text_of(marker)))
		f.name = 0;
	return *memo = tree_intern_function(r->tree, &f);
}

static struct frame_memo
frame_of(struct reading *r, uint32_t frame)
{
	struct frame_memo *memo = memo_at(&r->arena, &r->frames, frame);
	const struct tree_choice *choice = r->choice;
	struct stream_frame f;

	if (memo->frame)
		return *memo;
	f = *stream_frame(r->stream, frame);
	f.function = function_of(r, f.function);
	memo->frame = tree_intern_frame(r->tree, &f);
	if (choice->keep || choice->drop || choice->under)
		memo->marks = choice_marks(choice, &r->arena, r->tree, memo->frame);
	memo->frame = tree_coarse_frame(r->tree, memo->frame, choice->grain);
	return *memo;
}

/* The stack of no frames. */
static struct stack_memo
empty_stack(const struct tree_choice *choice)
{
	unsigned kept = choice->keep ? 0 : STACK_KEPT, inside = choice->under ? 0 : STACK_INSIDE;

	return (struct stack_memo){ .marks = (uint8_t)(STACK_KNOWN | kept | inside) };
}

/* The stack with one more frame. */
static struct stack_memo
deepen(struct reading *r, struct stack_memo stack, struct frame_memo frame)
{
	struct tree *t = r->tree;
	unsigned marks = stack.marks;

	if (frame.marks & CHOICE_KEEP)
		marks |= STACK_KEPT;
	if (frame.marks & CHOICE_UNDER)
		marks |= STACK_INSIDE;
	stack.marks = (uint8_t)marks;
	if (!(marks & STACK_INSIDE) || frame.marks & CHOICE_DROP)
		return stack;
	if (stack.node && tree_grain_joins(r->choice->grain) &&
	    t->nodes.rows.at[stack.node].frame == frame.frame)
		return stack;
	stack.node = tree_intern_node(t, stack.node, frame.frame);
	return stack;
}

/* Looks a stack up for the first time, after those that it continues. */
static void
learn_stack(struct reading *r, uint32_t stack)
{
	struct stack_memo memo = empty_stack(r->choice);

	r->path.n = 0;
	vec_reserve(&r->arena, &r->stacks, (size_t)stream_stack_count(r->stream));
	for (; stack; stack = stream_stack(r->stream, stack)->parent) {
		if (r->stacks.at[stack].marks)
			break;
		*vec_push(&r->arena, &r->path) = stack;
	}
	if (stack)
		memo = r->stacks.at[stack];
	else
		r->stacks.at[0] = memo;
	while (r->path.n) {
		stack = r->path.at[--r->path.n];
		memo = deepen(r, memo, frame_of(r, stream_stack(r->stream, stack)->frame));
		memo.cell = 0;
		r->stacks.at[stack] = memo;
	}
}

static struct stack_memo *
stack_of(struct reading *r, uint32_t stack)
{
	if (stack >= r->stacks.room || !r->stacks.at[stack].marks)
		learn_stack(r, stack);
	return &r->stacks.at[stack];
}

/* Adds a thread, or what is new of it, with its process. */
static uint32_t
join_thread(struct reading *r, const struct stream_thread *thread)
{
	const struct stream_process *p = stream_process(r->stream, thread->process);
	struct stream_thread h = *thread;

	h.process = tree_add_process(r->tree, r->run, p);
	return tree_add_thread(r->tree, r->run, &h);
}

static enum thread_is
learn_thread(struct reading *r, struct thread_memo *memo, uint32_t thread)
{
	const struct stream_thread *h = stream_thread(r->stream, thread);

	if (!choice_wants_thread(r->choice, h) ||
	    !choice_wants_process(r->choice, stream_process(r->stream, h->process)))
		return THREAD_UNWANTED;
	memo->row = join_thread(r, h);
	return THREAD_WANTED;
}

/* The series of a thread in a state, plus one; 0: the thread is not wanted. */
static uint32_t
series1_of(struct reading *r, uint32_t thread, uint8_t state)
{
	struct thread_memo *memo = memo_at(&r->arena, &r->threads, thread);

	if (memo->series1 && memo->state == state)
		return memo->series1;
	if (memo->is == THREAD_NEW)
		memo->is = learn_thread(r, memo, thread);
	if (memo->is == THREAD_UNWANTED)
		return 0;
	memo->state = state;
	return memo->series1 = tree_add_series(r->tree, r->run, memo->row, state) + 1;
}

/* Names may have changed since a thread was met: they are asked for again at the end of a part. */
static void
rejoin_threads(struct reading *r)
{
	for (uint32_t i = 0; i < r->threads.room; i++)
		if (r->threads.at[i].is == THREAD_WANTED)
			join_thread(r, stream_thread(r->stream, i));
}

/* What people must know of a window in a run without ticks. */
static void
note_window(struct reading *r)
{
	uint64_t to_ns = r->choice->to_ns ? r->choice->to_ns : UINT64_MAX;

	if (r->choice->from_ns == 0 && r->choice->to_ns == 0)
		return;
	r->tree->without_epochs |= r->run->about.unit_ns == 0 || (!r->raw && r->epoch_ms == 0);
	r->tree->rounded |= r->window.from_ns != r->choice->from_ns || r->window.to_ns != to_ns;
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
	struct stream_run run = *about;

	if (r->raw)
		run.epoch_ms = run.unit_ns ? 1 : 0;
	run.side = r->choice->side;
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
take_sample(struct reading *r, const struct stream_sample *s)
{
	struct stack_memo *stack;
	struct tree_cell cell;
	uint32_t series1;

	if (is_as_last(r, s)) {
		cell_add(&r->run->cells.at[r->last_cell], s->samples, sample_weight(r, s));
		return;
	}
	if (s->at < r->first || s->at >= r->end)
		return;
	series1 = series1_of(r, s->thread, s->state);
	if (series1 == 0)
		return;
	stack = stack_of(r, s->stack);
	if ((stack->marks & STACK_WANTED) != STACK_WANTED)
		return;
	if (s->at < r->epoch_from || s->at >= r->epoch_to)
		find_epoch(r, s->at);
	cell = (struct tree_cell){ .series = series1 - 1, .node = stack->node, .samples = s->samples,
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
	uint64_t at = multiply(epoch, multiply(r->epoch_ms, 1000000));

	return r->epoch_ms == 0 || (at >= r->window.from_ns && at < r->window.to_ns);
}

static void
take_cell(struct reading *r, const struct stream_cell *c)
{
	struct stack_memo *stack;
	struct tree_cell cell;
	uint32_t series1;

	if ((c->samples == 0 && c->weight == 0) || !wants_epoch(r, c->epoch))
		return;
	series1 = series1_of(r, c->thread, c->state);
	if (series1 == 0)
		return;
	stack = stack_of(r, c->stack);
	if ((stack->marks & STACK_WANTED) != STACK_WANTED)
		return;
	cell = (struct tree_cell){ .series = series1 - 1, .node = stack->node, .weight = c->weight };
	cell.epoch = cell_epoch(r->tree, r->run, c->epoch, r->epoch_ms) & (TREE_EPOCHS - 1);
	cell_add(&cell, c->samples, 0);
	stack->cell = tree_add_cell(r->tree, r->run, cell);
}

static void
take_outcome(struct reading *r, const struct stream_outcome *outcome)
{
	struct stream_outcome o = *outcome;

	rejoin_threads(r);
	if (choice_clip(r->window, r->run->about.unit_ns, &o))
		tree_add_outcome(r->tree, r->run, &o);
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
	case STREAM_RUN:
		begin_run(r, item->run);
		break;
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
		forget_segment(r);
	}
	r->choice = choice;
	return r;
}

static void
end_stream(struct reading *r)
{
	r->tree->unknown += stream_unknown(r->stream);
	forget_segment(r);
	r->stream = NULL;
}

bool
tree_read(struct tree *t, struct stream *s, const char *name, const struct tree_choice *choice,
          struct err *e)
{
	struct reading *r = begin_stream(t, s, choice);
	struct stream_item item;
	enum stream_event event;
	bool refused;

	while ((event = stream_next(s, &item, e)) != STREAM_END) {
		if (event == STREAM_DAMAGED)
			return false;
		if (event == STREAM_RESTART) {
			forget_segment(r);
			continue;
		}
		refused = stream_content(s) == STREAM_DIFF;
		if (refused && !r->refused) {
			r->refused = true;
			return err_set(e, "%s: a comparison, and those do not merge", name);
		}
		r->raw = stream_content(s) == STREAM_RAW;
		if (!refused)
			take(r, event, &item);
	}
	end_stream(r);
	return true;
}
