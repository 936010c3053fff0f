/* SPDX-License-Identifier: MIT */
/* The samples of perf-script(1). */
#include "formats/perf.h"

#include "formats/formats.h"

enum { LOOKED_AT = 4096, CPU_ON = 1 }; /* bytes of an input, to see whether it is text */

struct reading {
	struct import *in;
	struct perf_head head;
	bool open;            /* a sample is */
	VEC(uint32_t) frames; /* of it, innermost first */
	bool begun, clock;    /* there was a sample; its event is time, in nanoseconds */
	struct text event;    /* of the first sample: others are left out */
	uint64_t first_ns, others;
	uint8_t state;
};

/* A tab stands before a frame; blanks before a place, and perhaps before a name. */
static bool
is_inside(struct text line)
{
	struct perf_head head;

	return line.n &&
	       (*line.at == '\t' || (*line.at == ' ' && !perf_take_head(line, &head)));
}

static bool
add_frame(struct reading *r, struct text line)
{
	uint32_t frame;

	if (!perf_take_frame(r->in->tree, line, &frame))
		return false;
	*vec_push(&r->in->arena, &r->frames) = frame;
	return true;
}

/* "cpu-clock" of "cpu-clock:ppp", "cycles" of "cpu_core/cycles/P" */
static struct text
base_of(struct text event)
{
	const char *slash = event.n ? memchr(event.at, '/', event.n) : NULL, *end;

	if (slash)
		event = (struct text){ slash + 1, (size_t)(event.at + event.n - slash - 1) };
	end = event.n ? memchr(event.at, slash ? '/' : ':', event.n) : NULL;
	return (struct text){ event.at, end ? (size_t)(end - event.at) : event.n };
}

/* What the first sample's event says of all. */
static void
begin_run(struct reading *r)
{
	static const char *const clocks[] = { "cpu-clock", "task-clock" };
	static const char *const counters[] = { "cycles", "cpu-cycles", "instructions" };
	struct stream_run *run = &r->in->about;

	r->begun = true;
	r->event = base_of(r->head.event);
	r->first_ns = r->head.at_ns;
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
		r->clock |= r->head.period && text_equal(r->event, text_of(clocks[i]));
	r->state = r->clock ? CPU_ON << STREAM_CPU : 0;
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
		if (text_equal(r->event, text_of(counters[i])))
			r->state = CPU_ON << STREAM_CPU;
	run->unit_ns = r->clock ? 1 : 0;
	run->epoch_ms = r->clock && r->head.timed ? 1 : 0;
	run->mode = r->state ? STREAM_MODE_CPU : STREAM_MODE_WALL;
	run->flags |= STREAM_ALL_THREADS | STREAM_NATIVE;
}

static uint32_t
stack_of(struct reading *r)
{
	struct tree *t = r->in->tree;
	uint32_t node = 0;

	for (size_t i = r->frames.n; i-- > 0;)
		node = tree_intern_node(t, node, r->frames.at[i]);
	return import_stack(t, node);
}

/* Ends the open sample; else why it is none. */
static const char *
end_sample(struct reading *r)
{
	const struct perf_head *head = &r->head;
	struct import_cell c = { .samples = 1, .weight = 1, .state = r->state };
	struct stream_outcome *o = &r->in->outcome;

	if (!r->open)
		return NULL;
	r->open = false;
	c.thread =
		import_thread(r->in, (struct stream_process){ .pid = head->pid },
	                      (struct stream_thread){
				      .native_id = head->tid,
				      .name = head->comm,
				      .flags = head->pid == head->tid ? STREAM_MAIN_THREAD : 0,
			      });
	if (c.thread == IMPORT_NO_ROW)
		return "there are too many threads";
	c.node = stack_of(r);
	c.weight = r->clock ? head->period : 1;
	c.at = r->clock && head->at_ns > r->first_ns ? head->at_ns - r->first_ns : 0;
	if (c.weight > PERF_NS_MAX || !import_cell(r->in, c))
		return "the times are too large";
	o->to = c.at + c.weight > o->to && r->clock ? c.at + c.weight : o->to;
	return NULL;
}

/* A line that is not of a sample begins one; else why it does not. */
static const char *
begin_sample(struct reading *r, struct text line)
{
	if (!perf_take_head(line, &r->head))
		return "no sample of perf's";
	if (!r->begun)
		begin_run(r);
	if (!text_equal(base_of(r->head.event), r->event)) {
		r->others++;
		return NULL;
	}
	if (r->clock && r->head.period == 0)
		return "a sample without a period";
	r->frames.n = 0;
	r->open = true;
	if (r->head.rest.n && !add_frame(r, r->head.rest))
		return "no frame of perf's";
	return NULL;
}

/* "# hostname : one", of --header */
static void
learn(struct import *in, struct text comment)
{
	static const char host[] = "# hostname : ", version[] = "# perf version : ";

	if (in->run)
		return;
	if (text_starts(comment, text_of(host)))
		in->about.host =
			text_copy(&in->arena, (struct text){ comment.at + strlen(host),
		                                             comment.n - strlen(host) });
	if (text_starts(comment, text_of(version)))
		in->about.version =
			text_copy(&in->arena, (struct text){ comment.at + strlen(version),
		                                             comment.n - strlen(version) });
}

/* Takes a line; else what is wrong with it. */
static const char *
take_line(struct reading *r, struct text line)
{
	const char *wrong;

	if (line.n && line.at[0] == '#') {
		learn(r->in, line);
		return NULL;
	}
	if (is_inside(line)) {
		if (r->frames.n >= STREAM_DEPTH_MAX)
			return "the stack is too deep";
		return !r->open || add_frame(r, line) || perf_is_place(line)
		               ? NULL
		               : "no frame of perf's";
	}
	wrong = end_sample(r);
	return wrong || line.n == 0 ? wrong : begin_sample(r, line);
}

/* Text that begins, behind comments, with a sample: with a time, or a stack in the next line. */
bool
perf_recognizes(struct text bytes, struct err *e)
{
	struct import in = { .rest = bytes };
	struct perf_head head;
	struct text line = { "", 0 };

	(void)e;
	if (bytes.n && memchr(bytes.at, 0, bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT))
		return false;
	while (in.rest.n && (line.n == 0 || line.at[0] == '#'))
		line = import_line(&in);
	if (!perf_take_head(line, &head))
		return false;
	line = import_line(&in);
	return head.timed || (is_inside(line) && perf_is_frame(line));
}

bool
perf_read(struct import *in, struct err *e)
{
	struct reading *r = in->reading;
	const char *wrong;

	if (!r) {
		r = in->reading = arena_new(&in->arena, struct reading);
		in->about.tool = TEXT("perf");
		in->about.version = (struct text){ "", 0 };
	}
	r->in = in;
	while (in->rest.n) {
		wrong = take_line(r, import_line(in));
		if (wrong && import_bad_line(in, wrong, e))
			return false;
	}
	wrong = end_sample(r);
	if (wrong && import_bad_line(in, wrong, e))
		return false;
	if (!import_last_line(in, e))
		return false;
	if (r->others == 0)
		return true;
	err_set(e, "%s: left out %llu sample%s of other events than %.*s", in->name,
	        (unsigned long long)r->others, r->others == 1 ? "" : "s", TEXT_ARG(r->event));
	r->others = 0;
	return false;
}
