/* SPDX-License-Identifier: MIT */
/* How the Firefox Profiler shows what the other columns hold. */
#include "formats/gecko_inside.h"
#include "formats/origin.h"

struct field {
	const char *key, *label, *format;
};

static const struct field no_fields[] = { { 0 } };
static const struct field opcode_fields[] = {
	{ "instruction", "Instruction", "unique-string" },
	{ "form", "Form", "unique-string" },
	{ "function", "Function", "unique-string" },
	{ "line", "Line", "string" },
	{ "column", "Column", "string" },
	{ 0 },
};
static const struct field loss_fields[] = {
	{ "count", "Number", "integer" },
	{ "what", "What", "string" },
	{ 0 },
};

enum fields { STATE, OPCODE, LOSS };

static const struct {
	const struct field *fields;
	const char *label; /* in the table and in the chart; NULL: the marker's name */
} forms[] = {
	[STATE] = { no_fields, NULL },
	[OPCODE] = { opcode_fields, "{marker.data.function}:{marker.data.line}" },
	[LOSS] = { loss_fields, "{marker.data.count}, {marker.data.what}" },
};

static const struct {
	enum gecko_category category;
	enum fields form;
	const char *description;
} schemas[] = {
#define SCHEMA(category, fields, description)                                                  \
	{ GECKO_CATEGORY_##category, fields, description },
#include "formats/gecko.def"
#undef SCHEMA
};

static const struct {
	const char *text, *colour;
} categories[] = {
#define CATEGORY(name, text, colour) { text, colour },
#include "formats/gecko.def"
#undef CATEGORY
};

/* Subcategories of Python; the first one must be called so. */
static const char *const origins[] = {
	[ORIGIN_PROJECT] = "Other",
	[ORIGIN_LIBRARY] = "Standard library",
	[ORIGIN_PACKAGES] = "Packages",
};

struct text
gecko_type(enum gecko_category category)
{
	return text_of(categories[category].text);
}

static void
write_category(struct json *j, size_t category)
{
	size_t n = category == GECKO_CATEGORY_PYTHON ? sizeof origins / sizeof *origins : 1;

	json_open(j, NULL, '{');
	json_text(j, "name", text_of(categories[category].text));
	json_text(j, "color", text_of(categories[category].colour));
	json_open(j, "subcategories", '[');
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, text_of(origins[i]));
	json_close(j, ']');
	json_close(j, '}');
}

void
gecko_write_categories(struct json *j)
{
	json_open(j, "categories", '[');
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
		write_category(j, i);
	json_close(j, ']');
}

static void
write_fields(struct json *j, const struct field *fields)
{
	json_open(j, "fields", '[');
	for (; fields->key; fields++) {
		json_open(j, NULL, '{');
		json_text(j, "key", text_of(fields->key));
		json_text(j, "label", text_of(fields->label));
		json_text(j, "format", text_of(fields->format));
		json_close(j, '}');
	}
	json_close(j, ']');
}

void
gecko_write_schemas(struct json *j)
{
	json_open(j, "markerSchema", '[');
	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
		const char *label = forms[schemas[i].form].label;

		json_open(j, NULL, '{');
		json_text(j, "name", gecko_type(schemas[i].category));
		json_text(j, "description", text_of(schemas[i].description));
		if (label) {
			json_text(j, "tableLabel", text_of(label));
			json_text(j, "chartLabel", text_of(label));
		}
		json_open(j, "display", '[');
		json_text(j, NULL, TEXT("marker-chart"));
		json_text(j, NULL, TEXT("marker-table"));
		json_close(j, ']');
		write_fields(j, forms[schemas[i].form].fields);
		json_close(j, '}');
	}
	json_close(j, ']');
}
