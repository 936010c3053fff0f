/* SPDX-License-Identifier: MIT */
/* What is read as one piece, when a part of it can be read no more. */
#include "cpython/mirror.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, ROUNDS = 40 };

static int failures;

static void
check(bool good, const char *what, size_t row)
{
	if (good)
		return;
	fprintf(stderr, "mirror: %s: row %zu\n", what, row);
	failures++;
}

static const struct {
	unsigned lost;    /* the page that goes, of three */
	unsigned at[3];   /* pieces of 16 bytes */
	bool readable[3]; /* then */
} rows[] = {
	{ 1, { PAGE - 96, PAGE + 96, 2 * PAGE + 96 }, { true, false, true } },
	{ 0, { 96, PAGE + 96, 2 * PAGE + 96 }, { false, true, true } },
	{ 2, { PAGE + 96, 2 * PAGE - 8, 2 * PAGE + 96 }, { true, false, false } },
};

/* One round; bit k: piece k can be read. *missed: the round says nothing. */
static unsigned
ask(struct mirror *m, struct remote *r, uint64_t from, size_t row, bool *missed)
{
	unsigned readable = 0;
	bool same = true;

	do
		mirror_read(m, r);
	while (m->reads < 2);
	for (unsigned k = 0; k < 3; k++)
		if (mirror_at(m, r, from + rows[row].at[k], 16, &same))
			readable |= 1U << k;
	*missed = mirror_plan(m);
	return readable;
}

static void
test_row(struct remote *r, struct arena *a, size_t row)
{
	struct mirror m = { .arena = a };
	unsigned char *pages = mmap(NULL, (size_t)3 * PAGE, PROT_READ | PROT_WRITE,
	                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned want = 0, got = 0;
	bool missed = true;

	for (unsigned i = 0; i < ROUNDS; i++)
		got = ask(&m, r, (uint64_t)(uintptr_t)pages, row, &missed);
	check(got == 7 && !missed, "all can be read", row);
	check(mprotect(pages + (size_t)rows[row].lost * PAGE, PAGE, PROT_NONE) == 0, "it goes",
	      row);
	for (unsigned i = 0; i < ROUNDS; i++)
		got = ask(&m, r, (uint64_t)(uintptr_t)pages, row, &missed);
	for (unsigned k = 0; k < 3; k++)
		want |= (unsigned)rows[row].readable[k] << k;
	check(got == want, "what is left can be read", row);
	check(!missed, "it is planned", row);
	mprotect(pages, (size_t)3 * PAGE, PROT_READ);
	for (unsigned i = 0; i < ROUNDS; i++)
		got = ask(&m, r, (uint64_t)(uintptr_t)pages, row, &missed);
	check(got == 7 && !missed, "all can be read again", row);
	munmap(pages, (size_t)3 * PAGE);
}

int
main(void)
{
	struct arena a = { 0 };
	struct err e;
	struct remote *r = remote_open(&a, getpid(), &e);

	check(r != NULL, "this process can be read", 0);
	for (size_t row = 0; r && row < sizeof rows / sizeof *rows; row++)
		test_row(r, &a, row);
	if (r)
		remote_close(r);
	arena_empty(&a);
	return failures != 0;
}
