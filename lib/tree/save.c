/* SPDX-License-Identifier: MIT */
#include "tree/save.h"

#include "base/out.h"
#include "stream/level.h"
#include "tree/compare.h"
#include "tree/write.h"

enum { LEVEL = 1 }; /* of zstd: a folded stream is small as it is */

static bool
put(void *context, const void *bytes, size_t n)
{
	out_put(context, bytes, n);
	return true;
}

void
tree_save(const struct tree *t, struct tool *tool, const char *path, const char *compress)
{
	struct writer_options options = { .content =
		                                  tree_compare(t) ? STREAM_DIFF : STREAM_FOLDED,
		                          .name = tool->about->name,
		                          .level = stream_level(tool, compress, LEVEL) };
	struct out *out = out_open(tool->arena, path, OUT_BINARY, &tool->err);
	struct writer *writer;

	if (!out)
		tool_die(tool);
	writer = writer_new(tool->arena, options, (struct writer_sink){ put, out });
	tree_write(t, writer);
	writer_end(writer);
	out_close(out);
}
