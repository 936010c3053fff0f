/* SPDX-License-Identifier: MIT */
#include "formats/export.h"

#include "base/varint.h"
#include "tree/about.h"
#include "tree/compare.h"

enum {
	PROFILE = EXPORT_PROFILE,
	COMPARISON = EXPORT_COMPARISON,
	THREADS = EXPORT_THREADS,
	LINES = EXPORT_LINES,
	WEIGHT = EXPORT_WEIGHT,
	SCALED = EXPORT_SCALED,
	TITLE = EXPORT_TITLE,
};

#define HOLDS(name) EXPORT_HOLDS_##name

const struct exporter exporters[] = {
#define EXPORT(name, kind, inputs, options, holds, begin, sentence)                            \
	{ #name, sentence, kind, inputs, options, holds, begin, name##_export },
#include "formats/exports.def"
#undef EXPORT
	{ 0 },
};

const char exporters_help[] = "formats:\n"
#define EXPORT(name, kind, inputs, options, holds, begin, sentence)                            \
	"  " #name ": " sentence "\n"
#include "formats/exports.def"
#undef EXPORT
	;

const char exporters_words[] =
#define EXPORT(name, kind, inputs, options, holds, begin, sentence) #name "|"
#include "formats/exports.def"
#undef EXPORT
	;

const struct exporter *
exporter_find(const char *name)
{
	for (const struct exporter *f = exporters; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

bool
exporter_takes(const struct exporter *f, const struct tree *t, struct err *e)
{
	bool diff = tree_compare(t) != NULL;

	if (f->inputs & (diff ? EXPORT_COMPARISON : EXPORT_PROFILE))
		return true;
	if (!diff) {
		err_set(e, "%s is for comparisons, and this is a profile", f->name);
		return err_hint(e, "tdiff makes a comparison of two");
	}
	err_set(e, "%s is for profiles, and this is a comparison", f->name);
	return err_hint(e, "difffolded and svg take both sides, and so does tdiff --json");
}

static bool
has_frames(const struct tree *t, bool (*is)(const struct stream_frame *f))
{
	for (uint32_t i = 1; i < tree_frame_count(t); i++)
		if (is(tree_frame(t, i)))
			return true;
	return false;
}

static bool
has_line(const struct stream_frame *f)
{
	return f->line != 0;
}

static bool
has_column(const struct stream_frame *f)
{
	return f->column1 != 0;
}

static bool
has_opcode(const struct stream_frame *f)
{
	return f->opcode != 0;
}

static bool
has_portable(const struct tree_run *r, enum stream_record type)
{
	for (size_t i = 0; i < r->portables.n; i++)
		if (r->portables.at[i].type == type)
			return true;
	return false;
}

static bool
has_states(const struct tree_run *r)
{
	for (size_t i = 0; i < r->series.n; i++)
		if (r->series.at[i].state)
			return true;
	return false;
}

static bool
has_epochs(const struct tree_run *r)
{
	for (size_t i = 0; i < r->cells.n; i++)
		if (r->cells.at[i].epoch)
			return true;
	return false;
}

static unsigned
facts_of_run(const struct tree_run *r)
{
	return (has_states(r) ? HOLDS(STATES) : 0) | (has_epochs(r) ? HOLDS(TIMES) : 0) |
	       (r->rans.n ? HOLDS(ACCOUNTS) : 0) | (r->exits.n ? HOLDS(EXITS) : 0) |
	       (has_portable(r, STREAM_RECORD_label) ? HOLDS(LABELS) : 0) |
	       (has_portable(r, STREAM_RECORD_source) ? HOLDS(SOURCES) : 0);
}

static unsigned
facts_of_compare(const struct tree_compare *c)
{
	if (!c)
		return 0;
	return (c->about.numerator != c->about.denominator ? HOLDS(SCALE) : 0) |
	       (c->verdicts.n ? HOLDS(VERDICTS) : 0);
}

/* All that there is, as bits. */
static unsigned
facts_of(const struct tree *t)
{
	struct arena scratch = { 0 };
	struct tree_about all = tree_about(t, &scratch);
	unsigned facts = facts_of_compare(tree_compare(t));
	size_t runs = tree_compare(t) ? 2 : 1;

	facts |= all.runs > runs ? HOLDS(RUNS) : 0;
	facts |= all.threads > all.runs ? HOLDS(THREADS) : 0;
	facts |= all.time && all.samples ? HOLDS(WEIGHTS) : 0;
	facts |= has_frames(t, has_line) ? HOLDS(LINES) : 0;
	facts |= has_frames(t, has_column) ? HOLDS(COLUMNS) : 0;
	facts |= has_frames(t, has_opcode) ? HOLDS(OPCODES) : 0;
	for (size_t i = 0; i < STREAM_LOSS_END; i++)
		facts |= all.losses[i] ? HOLDS(LOSSES) : 0;
	for (size_t i = 0; i < tree_run_count(t); i++)
		facts |= facts_of_run(tree_run(t, i));
	arena_empty(&scratch);
	return facts;
}

struct text
exporter_lacks(const struct exporter *f, const struct export *x, struct arena *a)
{
	static const char *const texts[EXPORT_FACT_COUNT] = {
#define FACT(name, text) text,
#include "formats/exports.def"
#undef FACT
	};
	struct text all = { "", 0 };
	unsigned lacks = facts_of(x->tree) & ~f->holds;

	if (x->how.threads)
		lacks &= ~(unsigned)HOLDS(THREADS);
	if (x->how.lines)
		lacks &= ~(unsigned)HOLDS(LINES);
	if (x->how.scaled)
		lacks &= ~(unsigned)HOLDS(SCALE);
	for (unsigned i = 0; i < EXPORT_FACT_COUNT; i++)
		if (lacks >> i & 1)
			all = text_print(a, "%.*s%s%s", TEXT_ARG(all), all.n ? ", " : "",
			                 texts[i]);
	return all;
}

/* A text as a field of a record. */
static unsigned char *
put_text(unsigned char *to, const char *text, size_t n)
{
	to = varint_put(to, n);
	memcpy(to, text, n);
	return to + n;
}

bool
export_label(struct tree *t, const char *word)
{
	const char *equals = strchr(word, '=');
	struct arena scratch = { 0 };
	unsigned char *body, *end;

	if (!equals || equals == word)
		return false;
	body = arena_alloc(&scratch, strlen(word) + 2 * (size_t)VARINT_MAX);
	end = put_text(body, word, (size_t)(equals - word));
	end = put_text(end, equals + 1, strlen(equals + 1));
	for (size_t i = 0; i < tree_run_count(t); i++)
		tree_add_portable(t, tree_run(t, i), STREAM_RECORD_label,
		                  (struct text){ (char *)body, (size_t)(end - body) });
	arena_empty(&scratch);
	return true;
}
