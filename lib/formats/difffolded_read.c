/* SPDX-License-Identifier: MIT */
/*
 * Collapsed text of two profiles, as difffolded.pl and texport write it: behind
 * each stack the count of the baseline, and that of the current side. Each is a
 * run of its own.
 */
#include "formats/collapsed_line.h"
#include "formats/formats.h"

struct reading {
	struct import sides[2];
};

/* The parts of a line; else why it is none. */
static const char *
split(struct text line, struct text *stack, collapsed_count counts[2])
{
	const char *wrong = collapsed_split(line, stack, &counts[1]);

	return wrong ? wrong : collapsed_split(*stack, stack, &counts[0]);
}

/* Text, and all that is said is said with two counts. */
bool
difffolded_recognizes(struct text bytes, struct err *e)
{
	struct import in = { .rest = bytes };
	struct text line;
	bool said = false;

	(void)e;
	if (!collapsed_is_text(bytes))
		return false;
	while (in.rest.n) {
		line = import_line(&in);
		if (collapsed_says_nothing(line))
			continue;
		if (!collapsed_drop_count(&line) || !collapsed_drop_count(&line))
			return false;
		said = true;
	}
	return said;
}

/* Two runs of equal id, on two sides. */
static struct reading *
begin(struct import *in)
{
	struct reading *r = arena_new(&in->arena, struct reading);

	for (int i = 0; i < 2; i++) {
		r->sides[i] = import_begin(in->tree, in->rest, in->name, in->unit_ns);
		r->sides[i].about.side = i ? STREAM_CURRENT : STREAM_BASELINE;
		r->sides[i].about.unit_ns = in->unit_ns ? 1 : 0;
		import_run(&r->sides[i]);
	}
	in->run = r->sides[0].run;
	return r;
}

static const char *
add_line(struct reading *r, struct text line)
{
	struct text stack;
	collapsed_count counts[2];
	const char *wrong = split(line, &stack, counts);

	for (int i = 0; i < 2 && !wrong; i++)
		if (counts[i])
			wrong = collapsed_add(&r->sides[i], stack, counts[i], 0);
	return wrong;
}

static void
finish(struct import *in, struct reading *r)
{
	for (int i = 0; i < 2; i++) {
		in->outcome.samples += r->sides[i].outcome.samples;
		tree_add_outcome(in->tree, r->sides[i].run, &r->sides[i].outcome);
		import_end(&r->sides[i]);
	}
	in->reading = NULL;
}

bool
difffolded_read(struct import *in, struct err *e)
{
	struct reading *r = in->reading;
	struct text line;
	const char *wrong;

	if (!r && in->rest.n)
		r = in->reading = begin(in);
	while (in->rest.n) {
		line = import_line(in);
		wrong = collapsed_says_nothing(line) ? NULL : add_line(r, line);
		if (wrong && import_bad_line(in, wrong, e))
			return false;
	}
	if (!import_last_line(in, e))
		return false;
	if (r)
		finish(in, r);
	return true;
}
