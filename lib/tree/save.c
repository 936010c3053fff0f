/* SPDX-License-Identifier: MIT */
#include "tree/save.h"

#include "base/out.h"
#include "base/quantity.h"
#include "tree/write.h"

enum { LEVEL = 1, LEVEL_MAX = 19 };

/* The level of zstd that is asked for, 0 for none; -1: it is nothing that can be asked for. */
static int
level_of(const char *compress)
{
	uint64_t level;

	if (!compress || strcmp(compress, "zstd") == 0)
		return LEVEL;
	if (strcmp(compress, "none") == 0)
		return 0;
	if (strncmp(compress, "zstd:", 5) != 0 || !quantity_count(compress + 5, &level))
		return -1;
	return level >= 1 && level <= LEVEL_MAX ? (int)level : -1;
}

void
tree_check_compress(struct tool *tool, const char *compress)
{
	if (level_of(compress) < 0)
		tool_usage(tool, "--compress: \"%s\" is none of none, zstd, zstd:1 to zstd:%d",
		           compress, LEVEL_MAX);
}

static bool
put(void *context, const void *bytes, size_t n)
{
	out_put(context, bytes, n);
	return true;
}

void
tree_save(const struct tree *t, struct tool *tool, const char *path, const char *compress)
{
	struct writer_options options = { .content = STREAM_FOLDED,
		                          .name = tool->about->name,
		                          .level = level_of(compress) };
	struct out *out = out_open(tool->arena, path, OUT_BINARY, &tool->err);
	struct writer *writer;

	if (!out)
		tool_die(tool);
	writer = writer_new(tool->arena, options, (struct writer_sink){ put, out });
	tree_write(t, writer);
	writer_end(writer);
	out_close(out);
}
