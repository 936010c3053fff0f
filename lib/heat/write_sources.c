/* SPDX-License-Identifier: MIT */
#include "heat/write.h"

enum { CODE_MAX = 200 }; /* bytes of a line in the index */

/* What was written of the texts of a page. */
struct writing {
	struct json *json;
	struct heat_sheet *sheet;
	uint32_t count;
	size_t bytes;
};

static struct heat_source
source_of(const struct heat_sheet *s, size_t side, uint32_t file, struct arena *a)
{
	const struct heat_side *of = &s->book->side[side];

	return heat_source_of(s->book->sources, of->heat, file, of->side, a);
}

/* The number of the text on the page, plus one; of an empty one 0, and of one too many. */
static uint32_t
write_source(struct writing *w, const struct heat_source *source)
{
	if (source->text.n == 0 || source->text.n > HEAT_TEXTS_MAX - w->bytes)
		return 0;
	w->bytes += source->text.n;
	json_open(w->json, NULL, '{');
	json_text(w->json, "odd", source->odd);
	column_begin(w->sheet->column, w->json, "text");
	column_bytes(w->sheet->column, source->text);
	column_end(w->sheet->column);
	json_close(w->json, '}');
	return ++w->count;
}

/* Without the blanks that it begins with; of a very long one the beginning. */
static struct text
trimmed(struct text line)
{
	while (line.n && (line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == '\f'))
		line = (struct text){ line.at + 1, line.n - 1 };
	return text_cut(line, CODE_MAX);
}

/* Keeps the texts of lines of a file that are wanted; both are in order. */
static void
keep_codes(struct heat_sheet *s, uint32_t file, struct text rest)
{
	const struct heat *h = s->book->side[0].heat;
	const struct heat_file *f = &h->files.at[file];
	uint32_t at = 1;

	for (uint32_t i = f->first; i < f->first + f->lines; i++) {
		const char *end = NULL;

		if (!s->wants_code[i])
			continue;
		while (rest.n && (end = memchr(rest.at, '\n', rest.n)) &&
		       at < h->lines.at[i].line) {
			rest = (struct text){ end + 1, rest.n - (size_t)(end + 1 - rest.at) };
			at++;
		}
		if (at != h->lines.at[i].line || rest.n == 0)
			return;
		s->codes[i] = text_copy(
			s->a, trimmed((struct text){ rest.at,
		                                     end ? (size_t)(end - rest.at) : rest.n }));
	}
}

void
heat_want_codes(struct heat_sheet *s)
{
	const struct heat_rows *lines = &s->pick[0].lines;
	size_t n = s->book->side[0].heat->lines.n;

	s->codes = arena_array(s->a, struct text, n);
	s->wants_code = arena_array(s->a, uint8_t, n);
	for (size_t i = 0; i < lines->picked.n; i++)
		s->wants_code[lines->picked.at[i]] = 1;
}

void
heat_write_codes(struct json *j, const struct heat_sheet *s)
{
	const struct heat_rows *lines = &s->pick[0].lines;

	json_open(j, "codes", '[');
	for (size_t i = 0; i < lines->picked.n; i++)
		json_text(j, NULL, s->codes[lines->picked.at[i]]);
	json_close(j, ']');
}

/* Partners that have one text share it. */
static void
write_file(struct writing *w, size_t side, uint32_t file, bool with_partner)
{
	struct arena scratch = { 0 };
	struct heat_sheet *s = w->sheet;
	struct heat_source source = source_of(s, side, file, &scratch), other;
	uint32_t partner1 = with_partner ? s->book->side[side].partner1[file] : 0;

	s->shown[side].state[file] = (uint8_t)source.state;
	s->shown[side].source1[file] = write_source(w, &source);
	if (side == 0 && s->wants_code)
		keep_codes(s, file, source.text);
	if (partner1) {
		other = source_of(s, 1 - side, partner1 - 1, &scratch);
		s->shown[1 - side].state[partner1 - 1] = (uint8_t)other.state;
		s->shown[1 - side].source1[partner1 - 1] =
			text_equal(source.text, other.text) ? s->shown[side].source1[file]
							    : write_source(w, &other);
	}
	arena_empty(&scratch);
}

static void
write_all(struct writing *w)
{
	const struct heat_sheet *s = w->sheet;

	for (size_t side = 0; side < s->book->sides; side++) {
		const struct heat_rows *files = &s->pick[side].files;

		for (size_t i = 0; i < files->picked.n; i++) {
			uint32_t file = files->picked.at[i];

			if (side == 0 || !s->book->side[side].partner1[file])
				write_file(w, side, file, s->book->diff);
		}
	}
}

void
heat_write_sources(struct json *j, struct heat_sheet *s, const uint32_t *only1)
{
	struct writing w = { j, s, 0, 0 };

	json_open(j, "sources", '[');
	if (s->book->sources && !only1)
		write_all(&w);
	else if (s->book->sources && only1[0])
		write_file(&w, 0, only1[0] - 1, s->book->diff);
	else if (s->book->sources && only1[1])
		write_file(&w, 1, only1[1] - 1, false);
	json_close(j, ']');
}
