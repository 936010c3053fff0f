/* SPDX-License-Identifier: MIT */
#include "heat/page.h"

#include "base/version.h"
#include "heat/folder.h"
#include "heat/write.h"
#include "render/page.h"

static struct heat_sheet
sheet_new(struct arena *a, const struct heat_book *b)
{
	struct heat_sheet s = {
		.a = a,
		.book = b,
		.facts = facts_of(a, b->tree),
		.string_of = arena_array(a, uint32_t, tree_string_count(b->tree)),
		.column = arena_new(a, struct column),
	};

	for (size_t side = 0; side < b->sides; side++) {
		size_t files = b->side[side].heat->files.n;

		s.pick[side] = heat_pick_new(a, &b->side[side]);
		s.shown[side] = (struct heat_shown){
			arena_array(a, uint8_t, files),
			arena_array(a, uint32_t, files),
			arena_array(a, uint32_t, files),
		};
	}
	if (b->diff)
		s.compared.number1 = arena_array(a, uint32_t, b->diff->function_count);
	return s;
}

static void
write_head(struct json *j, const struct heat_sheet *s, const struct heat_page *how)
{
	bool timed = s->book->side[0].heat->unit == VIEW_NS;

	json_number(j, "page", 1);
	json_text(j, "writer", TEXT("theat " TACHYTOOLS_VERSION));
	json_text(j, "title", text_of(how->title ? how->title : ""));
	json_text(j, "unit", timed ? TEXT("ns") : TEXT("samples"));
	json_open(j, "incomplete", '[');
	if (how->incomplete)
		json_text(j, NULL, text_of(how->incomplete));
	json_close(j, ']');
	json_open(j, "notes", '[');
	facts_write_notes(j, &s->facts);
	json_close(j, ']');
	facts_write(j, &s->facts);
}

/* A page of what is picked. file1 and only1 are NULL where it has everything. */
static void
write_page(struct out *o, struct heat_sheet *s, const struct heat_page *how,
           const uint32_t *file1, const uint32_t *only1)
{
	struct page page =
		page_begin(o, page_heat, page_heat_end, file1 ? heat_folder_mark : TEXT(""));
	struct json j = { .out = o };

	json_open(&j, NULL, '{');
	write_head(&j, s, how);
	if (file1) {
		json_open(&j, "folder", '{');
		json_number(&j, "file", *file1);
		json_close(&j, '}');
	}
	heat_number_strings(s);
	heat_write_strings(&j, s);
	heat_write_sources(&j, s, only1);
	if (file1 && *file1 == 0 && s->wants_code)
		heat_write_codes(&j, s);
	heat_write_compared(&j, s);
	heat_write_sides(&j, s);
	json_close(&j, '}');
	page_end(&page);
}

void
heat_write(struct out *o, const struct heat_book *b, const struct heat_page *how)
{
	struct arena a = { 0 };
	struct heat_sheet s = sheet_new(&a, b);

	for (size_t side = 0; side < b->sides; side++)
		heat_pick_all(&s.pick[side]);
	write_page(o, &s, how, NULL, NULL);
	column_close(s.column);
	arena_empty(&a);
}

static struct out *
open_page(struct arena *a, const char *folder, uint32_t number, struct err *e)
{
	struct text path = number ? text_print(a, "%s/%u.html", folder, number)
	                          : text_print(a, "%s/index.html", folder);

	return out_open(a, path.at, OUT_TEXT, e);
}

/* Gives each file its page: partners have one. How many pages there are. */
static uint32_t
number_pages(struct heat_sheet *s)
{
	const struct heat_book *b = s->book;
	uint32_t n = 0;

	for (size_t i = 0; i < b->side[0].heat->files.n; i++)
		s->shown[0].page[i] = ++n;
	for (size_t i = 0; b->diff && i < b->side[1].heat->files.n; i++) {
		uint32_t partner1 = b->side[1].partner1[i];

		s->shown[1].page[i] = partner1 ? partner1 : ++n;
	}
	return n;
}

/* The page of a file: its row on a side. */
static bool
write_file_page(const char *folder, struct heat_sheet *s, const struct heat_page *how,
                size_t side, uint32_t file, struct err *e)
{
	struct arena a = { 0 };
	uint32_t only1[2] = { 0 }, own1, page = s->shown[side].page[file];
	struct out *o = open_page(&a, folder, page, e);

	if (!o)
		return false;
	only1[side] = file + 1;
	if (s->book->diff && side == 0)
		only1[1] = s->book->side[0].partner1[file];
	for (size_t i = 0; i < s->book->sides; i++) {
		heat_pick_file(&s->pick[i], only1[i]);
		if (only1[i])
			s->shown[i].page[only1[i] - 1] = 0;
	}
	own1 = s->pick[side].files.number1[file];
	write_page(o, s, how, &own1, only1);
	out_close(o);
	for (size_t i = 0; i < s->book->sides; i++)
		if (only1[i]) {
			s->shown[i].page[only1[i] - 1] = page;
			s->shown[i].source1[only1[i] - 1] = 0;
		}
	arena_empty(&a);
	return true;
}

static bool
write_index(const char *folder, struct heat_sheet *s, const struct heat_page *how,
            struct err *e)
{
	static const uint32_t none[2];
	struct arena a = { 0 };
	struct out *o = open_page(&a, folder, 0, e);

	if (!o)
		return false;
	for (size_t i = 0; i < s->book->sides; i++)
		heat_pick_index(&s->pick[i]);
	write_page(o, s, how, none, none);
	out_close(o);
	arena_empty(&a);
	return true;
}

/* The index goes first and comes last: it is there when all that it leads to is. */
bool
heat_write_folder(const char *folder, const struct heat_book *b, const struct heat_page *how,
                  struct err *e)
{
	struct arena a = { 0 };
	struct heat_sheet s = sheet_new(&a, b);
	uint32_t pages = number_pages(&s);
	bool done = heat_folder_begin(folder, e);

	heat_pick_index(&s.pick[0]);
	if (!b->diff)
		heat_want_codes(&s);
	for (size_t side = 0; side < b->sides; side++)
		for (uint32_t i = 0; done && i < b->side[side].heat->files.n; i++)
			if (side == 0 || !b->side[1].partner1[i])
				done = write_file_page(folder, &s, how, side, i, e);
	done = done && write_index(folder, &s, how, e);
	if (done)
		heat_folder_end(folder, pages);
	column_close(s.column);
	arena_empty(&a);
	return done;
}
