/* SPDX-License-Identifier: MIT */
#include "formats/result.h"

#include "stream/level.h"
#include "tree/compare.h"
#include "tree/write.h"

enum { LEVEL = 1 }; /* of zstd */

static bool
put(void *context, const void *bytes, size_t n)
{
	out_put(context, bytes, n);
	return true;
}

static struct writer *
begin(struct result *r, enum stream_content content)
{
	struct writer_options options = { .content = content,
		                          .name = r->tool->about->name,
		                          .level = stream_level(r->tool, r->compress, LEVEL) };

	if (!r->out)
		r->out = out_open(r->tool->arena, r->path, OUT_BINARY, &r->tool->err);
	if (!r->out)
		tool_die(r->tool);
	return writer_new(r->tool->arena, options, (struct writer_sink){ put, r->out });
}

struct writer *
result_raw(struct result *r)
{
	if (!r->raw)
		r->raw = begin(r, STREAM_RAW);
	return r->raw;
}

void
result_end(struct result *r, const struct tree *t)
{
	struct writer *folded;

	if (r->raw)
		writer_end(r->raw);
	if (tree_run_count(t)) {
		folded = begin(r, tree_compare(t) ? STREAM_DIFF : STREAM_FOLDED);
		tree_write(t, folded);
		writer_end(folded);
	}
	out_close(r->out);
}
