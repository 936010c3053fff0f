/* SPDX-License-Identifier: MIT */
#include "tree/verdict.h"

#include "tree/inside.h"
#include "tree/replicate.h"

#include <math.h>

/* In millionths, as tstream(5) has it; 0 for what is unknown. */
static uint64_t
millionths(double ratio)
{
	if (!(ratio > 0))
		return 0;
	return ratio < 1e12 ? (uint64_t)llround(ratio * 1e6) : (uint64_t)1e18;
}

static void
put_figure(uint64_t to[STREAM_FIGURES], const struct judge_figure *f)
{
	const double figures[STREAM_FIGURES] = {
		f->ratio, f->low, f->high, f->adjusted, f->adjusted_low, f->adjusted_high
	};

	for (int i = 0; i < STREAM_FIGURES; i++)
		to[i] = millionths(figures[i]);
}

/* Of a function that has too few samples to be asked of. */
static struct judge_figure
too_few(const struct tree_compare *c, uint64_t baseline, uint64_t current)
{
	double ratio = diff_figure(c, baseline, current).ratio;

	return (struct judge_figure){ .ratio = ratio,
		                      .low = NAN,
		                      .high = NAN,
		                      .adjusted = NAN,
		                      .adjusted_low = NAN,
		                      .adjusted_high = NAN,
		                      .verdict = JUDGE_TOO_FEW };
}

/* The ratio is that of the figures: samples, which are judged, may tell another one than time. */
static void
set_ratio(struct judge_figure *f, double ratio)
{
	double by = ratio / f->ratio;

	if (!(f->ratio > 0) || !isfinite(by) || by <= 0)
		return;
	f->ratio = ratio;
	f->low *= by;
	f->high *= by;
}

static void
put_verdict(struct diff *d, struct tree_compare *c, uint32_t function,
            const struct judge_figure *self, const struct judge_figure *total)
{
	const struct diff_function *f = &d->functions[function];
	struct stream_verdict *v = vec_push(d->tree->a, &c->verdicts);

	*v = (struct stream_verdict){ .function = f->function,
		                      .category = diff_category(c, f->side),
		                      .self_verdict = self->verdict,
		                      .total_verdict = total->verdict };
	put_figure(v->self, self);
	put_figure(v->total, total);
}

/* Replicates that tell nothing, such as three empty runs, are no basis. */
static void
put_answer(struct tree_compare *c, const struct judge_question *q,
           const struct judge_answer *answer)
{
	c->about.basis = isnan(answer->common_low) ? JUDGE_NONE : q->basis;
	c->about.fdr = millionths(q->fdr);
	c->about.min_effect = millionths(q->min_effect);
	c->about.smallest = millionths(answer->smallest);
	c->about.common[0] = millionths(answer->common);
	c->about.common[1] = millionths(answer->common_low);
	c->about.common[2] = millionths(answer->common_high);
	c->about.common_verdict = answer->common_verdict;
}

void
verdict_find(struct diff *d, struct verdict_choice choice)
{
	struct arena scratch = { 0 };
	struct tree_compare *c = tree_compare(d->tree);
	uint32_t *rows;
	struct judge_question q = replicate_question(&scratch, d, &rows);
	struct judge_answer answer;

	q.fdr = choice.fdr;
	q.min_effect = choice.min_effect;
	answer = judge(&scratch, &q);
	put_answer(c, &q, &answer);
	for (uint32_t i = 1; i < d->function_count; i++) {
		const struct diff_sum *side = d->functions[i].side;
		struct judge_figure self = too_few(c, side[0].self, side[1].self);
		struct judge_figure total = too_few(c, side[0].total, side[1].total);
		double self_ratio = self.ratio, total_ratio = total.ratio;

		if (rows[i])
			self = answer.self[rows[i] - 1], total = answer.total[rows[i] - 1];
		set_ratio(&self, self_ratio);
		set_ratio(&total, total_ratio);
		put_verdict(d, c, i, &self, &total);
	}
	diff_find_verdicts(d);
	arena_empty(&scratch);
}
