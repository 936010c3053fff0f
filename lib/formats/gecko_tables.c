/* SPDX-License-Identifier: MIT */
/*
 * The tables that threads share. Functions, frames and nodes have the tree's
 * numbers less one, for the root is no stack.
 */
#include "formats/gecko_inside.h"

#include "formats/gecko_files.h"
#include "tree/name.h"

/* Which fields of a row hold something. */
enum { FRAME_CATEGORY = 4, FRAME_LINE = 16, FRAME_COLUMN = 32 };
enum { FUNCTION_RESOURCE = 4, FUNCTION_SOURCE = 8, FUNCTION_LINE = 16 };

struct tables {
	struct gecko *g;
	struct tree *tree;
	struct json *json;
	struct gecko_files *files;
};

static const struct gecko_file *
file_of(const struct tables *t, uint32_t function)
{
	return &t->files->of[tree_function(t->tree, function)->file];
}

static enum gecko_category
category_of(enum stream_kind kind)
{
	static const enum gecko_category of[STREAM_KIND_END] = {
		[STREAM_KIND_PYTHON] = GECKO_CATEGORY_PYTHON,
		[STREAM_KIND_NATIVE] = GECKO_CATEGORY_NATIVE,
		[STREAM_KIND_GC] = GECKO_CATEGORY_GC,
		[STREAM_KIND_TASK] = GECKO_CATEGORY_TASK,
		[STREAM_KIND_TRUNCATED] = GECKO_CATEGORY_LOST,
		[STREAM_KIND_TORN] = GECKO_CATEGORY_LOST,
		[STREAM_KIND_MISSED] = GECKO_CATEGORY_LOST,
		[STREAM_KIND_UNREADABLE] = GECKO_CATEGORY_LOST,
	};

	return kind < STREAM_KIND_END ? of[kind] : GECKO_CATEGORY_OTHER;
}

static uint32_t
frame_flags(const struct tables *t, uint32_t row)
{
	const struct stream_frame *f = tree_frame(t->tree, row);

	return FRAME_CATEGORY | (f->line ? FRAME_LINE : 0) | (f->column1 ? FRAME_COLUMN : 0);
}

static uint32_t
frame_category(const struct tables *t, uint32_t row)
{
	return category_of(tree_frame_kind(t->tree, row));
}

static uint32_t
frame_subcategory(const struct tables *t, uint32_t row)
{
	if (tree_frame_kind(t->tree, row) != STREAM_KIND_PYTHON)
		return 0;
	return file_of(t, tree_frame(t->tree, row)->function)->origin;
}

static uint32_t
frame_function(const struct tables *t, uint32_t row)
{
	return tree_frame(t->tree, row)->function - 1;
}

static uint32_t
frame_line(const struct tables *t, uint32_t row)
{
	return tree_frame(t->tree, row)->line;
}

static uint32_t
frame_column(const struct tables *t, uint32_t row)
{
	return tree_frame(t->tree, row)->column1;
}

static uint32_t
zero(const struct tables *t, uint32_t row)
{
	(void)t;
	(void)row;
	return 0;
}

static uint32_t
function_flags(const struct tables *t, uint32_t row)
{
	const struct stream_function *f = tree_function(t->tree, row);
	unsigned flags = f->file ? FUNCTION_SOURCE : 0;

	if (file_of(t, row)->resource1)
		flags |= FUNCTION_RESOURCE;
	return flags | (f->file && f->line ? FUNCTION_LINE : 0);
}

static uint32_t
function_name(const struct tables *t, uint32_t row)
{
	return gecko_text(t->g, tree_function_name(t->tree, row));
}

static uint32_t
function_resource(const struct tables *t, uint32_t row)
{
	const struct gecko_file *file = file_of(t, row);

	return file->resource1 ? file->resource1 - 1 : 0;
}

static uint32_t
function_source(const struct tables *t, uint32_t row)
{
	return tree_function(t->tree, row)->file ? file_of(t, row)->source1 - 1 : 0;
}

static uint32_t
function_line(const struct tables *t, uint32_t row)
{
	const struct stream_function *f = tree_function(t->tree, row);

	return f->file ? f->line : 0;
}

static uint32_t
node_frame(const struct tables *t, uint32_t row)
{
	return tree_node(t->tree, row)->frame - 1;
}

/* How many rows above its parent is; 0: it has none. */
static uint32_t
node_prefix(const struct tables *t, uint32_t row)
{
	uint32_t parent = tree_node(t->tree, row)->parent;

	return parent ? row - parent : 0;
}

static uint32_t
resource_name(const struct tables *t, uint32_t row)
{
	return gecko_string(t->g, t->files->resources.used.at[row - 1]);
}

static uint32_t
one(const struct tables *t, uint32_t row)
{
	(void)t;
	(void)row;
	return 1;
}

static uint32_t
source_name(const struct tables *t, uint32_t row)
{
	return gecko_string(t->g, t->files->sources.used.at[row - 1]);
}

static void
write_content(struct tables *t, uint32_t row)
{
	struct arena scratch = { 0 };
	struct text text, name = tree_string(t->tree, t->files->sources.used.at[row - 1]);

	if (tree_source_text(t->files->texts, name, &scratch, &text))
		json_text(t->json, NULL, text);
	else
		json_null(t->json, NULL);
	arena_empty(&scratch);
}

uint32_t
gecko_string(struct gecko *g, uint32_t string)
{
	return numbers_of(g->a, &g->strings, string);
}

uint32_t
gecko_text(struct gecko *g, struct text text)
{
	return gecko_string(g, tree_intern_string(g->tree, text));
}

/* A column has numbers, or is written by itself, or is null. */
struct column {
	const char *key;
	uint32_t (*value)(const struct tables *t, uint32_t row);
	void (*write)(struct tables *t, uint32_t row);
};

static const struct column frames[] = {
	{ "flags", frame_flags, NULL },       { "address", zero, NULL },
	{ "category", frame_category, NULL }, { "subcategory", frame_subcategory, NULL },
	{ "func", frame_function, NULL },     { "lib", zero, NULL },
	{ "nativeSymbol", zero, NULL },       { "innerWindowID", zero, NULL },
	{ "line", frame_line, NULL },         { "column", frame_column, NULL },
	{ "originalLocation", zero, NULL },   { 0 },
};

static const struct column functions[] = {
	{ "flags", function_flags, NULL },       { "name", function_name, NULL },
	{ "resource", function_resource, NULL }, { "source", function_source, NULL },
	{ "lineNumber", function_line, NULL },   { "columnNumber", zero, NULL },
	{ "originalLocation", zero, NULL },      { 0 },
};

static const struct column stacks[] = {
	{ "frame", node_frame, NULL },
	{ "prefixOffset", node_prefix, NULL },
	{ 0 },
};

/* The type 1 is a library's. */
static const struct column resources[] = {
	{ "name", resource_name, NULL },
	{ "host", NULL, NULL },
	{ "type", one, NULL },
	{ 0 },
};

static const struct column sources[] = {
	{ "id", NULL, NULL },
	{ "filename", source_name, NULL },
	{ "startLine", one, NULL },
	{ "startColumn", one, NULL },
	{ "sourceMapURL", NULL, NULL },
	{ "content", NULL, write_content },
	{ 0 },
};

/* Tables that must be there, and are empty. */
static const struct column symbols[] = {
	{ "libIndex", zero, NULL },
	{ "address", zero, NULL },
	{ "name", zero, NULL },
	{ "functionSize", zero, NULL },
	{ 0 },
};

static const struct column locations[] = {
	{ "source", zero, NULL },
	{ "line", zero, NULL },
	{ "column", zero, NULL },
	{ 0 },
};

/* Rows 1 to n. */
static void
write_table(struct tables *t, const char *key, const struct column *columns, size_t n)
{
	json_open(t->json, key, '{');
	for (; columns->key; columns++) {
		json_open(t->json, columns->key, '[');
		for (uint32_t row = 1; row <= n; row++) {
			if (columns->value)
				json_number(t->json, NULL, columns->value(t, row));
			else if (columns->write)
				columns->write(t, row);
			else
				json_null(t->json, NULL);
		}
		json_close(t->json, ']');
	}
	json_number(t->json, "length", n);
	json_close(t->json, '}');
}

/* Strings come last: the other tables may add some. */
void
gecko_write_tables(struct json *j, struct gecko *g)
{
	struct arena a = { 0 };
	struct gecko_files files = gecko_files(&a, g->tree);
	struct tables t = { g, g->tree, j, &files };

	json_open(j, "shared", '{');
	write_table(&t, "stackTable", stacks, tree_node_count(g->tree) - 1);
	write_table(&t, "frameTable", frames, tree_frame_count(g->tree) - 1);
	write_table(&t, "funcTable", functions, tree_function_count(g->tree) - 1);
	write_table(&t, "resourceTable", resources, files.resources.used.n);
	write_table(&t, "nativeSymbols", symbols, 0);
	write_table(&t, "sources", sources, files.sources.used.n);
	write_table(&t, "sourceLocationTable", locations, 0);
	json_open(j, "stringArray", '[');
	for (size_t i = 0; i < g->strings.used.n; i++)
		json_text(j, NULL, tree_string(g->tree, g->strings.used.at[i]));
	json_close(j, ']');
	json_close(j, '}');
	arena_empty(&a);
}
