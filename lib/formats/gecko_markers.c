/* SPDX-License-Identifier: MIT */
/* The columns of a thread's markers. */
#include "formats/gecko_inside.h"

#include "tree/name.h"

static const struct {
	const char *text;
	enum gecko_category category;
} marks[GECKO_MARKS] = {
	{ "", GECKO_CATEGORY_OTHER },
#define MARK(name, text, category) { text, GECKO_CATEGORY_##category },
#include "formats/gecko.def"
#undef MARK
};

/* The chains that a thread's markers are in. */
struct sources {
	struct gecko *g;
	const struct gecko_run *run;
	const struct spool_chain *chains[2]; /* the second one may be NULL */
	struct spool_reading *reading;
};

/* An instruction "CALL_LEN CALL" in its parts, as strings of the document. */
struct opcode {
	uint32_t form, instruction;
};

static struct opcode
opcode_of(struct gecko *g, uint32_t frame)
{
	struct text form = tree_string(g->tree, tree_frame(g->tree, frame)->opcode),
		    instruction = form;
	const char *blank = memchr(form.at, ' ', form.n);
	struct opcode opcode;

	if (blank) {
		form.n = (size_t)(blank - form.at);
		instruction.at = blank + 1;
		instruction.n -= form.n + 1;
	}
	opcode.form = gecko_text(g, form);
	opcode.instruction = gecko_text(g, instruction);
	return opcode;
}

/* As a text: a number would be shown with a comma among its digits. */
static void
write_digits(struct json *j, const char *key, uint32_t n)
{
	struct arena scratch = { 0 };

	json_text(j, key, text_print(&scratch, "%u", n));
	arena_empty(&scratch);
}

static void
write_opcode(struct json *j, struct gecko *g, uint32_t frame)
{
	struct opcode opcode = opcode_of(g, frame);
	const struct stream_frame *f = tree_frame(g->tree, frame);

	json_number(j, "instruction", opcode.instruction);
	if (opcode.form != opcode.instruction)
		json_number(j, "form", opcode.form);
	json_number(j, "function", gecko_text(g, tree_frame_name(g->tree, frame)));
	if (f->line)
		write_digits(j, "line", f->line);
	if (f->column1)
		write_digits(j, "column", f->column1);
}

static void
write_data(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	const char *what;

	json_open(j, NULL, '{');
	json_text(j, "type", gecko_type(marks[m->mark].category));
	if (m->mark == GECKO_MARK_OPCODE) {
		write_opcode(j, s->g, (uint32_t)m->what);
	} else if (m->mark > GECKO_MARK_OPCODE) {
		what = stream_loss_text((enum stream_loss)m->what);
		json_number(j, "count", m->count);
		json_text(j, "what", text_of(what ? what : "lost in a way that is not known"));
	}
	json_close(j, '}');
}

static void
write_name(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	if (m->mark == GECKO_MARK_OPCODE)
		json_number(j, NULL, opcode_of(s->g, (uint32_t)m->what).form);
	else
		json_number(j, NULL, gecko_text(s->g, text_of(marks[m->mark].text)));
}

static void
write_start(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	gecko_write_ms(j, gecko_offset(s->g, s->run) + gecko_ns(s->run, m->from));
}

static void
write_end(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	gecko_write_ms(j, gecko_offset(s->g, s->run) + gecko_ns(s->run, m->from + m->units));
}

/* Each is an interval. */
static void
write_phase(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	(void)s;
	(void)m;
	json_number(j, NULL, 1);
}

static void
write_category(struct json *j, const struct sources *s, const struct gecko_marker *m)
{
	(void)s;
	json_number(j, NULL, marks[m->mark].category);
}

static const struct {
	const char *key;
	void (*write)(struct json *j, const struct sources *s, const struct gecko_marker *m);
} columns[] = {
	{ "data", write_data },   { "name", write_name },   { "startTime", write_start },
	{ "endTime", write_end }, { "phase", write_phase }, { "category", write_category },
};

void
gecko_write_markers(struct json *j, struct gecko *g, const struct gecko_run *r,
                    const struct gecko_thread *h, bool losses)
{
	struct arena scratch = { 0 };
	struct sources s = { g, r, { &h->markers, losses ? &r->losses : NULL }, NULL };
	struct gecko_marker m;

	s.reading = arena_new(&scratch, struct spool_reading);
	json_open(j, "markers", '{');
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		json_open(j, columns[i].key, '[');
		for (size_t k = 0; k < 2 && s.chains[k]; k++) {
			spool_read(s.reading, g->spool, s.chains[k]);
			while (gecko_take_marker(s.reading, &m))
				columns[i].write(j, &s, &m);
		}
		json_close(j, ']');
	}
	json_number(j, "length", h->marks + (losses ? r->marks : 0));
	json_close(j, '}');
	arena_empty(&scratch);
}
