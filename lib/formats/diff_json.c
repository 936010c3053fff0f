/* SPDX-License-Identifier: MIT */
#include "formats/diff_json.h"

#include "base/json.h"
#include "tree/name.h"

#include <math.h>

enum { SCHEMA = 1 };

static double
ratio_of(uint64_t millionths)
{
	return millionths ? (double)millionths / 1e6 : (double)NAN;
}

static void
write_interval(struct json *j, const char *key, const char *first, const uint64_t figures[3])
{
	json_open(j, key, '{');
	json_figure(j, first, ratio_of(figures[0]));
	json_figure(j, "low", ratio_of(figures[1]));
	json_figure(j, "high", ratio_of(figures[2]));
}

static void
write_scale(struct json *j, const struct stream_compare *c)
{
	json_open(j, "scale", '{');
	json_text(j, "kind", text_of(compare_scale_word(c->scale)));
	json_figure(j, "factor", (double)c->numerator / (double)c->denominator);
	json_close(j, '}');
}

static void
write_side(struct json *j, const struct diff *d, int side)
{
	const struct watched *w = &d->side[side];
	uint64_t due = w->ticks + w->missed_ticks;

	json_open(j, side ? "current" : "baseline", '{');
	json_number(j, "runs", d->compare->about.runs[side]);
	json_number(j, "samples", d->nodes[0].side[side].total_samples);
	json_number(j, "weight", w->weight);
	json_number(j, "missed", w->weight - w->covered);
	json_figure(j, "seconds", w->ns ? (double)w->ns / 1e9 : (double)NAN);
	json_figure(j, "ticks", due ? (double)w->ticks : (double)NAN);
	json_figure(j, "missed_ticks", due ? (double)w->missed_ticks : (double)NAN);
	json_close(j, '}');
}

static void
write_common(struct json *j, const struct stream_compare *c)
{
	write_interval(j, "common", "factor", c->common);
	json_text(j, "verdict", text_of(diff_verdict_word(c->common_verdict)));
	json_close(j, '}');
}

/* A stack counts once: where it has weight of its own, and not for each of its prefixes. */
static void
write_elided(struct json *j, const struct diff *d)
{
	uint64_t count = 0, weight = 0;

	for (uint32_t i = 1; i < d->count; i++) {
		const struct diff_sum *side = d->nodes[i].side;

		if (!diff_is_elided(d, i) || side[DIFF_BASELINE].self == 0)
			continue;
		count++;
		weight += side[DIFF_BASELINE].self;
	}
	json_open(j, "elided", '{');
	json_number(j, "count", count);
	json_figure(j, "weight", compare_scaled(d->compare, weight));
	json_close(j, '}');
}

/* known: the interval and what is adjusted, of a verdict record; NULL: there is none. */
static void
write_figure(struct json *j, const char *key, struct diff_figure f, const uint64_t *known,
             uint64_t verdict)
{
	json_open(j, key, '{');
	json_figure(j, "baseline", f.baseline);
	json_figure(j, "current", f.current);
	json_figure(j, "difference", f.difference);
	json_figure(j, "percent", f.percent);
	json_figure(j, "ratio", f.ratio);
	json_figure(j, "low", known ? ratio_of(known[1]) : (double)NAN);
	json_figure(j, "high", known ? ratio_of(known[2]) : (double)NAN);
	if (known) {
		json_text(j, "verdict", text_of(diff_verdict_word(verdict)));
		write_interval(j, "adjusted", "ratio", known + 3);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void
write_figures(struct json *j, const struct diff *d, const struct diff_sum *side,
              const struct stream_verdict *v)
{
	json_text(j, "category", text_of(diff_category_word(diff_category(d->compare, side))));
	write_figure(j, "self", diff_figure(d->compare, side[0].self, side[1].self),
	             v ? v->self : NULL, v ? v->self_verdict : 0);
	write_figure(j, "total", diff_figure(d->compare, side[0].total, side[1].total),
	             v ? v->total : NULL, v ? v->total_verdict : 0);
}

/* Of both verdicts that which says more; of a function without self time its total's. */
static uint64_t
verdict_of(const struct diff_function *f)
{
	bool has_self = f->side[0].self || f->side[1].self;
	const struct stream_verdict *v = f->verdict;

	if (v->self_verdict == STREAM_CHANGED || v->total_verdict == STREAM_CHANGED)
		return STREAM_CHANGED;
	return has_self && v->self_verdict != STREAM_TOO_FEW ? v->self_verdict
	                                                     : v->total_verdict;
}

static void
write_function(struct json *j, const struct diff *d, const struct diff_function *f)
{
	bool has_self = f->side[0].self || f->side[1].self;

	json_open(j, NULL, '{');
	json_text(j, "function", tree_frame_name(d->tree, f->frame));
	json_text(j, "file", tree_frame_file(d->tree, f->frame));
	write_figures(j, d, f->side, f->verdict);
	if (f->verdict) {
		json_text(j, "verdict", text_of(diff_verdict_word(verdict_of(f))));
		write_interval(j, "adjusted", "ratio",
		               (has_self ? f->verdict->self : f->verdict->total) + 3);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void
write_stack(struct json *j, const struct diff *d, uint32_t node, uint32_t *path)
{
	uint32_t n = 0;

	for (uint32_t i = node; i; i = d->nodes[i].parent)
		path[n++] = i;
	json_open(j, NULL, '{');
	json_open(j, "stack", '[');
	while (n)
		json_text(j, NULL, tree_frame_name(d->tree, d->nodes[path[--n]].frame));
	json_close(j, ']');
	write_figures(j, d, d->nodes[node].side, NULL);
	json_close(j, '}');
}

static void
write_stacks(struct json *j, const struct diff *d)
{
	struct arena scratch = { 0 };
	uint32_t *path = arena_array(&scratch, uint32_t, d->count);

	json_open(j, "stacks", '[');
	for (uint32_t i = 1; i < d->count; i++)
		if (d->nodes[i].side[0].self || d->nodes[i].side[1].self)
			write_stack(j, d, i, path);
	json_close(j, ']');
	arena_empty(&scratch);
}

void
diff_json_write(const struct diff *d, struct out *o)
{
	struct json j = { .out = o };
	const struct stream_compare *c = &d->compare->about;

	json_open(&j, NULL, '{');
	json_number(&j, "schema", SCHEMA);
	json_text(&j, "unit", d->unit == VIEW_NS ? TEXT("ns") : TEXT("samples"));
	write_scale(&j, c);
	write_side(&j, d, DIFF_BASELINE);
	write_side(&j, d, DIFF_CURRENT);
	json_text(&j, "summary", c->words);
	json_text(&j, "basis", text_of(diff_basis_word(c->basis)));
	json_bool(&j, "forced", c->flags & STREAM_FORCED);
	json_bool(&j, "incomplete", c->flags & STREAM_INCOMPLETE);
	json_figure(&j, "min_effect", (double)c->min_effect / 1e6);
	json_figure(&j, "fdr", (double)c->fdr / 1e6);
	json_figure(&j, "smallest", ratio_of(c->smallest));
	write_common(&j, c);
	write_elided(&j, d);
	json_open(&j, "functions", '[');
	for (uint32_t i = 1; i < d->function_count; i++)
		write_function(&j, d, &d->functions[i]);
	json_close(&j, ']');
	write_stacks(&j, d);
	json_close(&j, '}');
	out_byte(o, '\n');
}
