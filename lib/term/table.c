/* SPDX-License-Identifier: MIT */
#include "term/table.h"

#include "base/vec.h"
#include "term/width.h"

#include <assert.h>

enum { GAP = 2 }; /* between columns */

struct cell {
	struct text text;
	enum role role;
	size_t width;
};

struct table {
	struct arena *a;
	const struct column *columns;
	size_t n;
	VEC(struct cell) cells;
};

struct table *
table_new(struct arena *a, const struct column *columns, size_t n)
{
	struct table *t = arena_new(a, struct table);

	*t = (struct table){ .a = a, .columns = columns, .n = n };
	return t;
}

void
table_text(struct table *t, enum role role, struct text text)
{
	struct text visible = text_visible(t->a, text);

	*vec_push(t->a, &t->cells) = (struct cell){ visible, role, width_of(visible) };
}

void
table_count(struct table *t, enum role role, uint64_t n)
{
	table_text(t, role, text_grouped(t->a, n));
}

static struct cell
title(const struct table *t, size_t column)
{
	const char *of = t->columns[column].title;
	struct text text = of ? text_of(of) : TEXT("");

	return (struct cell){ text, ROLE_TITLE, width_of(text) };
}

/* How wide each column would be. */
static size_t *
wanted_widths(struct arena *a, const struct table *t)
{
	size_t *widths = arena_array(a, size_t, t->n);

	for (size_t i = 0; i < t->n; i++)
		widths[i] = title(t, i).width;
	for (size_t i = 0; i < t->cells.n; i++)
		if (t->cells.at[i].width > widths[i % t->n])
			widths[i % t->n] = t->cells.at[i].width;
	return widths;
}

/* What the columns take with the gaps between them, when the flexible one is cut. */
static size_t
taken(const struct table *t, const size_t *widths)
{
	size_t sum = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t least = t->columns[i].flexible;

		if (widths[i])
			sum += GAP + (least && widths[i] > least ? least : widths[i]);
	}
	return sum ? sum - GAP : 0;
}

/* Leaves out the column that is spared first; false: there is none. */
static bool
spare_one(const struct table *t, size_t *widths)
{
	size_t first = t->n;

	for (size_t i = 0; i < t->n; i++)
		if (widths[i] && t->columns[i].spare &&
		    (first == t->n || t->columns[i].spare >= t->columns[first].spare))
			first = i;
	if (first < t->n)
		widths[first] = 0;
	return first < t->n;
}

/* The widths on a screen of so many columns; 0: left out. */
static void
fit(const struct table *t, size_t *widths, size_t screen)
{
	size_t most;

	while (taken(t, widths) > screen && spare_one(t, widths))
		continue;
	for (size_t i = 0; i < t->n; i++) {
		if (widths[i] <= t->columns[i].flexible || !t->columns[i].flexible)
			continue;
		most = t->columns[i].flexible;
		if (taken(t, widths) < screen)
			most += screen - taken(t, widths);
		if (widths[i] > most)
			widths[i] = most;
	}
}

/* Cells of one line; what is blank before the next text waits, so that no line ends in it. */
static void
draw_line(const struct table *t, const struct table_pen *pen, const struct cell *cells,
          const size_t *widths)
{
	struct arena scratch = { 0 };
	size_t blank = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct text text =
			width_cut(&scratch, cells[i].text, widths[i], t->columns[i].keeps_end);
		size_t width = cells[i].width < widths[i] ? cells[i].width : widths[i];
		size_t pad = widths[i] - width;

		if (widths[i] == 0)
			continue;
		if (t->columns[i].right)
			blank += pad;
		if (text.n) {
			pen->blank(pen->context, blank);
			pen->text(pen->context, cells[i].role, text);
			blank = 0;
		}
		blank += GAP + (t->columns[i].right ? 0 : pad);
	}
	pen->end(pen->context);
	arena_empty(&scratch);
}

void
table_draw(const struct table *t, unsigned width, const struct table_pen *pen)
{
	struct arena scratch = { 0 };
	size_t *widths = wanted_widths(&scratch, t);
	struct cell *titles = arena_array(&scratch, struct cell, t->n);
	bool has_titles = false;

	assert(t->n && t->cells.n % t->n == 0);
	if (width)
		fit(t, widths, width);
	for (size_t i = 0; i < t->n; i++) {
		titles[i] = title(t, i);
		has_titles |= titles[i].text.n > 0;
	}
	if (has_titles)
		draw_line(t, pen, titles, widths);
	for (size_t i = 0; i < t->cells.n; i += t->n)
		draw_line(t, pen, &t->cells.at[i], widths);
	arena_empty(&scratch);
}

struct writing {
	struct out *o;
	struct screen screen;
};

static void
write_text(void *context, enum role role, struct text visible)
{
	struct writing *w = context;

	screen_text(w->o, w->screen, role, visible);
}

static void
write_blank(void *context, size_t columns)
{
	struct writing *w = context;

	while (columns--)
		out_byte(w->o, ' ');
}

static void
write_end(void *context)
{
	struct writing *w = context;

	out_byte(w->o, '\n');
}

void
table_write(const struct table *t, struct out *o, struct screen s)
{
	struct writing w = { o, s };
	struct table_pen pen = { &w, write_text, write_blank, write_end };

	table_draw(t, s.width, &pen);
}
