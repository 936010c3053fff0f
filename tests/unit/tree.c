/* SPDX-License-Identifier: MIT */
/*
 * The laws of merging, on random profiles: any order and any cut gives the
 * same bytes, folding twice is folding once, and nothing is lost or made.
 */
#include "stream/reader.h"
#include "tests/unit/profile.h"
#include "tree/about.h"
#include "tree/load.h"
#include "tree/name.h"
#include "tree/write.h"

#include <stdlib.h>

static void
read_file(struct tree *t, const char *path, const struct tree_choice *choice)
{
	struct arena scratch = { 0 };
	struct err e = { 0 };
	struct stream *s = stream_open(&scratch, path, &e);

	if (!s || !tree_read(t, s, path, choice, &e)) {
		printf("%s\n", e.fact);
		abort();
	}
	stream_close(s);
	arena_empty(&scratch);
}

struct fold {
	const struct file *files;
	size_t n;
	bool sum, backwards;
	struct tree_choice choice;
	uint32_t epochs;
};

static struct tree *
fold_tree(struct arena *a, struct fold fold)
{
	struct tree *t = tree_new(a);

	if (fold.epochs)
		tree_limit_epochs(t, fold.epochs);
	for (size_t i = 0; i < fold.n; i++)
		read_file(t, fold.files[fold.backwards ? fold.n - 1 - i : i].path,
		          &fold.choice);
	tree_settle(t);
	if (fold.sum)
		tree_sum(t);
	return t;
}

static struct file
fold(struct fold how)
{
	struct arena scratch = { 0 };
	struct file f = file_new();
	struct tree *t = fold_tree(&scratch, how);
	struct writer_options options = { .content = STREAM_FOLDED, .name = "tfold" };
	struct writer *w = writer_new(&scratch, options, (struct writer_sink){ put, &f.fd });

	tree_write(t, w);
	assert(writer_end(w));
	arena_empty(&scratch);
	return f;
}

static struct text
bytes_of(struct file f)
{
	off_t n = lseek(f.fd, 0, SEEK_END);
	void *at = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, f.fd, 0);

	assert(n > 0 && at != MAP_FAILED);
	return (struct text){ at, (size_t)n };
}

static int
same(const char *law, struct file a, struct file b)
{
	if (text_equal(bytes_of(a), bytes_of(b)))
		return 0;
	printf("%s: %zu and %zu bytes differ\n", law, bytes_of(a).n, bytes_of(b).n);
	return 1;
}

#define FILES(...)                                                                             \
	.files = (struct file[])                                                               \
	{                                                                                      \
		__VA_ARGS__                                                                    \
	}
#define FOLD(count, ...) fold((struct fold){ FILES(__VA_ARGS__), .n = count })

static int
check_pieces(const struct profile *p)
{
	size_t a = p->ticks / 3, b = p->ticks / 3 + p->ticks / 2;
	struct file whole = write_raw(p, 0, p->ticks), folded = FOLD(1, whole);
	struct file x = write_raw(p, 0, a), y = write_raw(p, a, b),
		    z = write_raw(p, b, p->ticks);
	int failed = 0;

	failed |= same("folding twice", FOLD(1, folded), folded);
	failed |= same("pieces in order", FOLD(3, x, y, z), folded);
	failed |= same("pieces in disorder", FOLD(3, z, x, y), folded);
	failed |= same("folded pieces", FOLD(3, FOLD(1, y), FOLD(1, z), FOLD(1, x)), folded);
	failed |= same("mixed pieces", FOLD(2, FOLD(2, z, y), x), folded);
	return failed;
}

static int
check_runs(const struct profile *p, const struct profile *q, const struct profile *r)
{
	struct file a = write_raw(p, 0, p->ticks), b = write_raw(q, 0, q->ticks);
	struct file c = write_raw(r, 0, r->ticks), all = FOLD(3, a, b, c);
	struct file ab = FOLD(2, a, b), bc = FOLD(2, b, c);
	struct file sum = fold((struct fold){ FILES(a, b, c), .n = 3, .sum = true });
	struct file sum_ab = fold((struct fold){ FILES(b, a), .n = 2, .sum = true });
	struct file few = fold((struct fold){ FILES(a, b), .n = 2, .epochs = 8 });
	int failed = 0;

	failed |= same("a b = b a", FOLD(2, b, a), ab);
	failed |= same("(a b) c", FOLD(2, ab, c), all);
	failed |= same("a (b c)", FOLD(2, a, bc), all);
	failed |=
		same("sums", fold((struct fold){ FILES(sum_ab, c), .n = 2, .sum = true }), sum);
	failed |= same("sum of folded", fold((struct fold){ FILES(all), .n = 1, .sum = true }),
	               sum);
	failed |= same("sum twice", FOLD(1, sum), sum);
	failed |= same("fewer epochs", fold((struct fold){ FILES(ab), .n = 1, .epochs = 8 }),
	               few);
	return failed;
}

/* What the threads of a profile were watched for, in units: the law of weights. */
static uint64_t
watched(const struct profile *p)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < p->ticks; i++)
		for (size_t t = 0; t < SEEN; t++)
			sum += p->paths[i][t] && !is_part(t) ? p->at[i + 1] - p->at[i] : 0;
	return sum;
}

static uint64_t
seen(const struct profile *p)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < p->ticks; i++)
		for (size_t t = 0; t < SEEN; t++)
			sum += p->paths[i][t] && !is_part(t);
	return sum;
}

/* Parents are before their children, and a total is the sum of selves. */
static bool
is_sound(const struct view *v)
{
	for (uint32_t i = 0; i < v->count; i++) {
		uint64_t sum = v->nodes[i].self, samples = v->nodes[i].self_samples;
		uint32_t c = i + 1;

		for (; c < v->nodes[i].end; c = v->nodes[c].end) {
			sum += v->nodes[c].total;
			samples += v->nodes[c].total_samples;
			if (v->nodes[c].parent != i ||
			    v->nodes[c].depth != v->nodes[i].depth + 1)
				return false;
		}
		if (c != v->nodes[i].end || sum != v->nodes[i].total ||
		    samples != v->nodes[i].total_samples)
			return false;
	}
	return true;
}

static int
check_totals(const struct profile *p)
{
	struct file raw = write_raw(p, 0, p->ticks);
	int failed = 0;

	for (enum tree_grain grain = TREE_RECORDED; grain <= TREE_MODULE; grain++) {
		struct arena scratch = { 0 };
		struct tree *t = fold_tree(&scratch, (struct fold){ FILES(raw), .n = 1 });
		const struct view *v =
			view_new(&scratch, t, (struct view_choice){ .grain = grain });
		struct tree_about about = tree_about(t, &scratch);

		if (v->nodes[0].total != watched(p) * UNIT_NS ||
		    v->nodes[0].total_samples != seen(p) || v->nodes[0].end != v->count ||
		    !is_sound(v)) {
			printf("grain %d: the view is not the profile\n", grain);
			failed = 1;
		}
		if (about.weight != v->nodes[0].total || about.samples != seen(p) ||
		    about.ticks != p->ticks || !text_equal(about.script, TEXT("app.py")) ||
		    !text_equal(about.python, TEXT("3.11.2")) || !about.whole) {
			printf("what it is about is not what it is\n");
			failed = 1;
		}
		arena_empty(&scratch);
	}
	return failed;
}

/* Two halves of a time are the whole; as are two choices of threads. */
static int
check_windows(const struct profile *p)
{
	struct file raw = write_raw(p, 0, p->ticks), folded = FOLD(1, raw);
	uint64_t half = p->at[p->ticks] / 2 * UNIT_NS, sum = 0;
	const struct file *files[] = { &raw, &folded };
	int failed = 0;

	for (size_t i = 0; i < 2; i++) {
		struct arena scratch = { 0 };
		struct fold before = { .files = files[i], .n = 1, .choice = { .to_ns = half } };
		struct fold after = { .files = files[i],
			              .n = 1,
			              .choice = { .from_ns = half } };

		sum = tree_about(fold_tree(&scratch, before), &scratch).weight;
		sum += tree_about(fold_tree(&scratch, after), &scratch).weight;
		if (i == 0 && sum != watched(p) * UNIT_NS) {
			printf("two halves are not the whole\n");
			failed = 1;
		}
		/* Rounded out, the epoch in the middle may be in both. */
		if (i == 1 && sum < watched(p) * UNIT_NS) {
			printf("two halves are less than the whole\n");
			failed = 1;
		}
		arena_empty(&scratch);
	}
	return failed;
}

static int
check_epochs(void)
{
	struct tree *t = tree_new(&arena);
	struct stream_run about = { .unit_ns = UNIT_NS, .epoch_ms = 1 };
	struct tree_run *r = tree_add_run(t, &about);
	static const struct {
		uint64_t at_ms, epoch, epoch_ms;
	} cases[] = {
		{ 0, 0, 1 },         { 63, 63, 1 },
		{ 64, 32, 2 },       { 127, 63, 2 },
		{ 5, 2, 2 },         { 1000, 62, 16 },
		{ 1024, 32, 32 },    { 3600000, 54, 65536 },
		{ 0, 0, 65536 },     { 65535, 0, 65536 },
		{ 65536, 1, 65536 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t epoch = tree_epoch(t, r, cases[i].at_ms * 16);

		if (epoch != cases[i].epoch || r->about.epoch_ms != cases[i].epoch_ms) {
			printf("%zu: epoch %u of %zu ms\n", i, epoch,
			       (size_t)r->about.epoch_ms);
			return 1;
		}
	}
	return 0;
}

/* What is chosen of all that was recorded is what a sampler would have recorded of it alone. */
static int
check_modes(struct profile p)
{
	struct file wall, folded, only, chosen;
	int failed = 0;

	p.run.flags |= STREAM_CPU_STATE;
	wall = write_raw(&p, 0, p.ticks);
	folded = FOLD(1, wall);
	p.only = true;
	for (int mode = STREAM_MODE_CPU; mode <= STREAM_MODE_EXCEPTION; mode++) {
		struct tree_choice choice = { .mode1 = mode + 1 };

		p.run.mode = (uint64_t)mode;
		only = write_raw(&p, 0, p.ticks);
		chosen = fold((struct fold){ FILES(wall), .n = 1, .choice = choice });
		failed |= same("chosen and sampled", FOLD(1, only), chosen);
		failed |= same("chosen of folded",
		               fold((struct fold){ FILES(folded), .n = 1, .choice = choice }),
		               chosen);
		failed |= same("chosen again",
		               fold((struct fold){ FILES(chosen), .n = 1, .choice = choice }),
		               chosen);
		failed |=
			same("modes stay apart", FOLD(2, only, wall), FOLD(2, folded, chosen));
	}
	return failed;
}

/* Without idle threads, whatever is folded first; and nothing but they is lacking. */
static int
check_idle(struct profile p)
{
	struct tree_choice choice = { .idle = TREE_IDLE_DROP };
	uint64_t weight = 0;
	struct file wall, folded;
	struct arena scratch = { 0 };
	struct tree *t;
	int failed;

	p.run.flags |= STREAM_CPU_STATE;
	wall = write_raw(&p, 0, p.ticks);
	folded = FOLD(1, wall);
	failed = same("idle, folded first",
	              fold((struct fold){ FILES(folded), .n = 1, .choice = choice }),
	              fold((struct fold){ FILES(wall), .n = 1, .choice = choice }));
	for (size_t i = 0; i < p.ticks; i++)
		for (size_t k = 0; k < SEEN; k++)
			weight += p.paths[i][k] && !is_part(k) &&
			                          ((p.states[i][k] & 3) != 2 ||
			                           (p.states[i][k] >> 2 & 3) == 1)
			                  ? p.at[i + 1] - p.at[i]
			                  : 0;
	t = fold_tree(&scratch, (struct fold){ FILES(wall), .n = 1, .choice = choice });
	if (tree_about(t, &scratch).weight != weight * UNIT_NS) {
		printf("not only idle threads are left out\n");
		failed = 1;
	}
	arena_empty(&scratch);
	return failed;
}

/* What the scheduler accounted adds up, whatever it was shared over. */
static int
check_rans(const struct profile *p)
{
	struct file raw = write_raw(p, 0, p->ticks);
	struct arena scratch = { 0 };
	uint64_t units = 0, ran_ns = 0, waited_ns = 0;
	struct tree *t = fold_tree(&scratch, (struct fold){ FILES(raw), .n = 1 });
	const struct tree_run *r = tree_run(t, 0);

	for (size_t i = 0; i < p->ticks; i += 3) {
		size_t to = i + p->at[i] % 7 < p->ticks ? i + p->at[i] % 7 : p->ticks;

		units += p->at[to] - p->at[i];
		ran_ns += p->at[i] * 2654435761 % 1000003;
		waited_ns += p->at[to] * 2654435761 % 3001;
	}
	for (size_t i = 0; i < r->rans.n; i++) {
		units -= r->rans.at[i].units;
		ran_ns -= r->rans.at[i].ran_ns;
		waited_ns -= r->rans.at[i].waited_ns;
	}
	arena_empty(&scratch);
	if (units || ran_ns || waited_ns)
		printf("what the scheduler accounted is not all there\n");
	return units || ran_ns || waited_ns;
}

/* Above 64 runs there are no epochs, above 4096 one run; in whatever order they come. */
static int
check_many(size_t n)
{
	struct file *files = arena_array(&arena, struct file, n), folded;
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		struct profile p = profile_new((uint8_t)i, 5, 300);

		p.run.id[1] = (uint8_t)(i >> 8);
		files[i] = write_raw(&p, 0, p.ticks);
	}
	folded = fold((struct fold){ .files = files, .n = n });
	failed |=
		same("many backwards",
	             fold((struct fold){ .files = files, .n = n, .backwards = true }), folded);
	failed |= same("many twice", FOLD(1, folded), folded);
	for (size_t i = 0; i < n; i++)
		close(files[i].fd);
	return failed;
}

int
main(void)
{
	int failed = check_epochs();

	for (int i = 0; i < 12; i++) {
		struct profile p = profile_new(3, 40 + chance(400), 1 + chance(60));
		struct profile q = profile_new(200, 5 + chance(90), 1 + chance(3000));
		struct profile r = profile_new(100, 5 + chance(90), 20);

		failed |= check_pieces(&p) | check_pieces(&q);
		failed |= check_runs(&p, &q, &r);
		failed |= check_totals(&p) | check_totals(&q);
		failed |= check_windows(&p);
		failed |= check_modes(p) | check_idle(p) | check_rans(&p) | check_rans(&q);
	}
	failed |= check_many(64) | check_many(65) | check_many(4200);
	arena_empty(&arena);
	return failed;
}
