/* SPDX-License-Identifier: MIT */
#include "tree/choice.h"

#include "base/quantity.h"
#include "tree/name.h"

enum { MS_NS = 1000000 };

__extension__ typedef unsigned __int128 wide;

bool
choice_matches(const regex_t *regex, struct text text)
{
	regmatch_t range = { .rm_so = 0, .rm_eo = (regoff_t)text.n };

	return regexec(regex, text.at, 1, &range, REG_STARTEND) == 0;
}

static bool
matches_any(const tree_regexes *regexes, struct text text)
{
	for (size_t i = 0; i < regexes->n; i++)
		if (choice_matches(&regexes->at[i].regex, text))
			return true;
	return false;
}

/* Names come as they are, or as they are printed. */
static bool
is_called(struct arena *scratch, struct text text, const char *name)
{
	struct text called = text_of(name);

	return text_equal(called, text) || text_equal(tree_unescape(scratch, called), text);
}

bool
choice_is_under(const char *under, struct arena *scratch, const struct tree *t, uint32_t frame)
{
	return is_called(scratch, tree_frame_name(t, frame), under) ||
	       is_called(scratch, tree_frame_text(scratch, t, frame, false), under);
}

uint8_t
choice_marks(const struct tree_choice *choice, struct arena *scratch, const struct tree *t,
             uint32_t frame)
{
	struct text text = tree_frame_text(scratch, t, frame, false);
	unsigned marks = 0;

	if (matches_any(&choice->keep, text))
		marks |= CHOICE_KEEP;
	if (matches_any(&choice->drop, text))
		marks |= CHOICE_DROP;
	for (size_t i = 0; i < choice->under.n; i++)
		if (choice_is_under(choice->under.at[i], scratch, t, frame))
			marks |= CHOICE_UNDER;
	return (uint8_t)marks;
}

bool
choice_wants_process(const struct tree_choice *choice, const struct stream_process *p)
{
	for (size_t i = 0; i < choice->pids.n; i++)
		if (choice->pids.at[i] == p->pid)
			return true;
	return choice->pids.n == 0;
}

/* -T prints the number behind a name that several threads have. */
static bool
is_printed(struct arena *scratch, const struct stream_thread *h, const char *name)
{
	struct text text = tree_thread_text(scratch, h);
	unsigned long long id = h->native_id ? h->native_id : h->id;
	struct text apart =
		text_print(scratch, "%.*s %s%llu", TEXT_ARG(text), h->native_id ? "" : "#", id);

	return is_called(scratch, text, name) || is_called(scratch, apart, name);
}

bool
choice_is_thread(const struct stream_thread *h, const char *name)
{
	struct arena scratch = { 0 };
	uint64_t id;
	bool printed;

	if (strcmp(name, "main") == 0 && h->flags & STREAM_MAIN_THREAD)
		return true;
	if (quantity_count(name, &id) && id && (id == h->native_id || id == h->python_id))
		return true;
	printed = is_printed(&scratch, h, name);
	arena_empty(&scratch);
	return printed;
}

bool
choice_wants_thread(const struct tree_choice *choice, const struct stream_thread *h)
{
	for (size_t i = 0; i < choice->threads.n; i++)
		if (choice_is_thread(h, choice->threads.at[i]))
			return true;
	return choice->threads.n == 0;
}

/* What of a state a mode asks for. */
static const int facts[] = { [STREAM_MODE_CPU] = STREAM_CPU,
	                     [STREAM_MODE_GIL] = STREAM_GIL,
	                     [STREAM_MODE_EXCEPTION] = STREAM_EXCEPTION };

enum { CPU_ON = 1, CPU_OFF = 2, GIL_HELD = 1 };

static enum stream_mode
mode_of(const struct tree_choice *choice)
{
	return choice->mode1 ? (enum stream_mode)(choice->mode1 - 1) : STREAM_MODE_WALL;
}

bool
choice_wants_state(const struct tree_choice *choice, uint8_t state, bool *unknown)
{
	enum stream_mode mode = mode_of(choice);
	int fact = mode == STREAM_MODE_WALL ? 1 : state >> facts[mode] & 3;

	*unknown = fact == 0;
	if (fact != 1)
		return false;
	return choice->idle != TREE_IDLE_DROP || stream_state(state, STREAM_CPU) != CPU_OFF ||
	       stream_state(state, STREAM_GIL) == GIL_HELD;
}

/* Whether each sample of the run has a CPU state. */
static bool
has_cpu(const struct stream_run *run)
{
	return run->flags & STREAM_CPU_STATE || run->mode == STREAM_MODE_CPU;
}

/* Whether samples are asked for that a run of another mode may lack. */
static bool
asks_for_mode(const struct tree_choice *choice, const struct stream_run *run)
{
	bool lacks_idle = run->mode == STREAM_MODE_CPU || run->mode == STREAM_MODE_GIL;

	return choice->mode1 || (choice->idle == TREE_IDLE_KEEP && lacks_idle);
}

bool
choice_can_choose(const struct tree_choice *choice, const struct stream_run *run,
                  const char *name, struct err *e)
{
	enum stream_mode mode = mode_of(choice);
	bool drops = choice->idle == TREE_IDLE_DROP && !(run->flags & STREAM_NO_IDLE);
	bool of_tasks = run->mode > STREAM_MODE_EXCEPTION && asks_for_mode(choice, run);

	if (!of_tasks && (mode == STREAM_MODE_CPU || drops) && !has_cpu(run)) {
		err_set(e, "%s: whether threads were on a CPU was not recorded", name);
		err_hint(e, "tsample --cpu records it");
		return false;
	}
	if (choice->idle == TREE_IDLE_KEEP && run->flags & STREAM_NO_IDLE)
		return err_set(e, "%s: idle threads were left out already", name);
	if (!asks_for_mode(choice, run) || run->mode == mode)
		return true;
	if (run->mode > STREAM_MODE_EXCEPTION)
		return mode == STREAM_MODE_WALL ||
		       err_set(e, "%s: its samples are of tasks, and have no mode %.*s", name,
		               TEXT_ARG(tree_mode_text(mode)));
	return run->mode == STREAM_MODE_WALL ||
	       err_set(e, "%s: only samples of mode %.*s were recorded", name,
	               TEXT_ARG(tree_mode_text(run->mode)));
}

struct stream_run
choice_run(const struct tree_choice *choice, struct stream_run run)
{
	if (mode_of(choice) != STREAM_MODE_WALL)
		run.mode = mode_of(choice);
	if (choice->idle == TREE_IDLE_DROP)
		run.flags |= STREAM_NO_IDLE;
	return run;
}

struct choice_window
choice_window(const struct tree_choice *choice, uint64_t epoch_ms)
{
	struct choice_window w = { choice->from_ns,
		                   choice->to_ns ? choice->to_ns : UINT64_MAX };
	uint64_t epoch_ns = number_multiply(epoch_ms, MS_NS);

	if (epoch_ns) {
		w.from_ns -= w.from_ns % epoch_ns;
		if (choice->to_ns && w.to_ns % epoch_ns)
			w.to_ns = number_add(w.to_ns, epoch_ns - w.to_ns % epoch_ns);
	}
	return w;
}

static uint64_t
part(uint64_t count, uint64_t inside, uint64_t whole)
{
	return whole ? (uint64_t)((wide)count * inside / whole) : count;
}

static uint64_t
ceiling(uint64_t ns, uint64_t unit_ns)
{
	return ns / unit_ns + (ns % unit_ns != 0);
}

bool
choice_clip(struct choice_window window, uint64_t unit_ns, struct stream_outcome *o)
{
	uint64_t from, to, whole = o->to - o->from;

	if (unit_ns == 0 || (window.from_ns == 0 && window.to_ns == UINT64_MAX))
		return true;
	from = ceiling(window.from_ns, unit_ns);
	to = window.to_ns == UINT64_MAX ? UINT64_MAX : ceiling(window.to_ns, unit_ns);
	from = from > o->from ? from : o->from;
	to = to < o->to ? to : o->to;
	if (from > to || (from == to && whole))
		return false;
	if (to < o->to)
		o->reason = STREAM_GOES_ON;
	o->ticks = part(o->ticks, to - from, whole);
	o->samples = part(o->samples, to - from, whole);
	for (size_t i = 0; i < STREAM_LOSS_END; i++)
		o->losses[i] = part(o->losses[i], to - from, whole);
	o->from = from;
	o->to = to;
	return true;
}
