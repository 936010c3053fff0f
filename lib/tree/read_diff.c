/* SPDX-License-Identifier: MIT */
/* Which streams a tree takes in beside each other, and what a diff stream tells of its sides. */
#include "tree/reading.h"

static void
take_match(struct reading *r, const struct stream_match *m)
{
	*vec_push(r->tree->a, &r->tree->compare->matches) =
		(struct stream_match){ reading_learn_function(r, m->baseline),
		                       reading_learn_function(r, m->current) };
}

static void
take_verdict(struct reading *r, const struct stream_verdict *v)
{
	struct stream_verdict *to = vec_push(r->tree->a, &r->tree->compare->verdicts);

	*to = *v;
	to->function = reading_learn_function(r, (uint32_t)v->function);
}

bool
reading_take_diff(struct reading *r, enum stream_event event, const struct stream_item *item,
                  const char *name, struct err *e)
{
	struct stream_compare *about = &r->tree->compare->about;

	if (event == STREAM_MATCH)
		take_match(r, &item->match);
	if (event == STREAM_VERDICT)
		take_verdict(r, &item->verdict);
	if (event != STREAM_COMPARE)
		return true;
	if (r->told) {
		r->refused = true;
		return err_set(e, "%s: a second comparison, and those do not merge", name);
	}
	r->told = true;
	*about = item->compare;
	about->words = tree_keep(r->tree, about->words);
	return true;
}

bool
reading_takes_content(struct reading *r)
{
	struct tree *t = r->tree;
	bool diff = stream_content(r->stream) == STREAM_DIFF;

	if (r->choice->watcher && !r->choice->watcher->folded)
		return stream_content(r->stream) == STREAM_RAW;
	if (!diff)
		return !t->compare;
	if (!r->choice->diff || (t->runs.n && !r->compares))
		return false;
	r->compares = true;
	if (!t->compare) {
		t->compare = arena_new(t->a, struct tree_compare);
		t->compare->about.numerator = t->compare->about.denominator = 1;
	}
	return true;
}

bool
reading_refuse(struct reading *r, const char *name, struct err *e)
{
	bool diff = stream_content(r->stream) == STREAM_DIFF, told = r->refusal_told;

	r->refused = r->refusal_told = true;
	if (told)
		return true;
	if (r->choice->watcher && !r->choice->watcher->folded) {
		err_set(e, "%s: a %s, which has sums, and no samples in their order", name,
		        diff ? "comparison" : "folded stream");
		return err_hint(e, "take the stream that tsample wrote, before it was folded");
	}
	if (diff && r->choice->side) {
		err_set(e, "%s: a comparison, and not a profile", name);
		return err_hint(e, "compare the profiles that it was made of");
	}
	return err_set(e, "%s: %s, and those do not merge", name,
	               diff ? "a comparison" : "a profile beside a comparison");
}
