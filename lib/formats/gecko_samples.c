/* SPDX-License-Identifier: MIT */
/* The columns of a thread's samples, each in a reading of its own. */
#include "formats/gecko_inside.h"

/* A thread, as it is read from row to row. */
struct walk {
	const struct gecko *g;
	const struct gecko_run *run;
	uint64_t ns; /* since the start of the profile: the time of the row before */
};

static void
write_stack(struct json *j, struct walk *w, const struct gecko_row *row)
{
	(void)w;
	if (row->node)
		json_number(j, NULL, row->node - 1);
	else
		json_null(j, NULL);
}

static void
write_delta(struct json *j, struct walk *w, const struct gecko_row *row)
{
	uint64_t ns = gecko_offset(w->g, w->run) + gecko_ns(w->run, row->at);

	gecko_write_ms(j, ns - w->ns);
	w->ns = ns;
}

static void
write_time(struct json *j, struct walk *w, const struct gecko_row *row)
{
	gecko_write_ms(j, gecko_ns(w->run, row->weight));
}

static void
write_count(struct json *j, struct walk *w, const struct gecko_row *row)
{
	(void)w;
	json_number(j, NULL, row->weight);
}

static void
write_column(struct json *j, const char *key, struct walk w, const struct gecko_thread *h,
             void (*write)(struct json *j, struct walk *w, const struct gecko_row *row))
{
	struct arena scratch = { 0 };
	struct gecko_rows *rows = arena_new(&scratch, struct gecko_rows);
	enum gecko_is is;

	json_open(j, key, '[');
	gecko_read_rows(rows, w.g, h);
	while ((is = gecko_take_row(rows)) != GECKO_END)
		if (is == GECKO_ROW)
			write(j, &w, &rows->row);
	json_close(j, ']');
	arena_empty(&scratch);
}

void
gecko_write_samples(struct json *j, const struct gecko *g, const struct gecko_run *r,
                    const struct gecko_thread *h)
{
	bool timed = r->run->about.unit_ns > 0;
	struct walk w = { .g = g, .run = r };

	json_open(j, "samples", '{');
	write_column(j, "stack", w, h, write_stack);
	write_column(j, "timeDeltas", w, h, write_delta);
	write_column(j, "weight", w, h, timed ? write_time : write_count);
	json_text(j, "weightType", timed ? TEXT("tracing-ms") : TEXT("samples"));
	if (h->accounted)
		gecko_write_cpu(j, g, r, h);
	json_number(j, "length", h->rows);
	json_close(j, '}');
}
