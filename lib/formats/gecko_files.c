/* SPDX-License-Identifier: MIT */
#include "formats/gecko_files.h"

static void
learn_file(struct arena *a, struct tree *t, struct gecko_files *f, uint32_t string)
{
	struct text path = tree_string(t, string), name;
	struct gecko_file *file = &f->of[string];

	if (string == 0 || file->source1)
		return;
	file->source1 = numbers_of(a, &f->sources, string) + 1;
	name = origin_package(path);
	file->origin = origin_of(STREAM_KIND_PYTHON, path);
	if (name.n)
		file->resource1 = numbers_of(a, &f->resources, tree_intern_string(t, name)) + 1;
}

struct gecko_files
gecko_files(struct arena *a, struct tree *t)
{
	struct gecko_files f = { .texts = tree_sources(a, t) };

	f.of = arena_array(a, struct gecko_file, tree_string_count(t));
	for (uint32_t i = 0; i < tree_function_count(t); i++)
		learn_file(a, t, &f, tree_function(t, i)->file);
	return f;
}
