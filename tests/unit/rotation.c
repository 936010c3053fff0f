/* SPDX-License-Identifier: MIT */
/* Parts of a run: their names, and which of them are removed. */
#include "capture/rotation.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS(n) ((uint64_t)(n)*1000000000u)

static const struct {
	const char *path;
	uint64_t wall_ns;
	unsigned try;
	const char *name;
} names[] = {
	{ "run.bin", SECONDS(1795483800), 1, "run-20261124T013000Z.bin" },
	{ "run.bin", SECONDS(1795483800) + 999999999, 1, "run-20261124T013000Z.bin" },
	{ "run.bin", SECONDS(1795483800), 2, "run-20261124T013000Z_2.bin" },
	{ "run", 0, 1, "run-19700101T000000Z" },
	{ "a.b.bin", 0, 1, "a.b-19700101T000000Z.bin" },
	{ "/d.d/run", 0, 1, "/d.d/run-19700101T000000Z" },
	{ "/d.d/run.x", 0, 3, "/d.d/run-19700101T000000Z_3.x" },
	{ ".hidden", 0, 1, ".hidden-19700101T000000Z" },
	{ "d/.hidden", 0, 1, "d/.hidden-19700101T000000Z" },
	{ "100%d.bin", 0, 1, "100%d-19700101T000000Z.bin" },
};

static int
check_names(void)
{
	struct arena a = { 0 };
	int failed = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *got =
			rotation_name(&a, names[i].path, names[i].wall_ns, names[i].try).at;

		if (strcmp(got, names[i].name) != 0)
			failed |= printf("\"%s\": %s\n", names[i].path, got);
	}
	arena_empty(&a);
	return failed;
}

static bool
exists(const char *name)
{
	return access(name, F_OK) == 0;
}

static bool
next(struct rotation *r, uint64_t seconds)
{
	struct err e;
	int fd = rotation_next(r, SECONDS(seconds), &e);

	return fd >= 0 && close(fd) == 0;
}

/* A name that is taken is left alone, and so is a part that somebody has replaced. */
static int
check_files(void)
{
	struct arena a = { 0 };
	struct rotation r = { .a = &a, .path = "r.bin", .keep = 2 };
	int failed = 0;

	close(open("r-19700101T000001Z.bin", O_CREAT | O_WRONLY, 0600));
	failed |= !next(&r, 1) || !exists("r-19700101T000001Z_2.bin");
	failed |= !next(&r, 2) || !next(&r, 3);
	failed |= !exists("r-19700101T000001Z.bin") || exists("r-19700101T000001Z_2.bin");
	rename("r-19700101T000002Z.bin", "mine");
	close(open("r-19700101T000002Z.bin", O_CREAT | O_WRONLY, 0600));
	failed |= !next(&r, 4) || !exists("r-19700101T000002Z.bin") || !exists("mine");
	failed |= !next(&r, 5) || exists("r-19700101T000003Z.bin");
	failed |= !exists("r-19700101T000004Z.bin") || !exists("r-19700101T000005Z.bin");
	if (failed)
		printf("the files are not as they should be\n");
	arena_empty(&a);
	return failed;
}

int
main(void)
{
	char folder[] = "/tmp/rotation-XXXXXX";
	int failed;

	if (!mkdtemp(folder) || chdir(folder) != 0)
		return 1;
	failed = check_names() | check_files();
	return system("rm -r \"$PWD\"") != 0 || failed;
}
