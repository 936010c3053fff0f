/* SPDX-License-Identifier: MIT */
#include "render/facts.h"

#include "tree/compare.h"
#include "tree/view.h"

/* What measured time and did not say how it ended, or ended against its will. */
static bool
is_cut(const struct tree_run *r)
{
	uint64_t reason =
		r->outcomes.n ? r->outcomes.at[r->outcomes.n - 1].reason : STREAM_GOES_ON;

	return r->about.unit_ns && (reason == STREAM_GOES_ON || reason == STREAM_OUTPUT_ENDED ||
	                            reason == STREAM_FAILED);
}

static uint64_t
count_cut(const struct tree *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < tree_run_count(t); i++)
		n += is_cut(tree_run(t, i));
	return n;
}

static void
write_losses(struct json *j, const struct tree_about *about)
{
	json_open(j, "losses", '[');
	for (enum stream_loss loss = 1; loss < STREAM_LOSS_END; loss++) {
		if (about->losses[loss] == 0)
			continue;
		json_open(j, NULL, '[');
		json_text(j, NULL, text_of(stream_loss_text(loss)));
		json_text(j, NULL, text_of(stream_loss_unit(loss)));
		json_number(j, NULL, about->losses[loss]);
		json_close(j, ']');
	}
	json_close(j, ']');
}

static void
write_about(struct json *j, const struct tree_about *about)
{
	json_text(j, "script", about->script);
	json_text(j, "python", about->python);
	json_text(j, "host", about->host);
	json_text(j, "tool", about->tool);
	json_text(j, "options", about->options);
	json_text(j, "mode", about->mode);
	json_number(j, "runs", about->runs);
	json_number(j, "processes", about->processes);
	json_number(j, "threads", about->threads);
	json_bool(j, "time", about->time);
	json_bool(j, "whole", about->whole);
	json_number(j, "weight", about->weight);
	json_number(j, "samples", about->samples);
	json_number(j, "ticks", about->ticks);
	json_number(j, "observed", about->observed);
	json_number(j, "watched_ns", about->watched_ns);
	json_number(j, "accounted_ns", about->accounted_ns);
	json_number(j, "ran_ns", about->ran_ns);
	json_number(j, "waited_ns", about->waited_ns);
	json_number(j, "started_ms", about->wall_ns / 1000000);
	json_number(j, "asked_ns", about->asked_ns);
	json_real(j, "rate_hz", about->rate_hz);
	write_losses(j, about);
}

void
facts_write(struct json *j, const struct facts *f)
{
	json_open(j, "facts", '{');
	write_about(j, &f->about);
	json_number(j, "cut", f->cut);
	json_bool(j, "torn", f->torn);
	json_bool(j, "missed", f->missed);
	json_open(j, "sides", '[');
	for (size_t i = 0; i < f->sides; i++) {
		json_open(j, NULL, '{');
		write_about(j, &f->side[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

/* Whether anything that a run holds is in a function of that kind. */
static bool
holds(const struct tree *t, enum stream_kind kind)
{
	for (size_t i = 0; i < tree_run_count(t); i++) {
		const struct tree_run *r = tree_run(t, i);

		for (size_t k = 0; k < r->cells.n; k++) {
			uint32_t frame = tree_node(t, r->cells.at[k].node)->frame;

			if (tree_function(t, tree_frame(t, frame)->function)->kind == kind)
				return true;
		}
	}
	return false;
}

struct facts
facts_of(struct arena *a, const struct tree *t)
{
	struct facts f = { .about = tree_about(t, a),
		           .side = { tree_about_side(t, STREAM_BASELINE, a),
		                     tree_about_side(t, STREAM_CURRENT, a) },
		           .sides = tree_compare(t) ? 2 : 0,
		           .torn = holds(t, STREAM_KIND_TORN),
		           .missed = holds(t, STREAM_KIND_MISSED),
		           .cut = count_cut(t),
		           .notes = tree_notes_of(t, a) };
	uint64_t uncounted;

	if (view_unit(t) == VIEW_SAMPLES && (uncounted = view_uncounted(t)) > 0)
		*vec_push(a, &f.notes) = text_print(
			a, "%llu run%s times only, and no samples to count.",
			(unsigned long long)uncounted, uncounted == 1 ? " has" : "s have");
	return f;
}

void
facts_write_notes(struct json *j, const struct facts *f)
{
	for (size_t i = 0; i < f->notes.n; i++)
		json_text(j, NULL, f->notes.at[i]);
}
