/* SPDX-License-Identifier: MIT */
#include "tree/gate.h"

#include "base/quantity.h"
#include "tree/name.h"
#include "tree/words.h"

#include <math.h>
#include <regex.h>

enum gate_figure { GATE_SELF, GATE_TOTAL, GATE_COMMON };
enum gate_unit { GATE_RELATIVE, GATE_TIME, GATE_POINTS };

struct gate {
	const char *text; /* as it was given */
	enum gate_figure figure;
	enum gate_unit unit;
	double threshold; /* a ratio less 1, nanoseconds, or a share */
	regex_t regex;    /* of functions */
};

/* How much more there is than in the baseline, in the gate's unit: at least, at most. */
struct excess {
	double low, high;
	enum stream_judged verdict;
};

static const double LEAST_SHARE = 0.005;

static bool
take_threshold(struct gate *g, const char *s)
{
	uint64_t ns;
	size_t n = strlen(s);
	char number[32];

	if (n > 1 && s[n - 1] == '%') {
		g->unit = GATE_RELATIVE;
		return quantity_share(s, &g->threshold);
	}
	if (n > 2 && n < sizeof number && strcmp(s + n - 2, "pp") == 0) {
		g->unit = GATE_POINTS;
		memcpy(number, s, n - 2);
		memcpy(number + n - 2, "%", 2);
		return quantity_share(number, &g->threshold);
	}
	g->unit = GATE_TIME;
	if (n == 0 || (s[n - 1] >= '0' && s[n - 1] <= '9') || !quantity_ns(s, &ns))
		return false;
	g->threshold = (double)ns;
	return true;
}

static bool
take_pattern(struct gate *g, struct arena *a, struct text pattern, struct err *e)
{
	char why[200];
	int status = regcomp(&g->regex, text_copy(a, pattern).at, REG_EXTENDED | REG_NOSUB);

	if (status == 0)
		return true;
	regerror(status, &g->regex, why, sizeof why);
	return err_set(e, "%s: %s", g->text, why);
}

/* "self:", "total:" or "common", and what follows. */
static bool
take_figure(struct gate *g, struct text *rest)
{
	static const struct text words[] = {
		[GATE_SELF] = { "self:", 5 },
		[GATE_TOTAL] = { "total:", 6 },
		[GATE_COMMON] = { "common", 6 },
	};

	for (int i = GATE_SELF; i <= GATE_COMMON; i++)
		if (text_starts(*rest, words[i])) {
			g->figure = (enum gate_figure)i;
			*rest = (struct text){ rest->at + words[i].n, rest->n - words[i].n };
			return i != GATE_COMMON || rest->n == 0;
		}
	return false;
}

bool
gate_add(struct arena *a, gates *to, const char *text, struct err *e)
{
	struct gate *g = arena_new(a, struct gate);
	const char *sign = strrchr(text, '>');
	struct text rest = { text, sign ? (size_t)(sign - text) : 0 };

	g->text = text;
	if (!sign || !take_figure(g, &rest) || !take_threshold(g, sign + 1) ||
	    (g->figure == GATE_COMMON && g->unit != GATE_RELATIVE)) {
		err_set(e, "\"%s\" is no gate", text);
		return err_hint(e, "a gate reads 'self:PATTERN>5%%', 'total:PATTERN>0.2s', "
		                   "'self:PATTERN>1pp' or 'common>5%%'");
	}
	if (g->figure != GATE_COMMON && !take_pattern(g, a, rest, e))
		return false;
	*vec_push(a, to) = g;
	return true;
}

static double
ratio_of(uint64_t millionths)
{
	return millionths ? (double)millionths / 1e6 : (double)NAN;
}

/* What a ratio is in the gate's unit, for a function that had so much in the baseline. */
static double
in_unit(const struct gate *g, const struct diff *d, double baseline, double ratio)
{
	const struct stream_compare *c = &d->compare->about;
	double more = baseline * (ratio - 1);
	double whole = compare_scaled(d->compare, d->side[DIFF_BASELINE].covered);

	if (g->unit == GATE_RELATIVE)
		return ratio - 1;
	if (g->unit == GATE_POINTS)
		return whole > 0 ? more / whole : 0;
	return c->scale == STREAM_SCALE_TIME && c->runs[1] ? more / (double)c->runs[1] : more;
}

static struct excess
excess_of(const struct gate *g, const struct diff *d, const struct diff_function *f)
{
	bool self = g->figure == GATE_SELF;
	const struct diff_sum *b = &f->side[DIFF_BASELINE], *c = &f->side[DIFF_CURRENT];
	struct diff_figure figure =
		diff_figure(d->compare, self ? b->self : b->total, self ? c->self : c->total);
	const struct stream_verdict *v = f->verdict;
	const uint64_t *known = v ? (self ? v->self : v->total) : NULL;
	struct excess x = { .verdict = STREAM_INCONCLUSIVE, .low = NAN, .high = NAN };

	if (v)
		x.verdict = (enum stream_judged)(self ? v->self_verdict : v->total_verdict);
	if (known) {
		x.low = in_unit(g, d, figure.baseline, ratio_of(known[4]));
		x.high = in_unit(g, d, figure.baseline, ratio_of(known[5]));
	}
	if (figure.baseline > 0 || figure.current <= 0)
		return x;
	/* From nothing all of it is more, and the ratio knows no bound. */
	if (x.verdict == STREAM_CHANGED)
		x.low = g->unit == GATE_RELATIVE ? (double)INFINITY
		                                 : in_unit(g, d, figure.current, 2);
	x.high = INFINITY;
	return x;
}

/* A function that is gone has no low end, and what it has at most is below all thresholds or not. */
static enum gate_status
status_of(const struct gate *g, const struct diff *d, struct excess x)
{
	if (d->compare->about.basis == 0)
		return GATE_UNDECIDED;
	if (x.high <= g->threshold)
		return GATE_OPEN;
	return x.verdict == STREAM_CHANGED && x.low > g->threshold ? GATE_TRIPPED
	                                                           : GATE_UNDECIDED;
}

/* A gate while it is asked. */
struct trial {
	const struct gate *gate;
	const struct diff *diff;
	struct tool *tool;
	struct arena scratch;
	uint64_t undecided; /* functions so far */
};

/* Of more functions that cannot be decided only the number is told. */
enum { UNDECIDED_TOLD = 10 };

static void
say(struct trial *t, enum gate_status status, struct text what, struct text ratio)
{
	tool_say(t->tool, "gate %s: %s: %.*s %.*s", t->gate->text,
	         status == GATE_TRIPPED ? "tripped" : "cannot be decided", TEXT_ARG(what),
	         TEXT_ARG(ratio));
}

/* A function that makes up little of both sides is no matter for a gate. */
static bool
is_large(const struct trial *t, const struct diff_function *f)
{
	bool large = false;

	for (int side = 0; side < 2; side++) {
		const struct diff_sum *sum = &f->side[side];
		double whole = (double)t->diff->side[side].covered;
		double here = (double)(t->gate->figure == GATE_SELF ? sum->self : sum->total);

		large |= whole > 0 && here >= LEAST_SHARE * whole;
	}
	return large;
}

static enum gate_status
judge_function(struct trial *t, const struct diff_function *f, struct text text)
{
	enum gate_status status = GATE_OPEN;

	if (is_large(t, f))
		status = status_of(t->gate, t->diff, excess_of(t->gate, t->diff, f));
	t->undecided += status == GATE_UNDECIDED;
	if (status == GATE_TRIPPED ||
	    (status == GATE_UNDECIDED && t->undecided <= UNDECIDED_TOLD))
		say(t, status, text,
		    words_of_ratio(&t->scratch, t->diff, f, t->gate->figure == GATE_TOTAL));
	return status;
}

static enum gate_status
judge_common(struct trial *t)
{
	const struct stream_compare *c = &t->diff->compare->about;
	struct excess x = { .low = ratio_of(c->common[1]) - 1,
		            .high = ratio_of(c->common[2]) - 1,
		            .verdict = (enum stream_judged)c->common_verdict };
	enum gate_status status = status_of(t->gate, t->diff, x);

	if (status != GATE_OPEN)
		say(t, status, TEXT("the common factor"),
		    quantity_print_ratio(&t->scratch, c->common[0], c->common[1],
		                         c->common[2]));
	return status;
}

static enum gate_status
worse(enum gate_status a, enum gate_status b)
{
	if (a == GATE_TRIPPED || b == GATE_TRIPPED)
		return GATE_TRIPPED;
	return a == GATE_OPEN ? b : a;
}

static enum gate_status
judge_functions(struct trial *t)
{
	enum gate_status status = GATE_OPEN;
	bool met = false;

	for (uint32_t i = 1; i < t->diff->function_count; i++) {
		const struct diff_function *f = &t->diff->functions[i];
		struct text text =
			text_copy(&t->scratch,
		                  tree_frame_text(&t->scratch, t->diff->tree, f->frame, false));
		bool matches = regexec(&t->gate->regex, text.at, 0, NULL, 0) == 0;

		matches &= !diff_is_lost(t->diff, f->frame);
		met |= matches;
		if (matches)
			status = worse(status, judge_function(t, f, text));
		arena_empty(&t->scratch);
	}
	if (met)
		return status;
	tool_say(t->tool, "gate %s: no function matches", t->gate->text);
	return GATE_UNDECIDED;
}

static void
say_more(struct trial *t)
{
	struct text more;

	if (t->undecided <= UNDECIDED_TOLD)
		return;
	more = text_grouped(&t->scratch, t->undecided - UNDECIDED_TOLD);
	tool_say(t->tool, "gate %s: cannot be decided: %.*s more", t->gate->text,
	         TEXT_ARG(more));
}

static enum gate_status
judge(const struct gate *g, const struct diff *d, struct tool *tool)
{
	struct trial t = { .gate = g, .diff = d, .tool = tool };
	enum gate_status status;

	if (g->unit == GATE_TIME && d->unit != VIEW_NS) {
		tool_say(tool, "gate %s: cannot be decided: samples were counted, and no time",
		         g->text);
		return GATE_UNDECIDED;
	}
	status = g->figure == GATE_COMMON ? judge_common(&t) : judge_functions(&t);
	say_more(&t);
	arena_empty(&t.scratch);
	return status;
}

/* Why nothing can be decided, whatever the gates are. */
static void
say_no_basis(const struct diff *d, struct tool *tool)
{
	const struct stream_compare *c = &d->compare->about;

	err_set(&tool->err, "%.*s", TEXT_ARG(c->words));
	err_hint(&tool->err, "take three runs or more of each side");
	tool_fail(tool);
}

enum gate_status
gate_judge(const gates *all, const struct diff *d, struct tool *tool)
{
	enum gate_status status = GATE_OPEN;

	for (size_t i = 0; i < all->n; i++)
		status = worse(status, judge(all->at[i], d, tool));
	if (status == GATE_UNDECIDED && d->compare->about.basis == 0)
		say_no_basis(d, tool);
	return status;
}
