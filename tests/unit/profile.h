/* SPDX-License-Identifier: MIT */
/* tests/unit/profile.h: random profiles, as raw streams in memory. */
#ifndef UNIT_PROFILE_H
#define UNIT_PROFILE_H

#include "stream/writer.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Threads, and behind them lanes: two of thread 1, three of thread 2. */
enum { THREADS = 3, LANES = 5, SEEN = THREADS + LANES };
enum { FRAMES = 12, DEPTH = 9, PATHS = 24, UNIT_NS = 62500, STATES = 64 };

static const struct {
	uint64_t of, part, parts;
} lanes[LANES] = { { 1, 0, 2 }, { 1, 1, 2 }, { 2, 0, 3 }, { 2, 1, 3 }, { 2, 2, 3 } };

static struct arena arena;
static uint64_t seed = 7;

static uint64_t
chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

/* A file in memory; its path works as long as the process. */
struct file {
	int fd;
	char path[32];
};

static struct file
file_new(void)
{
	struct file f = { .fd = memfd_create("tree", 0) };

	assert(f.fd >= 0);
	snprintf(f.path, sizeof f.path, "/proc/self/fd/%d", f.fd);
	return f;
}

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

/* A profile: what each thread was seen doing at each tick; stack 0: it was not watched. */
struct profile {
	struct stream_run run;
	size_t ticks;
	uint64_t *at; /* one more: the end */
	uint8_t (*paths)[SEEN], (*states)[SEEN];
	uint64_t reason;
	bool only; /* samples of the run's mode are written, and no others */
};

static bool
is_part(size_t t)
{
	return t >= THREADS && lanes[t - THREADS].part;
}

/* The lanes of a thread are watched all or none, in one state. */
static void
join_lanes(struct profile *p, size_t i, size_t t)
{
	if (!is_part(t))
		return;
	p->paths[i][t] = p->paths[i][t - 1] ? (uint8_t)(p->paths[i][t] | 1) : 0;
	p->states[i][t] = p->states[i][t - 1];
}

static struct profile
profile_new(uint8_t id, size_t ticks, uint64_t pause)
{
	struct profile p = { .ticks = ticks, .reason = STREAM_REACHED };

	p.run = (struct stream_run){ .unit_ns = UNIT_NS,
		                     .interval_ns = 1000000,
		                     .seed = id,
		                     .tool = TEXT("tsample"),
		                     .host = TEXT("here") };
	memset(p.run.id, id, sizeof p.run.id);
	p.at = arena_array(&arena, uint64_t, ticks + 1);
	p.paths = arena_alloc(&arena, ticks * sizeof *p.paths);
	p.states = arena_alloc(&arena, ticks * sizeof *p.states);
	for (size_t i = 0; i < ticks; i++) {
		p.at[i + 1] = p.at[i] + 1 + chance(pause);
		for (size_t t = 0; t < SEEN; t++) {
			p.paths[i][t] =
				(uint8_t)(i && chance(3) ? p.paths[i - 1][t] : chance(PATHS));
			p.states[i][t] =
				(uint8_t)(i && chance(9) ? p.states[i - 1][t] : chance(STATES));
			join_lanes(&p, i, t);
		}
	}
	return p;
}

/* Path n as a stack: frames differ in all that can differ. */
static uint32_t
tell_path(struct writer *w, uint8_t path)
{
	uint32_t stack = 0, at = path;

	for (uint32_t depth = path % DEPTH + 1; depth; depth--, at = at * 5 + 1) {
		uint32_t i = at % FRAMES;
		struct stream_function f = {
			.name = writer_string(w, text_print(&arena, "f%u", i / 2)),
			.file = writer_string(w, text_print(&arena, "/m%u.py", i % 3)),
			.line = i % 5
		};
		struct stream_frame frame = { .line = i % 4,
			                      .end_line = i % 4,
			                      .column1 = i % 2 };

		if (i == 11)
			f = (struct stream_function){ .kind = STREAM_KIND_GC };
		frame.function = writer_function(w, &f);
		stack = writer_stack(w, stack, writer_frame(w, &frame));
	}
	return stack;
}

static void
tell_people(struct writer *w)
{
	struct stream_process p = {
		.id = 0, .pid = 4242, .python = 0x030b02f0, .command = { "python3\0app.py", 15 }
	};
	struct stream_thread t = { .process = 0 };

	writer_process(w, &p);
	for (t.id = 0; t.id < THREADS; t.id++) {
		t.native_id = 4242 + t.id;
		t.flags = t.id == 0 ? STREAM_MAIN_THREAD : 0;
		t.name = text_print(&arena, "T%u", (unsigned)t.id);
		writer_thread(w, &t);
	}
	for (; t.id < SEEN; t.id++) {
		t.flags = STREAM_LANE;
		t.lane_of = lanes[t.id - THREADS].of;
		t.part = lanes[t.id - THREADS].part;
		t.parts = lanes[t.id - THREADS].parts;
		writer_thread(w, &t);
	}
}

/* Of a mode only those are written whose state has 1 for it. */
static bool
is_seen(const struct profile *p, size_t i, size_t t)
{
	static const int facts[] = { 0, STREAM_CPU, STREAM_GIL, STREAM_EXCEPTION };

	return p->paths[i][t] && (!p->only || (p->states[i][t] >> facts[p->run.mode] & 3) == 1);
}

/* At some ticks the time of a thread up to one of the next ticks. */
static void
tell_ran(struct writer *w, const struct profile *p, size_t i)
{
	size_t to = i + p->at[i] % 7 < p->ticks ? i + p->at[i] % 7 : p->ticks;

	if (i % 3 == 0)
		writer_ran(w, &(struct stream_ran){ i % (THREADS + 1), p->at[i], p->at[to],
		                                    p->at[i] * 2654435761 % 1000003,
		                                    p->at[to] * 2654435761 % 3001 });
}

static void
tell_tick(struct writer *w, const struct profile *p, size_t i, uint32_t *generation)
{
	static uint8_t watched[SEEN];

	writer_tick(w, p->at[i]);
	if (*generation != writer_generation(w))
		memset(watched, 0, sizeof watched);
	*generation = writer_generation(w);
	for (size_t t = 0; t < SEEN; t++) {
		uint8_t path = is_seen(p, i, t) ? p->paths[i][t] : 0;

		if (path)
			writer_sample(w, t, tell_path(w, path), p->states[i][t]);
		else if (watched[t])
			writer_thread_end(w, t);
		watched[t] = path;
	}
}

/* Ticks from and up to of a profile as a raw stream. */
static struct file
write_raw(const struct profile *p, size_t from, size_t to)
{
	struct file f = file_new();
	struct writer_options options = { .content = STREAM_RAW, .name = "tsample" };
	struct writer *w = writer_new(&arena, options, (struct writer_sink){ put, &f.fd });
	struct stream_outcome o = { .from = p->at[from], .to = p->at[to], .ticks = to - from };
	uint32_t generation = 0;

	writer_run(w, &p->run);
	tell_people(w);
	writer_label(w, TEXT("commit"), TEXT("abc"));
	for (size_t i = from; i < to; i++) {
		tell_tick(w, p, i, &generation);
		tell_ran(w, p, i);
		for (size_t t = 0; t < SEEN; t++)
			o.samples += p->paths[i][t] && !is_part(t);
	}
	o.reason = to == p->ticks ? p->reason : STREAM_GOES_ON;
	o.losses[STREAM_LOSS_RETRIED] = to / 3 - from / 3;
	writer_outcome(w, &o);
	assert(writer_end(w));
	return f;
}

#endif
