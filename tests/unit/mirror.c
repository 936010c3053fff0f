/* SPDX-License-Identifier: MIT */
/* What is read as one piece, when a part of it can be read no more; and what was not planned. */
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

/* Many pieces of few pages, each asked for twice, take as many system calls as there are pages. */
static void
test_pages(struct remote *r, struct arena *a)
{
	enum { PAGES = 4, APART = 64 };
	struct mirror m = { .arena = a };
	unsigned char *pages = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE,
	                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t calls = remote_count(r).calls;
	bool same = true;

	for (unsigned i = 0; i < PAGES * PAGE / 8; i++)
		memcpy(pages + (size_t)i * 8, &(uint64_t){ i }, 8);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned at = 0; at < PAGES * PAGE; at += APART) {
			const unsigned char *bytes =
				mirror_at(&m, r, (uint64_t)(uintptr_t)pages + at, 16, &same);

			check(bytes && memcmp(bytes, pages + at, 16) == 0,
			      "what was not planned", at);
		}
	calls = remote_count(r).calls - calls;
	check(calls == PAGES, "each page is read once", calls);
	check(mirror_plan(&m) && m.spans.n == 1 && m.bytes == PAGES * PAGE - APART + 16,
	      "what was asked for is planned", m.bytes);
	munmap(pages, (size_t)PAGES * PAGE);
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
		test_pages(r, &a);
	if (r)
		remote_close(r);
	arena_empty(&a);
	return failures != 0;
}
