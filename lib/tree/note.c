/* SPDX-License-Identifier: MIT */
#include "tree/inside.h"

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
	return notes;
}
