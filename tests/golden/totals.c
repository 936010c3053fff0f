/* SPDX-License-Identifier: MIT */
/*
 * totals FILE...: prints what streams hold, in the form that README tells.
 *
 * The same form is printed by reader.py, which knows only the page tstream(5).
 */
#include "stream/intern.h"
#include "stream/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena arena;

struct sums {
	bool has_sums;
	uint64_t samples, weight;
};

/* Lines, each once, and what is added up behind them. */
struct lines {
	struct intern texts;
	VEC(struct sums) sums;
};

struct run {
	uint8_t id[STREAM_RUN_ID_BYTES];
	uint64_t side;
	struct lines lines;
};

static struct lines whole;
static VEC(struct run *) runs;

static struct sums *
row(struct lines *l, struct text line)
{
	bool fresh;
	uint32_t i = intern_put(&arena, &l->texts, line.at, line.n, &fresh);

	if (fresh)
		*vec_push(&arena, &l->sums) = (struct sums){ 0 };
	return &l->sums.at[i];
}

static void
add(struct lines *l, struct text line, uint64_t samples, uint64_t weight)
{
	struct sums *s = row(l, line);

	s->has_sums = true;
	s->samples += samples;
	s->weight += weight;
}

#define SAY(lines, ...) ((void)row((lines), text_print(&arena, __VA_ARGS__)))
#define ADD(lines, samples, weight, ...)                                                       \
	add((lines), text_print(&arena, __VA_ARGS__), (samples), (weight))

static const char *
shown(struct text t)
{
	char *to = arena_alloc(&arena, 4 * t.n + 1), *p = to;

	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];

		if (c < ' ' || c > '~' || c == ';' || c == '\\')
			p += sprintf(p, "\\x%02x", c);
		else
			*p++ = (char)c;
	}
	return to;
}

static const char *
hex(const void *bytes, size_t n)
{
	char *to = arena_alloc(&arena, 2 * n + 1);

	for (size_t i = 0; i < n; i++)
		sprintf(to + 2 * i, "%02x", ((const unsigned char *)bytes)[i]);
	return to;
}

/* A number that is 0 where it is unknown. */
static const char *
known(uint32_t n, uint32_t more)
{
	return n ? text_print(&arena, "%" PRIu32, n - more).at : "-";
}

static struct run *
run_of(const struct stream_run *about)
{
	struct run *r;

	for (size_t i = 0; i < runs.n; i++)
		if (!memcmp(runs.at[i]->id, about->id, sizeof about->id) &&
		    runs.at[i]->side == about->side)
			return runs.at[i];
	r = *vec_push(&arena, &runs) = arena_new(&arena, struct run);
	memcpy(r->id, about->id, sizeof r->id);
	r->side = about->side;
	return r;
}

static const char *
name_of(const struct stream *s, uint64_t function)
{
	return shown(stream_function_name(s, (uint32_t)function));
}

static const char *
stack_of(const struct stream *s, uint32_t stack)
{
	const char *names = "";

	for (const char *gap = ""; stack; gap = ";") {
		const struct stream_stack *at = stream_stack(s, stack);
		const char *name = name_of(s, stream_frame(s, at->frame)->function);

		names = text_print(&arena, "%s%s%s", name, gap, names).at;
		stack = at->parent;
	}
	return names;
}

/* Those that were defined since the last fact; they are forgotten before the next restart is told. */
static void
say_frames(const struct stream *s, uint32_t *said)
{
	for (uint32_t i = *said; i < stream_frame_count(s); i++) {
		const struct stream_frame *f = stream_frame(s, i);
		const struct stream_function *in = stream_function(s, f->function);

		SAY(&whole, "frame %u %s %s %s %s %s %s %s", (unsigned)in->kind,
		    name_of(s, f->function), shown(stream_string(s, in->file)),
		    known(f->line, 0), known(f->end_line, 0), known(f->column1, 1),
		    known(f->end_column1, 1),
		    f->opcode ? shown(stream_string(s, f->opcode)) : "-");
	}
	*said = stream_frame_count(s);
}

static void
say_thread(struct run *r, const struct stream *s, uint64_t thread)
{
	const struct stream_thread *t = stream_thread(s, thread);

	SAY(&r->lines, "named %" PRIu64 " %" PRIu64 " %s", t->id,
	    stream_process(s, t->process)->pid, shown(t->name));
}

static void
add_stack(struct run *r, const struct stream *s, const struct stream_cell *c)
{
	const struct stream_thread *t = stream_thread(s, c->thread);

	say_thread(r, s, t->id);
	if (t->flags & STREAM_LANE)
		say_thread(r, s, t->lane_of);
	ADD(&r->lines, c->samples, c->weight, "thread %" PRIu32 " %02x", c->thread, c->state);
	ADD(&r->lines, c->samples, c->weight, "stack %s", stack_of(s, c->stack));
}

static void
add_cell(struct run *r, const struct stream *s, const struct stream_cell *c)
{
	add_stack(r, s, c);
	ADD(&r->lines, c->samples, c->weight, "epoch %" PRIu64, c->epoch);
}

static void
add_sample(struct run *r, const struct stream *s, const struct stream_sample *x)
{
	struct stream_cell cell = { x->thread, x->stack, x->state, 0, x->samples, x->weight };

	add_stack(r, s, &cell);
}

static void
say_exit(struct run *r, const struct stream_exit *x)
{
	const char *status = x->known ? text_print(&arena, "%" PRIu64, x->status).at : "-";

	SAY(&r->lines, "exit %" PRIu64 " %" PRIu64 " %s", x->process, x->at, status);
}

static void
say_ran(struct run *r, const struct stream_ran *x)
{
	SAY(&r->lines, "ran %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
	    x->thread, x->from, x->to, x->ran_ns, x->waited_ns);
}

static void
say_outcome(struct run *r, const struct stream_outcome *o)
{
	const char *losses = "";

	for (int i = 0; i < STREAM_LOSS_END; i++)
		if (o->losses[i])
			losses = text_print(&arena, "%s %d:%" PRIu64, losses, i, o->losses[i])
			                 .at;
	SAY(&r->lines, "outcome %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "%s",
	    o->from, o->to, o->ticks, o->samples, o->reason, losses);
}

static void
say_compare(const struct stream_compare *c)
{
	const uint64_t numbers[] = {
		c->scale,     c->numerator,      c->denominator, c->match,      c->flags,
		c->runs[0],   c->runs[1],        c->basis,       c->common[0],  c->common[1],
		c->common[2], c->common_verdict, c->smallest,    c->min_effect, c->fdr,
	};
	const char *words = "";

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		words = text_print(&arena, "%s %" PRIu64, words, numbers[i]).at;
	SAY(&whole, "compare%s %s", words, shown(c->words));
}

static void
say_verdict(const struct stream *s, const struct stream_verdict *v)
{
	const char *figures = "";

	for (int i = 0; i < 2 * STREAM_FIGURES; i++)
		figures = text_print(&arena, "%s %" PRIu64, figures,
		                     i < STREAM_FIGURES ? v->self[i]
		                                        : v->total[i - STREAM_FIGURES])
		                  .at;
	SAY(&whole, "verdict %s %" PRIu64 " %" PRIu64 " %" PRIu64 "%s", name_of(s, v->function),
	    v->category, v->self_verdict, v->total_verdict, figures);
}

static void
say_item(const struct stream *s, enum stream_event event, const struct stream_item *item)
{
	struct run *r = item->run ? run_of(item->run) : NULL;

	if (event == STREAM_SAMPLE)
		add_sample(r, s, &item->sample);
	else if (event == STREAM_CELL)
		add_cell(r, s, &item->cell);
	else if (event == STREAM_OUTCOME)
		say_outcome(r, &item->outcome);
	else if (event == STREAM_EXIT)
		say_exit(r, &item->exit);
	else if (event == STREAM_RAN)
		say_ran(r, &item->ran);
	else if (event == STREAM_PORTABLE)
		SAY(&r->lines, "portable %02x %s", item->portable.type,
		    hex(item->portable.body.at, item->portable.body.n));
	else if (event == STREAM_COMPARE)
		say_compare(&item->compare);
	else if (event == STREAM_MATCH)
		SAY(&whole, "match %s %s", name_of(s, item->match.baseline),
		    name_of(s, item->match.current));
	else if (event == STREAM_VERDICT)
		say_verdict(s, &item->verdict);
}

static void
complain(const struct err *e)
{
	fprintf(stderr, "%s\n", e->fact);
	if (e->hint[0])
		fprintf(stderr, "hint: %s\n", e->hint);
}

static bool
read_file(const char *path)
{
	struct arena own = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open(&own, path, &e);
	struct stream_item item;
	enum stream_event event;
	uint32_t said = STREAM_MISSED + 1;
	bool good = s;

	if (!s)
		complain(&e);
	while (s && (event = stream_next(s, &item, &e)) != STREAM_END) {
		if (event == STREAM_RESTART)
			said = STREAM_MISSED + 1;
		say_frames(s, &said);
		say_item(s, event, &item);
		if (event != STREAM_DAMAGED)
			continue;
		complain(&e);
		good = false;
	}
	if (s)
		stream_close(s);
	arena_empty(&own);
	return good;
}

static int
compare_texts(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static int
compare_runs(const void *a, const void *b)
{
	const struct run *x = *(struct run *const *)a, *y = *(struct run *const *)b;
	int order = memcmp(x->id, y->id, sizeof x->id);

	return order ? order : x->side < y->side ? -1 : x->side > y->side;
}

static void
print_lines(struct lines *l)
{
	VEC(struct text) lines = { 0 };

	for (size_t i = 0; i < l->sums.n; i++) {
		const struct sums *s = &l->sums.at[i];
		struct text line = l->texts.keys.at[i];

		if (s->has_sums)
			line = text_print(&arena, "%s %" PRIu64 " %" PRIu64, line.at,
			                  s->samples, s->weight);
		*vec_push(&arena, &lines) = line;
	}
	if (lines.n)
		qsort(lines.at, lines.n, sizeof *lines.at, compare_texts);
	for (size_t i = 0; i < lines.n; i++)
		puts(lines.at[i].at);
}

int
main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		if (!read_file(argv[i]))
			status = 1;
	print_lines(&whole);
	if (runs.n)
		qsort(runs.at, runs.n, sizeof *runs.at, compare_runs);
	for (size_t i = 0; i < runs.n; i++) {
		printf("run %s %" PRIu64 "\n", hex(runs.at[i]->id, STREAM_RUN_ID_BYTES),
		       runs.at[i]->side);
		print_lines(&runs.at[i]->lines);
	}
	arena_empty(&arena);
	return status;
}
