/* SPDX-License-Identifier: MIT */
#include "formats/collapsed_line.h"

#include "formats/collapsed_others.h"
#include "formats/formats.h"

/* Text, and one line at least is good; or all say nothing. */
bool
collapsed_recognizes(struct text bytes, struct err *e)
{
	const char *wrong, *first = NULL;
	unsigned long long first_number = 0;
	struct import in = { .rest = bytes };
	struct text line, stack;
	collapsed_count count;

	if (!collapsed_is_text(bytes))
		return false;
	if (text_starts(bytes, TEXT("# austin: ")))
		return true;
	while (in.rest.n) {
		line = import_line(&in);
		if (collapsed_says_nothing(line))
			continue;
		wrong = collapsed_split(line, &stack, &count);
		if (!wrong)
			return true;
		if (!first) {
			first = wrong;
			first_number = in.line;
		}
	}
	if (first && !e->hint[0])
		err_hint(e, "collapsed text is \"outer;inner COUNT\", and line %llu is not: %s",
		         first_number, first);
	return !first;
}

/* A comment may tell what the file is. False: it is nothing that can be read. */
static bool
learn(struct import *in, struct text comment, struct err *e)
{
	const char *wrong = comment.n ? others_learn(in, comment) : NULL;

	if (!wrong)
		return true;
	in->rest.n = 0;
	return err_set(e, "%s: line %llu: %s", in->name, (unsigned long long)in->line, wrong);
}

/* What the profile's mode says of every sample. */
static uint8_t
state_of(struct import *in, struct text *line)
{
	if (in->own & OTHERS_FULL)
		return others_take_rest(line);
	return in->about.mode == STREAM_MODE_CPU ? 1u << STREAM_CPU : 0;
}

/* Adds a line; else why it is none. */
static const char *
add_line(struct import *in, struct text line)
{
	uint8_t state = state_of(in, &line);
	struct text stack;
	collapsed_count count;
	const char *wrong = collapsed_split(line, &stack, &count);

	return wrong ? wrong : collapsed_add(in, stack, count, state);
}

bool
collapsed_read(struct import *in, struct err *e)
{
	struct text line;
	const char *wrong;

	if (in->line == 0)
		in->about.unit_ns = in->unit_ns ? 1 : 0;
	while (in->rest.n) {
		line = import_line(in);
		if (collapsed_says_nothing(line)) {
			if (!learn(in, line, e))
				return false;
			continue;
		}
		wrong = add_line(in, line);
		if (wrong && import_bad_line(in, wrong, e))
			return false;
	}
	return import_last_line(in, e);
}
