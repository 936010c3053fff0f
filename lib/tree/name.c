/* SPDX-License-Identifier: MIT */
#include "tree/name.h"

static const struct stream_function *
function_of(const struct tree *t, uint32_t frame)
{
	return tree_function(t, tree_frame(t, frame)->function);
}

struct text
tree_function_name(const struct tree *t, uint32_t function)
{
	const struct stream_function *f = tree_function(t, function);
	const char *marker = stream_kind_name(f->kind);

	if (f->name)
		return tree_string(t, f->name);
	return marker ? text_of(marker) : TEXT("?");
}

struct text
tree_frame_name(const struct tree *t, uint32_t frame)
{
	return tree_function_name(t, tree_frame(t, frame)->function);
}

struct text
tree_function_file(const struct tree *t, uint32_t function)
{
	const struct stream_function *f = tree_function(t, function);

	if (f->kind == STREAM_KIND_TASK && (f->name || f->line))
		return TEXT(TREE_TASK_FILE);
	return tree_string(t, f->file);
}

struct text
tree_frame_file(const struct tree *t, uint32_t frame)
{
	return tree_function_file(t, tree_frame(t, frame)->function);
}

uint32_t
tree_frame_line(const struct tree *t, uint32_t frame, bool wanted)
{
	const struct stream_function *f = function_of(t, frame);

	if (f->kind == STREAM_KIND_TASK)
		return f->line;
	return wanted ? tree_frame(t, frame)->line : 0;
}

uint32_t
tree_frame_first_line(const struct tree *t, uint32_t frame)
{
	return function_of(t, frame)->line;
}

enum stream_kind
tree_frame_kind(const struct tree *t, uint32_t frame)
{
	return function_of(t, frame)->kind;
}

struct text
tree_frame_text(struct arena *a, const struct tree *t, uint32_t frame, bool line)
{
	struct text name = tree_frame_name(t, frame), file = tree_frame_file(t, frame);
	uint32_t at = tree_frame_line(t, frame, line);
	struct text place = { "", 0 };

	if (file.n == 0)
		return name;
	if (at)
		place = text_print(a, ":%u", at);
	return text_join(a, (struct text[]){ name, TEXT(" ("), file, place, TEXT(")") }, 5);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct text
tree_unescape(struct arena *a, struct text t)
{
	char *at, *to;

	if (!memmem(t.at, t.n, "\\x", 2))
		return t;
	at = to = arena_alloc(a, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		bool is_escape = t.n - i >= 4 && t.at[i] == '\\' && t.at[i + 1] == 'x' &&
		                 hex_digit(t.at[i + 2]) >= 0 && hex_digit(t.at[i + 3]) >= 0;
		char c = t.at[i];

		if (is_escape) {
			c = (char)(hex_digit(t.at[i + 2]) << 4 | hex_digit(t.at[i + 3]));
			i += 3;
		}
		*to++ = c;
	}
	return (struct text){ at, (size_t)(to - at) };
}

struct text
tree_thread_text(struct arena *a, const struct stream_thread *h)
{
	if (h->name.n)
		return h->name;
	if (h->flags & STREAM_MAIN_THREAD)
		return TEXT("MainThread");
	if (h->native_id)
		return text_print(a, "thread %llu", (unsigned long long)h->native_id);
	return text_print(a, "thread #%llu", (unsigned long long)h->id);
}

struct text
tree_python_text(struct arena *a, uint64_t python)
{
	static const char *const levels[16] = { [0xa] = "a", [0xb] = "b", [0xc] = "rc" };
	const char *level = levels[python >> 4 & 15];
	unsigned major = python >> 24 & 255, minor = python >> 16 & 255,
		 micro = python >> 8 & 255;

	if (python == 0)
		return (struct text){ "", 0 };
	if (level)
		return text_print(a, "%u.%u.%u%s%u", major, minor, micro, level,
		                  (unsigned)(python & 15));
	return text_print(a, "%u.%u.%u", major, minor, micro);
}

struct text
tree_mode_text(uint64_t mode)
{
	static const char *const modes[] = {
		[STREAM_MODE_WALL] = "wall",
		[STREAM_MODE_CPU] = "cpu",
		[STREAM_MODE_GIL] = "gil",
		[STREAM_MODE_EXCEPTION] = "exception",
		[STREAM_MODE_ASYNC_RUNNING] = "running tasks",
		[STREAM_MODE_ASYNC_ALL] = "all tasks",
	};

	return mode < sizeof modes / sizeof *modes ? text_of(modes[mode]) : TEXT("unknown");
}
