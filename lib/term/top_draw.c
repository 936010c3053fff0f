/* SPDX-License-Identifier: MIT */
/* The screen: lines that tell of the sampling, the table, a panel, and a line for what is typed. */
#include "term/top_inside.h"
#include "term/top_screen.h"
#include "term/width.h"

enum {
	PANEL_ROWS = 5,   /* of each of its lists */
	PANEL_LINES = 12, /* with their titles */
	TABLE_TOP = TOP_HEAD_LINES + 1,
	OPCODE_ROWS = 10,
	BAR = 20, /* columns that stand for all */
};

/* Lines of a table, from one on; the row that is selected is marked. */
struct drawing {
	unsigned line, last; /* where it is; no line is behind the last */
	size_t selected;     /* the line of the table, from 0; or none */
	size_t at;
	bool begun;
};

static void
draw_begin(struct drawing *d)
{
	if (!d->begun && d->line <= d->last)
		top_screen_line(d->line, d->at == d->selected);
	d->begun = true;
}

static void
draw_text(void *context, enum role role, struct text visible)
{
	struct drawing *d = context;

	draw_begin(d);
	if (d->line <= d->last)
		top_screen_text(role, visible);
}

static void
draw_blank(void *context, size_t columns)
{
	struct drawing *d = context;

	draw_begin(d);
	if (d->line <= d->last)
		top_screen_blank(columns);
}

static void
draw_end(void *context)
{
	struct drawing *d = context;

	draw_begin(d);
	d->begun = false;
	d->line++;
	d->at++;
}

static void
draw_table(const struct table *table, struct drawing *d)
{
	struct table_pen pen = { d, draw_text, draw_blank, draw_end };

	table_draw(table, top_screen_width(), &pen);
}

static unsigned
panel_lines(const struct top *t)
{
	return t->panel != TOP_NO_PANEL && t->view == TOP_FUNCTIONS ? PANEL_LINES : 0;
}

unsigned
top_page(const struct top *t)
{
	unsigned used = TABLE_TOP + 1 + 1 + panel_lines(t), height = top_screen_height();

	return height > used ? height - used : 1;
}

static void
draw_line(unsigned line, enum role role, struct text visible)
{
	top_screen_line(line, false);
	top_screen_text(role, visible);
}

static void
draw_head(struct arena *a, const struct top *t)
{
	for (int i = 0; i < TOP_HEAD_LINES; i++)
		draw_line((unsigned)i, i ? ROLE_PLAIN : ROLE_TITLE, top_head(a, t, i));
}

/* The rows around the one that is selected. */
static void
draw_rows(struct arena *a, struct top *t)
{
	unsigned page = top_page(t);
	struct drawing d = { .line = TABLE_TOP, .last = TABLE_TOP + page };

	if (t->selected < t->first)
		t->first = t->selected;
	if (t->selected >= t->first + page)
		t->first = t->selected - page + 1;
	d.selected = t->shown.n ? t->selected - t->first + 1 : SIZE_MAX;
	draw_table(top_table(a, t, t->first, page), &d);
}

static struct text
share(struct arena *a, double part, double whole)
{
	return whole > 0 ? text_print(a, "%.1f", part * 100 / whole) : TEXT("-");
}

static void
draw_calls(struct arena *a, struct top *t, unsigned line, const char *title, live_parts parts)
{
	static const struct column columns[] = { { .title = "total %", .right = true },
		                                 { .flexible = 24, .keeps_end = true } };
	struct table *table = table_new(a, columns, 2);
	struct drawing d = { .line = line + 1,
		             .last = line + PANEL_ROWS,
		             .selected = SIZE_MAX };

	draw_line(line, ROLE_TITLE, text_of(title));
	for (size_t i = 0; i < parts.n && i < PANEL_ROWS; i++) {
		table_text(table, ROLE_PLAIN,
		           share(a, parts.at[i].weight.recent, t->shown.look.whole.recent));
		table_text(table, ROLE_PLAIN, top_place(a, t, parts.at[i].number));
	}
	if (parts.n)
		draw_table(table, &d);
}

static struct text
bar(struct arena *a, double part, double whole)
{
	char *at = arena_alloc(a, BAR + 1);
	double n = whole > 0 ? part / whole * BAR : 0;

	memset(at, ' ', BAR);
	for (size_t i = 0; i < BAR && (double)i + 0.5 <= n; i++)
		at[i] = '#';
	return (struct text){ at, BAR };
}

static void
draw_opcodes(struct arena *a, const struct top *t, unsigned line, live_parts parts)
{
	static const struct column columns[] = { { .title = "self %", .right = true },
		                                 { .title = NULL },
		                                 { .title = "instruction", .flexible = 16 } };
	struct table *table = table_new(a, columns, 3);
	struct drawing d = { .line = line + 1,
		             .last = line + OPCODE_ROWS,
		             .selected = SIZE_MAX };
	double whole = 0;

	for (size_t i = 0; i < parts.n; i++)
		whole += parts.at[i].weight.recent;
	if (parts.n == 0) {
		draw_line(line, ROLE_FAINT,
		          TEXT("no instructions: tsample --opcodes records them, and only "
		               "what ran itself has some"));
		return;
	}
	draw_line(line, ROLE_TITLE, TEXT("Instructions, and what they are forms of"));
	for (size_t i = 0; i < parts.n && i < OPCODE_ROWS; i++) {
		table_text(table, ROLE_PLAIN, share(a, parts.at[i].weight.recent, whole));
		table_text(table, ROLE_FAINT, bar(a, parts.at[i].weight.recent, whole));
		table_text(table, ROLE_PLAIN, tree_string(t->tree, parts.at[i].number));
	}
	draw_table(table, &d);
}

static void
draw_panel(struct arena *a, struct top *t)
{
	unsigned line = TABLE_TOP + 1 + top_page(t);
	uint32_t function;

	if (!panel_lines(t) || t->shown.n == 0)
		return;
	function = t->shown.rows[t->selected].number;
	if (t->panel == TOP_OPCODES) {
		draw_opcodes(a, t, line, live_opcodes(a, t->live, &t->shown.look, function));
		return;
	}
	draw_calls(a, t, line, "Called by", live_callers(a, t->live, &t->shown.look, function));
	draw_calls(a, t, line + PANEL_ROWS + 1, "Calls",
	           live_callees(a, t->live, &t->shown.look, function));
}

/* What is typed, or was said; else how it is sorted, filtered and helped. */
static struct text
last_line(struct arena *a, const struct top *t)
{
	static const char *const sorts[] = { "self", "total", "self time", "total time",
		                             "name" };
	struct text shown = text_grouped(a, t->shown.n), all = text_grouped(a, t->shown.all);
	struct text filter = text_visible(a, text_of(t->filter));

	if (t->prompt)
		return text_print(a, "%s: %s_",
		                  t->prompt == TOP_FILTER ? "show what contains" : "write to",
		                  text_visible(a, text_of(t->typed)).at);
	if (t->message.n)
		return text_visible(a, t->message);
	if (t->help)
		return TEXT("Up, Down: what is not here  ?: back  q: quit");
	return text_print(a, "%.*s of %.*s by %s%s%.*s  ?: help  q: quit", TEXT_ARG(shown),
	                  TEXT_ARG(all), sorts[t->sort], filter.n ? ", with " : "",
	                  TEXT_ARG(filter));
}

/* From t->first_help on: a low terminal does not hold all of it. */
static void
draw_help(struct arena *a, const struct top *t)
{
	static const struct column columns[] = { { .title = "key" },
		                                 { .title = "what it does", .flexible = 24 } };
	struct table *table = table_new(a, columns, 2);
	struct drawing d = { .last = top_screen_height() - 2, .selected = SIZE_MAX };
	size_t n;
	const struct top_help *help = top_help(&n);

	for (size_t i = t->first_help; i < n; i++) {
		table_text(table, ROLE_TITLE, text_of(help[i].keys));
		table_text(table, ROLE_PLAIN, text_of(help[i].what));
	}
	draw_table(table, &d);
}

void
top_draw(struct top *t)
{
	struct arena scratch = { 0 };

	top_screen_begin();
	if (t->help) {
		draw_help(&scratch, t);
	} else {
		draw_head(&scratch, t);
		draw_rows(&scratch, t);
		draw_panel(&scratch, t);
	}
	draw_line(top_screen_height() - 1, ROLE_FAINT, last_line(&scratch, t));
	top_screen_end();
	arena_empty(&scratch);
}
