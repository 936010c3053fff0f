/* SPDX-License-Identifier: MIT */
#include "formats/svg.h"

#include "base/quantity.h"
#include "tree/about.h"
#include "tree/name.h"

#include <stdlib.h>

/* In pixels; a character is as wide as those of monospaced fonts are. */
enum { WIDTH = 1200, ROW = 18, EDGE = 12, LINE = 17, TITLE = 30 };

static const double CHARACTER = 7.2, NARROWEST = 0.5, PAD = 4;

static const char style[] = "text{font:12px ui-monospace,Menlo,Consolas,\"DejaVu Sans "
			    "Mono\",monospace;fill:#1b1d21}"
			    ".title{font-size:16px;font-weight:600}.line{fill:#5a616c}"
			    ".paper{fill:#fff}rect{stroke:#fff;stroke-width:.5}";

struct drawing {
	struct svg *s;
	struct arena a;
	double *lefts; /* of each box, in pixels */
	double scale;  /* pixels of a weight */
	uint32_t hidden;
	uint32_t depth; /* of the deepest box that is drawn */
	double top;
};

struct text
svg_weight(struct arena *a, enum view_unit unit, uint64_t weight)
{
	if (unit == VIEW_NS)
		return quantity_print_ns(a, weight);
	return text_print(a, "%s sample%s", text_grouped(a, weight).at, weight == 1 ? "" : "s");
}

struct text
svg_share(struct arena *a, double part, double whole)
{
	return text_print(a, "%.1f %%", whole > 0 ? 100 * part / whole : 0);
}

/* Characters that XML has no place for, and those that mean something there. */
static void
put_text(struct out *o, struct text t)
{
	static const char *const entities[128] = {
		['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
	};
	struct arena scratch = { 0 };
	struct text visible = text_visible(&scratch, t);

	for (size_t i = 0; i < visible.n; i++) {
		unsigned char c = (unsigned char)visible.at[i];

		if (c < 128 && entities[c])
			out_text(o, text_of(entities[c]));
		else if (i + 2 < visible.n && memcmp(visible.at + i, "\xef\xbf\xbe", 3) == 0)
			i += 2;
		else if (i + 2 < visible.n && memcmp(visible.at + i, "\xef\xbf\xbf", 3) == 0)
			i += 2;
		else
			out_byte(o, (char)c);
	}
	arena_empty(&scratch);
}

/* As many characters of t as fit, with dots where some do not. */
static struct text
fit(struct arena *a, struct text t, double pixels)
{
	size_t room = pixels > 0 ? (size_t)(pixels / CHARACTER) : 0, n = 0, cut = 0;

	t = text_visible(a, t);
	for (size_t i = 0; i < t.n; i++) {
		if (((unsigned char)t.at[i] & 0xc0) == 0x80)
			continue;
		if (n + 2 == room)
			cut = i;
		n++;
	}
	if (n <= room)
		return t;
	return room < 3 ? TEXT("") : text_print(a, "%.*s..", (int)cut, t.at);
}

static double
width_of(const struct drawing *d, uint32_t box)
{
	return d->s->boxes[box].weight * d->scale;
}

static bool
is_drawn(const struct drawing *d, uint32_t box)
{
	return width_of(d, box) >= NARROWEST;
}

struct child {
	double weight;
	uint32_t box;
};

/* The heaviest first. */
static int
compare_children(const void *x, const void *y)
{
	const struct child *a = x, *b = y;

	if (a->weight > b->weight || a->weight < b->weight)
		return a->weight > b->weight ? -1 : 1;
	return a->box < b->box ? -1 : 1;
}

static void
place_children(struct drawing *d, uint32_t parent)
{
	const struct svg_box *boxes = d->s->boxes;
	struct arena scratch = { 0 };
	VEC(struct child) children = { 0 };
	double left = d->lefts[parent];

	for (uint32_t c = parent + 1; c < boxes[parent].end; c = boxes[c].end)
		*vec_push(&scratch, &children) = (struct child){ boxes[c].weight, c };
	if (children.n)
		qsort(children.at, children.n, sizeof *children.at, compare_children);
	for (size_t i = 0; i < children.n; i++) {
		d->lefts[children.at[i].box] = left;
		left += width_of(d, children.at[i].box);
	}
	arena_empty(&scratch);
}

/* What is too narrow is left out with all that is inside of it, and counted. */
static void
place(struct drawing *d)
{
	const struct svg_box *boxes = d->s->boxes;

	d->lefts = arena_array(&d->a, double, d->s->count);
	d->lefts[0] = EDGE;
	for (uint32_t i = 0; i < d->s->count;) {
		if (i && !is_drawn(d, i)) {
			d->hidden += boxes[i].weight > 0 ? boxes[i].end - i : 0;
			i = boxes[i].end;
			continue;
		}
		d->depth = boxes[i].depth > d->depth ? boxes[i].depth : d->depth;
		place_children(d, i++);
	}
}

static void
draw_box(struct drawing *d, uint32_t box)
{
	struct arena scratch = { 0 };
	const struct svg_box *b = &d->s->boxes[box];
	struct out *o = d->s->out;
	double y = d->top + (double)(b->depth - 1) * ROW, width = width_of(d, box);
	struct text name = tree_frame_name(d->s->tree, b->frame);
	struct text label = text_print(&scratch, "%.*s%s", TEXT_ARG(name),
	                               d->s->label(d->s, &scratch, b).at);
	struct text fits = fit(&scratch, label, width - 2 * PAD);

	out_text(o, TEXT("<g><title>"));
	put_text(o, tree_frame_text(&scratch, d->s->tree, b->frame, true));
	out_text(o, TEXT("\n"));
	out_text(o, d->s->describe(d->s, &scratch, b)); /* figures and words of ours */
	out_print(o,
	          "</title><rect class=\"%s\" x=\"%.2f\" y=\"%.0f\" width=\"%.2f\" "
	          "height=\"%d\"/>",
	          d->s->class(d->s, b), d->lefts[box], y, width, ROW);
	if (fits.n) {
		out_print(o, "<text x=\"%.2f\" y=\"%.0f\">", d->lefts[box] + PAD, y + 13);
		put_text(o, fits);
		out_text(o, TEXT("</text>"));
	}
	out_text(o, TEXT("</g>\n"));
	arena_empty(&scratch);
}

static void
draw_line(struct drawing *d, double y, struct text t)
{
	out_print(d->s->out, "<text class=\"line\" x=\"%d\" y=\"%.0f\">", EDGE, y);
	put_text(d->s->out, t);
	out_text(d->s->out, TEXT("</text>\n"));
}

/* What the colours mean. */
static void
draw_keys(struct drawing *d, double y)
{
	double x = EDGE;

	for (const struct svg_key *key = d->s->keys; key->class; key++) {
		out_print(
			d->s->out,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%.0f\" width=\"12\" height=\"12\"/>"
			"<text class=\"line\" x=\"%.1f\" y=\"%.0f\">%s</text>\n",
			key->class, x, y - 10, x + 17, y, key->text);
		x += 17 + CHARACTER * ((double)strlen(key->text) + 2);
	}
}

static void
draw_head(struct drawing *d, double height)
{
	struct svg *s = d->s;

	out_print(s->out,
	          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" "
	          "width=\"%d\" height=\"%.0f\">\n<title>",
	          WIDTH, height, WIDTH, height);
	put_text(s->out, s->title);
	out_print(s->out, "</title>\n<style>%s%s</style>\n", style, s->style);
	out_print(s->out, "<rect class=\"paper\" width=\"%d\" height=\"%.0f\"/>\n", WIDTH,
	          height);
	out_print(s->out, "<text class=\"title\" x=\"%d\" y=\"%d\">", EDGE, TITLE - 4);
	put_text(s->out, s->title);
	out_text(s->out, TEXT("</text>\n"));
	for (size_t i = 0; i < s->lines.n; i++)
		draw_line(d, TITLE + LINE * (double)(i + 1) - 2, s->lines.at[i]);
	draw_keys(d, TITLE + LINE * (double)(s->lines.n + 1) - 1);
}

void
svg_draw(struct svg *s)
{
	struct drawing d = { .s = s, .top = TITLE + LINE * (double)(s->lines.n + 1) + 8 };
	double foot;

	d.scale = s->boxes[0].weight > 0 ? (WIDTH - 2 * EDGE) / s->boxes[0].weight : 0;
	place(&d);
	foot = d.top + (double)d.depth * ROW + LINE;
	draw_head(&d, foot + EDGE);
	for (uint32_t i = 1; i < s->count; i = is_drawn(&d, i) ? i + 1 : s->boxes[i].end)
		if (is_drawn(&d, i))
			draw_box(&d, i);
	if (s->boxes[0].weight <= 0)
		draw_line(&d, foot, TEXT("There are no samples."));
	else if (d.hidden)
		draw_line(&d, foot,
		          text_print(&d.a, "%s frame%s too narrow to be drawn.",
		                     text_grouped(&d.a, d.hidden).at,
		                     d.hidden == 1 ? " is" : "s are"));
	out_text(s->out, TEXT("</svg>\n"));
	arena_empty(&d.a);
}

void
svg_tell_origin(struct svg *s, const struct export *x)
{
	struct tree_about all = tree_about(x->tree, s->a);
	struct text title = x->how.title ? text_of(x->how.title) : all.script;
	struct text line = { "", 0 };

	s->title = title.n ? title : TEXT("Flame graph");
	if (all.python.n)
		line = text_print(s->a, "Python %.*s, ", TEXT_ARG(all.python));
	if (all.host.n)
		line = text_print(s->a, "%.*son %.*s, ", TEXT_ARG(line), TEXT_ARG(all.host));
	line = text_print(s->a, "%.*s%s sample%s", TEXT_ARG(line),
	                  text_grouped(s->a, all.samples).at, all.samples == 1 ? "" : "s");
	if (all.watched_ns)
		line = text_print(s->a, "%.*s in %s", TEXT_ARG(line),
		                  quantity_print_ns(s->a, all.watched_ns).at);
	if (all.runs > 1)
		line = text_print(s->a, "%.*s, %zu runs", TEXT_ARG(line), all.runs);
	*vec_push(s->a, &s->lines) = line;
	if (x->how.incomplete)
		*vec_push(s->a, &s->lines) =
			text_print(s->a, "Incomplete: %s.", x->how.incomplete);
}
