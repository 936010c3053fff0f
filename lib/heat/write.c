/* SPDX-License-Identifier: MIT */
#include "heat/write.h"

#include "render/compared.h"

static void
number_string(struct heat_sheet *s, uint32_t string)
{
	if (string == 0 || s->string_of[string])
		return;
	*vec_push(s->a, &s->strings) = string;
	s->string_of[string] = (uint32_t)s->strings.n;
}

void
heat_number_strings(struct heat_sheet *s)
{
	const struct tree *t = s->book->tree;

	for (size_t i = 0; i < s->strings.n; i++)
		s->string_of[s->strings.at[i]] = 0;
	s->strings.n = 0;
	for (size_t side = 0; side < s->book->sides; side++) {
		const struct heat_pick *p = &s->pick[side];
		const struct heat *h = p->side->heat;

		for (size_t i = 0; i < p->files.picked.n; i++)
			number_string(s, h->files.at[p->files.picked.at[i]].path);
		for (size_t i = 0; i < p->functions.picked.n; i++) {
			uint32_t row = p->functions.picked.at[i];

			number_string(s, tree_function(t, h->functions.at[row].function)->name);
		}
		for (size_t i = 0; i < p->spans.picked.n; i++) {
			uint32_t row = p->spans.picked.at[i];

			number_string(s, tree_frame(t, h->spans.at[row].frame)->opcode);
		}
	}
}

void
heat_write_strings(struct json *j, const struct heat_sheet *s)
{
	json_open(j, "strings", '[');
	json_text(j, NULL, TEXT(""));
	for (size_t i = 0; i < s->strings.n; i++)
		json_text(j, NULL, tree_string(s->book->tree, s->strings.at[i]));
	json_close(j, ']');
}

/* The four columns of sums; the sum of a row lies so many bytes behind that of the row before. */
static void
write_sums(struct json *j, const struct heat_sheet *s, const struct heat_table *t)
{
	static const char *const names[] = { "self", "total", "self_samples", "total_samples" };
	uint64_t quantum = s->book->side[t->side].heat->quantum;

	for (int field = 0; field < 4; field++) {
		if (t->totals_only && field % 2 == 0)
			continue;
		column_begin(s->column, j, names[field]);
		for (size_t i = 0; i < t->rows->picked.n; i++) {
			const char *at =
				(const char *)t->sums + t->rows->picked.at[i] * t->size;
			const struct key_sum *sum = (const void *)at;
			uint64_t values[] = { sum->self / quantum, sum->total / quantum,
				              sum->self_samples, sum->total_samples };

			column_put(s->column, values[field]);
		}
		column_end(s->column);
	}
}

void
heat_write_columns(struct json *j, const struct heat_sheet *s, const struct heat_table *t)
{
	json_number(j, "n", t->rows->picked.n);
	for (const struct heat_column *c = t->columns; c->name; c++) {
		column_begin(s->column, j, c->name);
		for (size_t i = 0; i < t->rows->picked.n; i++)
			column_put(s->column, c->value(s, t->side, t->rows->picked.at[i]));
		column_end(s->column);
	}
	if (t->size)
		write_sums(j, s, t);
}

void
heat_write_table(struct json *j, const struct heat_sheet *s, const char *name,
                 const struct heat_table *t)
{
	json_open(j, name, '{');
	heat_write_columns(j, s, t);
	json_close(j, '}');
}

static uint64_t
folder_parent(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->folders.number1[p->side->heat->folders.at[row].parent] - 1;
}

static void
write_folders(struct json *j, const struct heat_sheet *s, size_t side)
{
	static const struct heat_column columns[] = { { "parent", folder_parent }, { 0 } };
	const struct heat_pick *p = &s->pick[side];
	const struct heat *h = p->side->heat;

	json_open(j, "folders", '{');
	json_open(j, "names", '[');
	for (size_t i = 0; i < p->folders.picked.n; i++)
		json_text(j, NULL, h->folders.at[p->folders.picked.at[i]].name);
	json_close(j, ']');
	heat_write_columns(j, s,
	                   &(struct heat_table){ side, &p->folders, columns,
	                                         HEAT_SUMS(h->folders), false });
	json_close(j, '}');
}

static uint64_t
file_path(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->string_of[s->pick[side].side->heat->files.at[row].path];
}

static uint64_t
file_folder(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->folders.number1[p->side->heat->files.at[row].folder] - 1;
}

static uint64_t
file_source(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->shown[side].source1[row];
}

static uint64_t
file_state(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->shown[side].state[row];
}

static uint64_t
file_page(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->shown[side].page[row];
}

static uint64_t
file_partner(const struct heat_sheet *s, size_t side, uint32_t row)
{
	uint32_t partner1 = s->book->diff ? s->pick[side].side->partner1[row] : 0;

	return partner1 ? s->pick[1 - side].files.number1[partner1 - 1] : 0;
}

static void
write_files(struct json *j, const struct heat_sheet *s, size_t side)
{
	static const struct heat_column columns[] = {
		{ "path", file_path },
		{ "folder", file_folder },
		{ "source", file_source },
		{ "state", file_state },
		{ "partner", file_partner },
		{ "page", file_page },
		{ 0 },
	};

	heat_write_table(j, s, "files",
	                 &(struct heat_table){ side, &s->pick[side].files, columns,
	                                       HEAT_SUMS(s->pick[side].side->heat->files),
	                                       false });
}

static const struct stream_function *
function_at(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return tree_function(s->book->tree,
	                     s->pick[side].side->heat->functions.at[row].function);
}

static uint64_t
function_file(const struct heat_sheet *s, size_t side, uint32_t row)
{
	const struct heat_pick *p = &s->pick[side];

	return p->files.number1[p->side->heat->functions.at[row].file] - 1;
}

static uint64_t
function_name(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return s->string_of[function_at(s, side, row)->name];
}

static uint64_t
function_line(const struct heat_sheet *s, size_t side, uint32_t row)
{
	return function_at(s, side, row)->line;
}

static uint64_t
function_compared(const struct heat_sheet *s, size_t side, uint32_t row)
{
	uint32_t compared = s->book->diff ? s->pick[side].side->compared[row] : 0;

	return compared ? s->compared.number1[compared] : 0;
}

static void
write_functions(struct json *j, const struct heat_sheet *s, size_t side)
{
	static const struct heat_column columns[] = {
		{ "file", function_file },
		{ "name", function_name },
		{ "line", function_line },
		{ "compared", function_compared },
		{ 0 },
	};

	heat_write_table(j, s, "functions",
	                 &(struct heat_table){ side, &s->pick[side].functions, columns,
	                                       HEAT_SUMS(s->pick[side].side->heat->functions),
	                                       false });
}

static void
pick_compared(struct heat_sheet *s)
{
	struct heat_rows *rows = &s->compared;

	for (size_t i = 0; i < rows->picked.n; i++)
		rows->number1[rows->picked.at[i]] = 0;
	rows->picked.n = 0;
	for (size_t side = 0; side < s->book->sides; side++) {
		const struct heat_rows *functions = &s->pick[side].functions;

		for (size_t i = 0; i < functions->picked.n; i++) {
			uint32_t row = s->book->side[side].compared[functions->picked.at[i]];

			if (row == 0 || rows->number1[row])
				continue;
			*vec_push(s->a, &rows->picked) = row;
			rows->number1[row] = (uint32_t)rows->picked.n;
		}
	}
}

void
heat_write_compared(struct json *j, struct heat_sheet *s)
{
	struct arena scratch = { 0 };
	const struct diff *d = s->book->diff;
	uint32_t *functions;

	if (!d)
		return;
	pick_compared(s);
	functions = arena_array(&scratch, uint32_t, s->compared.picked.n);
	for (size_t i = 0; i < s->compared.picked.n; i++)
		functions[i] = d->functions[s->compared.picked.at[i]].function;
	compared_write(j, d);
	json_open(j, "compared", '{');
	json_number(j, "n", s->compared.picked.n);
	compared_write_functions(j, d, functions, s->compared.picked.n, s->column);
	json_close(j, '}');
	arena_empty(&scratch);
}

/* Of any line, also one that is not on this page. */
static void
write_hottest(struct json *j, const struct key_sum *most)
{
	json_open(j, "hottest", '[');
	json_number(j, NULL, most->self);
	json_number(j, NULL, most->total);
	json_number(j, NULL, most->self_samples);
	json_number(j, NULL, most->total_samples);
	json_close(j, ']');
}

void
heat_write_sides(struct json *j, const struct heat_sheet *s)
{
	json_open(j, "sides", '[');
	for (size_t side = 0; side < s->book->sides; side++) {
		const struct heat *h = s->book->side[side].heat;

		json_open(j, NULL, '{');
		json_number(j, "weight", h->weight);
		json_number(j, "samples", h->samples);
		json_number(j, "quantum", h->quantum);
		write_hottest(j, &h->hottest);
		write_folders(j, s, side);
		write_files(j, s, side);
		write_functions(j, s, side);
		heat_write_lines(j, s, side);
		json_close(j, '}');
	}
	json_close(j, ']');
}
