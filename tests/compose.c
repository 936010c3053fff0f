/* SPDX-License-Identifier: MIT */
/*
 * compose [WORD]...: a folded stream of one run, as the tests would have it.
 *
 * Standard input is collapsed text with a count of samples for each epoch:
 *
 *	main (app.py);load (io.py) 5 0 3
 *	@worker run (app.py) 1
 *
 * where "@NAME" tells the thread, if it is not the main one. A sample is worth an interval; what is
 * <missed> has the time alone. Words:
 *
 *	id=1          the run's, 0 to 255
 *	interval=1ms  between two samples
 *	epoch=1024ms  length of an epoch, a power of two of milliseconds; else one holds all
 *	watched=10s   how long, by the wall; else as long as the samples are together
 *	python=3.11   version
 *	mode=0        enum stream_mode
 *	missed=0      ticks that were due and were not taken
 *	timed         times without samples, and no interval is told
 *	complete      a program from its start to its end
 *	reason=2      why it ended, enum stream_reason; of a complete one 1
 *	all, native, no-gc, no-idle, summed    other flags of the run
 */
#include "base/quantity.h"
#include "formats/collapsed.h"
#include "stream/writer.h"
#include "tree/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { UNITS = 16, COUNTS_MAX = 64 };

static struct arena arena;
static struct stream_run about;
static uint64_t id = 1, interval_ns = 1000000, epoch_ns, watched_ns, python, mode, missed,
		reason, spent_all, seen_all;
static bool timed;

static const struct {
	const char *word;
	uint64_t flag;
} flags[] = {
	{ "complete", STREAM_LAUNCHED }, { "all", STREAM_ALL_THREADS },
	{ "native", STREAM_NATIVE },     { "no-gc", STREAM_NO_GC },
	{ "no-idle", STREAM_NO_IDLE },   { "summed", STREAM_SUMMED },
};

static bool
take_version(const char *s, uint64_t *to)
{
	unsigned major, minor;

	if (sscanf(s, "%u.%u", &major, &minor) != 2)
		return false;
	*to = (uint64_t)major << 24 | (uint64_t)minor << 16 | 0xf0;
	return true;
}

static const struct {
	const char *word;
	bool (*take)(const char *s, uint64_t *to);
	uint64_t *to;
} numbers[] = {
	{ "id=", quantity_count, &id },         { "interval=", quantity_ns, &interval_ns },
	{ "epoch=", quantity_ns, &epoch_ns },   { "watched=", quantity_ns, &watched_ns },
	{ "python=", take_version, &python },   { "mode=", quantity_count, &mode },
	{ "missed=", quantity_count, &missed }, { "reason=", quantity_count, &reason },
};

static void
take_word(const char *word)
{
	timed |= strcmp(word, "timed") == 0;
	if (strcmp(word, "timed") == 0)
		return;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (strcmp(word, flags[i].word) == 0) {
			about.flags |= flags[i].flag;
			return;
		}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		size_t n = strlen(numbers[i].word);

		if (strncmp(word, numbers[i].word, n) == 0 &&
		    numbers[i].take(word + n, numbers[i].to))
			return;
	}
	fprintf(stderr, "compose: \"%s\" is none of its words\n", word);
	exit(2);
}

static void
begin(void)
{
	memset(about.id, (int)id, sizeof about.id);
	about.tool = TEXT("compose");
	about.interval_ns = timed ? 0 : interval_ns;
	about.unit_ns = interval_ns / UNITS;
	about.epoch_ms = epoch_ns / 1000000;
	about.mode = mode;
}

static uint32_t
add_thread(struct tree *t, struct tree_run *r, struct text name)
{
	static uint64_t others;
	struct stream_process p = { .pid = 1000, .python = python };
	struct stream_thread h = { .flags = STREAM_MAIN_THREAD, .name = TEXT("MainThread") };

	h.process = tree_add_process(t, r, &p);
	for (uint32_t i = 0; i < r->threads.n; i++)
		if (text_equal(r->threads.at[i].name, name.n ? name : h.name))
			return i;
	if (name.n)
		h = (struct stream_thread){ .process = h.process,
			                    .id = ++others,
			                    .name = name };
	return tree_add_thread(t, r, &h);
}

static uint32_t
add_stack(struct tree *t, char *stack)
{
	uint32_t node = 0;

	for (char *label = strtok(stack, ";"); label; label = strtok(NULL, ";"))
		node = tree_intern_node(t, node, collapsed_frame(t, text_of(label)));
	return node;
}

/* Cuts the numbers off that a line ends in; how many there are. They come last first. */
static size_t
take_counts(char *line, uint64_t counts[COUNTS_MAX])
{
	size_t n = 0;
	char *blank;

	while (n < COUNTS_MAX && (blank = strrchr(line, ' ')) &&
	       quantity_count(blank + 1, &counts[n])) {
		*blank = 0;
		n++;
	}
	return n;
}

static void
add_line(struct tree *t, struct tree_run *r, char *line)
{
	uint64_t spent[COUNTS_MAX];
	size_t n = take_counts(line, spent);
	char *blank = *line == '@' ? strchr(line, ' ') : NULL;
	struct text thread = { line + 1, blank ? (size_t)(blank - line - 1) : 0 };
	uint32_t series = tree_add_series(t, r, add_thread(t, r, thread), 0);
	char *stack = blank ? blank + 1 : line;
	bool is_seen = !timed && strncmp(stack, "<missed>", 8) != 0;
	uint32_t node = add_stack(t, stack);

	for (size_t i = 0; i < n; i++) {
		struct tree_cell cell = { .series = series, .node = node };

		cell.samples = spent[n - 1 - i] & (((uint64_t)1 << 58) - 1);
		cell.weight = cell.samples * UNITS;
		cell.epoch = i & (COUNTS_MAX - 1);
		spent_all += cell.samples;
		cell.samples = is_seen ? cell.samples : 0;
		seen_all += cell.samples;
		if (cell.weight)
			tree_add_cell(t, r, cell);
	}
}

static bool
put(void *context, const void *bytes, size_t n)
{
	(void)context;
	return write(STDOUT_FILENO, bytes, n) == (ssize_t)n;
}

int
main(int argc, char **argv)
{
	struct writer_options options = { .content = STREAM_FOLDED, .name = "compose 1" };
	struct tree *t = tree_new(&arena);
	struct stream_outcome o = { .reason = STREAM_REACHED };
	struct tree_run *r;
	struct writer *w;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	for (int i = 1; i < argc; i++)
		take_word(argv[i]);
	begin();
	r = tree_add_run(t, &about);
	add_thread(t, r, (struct text){ 0 });
	while ((n = getline(&line, &room, stdin)) > 0) {
		line[n - 1] = 0;
		add_line(t, r, line);
	}
	o.to = (watched_ns ? watched_ns : spent_all * interval_ns) / about.unit_ns;
	o.ticks = o.samples = seen_all;
	o.losses[STREAM_LOSS_LATE] = missed;
	o.reason = about.flags & STREAM_LAUNCHED ? STREAM_TARGET_ENDED : STREAM_REACHED;
	o.reason = reason ? reason : o.reason;
	tree_add_outcome(t, r, &o);
	w = writer_new(&arena, options, (struct writer_sink){ put, NULL });
	tree_write(t, w);
	return !writer_end(w);
}
