/* SPDX-License-Identifier: MIT */
/* What the writer wrote the reader reads; what is damaged is told, and the rest kept. */
#include "base/vec.h"
#include "stream/reader.h"
#include "stream/writer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Expected and read facts as text, one a line: easy to compare, easy to read. */
struct log {
	struct arena arena;
	VEC(char) text;
};

__attribute__((format(printf, 2, 3))) static void
note(struct log *l, const char *format, ...)
{
	struct text line;
	va_list list;

	va_start(list, format);
	line = text_vprint(&l->arena, format, list);
	va_end(list);
	for (size_t i = 0; i < line.n; i++)
		*vec_push(&l->arena, &l->text) = line.at[i];
}

static bool
put(void *context, const void *bytes, size_t n)
{
	return write(*(int *)context, bytes, n) == (ssize_t)n;
}

static uint64_t seed = 1;

static uint64_t
chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static uint32_t
random_stack(struct writer *w, struct arena *scratch)
{
	uint32_t stack = 0;

	for (uint64_t depth = chance(6); depth; depth--) {
		unsigned i = (unsigned)chance(40);
		struct stream_function f = {
			STREAM_KIND_PYTHON, writer_string(w, text_print(scratch, "f%u", i)),
			writer_string(w, text_print(scratch, "/m%u.py", i % 7)), i
		};
		struct stream_frame frame = { .function = writer_function(w, &f) };

		if (chance(2))
			frame.line = i + (unsigned)chance(9) + 1;
		if (frame.line && chance(2))
			frame.end_line = frame.line;
		if (chance(3) == 0)
			frame.column1 = (unsigned)chance(50) + 1;
		stack = writer_stack(w, stack, writer_frame(w, &frame));
	}
	return stack;
}

/* The stack in words, by the reader's numbers. */
static void
note_stack(struct log *l, const struct stream *s, uint32_t stack)
{
	for (; stack; stack = stream_stack(s, stack)->parent) {
		const struct stream_frame *f = stream_frame(s, stream_stack(s, stack)->frame);
		struct text name = stream_function_name(s, f->function);

		note(l, ";%.*s:%u:%u:%u", TEXT_ARG(name), f->line, f->end_line, f->column1);
	}
	note(l, "\n");
}

struct world {
	struct writer *w;
	struct arena scratch;
	uint64_t threads[4]; /* 1: live */
	uint64_t at;
};

static void
random_tick(struct world *world, uint32_t *generation)
{
	struct writer *w = world->w;

	world->at += 1 + chance(40);
	writer_tick(w, world->at);
	if (*generation != writer_generation(w))
		for (unsigned i = 0; i < 4; i++)
			if (world->threads[i])
				writer_sample(w, i, random_stack(w, &world->scratch),
				              (uint8_t)chance(256));
	*generation = writer_generation(w);
	for (unsigned i = 0; i < 4; i++)
		if (chance(3) == 0) {
			world->threads[i] = 1;
			writer_sample(w, i, random_stack(w, &world->scratch),
			              (uint8_t)chance(3));
		} else if (world->threads[i] && chance(30) == 0) {
			world->threads[i] = 0;
			writer_thread_end(w, i);
		}
	if (chance(20) == 0)
		writer_flush(w);
}

static void
write_random(int fd, int level, unsigned ticks)
{
	struct arena a = { 0 };
	struct world world = { 0 };
	struct stream_run run = { .unit_ns = 62500,
		                  .interval_ns = 1000000,
		                  .tool = TEXT("test") };
	struct stream_process process = { .pid = 42, .command = { "a\0b", 4 } };
	uint32_t generation = 0;

	world.w = writer_new(
		&a, (struct writer_options){ STREAM_RAW, "test", level, 100000000, true },
		(struct writer_sink){ put, &fd });
	writer_run(world.w, &run);
	writer_process(world.w, &process);
	for (unsigned i = 0; i < 4; i++)
		writer_thread(world.w,
		              &(struct stream_thread){ .id = i, .name = TEXT("thread") });
	while (ticks--)
		random_tick(&world, &generation);
	writer_outcome(world.w, &(struct stream_outcome){ .to = world.at + 5,
	                                                  .reason = STREAM_REACHED });
	if (!writer_end(world.w))
		abort();
	arena_empty(&a);
	arena_empty(&world.scratch);
}

/* Reads it all; the number of damages. Weights of every thread are added up in *weight. */
static unsigned
read_all(const char *path, struct log *l, uint64_t *weight)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open(&a, path, &e);
	struct stream_item item;
	enum stream_event event;
	unsigned damages = 0;

	while (s && (event = stream_next(s, &item, &e)) != STREAM_END)
		if (event == STREAM_SAMPLE) {
			note(l, "%u %u %lu %lu", item.sample.thread, item.sample.state,
			     (unsigned long)item.sample.at, (unsigned long)item.sample.weight);
			note_stack(l, s, item.sample.stack);
			*weight += item.sample.weight;
		} else if (event == STREAM_DAMAGED) {
			damages++;
		}
	if (s)
		stream_close(s);
	arena_empty(&a);
	return damages + !s;
}

static bool
same(const struct log *a, const struct log *b)
{
	return a->text.n == b->text.n && memcmp(a->text.at, b->text.at, a->text.n) == 0;
}

/* Compressed or not, and with restarts at other places, the meaning is one. */
static int
check_levels(const char *path)
{
	struct log logs[2] = { 0 };
	uint64_t weight[2] = { 0 };

	for (int level = 0; level < 2; level++) {
		int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

		seed = 7;
		write_random(fd, level * 3, 2000);
		close(fd);
		if (read_all(path, &logs[level], &weight[level])) {
			printf("level %d: a whole stream is called damaged\n", level);
			return 1;
		}
	}
	if (!same(&logs[0], &logs[1]) || weight[0] == 0) {
		printf("compressing changes the meaning\n");
		return 1;
	}
	arena_empty(&logs[0].arena);
	arena_empty(&logs[1].arena);
	return 0;
}

/* One byte is changed, or the end is cut: never a crash, always a word. */
static int
check_damage(const char *path, int level)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	off_t size;

	seed = 11;
	write_random(fd, level, 300);
	size = lseek(fd, 0, SEEK_END);
	for (int round = 0; round < 400; round++) {
		off_t at = (off_t)chance((uint64_t)size);
		struct log l = { 0 };
		uint64_t weight = 0;
		unsigned char byte, other;

		if (pread(fd, &byte, 1, at) != 1)
			return 1;
		other = byte ^ (unsigned char)(1 + chance(255));
		if (pwrite(fd, &other, 1, at) != 1)
			return 1;
		if (read_all(path, &l, &weight) == 0) {
			printf("byte %ld changed: nobody saw it\n", (long)at);
			return 1;
		}
		arena_empty(&l.arena);
		if (pwrite(fd, &byte, 1, at) != 1)
			return 1;
	}
	for (off_t n = size - 1; n > 0; n -= 1 + (off_t)chance(60)) {
		struct log l = { 0 };
		uint64_t weight = 0;

		if (ftruncate(fd, n) != 0 || read_all(path, &l, &weight) != 1) {
			printf("cut at byte %ld: not told once\n", (long)n);
			return 1;
		}
		arena_empty(&l.arena);
	}
	close(fd);
	return 0;
}

/* How many samples come before something else does; a reader that waits too long is killed. */
static unsigned
count_samples(struct stream *s, unsigned want)
{
	struct stream_item item;
	struct err e;
	unsigned n = 0;

	alarm(10);
	while (n < want && stream_next(s, &item, &e) != STREAM_END)
		n += item.run != NULL;
	alarm(0);
	return n;
}

/* A reader of a pipe has each block as soon as it is complete; the newest tick waits for its end. */
static int
check_flow(void)
{
	struct stream_run run = { .unit_ns = 62500, .interval_ns = 1000000 };
	struct arena a = { 0 };
	struct stream *s = NULL;
	struct writer *w;
	struct err e;
	int fds[2];

	if (pipe(fds) != 0)
		return 1;
	w = writer_new(&a, (struct writer_options){ STREAM_RAW, "test", 3, 0, true },
	               (struct writer_sink){ put, &fds[1] });
	writer_run(w, &run);
	writer_process(w, &(struct stream_process){ 0 });
	writer_thread(w, &(struct stream_thread){ 0 });
	for (unsigned tick = 1; tick < 100; tick++) {
		writer_tick(w, tick);
		writer_sample(w, 0, 0, (uint8_t)tick);
		writer_flush(w);
		s = s ? s : stream_open_fd(&a, fds[0], "pipe", &e);
		/* The first one comes with its run. */
		if (tick > 1 && count_samples(s, tick == 2 ? 2 : 1) == 0) {
			printf("tick %u is not readable\n", tick);
			return 1;
		}
	}
	writer_end(w);
	close(fds[1]);
	stream_close(s);
	arena_empty(&a);
	return 0;
}

int
main(void)
{
	char path[] = "/tmp/stream-XXXXXX";
	int failed = 0;

	close(mkstemp(path));
	failed |= check_levels(path);
	failed |= check_damage(path, 0);
	failed |= check_damage(path, 3);
	failed |= check_flow();
	unlink(path);
	return failed;
}
