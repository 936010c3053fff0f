/* SPDX-License-Identifier: MIT */
/* Other people's profiles: what is told of where they come from, and that none of them harms. */
#include "tests/imports.h"

#include "tree/name.h"

#include <stdio.h>

enum {
	HELD = 24 << 20,
	EACH = 1 << 7,
	STRIDE = 61
}; /* bytes: all of the first ones, then some */

static const struct {
	const char *file, *format;
	uint64_t samples, unit_ns, interval_ns, mode, flags;
	const char *tool, *version;
} files[] = {
	{ "tach-zstd.bin", "tach", 241, 1000, 5000000, STREAM_MODE_WALL,
	  STREAM_LAUNCHED | STREAM_ALL_THREADS | STREAM_NATIVE | STREAM_OPCODES,
	  "profiling.sampling", "3.15.2" },
	{ "tach-plain.bin", "tach", 62, 1000, 10000000, STREAM_MODE_GIL,
	  STREAM_LAUNCHED | STREAM_ALL_THREADS, "profiling.sampling", "3.15.2" },
	{ "austin.mojo", "mojo", 54, 1000, 0, STREAM_MODE_WALL, STREAM_ALL_THREADS, "austin",
	  "3.7.0" },
	{ "austin-full.mojo", "mojo", 51, 1000, 0, STREAM_MODE_WALL,
	  STREAM_ALL_THREADS | STREAM_CPU_STATE, "austin", "3.7.0" },
	{ "austin-family.mojo", "mojo", 71, 1000, 0, STREAM_MODE_WALL, STREAM_ALL_THREADS,
	  "austin", "3.7.0" },
	{ "austin.txt", "collapsed", 0, 1, 20000000, STREAM_MODE_WALL, 0, "austin", "3.7.0" },
	{ "perf.txt", "perf", 12, 1, 0, STREAM_MODE_CPU, STREAM_ALL_THREADS | STREAM_NATIVE,
	  "perf", "6.1.187" },
	{ "perf-faults.txt", "perf", 5, 0, 0, STREAM_MODE_WALL,
	  STREAM_ALL_THREADS | STREAM_NATIVE, "perf", "" },
	{ "go-cpu.pb.gz", "pprof", 34, 1, 10000000, STREAM_MODE_CPU, STREAM_ALL_THREADS,
	  "pprof", "" },
	{ "speedscope-go.json", "speedscope", 0, 1, 0, STREAM_MODE_WALL, STREAM_ALL_THREADS,
	  "speedscope", "1.25.0" },
	{ "speedscope-tach.json", "speedscope", 62, 0, 0, STREAM_MODE_WALL, STREAM_ALL_THREADS,
	  "speedscope", "1.25.0" },
	{ "tach-plain.peer", "collapsed", 62, 0, 0, STREAM_MODE_WALL, 0, "timport", "0.1.0" },
};

static struct text
load(struct arena *a, const char *file)
{
	struct text path = text_print(a, "tests/imports/%s", file), bytes;
	struct err e = { 0 };

	if (!formats_load(a, path.at, &bytes, &e)) {
		printf("%s\n", e.fact);
		exit(1);
	}
	return bytes;
}

static bool
is_as_told(const struct imported *got, size_t i)
{
	const struct stream_run *about;

	if (!got->format || !got->tree || got->faults.n || tree_run_count(got->tree) != 1)
		return false;
	about = &tree_run(got->tree, 0)->about;
	return strcmp(got->format->name, files[i].format) == 0 &&
	       got->samples == files[i].samples && about->unit_ns == files[i].unit_ns &&
	       about->interval_ns == files[i].interval_ns && about->mode == files[i].mode &&
	       about->flags == files[i].flags &&
	       text_equal(about->tool, text_of(files[i].tool)) &&
	       text_equal(about->version, text_of(files[i].version));
}

static int
check_files(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena a = { 0 };
		struct imported got = import_bytes(&a, load(&a, files[i].file), 0);

		if (!is_as_told(&got, i)) {
			printf("%s: %.*s%llu samples\n", files[i].file, TEXT_ARG(got.faults),
			       (unsigned long long)got.samples);
			failed = 1;
		}
		arena_empty(&a);
	}
	return failed;
}

/* Bytes that are not as they should be are imported in bounded memory, or told. */
static void
import_odd(struct text bytes)
{
	struct arena a = { 0 };
	struct imported got = import_bytes(&a, bytes, 0);

	assert(got.held < HELD);
	assert(got.tree || got.faults.n);
	arena_empty(&a);
}

static size_t
next(size_t n)
{
	return n < EACH ? n + 1 : n + STRIDE;
}

/* Each file, cut at each byte: from a copy, so that a sanitizer sees what is read behind it. */
static void
check_cut(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena a = { 0 };
		struct text bytes = load(&a, files[i].file);

		for (size_t n = 0; n < bytes.n; n = next(n)) {
			char *copy = malloc(n + 1);

			memcpy(copy + 1, bytes.at, n);
			import_odd((struct text){ copy + 1, n });
			free(copy);
		}
		arena_empty(&a);
	}
}

/* Each byte as others. */
static void
check_changed(void)
{
	static const unsigned char others[] = { 0, 1, 0x7f, 0x80, 0xff };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena a = { 0 };
		struct text bytes = text_copy(&a, load(&a, files[i].file));
		unsigned char *at = (unsigned char *)bytes.at;

		for (size_t n = 0; n < bytes.n; n = next(n)) {
			unsigned char is = at[n];

			for (size_t k = n < EACH ? 0 : n % sizeof others; k < sizeof others;
			     k++) {
				at[n] = others[k];
				import_odd(bytes);
			}
			at[n] = is;
		}
		arena_empty(&a);
	}
}

int
main(void)
{
	int failed = check_files();

	check_cut();
	check_changed();
	return failed;
}
