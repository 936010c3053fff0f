/* SPDX-License-Identifier: MIT */
/* Any text: it is read in bounded memory, and what is kept of it survives writing and reading. */
#include "formats/collapsed.h"
#include "base/out.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
import(struct tree *t, struct text bytes)
{
	struct err e = { 0 };
	const struct format *format = formats_recognize(bytes, "in", &e);
	struct import in;

	if (!format)
		return;
	in = import_begin(t, bytes, "in", 0);
	while (!format->read(&in, &e))
		assert(e.fact[0]);
	import_end(&in);
}

/* The tree as text. A stack <root> of the input's may stand beside the one that is none. */
static struct text
print(struct arena *a, struct tree *t)
{
	static char path[] = "/tmp/collapsed-XXXXXX";
	struct err e = { 0 };
	struct text all;
	struct out *o;

	if (path[15] == 'X')
		close(mkstemp(path));
	o = out_open(a, path, OUT_TEXT, &e);
	assert(o);
	collapsed_write(t, (struct collapsed_how){ .lines = true }, o);
	out_close(o);
	if (!formats_load(a, path, &all, &e))
		abort();
	unlink(path);
	return all;
}

/* Names may look like what perf prints: "main 12 3.5: x". */
static bool
is_other(struct text text)
{
	struct err e = { 0 };

	return formats_recognize(text, "once", &e)->read != collapsed_read;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena a = { 0 };
	struct tree *first = tree_new(&a), *second = tree_new(&a);
	struct text once, twice;

	import(first, (struct text){ (const char *)bytes, n });
	once = print(&a, first);
	import(second, once);
	twice = print(&a, second);
	assert(text_equal(once, twice) || memmem(once.at, once.n, COLLAPSED_ROOT, 6) ||
	       is_other(once));
	arena_empty(&a);
	return 0;
}
