/* SPDX-License-Identifier: MIT */
/* What pages are told of threads, epochs and lines, and how much of it. */
#include "render/cells.h"
#include "render/inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MS = 1000000 };

static struct arena arena;

static struct text
number_text(const char *word, unsigned n)
{
	return text_print(&arena, "%s%u", word, n);
}

/* A tree of one run, in milliseconds, with a process of n threads. */
static struct tree *
tree_of(unsigned threads, uint64_t epoch_ms, struct tree_run **run)
{
	struct tree *t = tree_new(&arena);

	*run = tree_add_run(t, &(struct stream_run){ .unit_ns = MS, .epoch_ms = epoch_ms });
	tree_add_process(t, *run, &(struct stream_process){ .pid = 42 });
	for (unsigned i = 0; i < threads; i++)
		tree_add_thread(t, *run,
		                &(struct stream_thread){ .id = i,
		                                         .native_id = 100 + i,
		                                         .interpreter = i % 2,
		                                         .name = number_text("t", i) });
	return t;
}

static uint32_t
node_of(struct tree *t, uint32_t parent, unsigned function, uint32_t line)
{
	struct stream_function f = { .name = tree_intern_string(t, number_text("f", function)),
		                     .file = tree_intern_string(t, TEXT("/app.py")) };
	struct stream_frame frame = { .function = tree_intern_function(t, &f), .line = line };

	return tree_intern_node(t, parent, tree_intern_frame(t, &frame));
}

static void
add(struct tree *t, struct tree_run *r, uint32_t series, uint32_t node, unsigned epoch)
{
	tree_add_cell(t, r,
	              (struct tree_cell){ .series = series,
	                                  .node = node,
	                                  .weight = 3,
	                                  .epoch = epoch & 63,
	                                  .samples = 1 });
}

static const uint32_t *
same_places(const struct view *v)
{
	uint32_t *places = arena_array(&arena, uint32_t, v->count);

	for (uint32_t i = 0; i < v->count; i++)
		places[i] = i;
	return places;
}

static struct cells *
cells_of_tree(struct tree *t)
{
	struct view *v = view_new(&arena, t, (struct view_choice){ .grain = TREE_FUNCTION });

	return cells_of(&arena, v, people_of(&arena, t), same_places(v), 1000);
}

/* Weights as they are, whatever is joined. */
static bool
weighs(const struct cells *cells, uint64_t samples)
{
	uint64_t sum = 0, weight = 0;

	for (size_t i = 0; i < cells->n; i++) {
		sum += cells->at[i].samples;
		weight += cells->at[i].weight;
	}
	return sum == samples && weight == samples * 3 * MS;
}

/* So many nodes, threads, states and epochs make so many cells at most, of epochs so long. */
static const struct {
	unsigned nodes, threads, states, epochs;
	size_t cells;
	uint64_t epoch_ms;
	bool threads_joined, states_joined;
} joins[] = {
	{ 2, 2, 3, 64, 2 * 2 * 3 * 64, 128, false, false },
	{ 15, 1, 1, 64, 15 * 64, 128, false, false },
	{ 16, 1, 1, 64, 16 * 32, 256, false, false },
	{ 16, 2, 1, 64, 16 * 2 * 16, 512, false, false },
	{ 600, 2, 1, 1, 600, 0, true, false },
	{ 400, 2, 2, 1, 800, 0, true, false },
	{ 600, 2, 2, 1, 600, 0, true, true },
	{ 1100, 1, 1, 2, 1100, 0, true, true },
};

static int
check_joins(size_t row)
{
	struct tree_run *r;
	struct tree *t = tree_of(joins[row].threads, 128, &r);
	struct cells *cells;

	for (unsigned i = 0; i < joins[row].nodes; i++) {
		uint32_t node = node_of(t, 0, i, 0);

		for (unsigned h = 0; h < joins[row].threads; h++)
			for (unsigned s = 0; s < joins[row].states; s++)
				for (unsigned e = 0; e < joins[row].epochs; e++)
					add(t, r, tree_add_series(t, r, h, (uint8_t)(s << 2)),
					    node, e);
	}
	cells = cells_of_tree(t);
	if (cells->n == joins[row].cells && cells->epoch_ms == joins[row].epoch_ms &&
	    cells->threads_joined == joins[row].threads_joined &&
	    cells->states_joined == joins[row].states_joined &&
	    weighs(cells, (uint64_t)joins[row].nodes * joins[row].threads * joins[row].states *
	                          joins[row].epochs))
		return 0;
	printf("joins %zu: %zu cells of %llu ms, threads %d, states %d\n", row, cells->n,
	       (unsigned long long)cells->epoch_ms, cells->threads_joined,
	       cells->states_joined);
	return 1;
}

/* Watched from 100 to 700 ms; the second process from 300 until its exit at 450. */
static int
check_watched(void)
{
	static const uint64_t expected[] = { 2 * 156, 2 * 256, 2 * 188, 0, 150, 0 };
	struct tree_run *r;
	struct tree *t = tree_of(3, 256, &r);
	uint64_t child = tree_add_process(
		t, r, &(struct stream_process){ .id = 1, .pid = 43, .started = 300 });
	uint32_t thread = tree_add_thread(
		t, r, &(struct stream_thread){ .id = 9, .native_id = 43, .process = child });
	const uint64_t *watched;
	int wrong = 0;

	tree_add_exit(t, r, &(struct stream_exit){ .process = child, .at = 450 });
	tree_add_outcome(t, r, &(struct stream_outcome){ .from = 100, .to = 700 });
	add(t, r, tree_add_series(t, r, 0, 0), node_of(t, 0, 1, 0), 0);
	add(t, r, tree_add_series(t, r, 0, 0), node_of(t, 0, 2, 0), 0);
	add(t, r, tree_add_series(t, r, thread, 0), node_of(t, 0, 1, 0), 1);
	watched = people_watched(&arena, people_of(&arena, t), 256, 3);
	for (size_t i = 0; i < 6; i++)
		if (watched[i] != expected[i] * MS) {
			printf("watched %zu: %llu, not %llu ms\n", i,
			       (unsigned long long)watched[i], (unsigned long long)expected[i]);
			wrong++;
		}
	return wrong;
}

/* More threads than have rows: the rest is one, and nothing is lost. */
static int
check_people(void)
{
	struct tree_run *r;
	struct tree *t = tree_of(PEOPLE_THREADS + 5, 128, &r);
	struct people *p;

	for (unsigned i = 0; i < PEOPLE_THREADS + 5; i++)
		for (unsigned k = 0; k < (i == 7 ? 3 : i < 200 ? 2 : 1); k++)
			add(t, r, tree_add_series(t, r, i, 0), node_of(t, 0, k, 0), 0);
	p = people_of(&arena, t);
	if (p->threads.n == PEOPLE_THREADS + 1 &&
	    text_equal(p->threads.at[0].name, TEXT("t7")) && p->threads.at[0].samples == 3 &&
	    text_equal(p->threads.at[PEOPLE_THREADS].name, TEXT("5 more")) &&
	    p->threads.at[PEOPLE_THREADS].samples == 5 &&
	    people_row(p, 0, PEOPLE_THREADS + 4) == PEOPLE_THREADS)
		return 0;
	printf("people: %zu rows\n", p->threads.n);
	return 1;
}

/* A source record of a file of lines "line 1", "line 2", ... */
static struct text
source_record(unsigned lines)
{
	VEC(char) text = { 0 }, body = { 0 };
	unsigned char *at;

	for (unsigned i = 1; i <= lines; i++) {
		struct text line = number_text("line ", i);

		for (size_t k = 0; k < line.n; k++)
			*vec_push(&arena, &text) = line.at[k];
		*vec_push(&arena, &text) = '\n';
	}
	vec_reserve(&arena, &body, text.n + 80);
	at = varint_put((unsigned char *)body.at, 7);
	memcpy(at, "/app.py", 7);
	at += 7 + STREAM_SHA256_BYTES;
	at = varint_put(at, text.n);
	at = varint_put(at, 0);
	at = varint_put(at, text.n);
	memcpy(at, text.at, text.n);
	return (struct text){ body.at, (size_t)((char *)at - body.at) + text.n };
}

/* To standard output, which is closed. */
static void
write_sources(struct tree *t)
{
	uint32_t *numbers = arena_array(&arena, uint32_t, 64);
	struct err e;
	struct out *out = out_open(&arena, NULL, OUT_TEXT, &e);
	struct json j = { .out = out };

	numbers[tree_intern_string(t, TEXT("/app.py"))] = 1;
	json_open(&j, NULL, '{');
	inner_write_sources(&j, view_new(&arena, t, (struct view_choice){ .grain = TREE_LINE }),
	                    numbers);
	json_close(&j, '}');
	out_close(out);
}

/* Of a file with more in use than there is room for, as much as there is: "\n" has six bytes. */
static int
check_sources_limit(void)
{
	enum { LINES = 300000, WRITTEN = 3017294 };
	struct tree_run *r;
	struct tree *t = tree_of(1, 0, &r);
	uint32_t series = tree_add_series(t, r, 0, 0);
	FILE *file = tmpfile();
	int fd = file ? fcntl(fileno(file), F_DUPFD, STDERR_FILENO + 1) : -1;
	off_t end;

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return 1;
	tree_add_portable(t, r, STREAM_RECORD_source, source_record(LINES));
	for (uint32_t line = 1; line < LINES; line += 2 * INNER_AROUND)
		add(t, r, series, node_of(t, 0, 1, line), 0);
	write_sources(t);
	end = lseek(fd, 0, SEEK_END);
	if (end == WRITTEN)
		return 0;
	fprintf(stderr, "sources of one file: %lld bytes\n", (long long)end);
	return 1;
}

static int
check_sources(void)
{
	static const char expected[] =
		"{\"sources\":[{\"file\":1,\"chunks\":["
		"[1,\"line 1\\u000aline 2\\u000aline 3\\u000aline 4\\u000aline 5\\u000a\"],"
		"[17,\"line 17\\u000aline 18\\u000aline 19\\u000aline 20\\u000a"
		"line 21\\u000aline 22\\u000aline 23\\u000aline 24\\u000aline 25\\u000a\"]]}]}";
	struct tree_run *r;
	struct tree *t = tree_of(1, 0, &r);
	uint32_t series = tree_add_series(t, r, 0, 0);
	char got[1024] = "";
	int ends[2];

	tree_add_portable(t, r, STREAM_RECORD_source, source_record(40));
	add(t, r, series, node_of(t, 0, 1, 2), 0);
	add(t, r, series, node_of(t, 0, 1, 20), 0);
	add(t, r, series, node_of(t, 0, 2, 22), 0);
	add(t, r, series, node_of(t, 0, 2, UINT32_MAX), 0);
	if (pipe(ends) || dup2(ends[1], STDOUT_FILENO) < 0)
		return 1;
	write_sources(t);
	if (read(ends[0], got, sizeof got - 1) > 0 && strcmp(got, expected) == 0)
		return 0;
	fprintf(stderr, "sources: %s\n", got);
	return 1;
}

int
main(void)
{
	int wrong = check_watched() + check_people();

	for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
		wrong += check_joins(i);
		arena_empty(&arena);
	}
	return wrong + check_sources() + check_sources_limit() > 0;
}
