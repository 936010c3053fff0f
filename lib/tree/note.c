/* SPDX-License-Identifier: MIT */
#include "tree/inside.h"
#include "tree/name.h"

static void
note(struct arena *a, tree_notes *notes, const char *format, uint64_t n)
{
	struct text number = text_grouped(a, n);

	*vec_push(a, notes) =
		text_print(a, format, (int)number.n, number.at, n == 1 ? "" : "s");
}

static void
say(struct arena *a, tree_notes *notes, const char *sentence)
{
	*vec_push(a, notes) = text_of(sentence);
}

/* "0.512" */
static struct text
seconds(struct arena *a, uint64_t ns)
{
	return text_print(a, "%llu.%03llu s", (unsigned long long)(ns / 1000000000),
	                  (unsigned long long)(ns / 1000000 % 1000));
}

static void
note_rounded(struct arena *a, tree_notes *notes, const struct tree *t)
{
	struct text from = seconds(a, t->rounded_from_ns), to = TEXT("the end");

	if (t->rounded_to_ns != UINT64_MAX)
		to = seconds(a, t->rounded_to_ns);
	*vec_push(a, notes) = text_print(
		a, "times are rounded out to the epochs of the folded input: from %.*s to %.*s",
		TEXT_ARG(from), TEXT_ARG(to));
}

/* Whether it is of that mode that a run is, of any of the first n. */
static bool
has_mode(const struct tree *t, size_t n, uint64_t mode)
{
	for (size_t i = 0; i < n; i++)
		if (t->runs.at[i]->about.mode == mode)
			return true;
	return false;
}

static void
note_modes(struct arena *a, tree_notes *notes, const struct tree *t)
{
	struct text modes = { "", 0 };
	size_t n = 0;

	for (size_t i = 0; i < t->runs.n; i++) {
		uint64_t mode = t->runs.at[i]->about.mode;

		if (has_mode(t, i, mode))
			continue;
		modes = text_print(a, "%.*s%s%.*s", TEXT_ARG(modes), n++ ? ", " : "",
		                   TEXT_ARG(tree_mode_text(mode)));
	}
	if (n > 1)
		*vec_push(a, notes) = text_print(
			a, "the runs are of different modes, whose times do not compare: %.*s",
			TEXT_ARG(modes));
	if (has_mode(t, t->runs.n, STREAM_MODE_ASYNC_ALL))
		say(a, notes, "mode all tasks: times are task-time, also of tasks that wait");
}

/* Samples of threads of which the CPU state is not known. */
static uint64_t
count_unknown(const struct tree *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->runs.n; i++) {
		const struct tree_run *r = t->runs.at[i];

		for (size_t k = 0; k < r->cells.n; k++)
			if (!stream_state(r->series.at[r->cells.at[k].series].state,
			                  STREAM_CPU))
				n = number_add(n, r->cells.at[k].samples);
	}
	return n;
}

static void
note_states(struct arena *a, tree_notes *notes, const struct tree *t)
{
	uint64_t kept = t->idle_dropped ? count_unknown(t) : 0;

	if (t->unknown_state)
		note(a, notes, "left out %.*s sample%s: the state of the thread is not known",
		     t->unknown_state);
	if (kept)
		note(a, notes, "kept %.*s sample%s: whether the thread was idle is not known",
		     kept);
}

tree_notes
tree_notes_of(const struct tree *t, struct arena *a)
{
	tree_notes notes = { 0 };

	if (t->doubled)
		say(a, &notes,
		    "the same part of a run is there more than once, and is added each time");
	if (t->unknown)
		note(a, &notes, "dropped %.*s record%s of unknown types", t->unknown);
	if (t->runs_summed)
		note(a, &notes, "summed %.*s run%s: their spread is not known any more",
		     t->runs_summed);
	else if (t->no_epochs)
		note(a, &notes, "there are %.*s run%s: their course in time is dropped",
		     t->runs.n);
	if (t->rounded)
		note_rounded(a, &notes, t);
	if (t->without_epochs)
		say(a, &notes, "a run has no times: it is taken whole");
	note_modes(a, &notes, t);
	note_states(a, &notes, t);
	return notes;
}
