/* SPDX-License-Identifier: MIT */
#include "render/compared.h"

#include <stdio.h>

struct view *
compared_view(struct arena *a, const struct diff *d)
{
	struct view *v = arena_new(a, struct view);

	*v = (struct view){ .tree = d->tree, .unit = d->unit, .count = d->count, .of = d->of };
	v->nodes = arena_array(a, struct view_node, d->count);
	for (uint32_t i = 0; i < d->count; i++) {
		const struct diff_node *node = &d->nodes[i];
		double before = compare_scaled(d->compare, node->side[DIFF_BASELINE].total);
		uint64_t after = node->side[DIFF_CURRENT].total;

		v->nodes[i] = (struct view_node){
			.parent = node->parent,
			.end = node->end,
			.frame = node->frame,
			.depth = node->depth,
			.total = before > (double)after ? (uint64_t)before : after,
		};
	}
	return v;
}

void
compared_write(struct json *j, const struct diff *d)
{
	static const char *const matches[] = { "function", "line", "file", "module" };
	static const char *const bases[] = { "none", "runs", "epochs" };
	const struct stream_compare *about = &d->compare->about;

	json_open(j, "diff", '{');
	json_text(j, "scale", text_of(compare_scale_word(about->scale)));
	json_number(j, "numerator", about->numerator);
	json_number(j, "denominator", about->denominator);
	json_text(j, "match", text_of(about->match < 4 ? matches[about->match] : "unknown"));
	json_text(j, "basis", text_of(about->basis < 3 ? bases[about->basis] : "none"));
	json_open(j, "runs", '[');
	json_number(j, NULL, about->runs[0]);
	json_number(j, NULL, about->runs[1]);
	json_close(j, ']');
	json_bool(j, "judged", about->basis != 0 && !(about->flags & STREAM_NOT_JUDGED));
	json_bool(j, "forced", about->flags & STREAM_FORCED);
	json_bool(j, "incomplete", about->flags & STREAM_INCOMPLETE);
	json_open(j, "common", '[');
	for (int i = 0; i < 3; i++)
		json_number(j, NULL, about->common[i]);
	json_close(j, ']');
	json_number(j, "common_verdict", about->common_verdict);
	json_number(j, "smallest", about->smallest);
	json_number(j, "min_effect", about->min_effect);
	json_number(j, "fdr", about->fdr);
	json_text(j, "words", about->words);
	json_close(j, '}');
}

/* The fields of a function, in the order of their columns. */
enum compared_field {
	COMPARED_CATEGORY,
	COMPARED_SELF_VERDICT,
	COMPARED_TOTAL_VERDICT,
	COMPARED_SELF,
	COMPARED_TOTAL = COMPARED_SELF + STREAM_FIGURES,
	COMPARED_END = COMPARED_TOTAL + STREAM_FIGURES,
};

static uint64_t
field_of(const struct diff *d, const struct diff_function *f, unsigned field)
{
	const struct stream_verdict *v = f->verdict;

	if (field == COMPARED_CATEGORY)
		return v ? v->category : diff_category(d->compare, f->side);
	if (!v)
		return 0;
	if (field == COMPARED_SELF_VERDICT)
		return v->self_verdict;
	if (field == COMPARED_TOTAL_VERDICT)
		return v->total_verdict;
	return field < COMPARED_TOTAL ? v->self[field - COMPARED_SELF]
	                              : v->total[field - COMPARED_TOTAL];
}

static void
name_of(char name[static 16], unsigned field)
{
	static const char *const names[] = { "category", "self_verdict", "total_verdict" };

	if (field < COMPARED_SELF)
		snprintf(name, 16, "%s", names[field]);
	else if (field < COMPARED_TOTAL)
		snprintf(name, 16, "self%u", field - COMPARED_SELF);
	else
		snprintf(name, 16, "total%u", field - COMPARED_TOTAL);
}

void
compared_write_functions(struct json *j, const struct diff *d, const uint32_t *functions,
                         size_t n, struct column *c)
{
	struct arena scratch = { 0 };
	uint32_t *rows = arena_array(&scratch, uint32_t, tree_function_count(d->tree));
	unsigned end = d->compare->verdicts.n ? COMPARED_END : COMPARED_SELF;

	for (uint32_t i = 1; i < d->function_count; i++)
		rows[d->functions[i].function] = i;
	for (unsigned field = 0; field < end; field++) {
		char name[16];

		name_of(name, field);
		column_begin(c, j, name);
		for (size_t i = 0; i < n; i++)
			column_put(c, field_of(d, &d->functions[rows[functions[i]]], field));
		column_end(c);
	}
	arena_empty(&scratch);
}
