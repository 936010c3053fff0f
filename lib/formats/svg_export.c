/* SPDX-License-Identifier: MIT */
/* What the boxes of the pictures are: of a profile, and of a comparison. */
#include "formats/svg.h"

#include "formats/collapsed.h"
#include "formats/origin.h"
#include "tree/diff.h"
#include "tree/name.h"
#include "tree/words.h"

#include <math.h>

static const char origin_style[] =
	".project{fill:#fbbb74}.library{fill:#92c3f2}.packages{fill:#b0e9c4}"
	".native{fill:#c497bd}.marker{fill:#c4c6c9}";

static const struct svg_key origin_keys[] = {
	[ORIGIN_PROJECT] = { "project", "project" },
	[ORIGIN_LIBRARY] = { "library", "standard library" },
	[ORIGIN_PACKAGES] = { "packages", "site-packages" },
	[ORIGIN_NATIVE] = { "native", "native" },
	[ORIGIN_MARKER] = { "marker", "marker" },
	{ 0 },
};

static const char *
origin_class(const struct svg *s, const struct svg_box *b)
{
	struct text file = tree_frame_file(s->tree, b->frame);

	return origin_keys[origin_of(tree_frame_kind(s->tree, b->frame), file)].class;
}

static struct text
no_label(const struct svg *s, struct arena *a, const struct svg_box *b)
{
	(void)s;
	(void)a;
	(void)b;
	return TEXT("");
}

static struct text
view_describe(const struct svg *s, struct arena *a, const struct svg_box *b)
{
	const struct view *v = s->source;
	const struct view_node *n = &v->nodes[b->of];

	return text_print(a, "%s, %s; itself %s", svg_weight(a, v->unit, n->total).at,
	                  svg_share(a, b->weight, s->boxes[0].weight).at,
	                  svg_weight(a, v->unit, n->self).at);
}

static void
draw_profile(struct export *x, struct arena *a)
{
	struct view_choice choice = { .grain = x->how.lines ? TREE_LINE : TREE_FUNCTION };
	const struct view *v;
	struct svg_box *boxes;
	struct svg s = { .out = x->out,
		         .a = a,
		         .tree = x->tree,
		         .style = origin_style,
		         .keys = origin_keys,
		         .class = origin_class,
		         .label = no_label,
		         .describe = view_describe };

	if (x->how.threads)
		tree_root_threads(x->tree, false);
	v = view_new(a, x->tree, choice);
	boxes = arena_array(a, struct svg_box, v->count);
	for (uint32_t i = 0; i < v->count; i++)
		boxes[i] = (struct svg_box){ (double)v->nodes[i].total, v->nodes[i].end,
			                     v->nodes[i].depth, v->nodes[i].frame, i };
	s.source = v;
	s.boxes = boxes;
	s.count = v->count;
	svg_tell_origin(&s, x);
	svg_draw(&s);
}

static const char change_style[] =
	".same{fill:#dcdee1}.up1{fill:#ffe0db}.up2{fill:#ffbfb7}.up3{fill:#fa9489}"
	".up4{fill:#ec5c52}.down1{fill:#d7eaff}.down2{fill:#acd5ff}.down3{fill:#73baff}"
	".down4{fill:#1795fa}.new{fill:#c598e7}.pale{fill-opacity:.4}";

static const struct svg_key change_keys[] = {
	{ "up1", "+15 %" },
	{ "up2", "+30 %" },
	{ "up3", "+50 %" },
	{ "up4", "+100 %" },
	{ "new", "new" },
	{ "down1", "-15 %" },
	{ "down2", "-30 %" },
	{ "down3", "-50 %" },
	{ "down4", "-100 %" },
	{ "same", "less change" },
	{ 0 },
};

/* What a node got itself; of one that has nothing itself on either side, nothing is known. */
static struct diff_figure
self_of(const struct diff *d, const struct diff_node *n)
{
	return diff_figure(d->compare, n->side[DIFF_BASELINE].self, n->side[DIFF_CURRENT].self);
}

static bool
is_new(const struct diff_node *n)
{
	return !diff_is_there(&n->side[DIFF_BASELINE]);
}

/* Where chance was judged, a change that may be chance is drawn pale. */
static bool
is_pale(const struct diff *d, const struct diff_node *n)
{
	const struct stream_verdict *verdict = d->functions[n->function].verdict;

	return d->compare->about.basis && !(verdict && verdict->self_verdict == STREAM_CHANGED);
}

static const char *
change_class(const struct svg *s, const struct svg_box *b)
{
	static const char *const classes[2][2][5] = {
		{ { "same", "up1", "up2", "up3", "up4" },
		  { "same", "up1 pale", "up2 pale", "up3 pale", "up4 pale" } },
		{ { "same", "down1", "down2", "down3", "down4" },
		  { "same", "down1 pale", "down2 pale", "down3 pale", "down4 pale" } },
	};
	static const double steps[] = { 15, 30, 50, 100 };
	const struct diff *d = s->source;
	const struct diff_node *n = &d->nodes[b->of];
	struct diff_figure self = self_of(d, n);
	size_t step = 0;

	if (is_new(n))
		return is_pale(d, n) ? "new pale" : "new";
	while (step < 4 && fabs(self.percent) >= steps[step])
		step++;
	return classes[self.difference < 0][is_pale(d, n)][step];
}

/* Never by colour alone. */
static struct text
change_label(const struct svg *s, struct arena *a, const struct svg_box *b)
{
	const struct diff *d = s->source;
	const struct diff_node *n = &d->nodes[b->of];
	struct diff_figure self = self_of(d, n);

	if (is_new(n))
		return TEXT(" new");
	if (fabs(self.percent) < 15)
		return TEXT("");
	return text_print(a, " %+.0f %%", self.percent);
}

static struct text
describe_pair(struct arena *a, const struct diff *d, uint64_t baseline, uint64_t current)
{
	struct diff_figure f = diff_figure(d->compare, baseline, current);

	return text_print(a, "baseline %s, current %s, %+.1f %%",
	                  svg_weight(a, d->unit, (uint64_t)llround(f.baseline)).at,
	                  svg_weight(a, d->unit, current).at, f.percent);
}

static struct text
change_describe(const struct svg *s, struct arena *a, const struct svg_box *b)
{
	const struct diff *d = s->source;
	const struct diff_node *n = &d->nodes[b->of];
	const struct diff_sum *side = n->side;
	const struct stream_verdict *verdict = d->functions[n->function].verdict;
	struct text self = describe_pair(a, d, side[0].self, side[1].self),
		    total = describe_pair(a, d, side[0].total, side[1].total);

	return text_print(a, "itself: %s\nin all: %s%s%s", self.at, total.at,
	                  verdict ? "\nthe function itself: " : "",
	                  verdict ? diff_verdict_word(verdict->self_verdict) : "");
}

/* What is gone has no width here. */
static void
tell_gone(struct svg *s, const struct diff *d)
{
	uint64_t paths = 0, weight = 0;

	for (uint32_t i = 1; i < d->count; i++) {
		const struct diff_sum *side = d->nodes[i].side;

		if (diff_is_there(&side[DIFF_CURRENT]) || side[DIFF_BASELINE].self == 0)
			continue;
		paths++;
		weight += side[DIFF_BASELINE].self;
	}
	if (paths == 0)
		return;
	weight = (uint64_t)llround(compare_scaled(d->compare, weight));
	*vec_push(s->a, &s->lines) = text_print(
		s->a, "Gone, and not drawn: %s path%s of %s.", text_grouped(s->a, paths).at,
		paths == 1 ? "" : "s", svg_weight(s->a, d->unit, weight).at);
}

static void
draw_comparison(struct export *x, struct arena *a)
{
	const struct diff *d = diff_new(a, x->tree);
	struct svg_box *boxes = arena_array(a, struct svg_box, d->count);
	struct svg s = { .out = x->out,
		         .a = a,
		         .tree = x->tree,
		         .boxes = boxes,
		         .count = d->count,
		         .style = change_style,
		         .keys = change_keys,
		         .source = d,
		         .class = change_class,
		         .label = change_label,
		         .describe = change_describe };

	for (uint32_t i = 0; i < d->count; i++)
		boxes[i] = (struct svg_box){ (double)d->nodes[i].side[DIFF_CURRENT].total,
			                     d->nodes[i].end, d->nodes[i].depth,
			                     d->nodes[i].frame, i };
	svg_tell_origin(&s, x);
	*vec_push(a, &s.lines) = d->compare->about.words;
	if (d->compare->about.basis)
		*vec_push(a, &s.lines) = TEXT("Pale is what may be chance.");
	tell_gone(&s, d);
	svg_draw(&s);
}

bool
svg_export(struct export *x, struct err *e)
{
	struct arena scratch = { 0 };

	(void)e;
	if (tree_compare(x->tree))
		draw_comparison(x, &scratch);
	else
		draw_profile(x, &scratch);
	arena_empty(&scratch);
	return true;
}
