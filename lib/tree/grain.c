/* SPDX-License-Identifier: MIT */
#include "tree/inside.h"

bool
tree_grain_joins(enum tree_grain grain)
{
	return grain == TREE_FILE || grain == TREE_MODULE;
}

/* The last part of a path that ends the search path of imports, as far as the path can tell. */
static size_t
root_end(struct text path)
{
	static const char *const roots[] = { "/site-packages/", "/dist-packages/" };
	const char *slash;
	size_t end = 0;

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		const char *found = memmem(path.at, path.n, roots[i], strlen(roots[i]));

		if (found)
			return (size_t)(found - path.at) + strlen(roots[i]);
	}
	slash = memmem(path.at, path.n, "/lib/python3", 12);
	if (slash)
		slash = memchr(slash + 12, '/', path.n - (size_t)(slash + 12 - path.at));
	if (slash)
		return (size_t)(slash - path.at) + 1;
	for (size_t i = 0; i < path.n; i++)
		end = path.at[i] == '/' ? i + 1 : end;
	return end;
}

/* "json.decoder" of ".../lib/python3.11/json/decoder.py"; else the name of the file. */
static struct text
module_of(struct arena *a, struct text path)
{
	size_t from = root_end(path);
	struct text rest = { path.at + from, path.n - from };
	char *name;

	if (text_ends(rest, TEXT(".py")))
		rest.n -= 3;
	if (text_ends(rest, TEXT("/__init__")))
		rest.n -= 9;
	name = memcpy(arena_alloc(a, rest.n + 1), rest.at, rest.n);
	for (size_t i = 0; i < rest.n; i++)
		if (name[i] == '/')
			name[i] = '.';
	return (struct text){ name, rest.n };
}

static uint32_t
coarse_function(struct tree *t, uint32_t function, enum tree_grain grain)
{
	struct stream_function f = t->functions.at[function];
	struct text file = t->strings.at[f.file];

	if (f.kind != STREAM_KIND_PYTHON || f.file == 0)
		return function;
	f.line = 0;
	if (grain == TREE_FILE) {
		f.name = tree_intern_string(t, text_basename(file));
	} else {
		f.name = tree_intern_string(t, module_of(t->a, file));
		f.file = 0;
	}
	return tree_intern_function(t, &f);
}

static uint32_t
coarsen(struct tree *t, uint32_t frame, enum tree_grain grain)
{
	struct stream_frame old = t->frames.at[frame];
	struct stream_frame new = { .function = old.function };

	if (grain == TREE_RECORDED || frame == 0)
		return frame;
	if (grain == TREE_LINE || grain == TREE_OPCODE)
		new.line = old.line;
	if (grain == TREE_OPCODE)
		new.opcode = old.opcode;
	if (tree_grain_joins(grain))
		new.function = coarse_function(t, old.function, grain);
	return tree_intern_frame(t, &new);
}

uint32_t
tree_coarse_frame(struct tree *t, uint32_t frame, enum tree_grain grain)
{
	while (t->coarse[grain].n <= frame)
		*vec_push(t->a, &t->coarse[grain]) = 0;
	if (t->coarse[grain].at[frame] == 0)
		t->coarse[grain].at[frame] = coarsen(t, frame, grain);
	return t->coarse[grain].at[frame];
}
