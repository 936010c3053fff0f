/* SPDX-License-Identifier: MIT */
#include "render/inner.h"

#include "base/source.h"
#include "tree/source.h"

#include <stdlib.h>

struct opcode_row {
	uint32_t place, opcode; /* a string of the tree's */
	uint64_t weight;
};

struct inner_opcodes {
	const struct tree *tree;
	VEC(struct opcode_row) rows;
	VEC(uint32_t) names;
	uint32_t *number_of; /* of each string its number in names */
};

static int
compare_rows(const void *x, const void *y, void *tree)
{
	const struct opcode_row *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return text_compare(tree_string(tree, a->opcode), tree_string(tree, b->opcode));
}

/* From a view that tells instructions apart, in the order of v and then of names. */
static void
gather_rows(struct arena *a, struct inner_opcodes *o, const struct view *v,
            const uint32_t *places)
{
	struct arena scratch = { 0 };
	struct view *fine =
		view_new(&scratch, v->tree, (struct view_choice){ .grain = TREE_OPCODE });
	uint32_t *place = arena_array(&scratch, uint32_t, fine->count);

	for (uint32_t i = 0; i < tree_node_count(v->tree); i++)
		place[fine->of[i]] = places[v->of[i]];
	for (uint32_t i = 1; i < fine->count; i++) {
		uint32_t opcode = tree_frame(v->tree, fine->nodes[i].frame)->opcode;

		if (opcode && fine->nodes[i].total)
			*vec_push(a, &o->rows) =
				(struct opcode_row){ place[i], opcode, fine->nodes[i].total };
	}
	arena_empty(&scratch);
	if (o->rows.n)
		qsort_r(o->rows.at, o->rows.n, sizeof *o->rows.at, compare_rows, v->tree);
}

static void
join_rows(struct inner_opcodes *o)
{
	struct opcode_row *rows = o->rows.at;
	size_t n = 0;

	for (size_t i = 0; i < o->rows.n; i++) {
		if (n && rows[n - 1].place == rows[i].place &&
		    rows[n - 1].opcode == rows[i].opcode)
			rows[n - 1].weight += rows[i].weight;
		else
			rows[n++] = rows[i];
	}
	o->rows.n = n;
}

static void
number_names(struct arena *a, struct inner_opcodes *o)
{
	uint32_t *number1 = arena_array(a, uint32_t, tree_string_count(o->tree));

	for (size_t i = 0; i < o->rows.n; i++) {
		uint32_t opcode = o->rows.at[i].opcode;

		if (number1[opcode])
			continue;
		*vec_push(a, &o->names) = opcode;
		number1[opcode] = (uint32_t)o->names.n;
	}
	o->number_of = number1;
}

struct inner_opcodes *
inner_opcodes(struct arena *a, const struct view *v, const uint32_t *places)
{
	struct inner_opcodes *o = arena_new(a, struct inner_opcodes);

	if (!tree_detail(v->tree).opcodes)
		return NULL;
	o->tree = v->tree;
	gather_rows(a, o, v, places);
	join_rows(o);
	number_names(a, o);
	return o;
}

enum opcode_field { OPCODE_NODE, OPCODE_NAME, OPCODE_WEIGHT };

void
inner_write_opcodes(struct json *j, const struct inner_opcodes *o, uint64_t quantum,
                    struct column *c)
{
	static const char *const fields[] = { "node", "name", "weight" };
	const struct opcode_row *rows = o->rows.at;

	json_open(j, "opcodes", '{');
	json_number(j, "n", o->rows.n);
	json_open(j, "names", '[');
	for (size_t i = 0; i < o->names.n; i++)
		json_text(j, NULL, tree_string(o->tree, o->names.at[i]));
	json_close(j, ']');
	for (enum opcode_field field = OPCODE_NODE; field <= OPCODE_WEIGHT; field++) {
		column_begin(c, j, fields[field]);
		for (size_t i = 0; i < o->rows.n; i++)
			column_put(c, field == OPCODE_NODE
			                      ? rows[i].place - (i ? rows[i - 1].place : 0)
			              : field == OPCODE_NAME ? o->number_of[rows[i].opcode] - 1
			                                     : rows[i].weight / quantum);
		column_end(c);
	}
	json_close(j, '}');
}

/* A line of a file that is in use. */
struct used_line {
	uint32_t number, file; /* the file as the page's string, and as the tree's */
	uint64_t line;
};

typedef VEC(struct used_line) used_lines;

static int
compare_lines(const void *x, const void *y)
{
	const struct used_line *a = x, *b = y;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

/* By the number that their file has in the page. */
static used_lines
lines_in_use(struct arena *a, const struct view *v, const uint32_t *numbers)
{
	used_lines lines = { 0 };

	for (uint32_t i = 1; i < v->count; i++) {
		const struct stream_frame *f = tree_frame(v->tree, v->nodes[i].frame);
		uint32_t file = tree_function(v->tree, f->function)->file;

		if (numbers[file] && f->line)
			*vec_push(a, &lines) =
				(struct used_line){ numbers[file], file, f->line };
	}
	if (lines.n)
		qsort(lines.at, lines.n, sizeof *lines.at, compare_lines);
	return lines;
}

/* Takes a line from the beginning of *rest, without its end. */
static struct text
take_line(struct text *rest)
{
	const char *end = memchr(rest->at, '\n', rest->n);
	struct text line = { rest->at, end ? (size_t)(end - rest->at) : rest->n };
	size_t taken = end ? line.n + 1 : line.n;

	*rest = (struct text){ rest->at + taken, rest->n - taken };
	return text_cut(line, INNER_LINE_MAX);
}

/* The text that is left of a file, and its first line's number. */
struct reading {
	struct text rest;
	uint64_t at;
};

/* The lines first to last, as far as there is room for them; what they have in bytes. */
static size_t
write_chunk(struct json *j, struct reading *r, uint64_t first, uint64_t last, size_t room)
{
	struct arena scratch = { 0 };
	VEC(char) chunk = { 0 };

	for (; r->rest.n && r->at <= last; r->at++) {
		struct text line = take_line(&r->rest);

		if (r->at < first)
			continue;
		if (line.n + 1 > room - chunk.n) {
			r->rest.n = 0;
			break;
		}
		for (size_t i = 0; i < line.n; i++)
			*vec_push(&scratch, &chunk) = line.at[i];
		*vec_push(&scratch, &chunk) = '\n';
	}
	if (chunk.n) {
		json_open(j, NULL, '[');
		json_number(j, NULL, first);
		json_text(j, NULL, (struct text){ chunk.at, chunk.n });
		json_close(j, ']');
	}
	arena_empty(&scratch);
	return chunk.n;
}

/* What is around n lines of one file, in order; as write_chunk(). */
static size_t
write_chunks(struct json *j, struct text text, const struct used_line *lines, size_t n,
             size_t room)
{
	struct reading r = { text, 1 };
	size_t bytes = 0;

	json_open(j, "chunks", '[');
	for (size_t i = 0; i < n;) {
		uint64_t last = lines[i].line;
		uint64_t first = last > INNER_AROUND ? last - INNER_AROUND : 1;

		for (; i < n && lines[i].line <= last + 2 * INNER_AROUND + 1; i++)
			last = lines[i].line;
		bytes += write_chunk(j, &r, first, last + INNER_AROUND, room - bytes);
	}
	json_close(j, ']');
	return bytes;
}

void
inner_write_sources(struct json *j, const struct view *v, const uint32_t *numbers)
{
	struct arena scratch = { 0 };
	struct tree_sources *sources = tree_sources(&scratch, v->tree);
	used_lines lines = lines_in_use(&scratch, v, numbers);
	size_t bytes = 0, n;

	json_open(j, "sources", '[');
	for (size_t i = 0; i < lines.n && bytes < INNER_SOURCES_MAX; i += n) {
		const struct used_line *first = &lines.at[i];
		struct text file = tree_string(v->tree, first->file), text, odd;

		for (n = 1; i + n < lines.n && first[n].number == first->number; n++)
			;
		if (!tree_source_text(sources, file, &scratch, &text))
			continue;
		json_open(j, NULL, '{');
		json_number(j, "file", first->number);
		text = source_text(&scratch, text, &odd);
		bytes += write_chunks(j, text, first, n, INNER_SOURCES_MAX - bytes);
		json_close(j, '}');
	}
	json_close(j, ']');
	arena_empty(&scratch);
}
