/* SPDX-License-Identifier: MIT */
#include "stream/fields.h"

#include <stddef.h>
#include <stdlib.h>

enum form { END, NUMBER, TEXTUAL, RAW };

struct field {
	enum form form;
	size_t at; /* in the struct */
	size_t n;  /* numbers, or raw bytes */
};

#define ROW(form, type, member, n)                                                             \
	{                                                                                      \
		form, offsetof(struct stream_##type, member), n                                \
	}

static const struct field run[] = {
	ROW(RAW, run, id, STREAM_RUN_ID_BYTES),
	ROW(NUMBER, run, side, 1),
	ROW(NUMBER, run, unit_ns, 1),
	ROW(NUMBER, run, interval_ns, 1),
	ROW(NUMBER, run, wall_ns, 1),
	ROW(NUMBER, run, monotonic_ns, 1),
	ROW(NUMBER, run, seed, 1),
	ROW(NUMBER, run, mode, 1),
	ROW(NUMBER, run, flags, 1),
	ROW(NUMBER, run, epoch_ms, 1),
	ROW(TEXTUAL, run, tool, 1),
	ROW(TEXTUAL, run, version, 1),
	ROW(TEXTUAL, run, host, 1),
	ROW(TEXTUAL, run, boot, 1),
	ROW(TEXTUAL, run, options, 1),
	{ END, 0, 0 },
};

static const struct field process[] = {
	ROW(NUMBER, process, id, 1),
	ROW(NUMBER, process, pid, 1),
	ROW(NUMBER, process, parent, 1),
	ROW(NUMBER, process, started, 1),
	ROW(NUMBER, process, python, 1),
	ROW(NUMBER, process, build, 1),
	ROW(TEXTUAL, process, executable, 1),
	ROW(TEXTUAL, process, command, 1),
	{ END, 0, 0 },
};

static const struct field thread[] = {
	ROW(NUMBER, thread, id, 1),
	ROW(NUMBER, thread, process, 1),
	ROW(NUMBER, thread, native_id, 1),
	ROW(NUMBER, thread, python_id, 1),
	ROW(NUMBER, thread, interpreter, 1),
	ROW(NUMBER, thread, flags, 1),
	ROW(NUMBER, thread, lane_of, 1),
	ROW(NUMBER, thread, part, 1),
	ROW(NUMBER, thread, parts, 1),
	ROW(TEXTUAL, thread, name, 1),
	{ END, 0, 0 },
};

static const struct field exited[] = {
	ROW(NUMBER, exit, process, 1),
	ROW(NUMBER, exit, at, 1),
	ROW(NUMBER, exit, known, 1),
	ROW(NUMBER, exit, status, 1),
	{ END, 0, 0 },
};

static const struct field ran[] = {
	ROW(NUMBER, ran, thread, 1), ROW(NUMBER, ran, from, 1),      ROW(NUMBER, ran, to, 1),
	ROW(NUMBER, ran, ran_ns, 1), ROW(NUMBER, ran, waited_ns, 1), { END, 0, 0 },
};

static const struct field outcome[] = {
	ROW(NUMBER, outcome, from, 1),   ROW(NUMBER, outcome, to, 1),
	ROW(NUMBER, outcome, ticks, 1),  ROW(NUMBER, outcome, samples, 1),
	ROW(NUMBER, outcome, reason, 1), { END, 0, 0 },
};

static const struct field label[] = {
	ROW(TEXTUAL, label, key, 1),
	ROW(TEXTUAL, label, value, 1),
	{ END, 0, 0 },
};

static const struct field source[] = {
	ROW(TEXTUAL, source, file, 1),  ROW(RAW, source, hash, STREAM_SHA256_BYTES),
	ROW(NUMBER, source, total, 1),  ROW(NUMBER, source, offset, 1),
	ROW(TEXTUAL, source, piece, 1), { END, 0, 0 },
};

static const struct field compare[] = {
	ROW(NUMBER, compare, scale, 1),          ROW(NUMBER, compare, numerator, 1),
	ROW(NUMBER, compare, denominator, 1),    ROW(NUMBER, compare, match, 1),
	ROW(NUMBER, compare, flags, 1),          ROW(NUMBER, compare, runs, 2),
	ROW(NUMBER, compare, basis, 1),          ROW(NUMBER, compare, common, 3),
	ROW(NUMBER, compare, common_verdict, 1), ROW(NUMBER, compare, smallest, 1),
	ROW(NUMBER, compare, min_effect, 1),     ROW(NUMBER, compare, fdr, 1),
	ROW(TEXTUAL, compare, words, 1),         { END, 0, 0 },
};

static const struct field verdict[] = {
	ROW(NUMBER, verdict, function, 1),
	ROW(NUMBER, verdict, category, 1),
	ROW(NUMBER, verdict, self_verdict, 1),
	ROW(NUMBER, verdict, total_verdict, 1),
	ROW(NUMBER, verdict, self, STREAM_FIGURES),
	ROW(NUMBER, verdict, total, STREAM_FIGURES),
	{ END, 0, 0 },
};

static const struct field *
fields_of(enum stream_record type)
{
	switch ((int)type) {
	case STREAM_RECORD_run:
		return run;
	case STREAM_RECORD_process:
		return process;
	case STREAM_RECORD_thread:
		return thread;
	case STREAM_RECORD_exit:
		return exited;
	case STREAM_RECORD_ran:
		return ran;
	case STREAM_RECORD_outcome:
		return outcome;
	case STREAM_RECORD_label:
		return label;
	case STREAM_RECORD_source:
		return source;
	case STREAM_RECORD_compare:
		return compare;
	case STREAM_RECORD_verdict:
		return verdict;
	default:
		abort(); /* a record without a table of fields: our own fault */
	}
}

void
fields_put(struct arena *a, struct bytes *b, enum stream_record type, const void *object)
{
	for (const struct field *f = fields_of(type); f->form != END; f++) {
		const void *member = (const char *)object + f->at;

		if (f->form == RAW)
			bytes_put(a, b, member, f->n);
		else if (f->form == TEXTUAL)
			bytes_text(a, b, *(const struct text *)member);
		else
			for (size_t i = 0; i < f->n; i++)
				bytes_number(a, b, ((const uint64_t *)member)[i]);
	}
}

static void
take_raw(struct cursor *c, void *to, size_t n)
{
	const void *from = cursor_bytes(c, n);

	if (from)
		memcpy(to, from, n);
}

void
fields_take(struct cursor *c, enum stream_record type, void *object)
{
	for (const struct field *f = fields_of(type); f->form != END; f++) {
		void *member = (char *)object + f->at;

		if (f->form == RAW)
			take_raw(c, member, f->n);
		else if (f->form == TEXTUAL)
			*(struct text *)member = cursor_text(c);
		else
			for (size_t i = 0; i < f->n; i++)
				((uint64_t *)member)[i] = cursor_number(c);
	}
}

void
fields_keep(struct arena *a, enum stream_record type, void *object)
{
	for (const struct field *f = fields_of(type); f->form != END; f++) {
		struct text *t = (struct text *)(void *)((char *)object + f->at);

		if (f->form == TEXTUAL)
			*t = text_copy(a, *t);
	}
}
