/* SPDX-License-Identifier: MIT */
#include "tree/words.h"

#include "base/quantity.h"
#include "tree/name.h"

#include <math.h>

enum { NAME_BYTES = 60, DAMAGED_NAMED = 3 };

static bool
has_changed(const struct diff_function *f, bool total)
{
	const struct stream_verdict *v = f->verdict;

	return v && (total ? v->total_verdict : v->self_verdict) == STREAM_CHANGED;
}

/* Functions of the program: what the sampler did not see is none. */
static uint64_t
count_functions(const struct diff *d)
{
	uint64_t n = 0;

	for (uint32_t i = 1; i < d->function_count; i++)
		n += !diff_is_lost(d, d->functions[i].frame);
	return n;
}

/* Of these, whose self or total changed. */
static uint64_t
count_changed(const struct diff *d)
{
	uint64_t n = 0;

	for (uint32_t i = 1; i < d->function_count; i++) {
		const struct diff_function *f = &d->functions[i];

		n += !diff_is_lost(d, f->frame) &&
		     (has_changed(f, false) || has_changed(f, true));
	}
	return n;
}

struct text
words_percent(struct arena *a, uint64_t millionths)
{
	double percent = (double)millionths / 1e4;

	return text_print(a, percent < 9.95 ? "%.2g %%" : "%.0f %%", percent);
}

struct text
words_of_common(struct arena *a, const struct tree_compare *c)
{
	const uint64_t *common = c->about.common;
	struct text factor = quantity_print_ratio(a, common[0], common[1], common[2]);

	return text_print(a, "%.*s, %s", TEXT_ARG(factor),
	                  diff_verdict_word(c->about.common_verdict));
}

struct text
words_of_ratio(struct arena *a, const struct diff *d, const struct diff_function *f, bool total)
{
	const struct diff_sum *side = f->side;
	const uint64_t *known;

	if (total ? side[0].total == 0 : side[0].self == 0)
		return TEXT("from 0");
	if (total ? side[1].total == 0 : side[1].self == 0)
		return TEXT("to 0");
	if (!f->verdict)
		return TEXT("-");
	known = total ? f->verdict->total : f->verdict->self;
	known += d->compare->about.basis && known[3] ? 3 : 0;
	return quantity_print_ratio(a, known[0], known[1], known[2]);
}

/* As a part of a sentence: no control characters, and no more than so many bytes. */
static struct text
shortened(struct arena *a, struct text name)
{
	struct text visible = text_visible(a, name);
	size_t n = 0;

	if (visible.n <= NAME_BYTES)
		return visible;
	while (n < NAME_BYTES) {
		struct text rest = { visible.at + n, visible.n - n };
		uint32_t character;

		n += text_utf8(rest, &character);
	}
	return text_print(a, "%.*s...", (int)n, visible.at);
}

/* Of those that changed by themselves the one with the largest difference; NULL: there is none. */
static const struct diff_function *
find_largest(const struct diff *d, bool total)
{
	const struct diff_function *largest = NULL;
	double most = -1;

	for (uint32_t i = 1; i < d->function_count; i++) {
		const struct diff_function *f = &d->functions[i];
		const struct diff_sum *b = &f->side[0], *c = &f->side[1];
		struct diff_figure figure = diff_figure(d->compare, total ? b->total : b->self,
		                                        total ? c->total : c->self);

		if (!has_changed(f, total) || diff_is_lost(d, f->frame) ||
		    fabs(figure.difference) <= most)
			continue;
		most = fabs(figure.difference);
		largest = f;
	}
	return largest;
}

/* With its file, of which the folders are left out where that is long. */
static struct text
name_of(struct arena *a, const struct diff *d, const struct diff_function *f)
{
	struct text all = tree_frame_text(a, d->tree, f->frame, false);
	struct text name = tree_frame_name(d->tree, f->frame);
	struct text file = text_basename(tree_frame_file(d->tree, f->frame));

	if (all.n > NAME_BYTES && file.n)
		all = text_print(a, "%.*s (%.*s)", TEXT_ARG(name), TEXT_ARG(file));
	return shortened(a, all);
}

/* ", most of all load (io.py) x2.0 (1.8 to 2.2)"; nothing, where none changed. */
static struct text
words_of_largest(struct arena *a, const struct diff *d)
{
	const struct diff_function *f = find_largest(d, false);
	bool total = f == NULL;
	struct text name, ratio;

	if (total)
		f = find_largest(d, true);
	if (!f)
		return TEXT("");
	name = name_of(a, d, f);
	ratio = words_of_ratio(a, d, f, total);
	return text_print(a, ", most of all %.*s %.*s%s", TEXT_ARG(name), TEXT_ARG(ratio),
	                  total ? " with what it calls" : "");
}

/* Why nothing can be said of chance, and what would help. */
static const char *
no_basis(const struct diff *d)
{
	const struct diff_sum *b = &d->nodes[0].side[0], *c = &d->nodes[0].side[1];

	if (!diff_is_there(b) || !diff_is_there(c))
		return "one side is empty";
	for (size_t i = 0; i < tree_run_count(d->tree); i++)
		if (tree_run(d->tree, i)->about.flags & STREAM_SUMMED)
			return "runs were summed, and their spread is not known";
	return "three or more a side can tell it";
}

static struct text
words_of_exploration(struct arena *a, const struct diff *d)
{
	const uint64_t *runs = d->compare->about.runs;
	struct text against = TEXT(" a side");

	if (runs[0] != runs[1])
		against = text_print(a, " against %llu", (unsigned long long)runs[1]);
	return text_print(a, "exploration, %llu run%s%.*s: what is chance cannot be told; %s",
	                  (unsigned long long)runs[0], runs[0] == 1 ? "" : "s",
	                  TEXT_ARG(against), no_basis(d));
}

static struct text
words_of_changes(struct arena *a, const struct diff *d)
{
	uint64_t n = count_functions(d);
	struct text changed = text_grouped(a, count_changed(d));
	struct text functions = text_grouped(a, n), largest = words_of_largest(a, d);
	struct text common = words_of_common(a, d->compare);

	return text_print(
		a, "the common factor %.*s; besides, %.*s of %.*s function%s changed%.*s",
		TEXT_ARG(common), TEXT_ARG(changed), TEXT_ARG(functions), n == 1 ? "" : "s",
		TEXT_ARG(largest));
}

/* "; not all of cut.bin, c3.bin is in it" */
static struct text
words_of_damaged(struct arena *a, const opt_texts *damaged)
{
	struct text names = TEXT(""), more = text_grouped(a, damaged->n - DAMAGED_NAMED);

	if (damaged->n == 0)
		return names;
	for (size_t i = 0; i < damaged->n && i < DAMAGED_NAMED; i++) {
		struct text name = shortened(a, text_basename(text_of(damaged->at[i])));

		names = text_print(a, "%.*s%s%.*s", TEXT_ARG(names), i ? ", " : "",
		                   TEXT_ARG(name));
	}
	if (damaged->n > DAMAGED_NAMED)
		names = text_print(a, "%.*s and %.*s more", TEXT_ARG(names), TEXT_ARG(more));
	return text_print(a, "; not all of %.*s is in it", TEXT_ARG(names));
}

struct text
words_of(struct arena *a, const struct diff *d, const opt_texts *damaged)
{
	struct text result =
		d->compare->about.basis ? words_of_changes(a, d) : words_of_exploration(a, d);
	struct text lacks = words_of_damaged(a, damaged);

	return text_print(a, "%.*s%.*s", TEXT_ARG(result), TEXT_ARG(lacks));
}
