/* SPDX-License-Identifier: MIT */
/* What the document is of. */
#include "formats/gecko_inside.h"

#include "base/version.h"
#include "tree/about.h"
#include "tree/name.h"

enum { MS_NS = 1000000 };

/* The run that began first, of those that know when; NULL: none does. */
const struct tree_run *
gecko_first_run(const struct gecko *g)
{
	const struct tree_run *first = NULL;

	for (size_t i = 0; i < g->runs.n; i++) {
		const struct tree_run *r = g->runs.at[i].run;

		if (r->about.wall_ns && (!first || r->about.wall_ns < first->about.wall_ns))
			first = r;
	}
	return first;
}

/* From tick to tick, as was asked for; else as it was. */
static uint64_t
interval_ns(const struct gecko *g, const struct tree_about *all)
{
	uint64_t least = 0;

	for (size_t i = 0; i < g->runs.n; i++) {
		uint64_t asked = g->runs.at[i].run->about.interval_ns;

		if (asked && (!least || asked < least))
			least = asked;
	}
	if (least == 0 && all->rate_hz > 0)
		least = (uint64_t)(1e9 / all->rate_hz);
	return least ? least : MS_NS;
}

static uint64_t
end_ns(const struct gecko *g)
{
	uint64_t end = 0;

	for (size_t i = 0; i < g->runs.n; i++) {
		const struct gecko_run *r = &g->runs.at[i];
		uint64_t ns = gecko_offset(g, r) + gecko_ns(r, r->end);

		end = ns > end ? ns : end;
	}
	return end;
}

static void
write_named(struct json *j, struct text label, struct text value)
{
	if (value.n == 0)
		return;
	json_open(j, NULL, '{');
	json_text(j, "label", label);
	json_text(j, "format", TEXT("string"));
	json_text(j, "value", value);
	json_close(j, '}');
}

static void
write_fact(struct json *j, const char *label, struct text value)
{
	write_named(j, text_of(label), value);
}

static void
write_losses(struct json *j, struct arena *a, const struct tree_about *all)
{
	for (int i = 0; i < STREAM_LOSS_END; i++) {
		const char *text = stream_loss_text((enum stream_loss)i);

		if (all->losses[i])
			write_fact(j, text ? text : "lost in a way that is not known",
			           text_grouped(a, all->losses[i]));
	}
}

static void
write_labels(struct json *j, const struct gecko *g)
{
	for (size_t i = 0; i < g->runs.n; i++) {
		const struct tree_run *r = g->runs.at[i].run;

		for (size_t k = 0; k < r->portables.n; k++) {
			struct stream_portable p = { r->portables.at[k].type,
				                     r->portables.at[k].body };

			if (p.type == STREAM_RECORD_label)
				write_named(j, stream_label(&p).key, stream_label(&p).value);
		}
	}
}

/* What the page of the Firefox Profiler has no field of its own for. */
static void
write_extra(struct json *j, const struct gecko *g, const struct tree_about *all,
            const char *incomplete)
{
	struct arena scratch = { 0 };
	tree_notes notes = tree_notes_of(g->tree, &scratch);

	json_open(j, "extra", '[');
	json_open(j, NULL, '{');
	json_text(j, "label", TEXT("Sampling"));
	json_open(j, "entries", '[');
	write_fact(j, "host", all->host);
	write_fact(j, "Python", all->python);
	write_fact(j, "mode", all->mode);
	write_fact(j, "options", all->options);
	write_fact(j, "samples", text_grouped(&scratch, all->observed));
	write_fact(j, "ticks", text_grouped(&scratch, all->ticks));
	if (all->rate_hz > 0)
		write_fact(j, "achieved", text_print(&scratch, "%.1f Hz", all->rate_hz));
	write_losses(j, &scratch, all);
	write_labels(j, g);
	if (incomplete)
		write_fact(j, "incomplete", text_of(incomplete));
	for (size_t i = 0; i < notes.n; i++)
		write_fact(j, "note", notes.at[i]);
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, ']');
	arena_empty(&scratch);
}

static void
write_units(struct json *j)
{
	json_open(j, "sampleUnits", '{');
	json_text(j, "time", TEXT("ms"));
	json_text(j, "eventDelay", TEXT("ms"));
	json_text(j, "threadCPUDelta", TEXT("ns"));
	json_close(j, '}');
}

/* X11 stands for every Unix there. */
static void
write_system(struct json *j)
{
	json_text(j, "platform", TEXT("X11"));
	json_text(j, "oscpu", TEXT("Linux"));
	json_text(j, "toolkit", TEXT(""));
	json_text(j, "abi", TEXT(""));
	json_text(j, "misc", TEXT(""));
	json_number(j, "processType", 0);
	json_number(j, "stackwalk", 0);
	json_open(j, "extensions", '{');
	json_open(j, "baseURL", '[');
	json_close(j, ']');
	json_open(j, "id", '[');
	json_close(j, ']');
	json_open(j, "name", '[');
	json_close(j, ']');
	json_number(j, "length", 0);
	json_close(j, '}');
}

void
gecko_write_meta(struct json *j, const struct gecko *g, const char *incomplete)
{
	struct arena scratch = { 0 };
	struct tree_about all = tree_about(g->tree, &scratch);

	json_open(j, "meta", '{');
	json_number(j, "version", GECKO_RECORDED);
	json_number(j, "preprocessedProfileVersion", GECKO_VERSION);
	json_text(j, "product", all.script.n ? all.script : TEXT("Python"));
	json_text(j, "importedFrom", TEXT("tgecko " TACHYTOOLS_VERSION));
	json_decimal(j, "interval", interval_ns(g, &all), 6);
	json_decimal(j, "startTime", g->first ? g->first->about.wall_ns : 0, 6);
	if (g->first && g->first->about.monotonic_ns)
		json_number(j, "startTimeAsClockMonotonicNanosecondsSinceBoot",
		            g->first->about.monotonic_ns);
	json_number(j, "profilingStartTime", 0);
	json_decimal(j, "profilingEndTime", end_ns(g), 6);
	json_bool(j, "symbolicated", true);
	json_bool(j, "symbolicationNotSupported", true);
	json_bool(j, "usesOnlyOneStackType", true);
	json_bool(j, "sourceCodeIsNotOnSearchfox", true);
	write_system(j);
	write_units(j);
	gecko_write_categories(j);
	gecko_write_schemas(j);
	write_extra(j, g, &all, incomplete);
	json_close(j, '}');
	arena_empty(&scratch);
}
