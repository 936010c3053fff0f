/* SPDX-License-Identifier: MIT */
#include "render/facts.h"

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

void
facts_write(struct json *j, const struct facts *f)
{
	const struct tree_about *about = &f->about;

	json_open(j, "facts", '{');
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
	json_number(j, "cut", f->cut);
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
	json_close(j, '}');
}

struct facts
facts_of(struct arena *a, const struct tree *t)
{
	struct facts f = { tree_about(t, a), count_cut(t), tree_notes_of(t, a) };
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
