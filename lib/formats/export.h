/* SPDX-License-Identifier: MIT */
/*
 * formats/export.h: profiles out, in other people's formats.
 *
 * A format is a row of exports.def and the file of its NAME_export(). The row
 * says what the format has a place for; what a profile has besides is told once.
 */
#ifndef FORMATS_EXPORT_H
#define FORMATS_EXPORT_H

#include "base/out.h"
#include "tree/load.h"

/* What there may be in a profile, as bits. */
enum export_fact {
#define FACT(name, text) EXPORT_BIT_##name,
#include "formats/exports.def"
#undef FACT
	EXPORT_FACT_COUNT,
#define FACT(name, text) EXPORT_HOLDS_##name = 1 << EXPORT_BIT_##name,
#include "formats/exports.def"
#undef FACT
};

enum export_input { EXPORT_PROFILE = 1, EXPORT_COMPARISON = 2 };

/* Which of the options a format heeds. */
enum export_option {
	EXPORT_THREADS = 1,
	EXPORT_LINES = 2,
	EXPORT_WEIGHT = 4,
	EXPORT_SCALED = 8,
	EXPORT_TITLE = 16,
};

struct export_how {
	int weight;             /* enum collapsed_weight */
	bool threads, lines;    /* begin each stack with its thread; tell lines apart */
	bool scaled;            /* of a comparison the baseline as it is shown */
	const char *title;      /* NULL: the script's name */
	const char *incomplete; /* what of the input is missing; NULL: nothing */
};

/* A profile on its way out. */
struct export
{
	struct arena *a;
	struct tree *tree;
	struct out *out;
	struct export_how how;
	struct tree_watcher watcher; /* where a format asks for samples in their order */
	void *own;                   /* the format's */
};

struct exporter {
	const char *name;
	const char *sentence; /* for people */
	enum out_kind kind;
	unsigned inputs, options, holds;
	void (*begin)(struct export *x); /* before anything is loaded; or NULL */
	bool (*write)(struct export *x, struct err *e);
};

/* The table of exports.def; the last row has no name. */
extern const struct exporter exporters[];

/* The same for --help, a line for each. */
extern const char exporters_help[];
extern const char exporters_words[]; /* their names, "a|b|" */

/* By its name; NULL: there is none. */
const struct exporter *exporter_find(const char *name);

/* False sets *e: the format is for profiles, and this is a comparison, or the other way round. */
bool exporter_takes(const struct exporter *f, const struct tree *t, struct err *e);

/* What of the profile the format has no place for, "threads, lines"; on a; or an empty text. */
struct text exporter_lacks(const struct exporter *f, const struct export *x, struct arena *a);

/* A run's id in lower-case hex. */
void export_run_id(const struct stream_run *run, char id[2 * STREAM_RUN_ID_BYTES]);

/* The facts of a thread's state, and their values by number; an empty one is unknown. */
enum { EXPORT_STATES = 4 };
struct export_state {
	enum stream_state_shift fact;
	const char *key, *values[4];
};
extern const struct export_state export_states[EXPORT_STATES];

/* Adds "key=value" to every run of the tree. False: it is no such text. */
bool export_label(struct tree *t, const char *word);

#define EXPORT(name, kind, inputs, options, holds, begin, sentence)                            \
	bool name##_export(struct export *x, struct err *e);                                   \
	void name##_begin(struct export *x); /* of those that have one */
#include "formats/exports.def"
#undef EXPORT

#endif
