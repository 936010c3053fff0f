/* SPDX-License-Identifier: MIT */
/* What the numbers of a segment are in the tree. */
#include "tree/name.h"
#include "tree/reading.h"

void
reading_forget(struct reading *r)
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
uint32_t
reading_learn_function(struct reading *r, uint32_t function)
{
	uint32_t *memo = memo_at(&r->arena, &r->functions, function);
	struct stream_function f;
	const char *marker;

	if (*memo)
		return *memo;
	f = *stream_function(r->stream, function);
	f.name = string_of(r, f.name);
	f.file = string_of(r, f.file);
	if (f.kind == STREAM_KIND_TASK && !r->choice->task_ids)
		f.line = 0;
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
	f.function = reading_learn_function(r, f.function);
	f.opcode = string_of(r, f.opcode);
	memo->frame = tree_intern_frame(r->tree, &f);
	if (choice->keep.n || choice->drop.n || choice->under.n)
		memo->marks = choice_marks(choice, &r->arena, r->tree, memo->frame);
	memo->frame = tree_coarse_frame(r->tree, memo->frame, choice->grain);
	return *memo;
}

/* The stack of no frames. */
static struct stack_memo
empty_stack(const struct tree_choice *choice)
{
	unsigned kept = choice->keep.n ? 0 : STACK_KEPT,
		 inside = choice->under.n ? 0 : STACK_INSIDE;

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

void
reading_learn_stack(struct reading *r, uint32_t stack)
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

/* A thread of the segment; for a lane the one whose it is. */
static const struct stream_thread *
whole_thread(const struct reading *r, uint64_t thread)
{
	const struct stream_thread *h = stream_thread(r->stream, thread);

	return h->flags & STREAM_LANE ? stream_thread(r->stream, h->lane_of) : h;
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

/* The names of threads that are not wanted: what there is instead. */
static void
refuse_thread(struct tree *t, const struct stream_thread *h)
{
	struct text name = tree_thread_text(t->a, h);

	for (size_t i = 0; i < t->refused_threads.n; i++)
		if (text_equal(t->refused_threads.at[i], name))
			return;
	if (t->refused_threads.n < TREE_OFFERED)
		*vec_push(t->a, &t->refused_threads) = tree_keep(t, name);
}

enum thread_is
reading_learn_thread(struct reading *r, struct thread_memo *memo, uint32_t thread)
{
	const struct stream_thread *h = whole_thread(r, thread);

	if (!choice_wants_process(r->choice, stream_process(r->stream, h->process)))
		return THREAD_UNWANTED;
	if (!choice_wants_thread(r->choice, h)) {
		refuse_thread(r->tree, h);
		return THREAD_UNWANTED;
	}
	memo->row = join_thread(r, h);
	return THREAD_WANTED;
}

void
reading_learn_names(struct reading *r)
{
	for (uint32_t i = 0; i < r->threads.room; i++)
		if (r->threads.at[i].is == THREAD_WANTED)
			join_thread(r, whole_thread(r, i));
}
